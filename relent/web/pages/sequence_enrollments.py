"""The Enrollments tab: who is in a sequence, and taking several out, by ticks or by filter, and in again."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from relent import clock
from relent.flows import undoing, unenrolling
from relent.flows.permissions import NotAllowed
from relent.records.models import Enrollment, Sequence, User
from relent.records.models.contact import visible_through
from relent.terms.reasons import EndReason
from relent.terms.states import OPEN
from relent.web import access, paging, words
from relent.web.pages import sequences

STATES = ("scheduled", "active", "paused", "held", "finished", "unenrolled")
MOST_AT_ONCE = 500


def index(request: access.Request, pk: int) -> HttpResponse:
    """List the enrollments of a sequence; those of contacts the user does not see are left out."""
    sequence = sequences.visible(request.user, pk)
    rows, chosen = _filtered(request.GET, request.user, sequence)
    context = {
        "sequence": sequence,
        "page": paging.cut(rows, ("-id",), request.GET.get("after", "")),
        "newest": sequence.current.number,
        "states": STATES,
        "reasons": words.choices(EndReason),
        **chosen,
        "chosen": {name: value for name, value in chosen.items() if value},
        "tab": "enrollments",
        "may_edit": sequences.may_edit(request.user, sequence),
    }
    return render(request, "web/sequences/enrollments.html", context)


@require_POST
def unenroll(request: access.Request, pk: int) -> HttpResponse:
    """Ask whether to unenroll the ticked contacts, or with ``all`` everybody whom the filter finds; with ``confirmed``,
    do it and say what became of each."""
    sequence = sequences.visible(request.user, pk)
    rows, chosen = _filtered(request.POST, request.user, sequence)
    everybody = "all" in request.POST
    if everybody:
        asked, left = _some_of(rows.filter(state__in=OPEN))
    else:
        asked, left = list(_rows(request.user, sequence).filter(pk__in=_ticked(request))), 0
    if not asked:
        messages.warning(request, gettext("Nobody was ticked. Tick the contacts to unenroll first."))
        return redirect("sequence-enrollments", sequence.pk)
    context: dict[str, Any] = {"sequence": sequence, "chosen": chosen, "everybody": everybody, "tab": "enrollments"}
    if "confirmed" not in request.POST:
        running = sum(row.state in OPEN for row in asked) + left
        return render(request, "web/sequences/unenroll.html", {**context, "ticked": asked, "running": running})
    became = dict(unenrolling.in_bulk([row.pk for row in asked], request.user, clock.now()))
    results = [(row, became.get(row.pk, "not_allowed")) for row in asked]
    number = sum(result == "unenrolled" for _row, result in results)
    context |= {"results": results, "number": number, "left": left}
    return render(request, "web/sequences/unenrolled.html", context)


@require_POST
def undo(request: access.Request, pk: int) -> HttpResponse:
    """Take up again each of the enrollments named, and say what became of each."""
    sequence = sequences.visible(request.user, pk)
    asked = list(_rows(request.user, sequence).filter(pk__in=_ticked(request)))
    results: list[tuple[Enrollment, str]] = []
    for row in asked:
        try:
            undoing.undo(row.pk, request.user, clock.now())
        except undoing.EnrollmentRefused as refused:
            results.append((row, refused.code))
        except NotAllowed:
            results.append((row, "NOT_ALLOWED"))
        else:
            results.append((row, ""))
    number = sum(not result for _row, result in results)
    context = {"sequence": sequence, "results": results, "number": number, "tab": "enrollments"}
    return render(request, "web/sequences/undone.html", context)


def _ticked(request: access.Request) -> list[int]:
    return [int(text) for text in request.POST.getlist("enrollment")[:MOST_AT_ONCE] if text.isdecimal()]


def _some_of(rows: QuerySet[Enrollment]) -> tuple[list[Enrollment], int]:
    """Return as many of the rows as are dealt with at once, and how many more there are."""
    some = list(rows.order_by("pk")[:MOST_AT_ONCE])
    left = rows.count() - len(some) if len(some) == MOST_AT_ONCE else 0
    return some, left


def _filtered(given: QueryDict, user: User, sequence: Sequence) -> tuple[QuerySet[Enrollment], dict[str, str]]:
    """Return the rows that the filter in the address, or in a hidden field, finds, and the filter as it was read."""
    rows = _rows(user, sequence)
    chosen = {name: given.get(name, "").strip() for name in ("state", "reason", "q", "by")}
    chosen["state"] = chosen["state"] if chosen["state"] in STATES else ""
    chosen["reason"] = chosen["reason"] if chosen["reason"] in set(EndReason) else ""
    chosen["by"] = "me" if chosen["by"] == "me" else ""
    if chosen["reason"]:
        rows = rows.filter(reason=chosen["reason"])  # an end's: no pause and no hold has such a code
    if chosen["state"]:
        rows = rows.filter(state=chosen["state"])
    if chosen["by"]:
        rows = rows.filter(enrolled_by=user)
    if chosen["q"]:
        named = Q(contact__last_name__icontains=chosen["q"]) | Q(contact__first_name__icontains=chosen["q"])
        rows = rows.filter(named | Q(address__icontains=chosen["q"]))
    return rows, chosen


def _rows(user: User, sequence: Sequence) -> QuerySet[Enrollment]:
    rows = Enrollment.objects.filter(visible_through("contact", user), sequence=sequence)
    related = ("contact__company", "enrolled_by", "version", "successor")
    return rows.select_related(*related).prefetch_related("contact__addresses")
