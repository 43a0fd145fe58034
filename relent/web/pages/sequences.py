"""Sequences: the list, and each one's performance and enrollments."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from relent import clock
from relent.flows import unenrolling
from relent.records import performance
from relent.records.models import Contact, Enrollment, Sequence, User
from relent.terms.roles import Role
from relent.terms.states import OPEN
from relent.web import access, paging

STATES = ("scheduled", "active", "paused", "held", "finished", "unenrolled")
MOST_AT_ONCE = 500


def index(request: access.Request) -> HttpResponse:
    """List the sequences the user sees, with their numbers."""
    found = Sequence.objects.visible_to(request.user).select_related("owner")
    words = request.GET.get("q", "").strip()
    if words:
        found = found.filter(name__icontains=words)
    page = paging.cut(found, ("name", "id"), request.GET.get("after", ""))
    numbers = performance.summaries(sequence.pk for sequence in page.rows)
    rows = [(sequence, numbers[sequence.pk]) for sequence in page.rows]
    return render(request, "web/sequences/list.html", {"page": page, "rows": rows, "q": words})


def show(request: access.Request, pk: int) -> HttpResponse:
    """Show how a sequence performs."""
    sequence = visible(request.user, pk)
    version = sequence.current
    reasons = performance.reasons(sequence.pk)
    context = {
        "sequence": sequence,
        "version": version,
        "numbers": performance.summaries([sequence.pk])[sequence.pk],
        "steps": performance.steps(version),
        "reasons": reasons,
        "ended": sum(number for _reason, number in reasons),
        "tab": "performance",
        "may_edit": may_edit(request.user, sequence),
    }
    return render(request, "web/sequences/performance.html", context)


def enrollments(request: access.Request, pk: int) -> HttpResponse:
    """List the enrollments of a sequence; those of contacts the user does not see are left out."""
    sequence = visible(request.user, pk)
    rows = _rows(request.user, sequence)
    state = request.GET.get("state", "")
    if state in STATES:
        rows = rows.filter(state=state)
    words = request.GET.get("q", "").strip()
    if words:
        named = Q(contact__last_name__icontains=words) | Q(contact__first_name__icontains=words)
        rows = rows.filter(named | Q(address__icontains=words))
    context = {
        "sequence": sequence,
        "page": paging.cut(rows, ("-id",), request.GET.get("after", "")),
        "states": STATES,
        "state": state,
        "q": words,
        "tab": "enrollments",
        "may_edit": may_edit(request.user, sequence),
    }
    return render(request, "web/sequences/enrollments.html", context)


@require_POST
def unenroll(request: access.Request, pk: int) -> HttpResponse:
    """Ask whether to unenroll the ticked contacts; with ``confirmed``, do it and say what became of each."""
    sequence = visible(request.user, pk)
    ids = [int(text) for text in request.POST.getlist("enrollment")[:MOST_AT_ONCE] if text.isdecimal()]
    ticked = list(_rows(request.user, sequence).filter(pk__in=ids))
    if not ticked:
        messages.warning(request, gettext("Nobody was ticked. Tick the contacts to unenroll first."))
        return redirect("sequence-enrollments", sequence.pk)
    if "confirmed" not in request.POST:
        running = [enrollment for enrollment in ticked if enrollment.state in OPEN]
        context = {"sequence": sequence, "ticked": ticked, "running": running}
        return render(request, "web/sequences/unenroll.html", context)
    became = dict(unenrolling.in_bulk([row.pk for row in ticked], request.user, clock.now()))
    results = [(row, became.get(row.pk, "not_allowed")) for row in ticked]
    number = sum(result == "unenrolled" for _row, result in results)
    context = {"sequence": sequence, "results": results, "number": number, "tab": "enrollments"}
    return render(request, "web/sequences/unenrolled.html", context)


def visible(user: User, pk: int) -> Sequence:
    """Return the sequence, or answer 404 where the user does not see it."""
    return get_object_or_404(Sequence.objects.visible_to(user).select_related("owner"), pk=pk)


def may_edit(user: User, sequence: Sequence) -> bool:
    """Whether ``user`` may save a new version: the owner and super admins, and managers where it is shared."""
    if user.is_super_admin or sequence.owner_id == user.pk:
        return True
    return user.role == Role.MANAGER and not sequence.private


def _rows(user: User, sequence: Sequence) -> QuerySet[Enrollment]:
    rows = Enrollment.objects.filter(sequence=sequence, contact__in=Contact.objects.visible_to(user))
    return rows.select_related("contact__company", "enrolled_by").prefetch_related("contact__addresses")
