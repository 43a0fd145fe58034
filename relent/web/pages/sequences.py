"""Sequences: the list, and each one's performance."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from relent import clock
from relent.flows import permissions
from relent.records import performance, stopping
from relent.records.models import Sequence, User
from relent.web import access, paging

PERIODS = (7, 30, 90)


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
    """Show how a sequence performs, and why contacts left it, by reason, step and day."""
    sequence = visible(request.user, pk)
    version = sequence.current
    reasons = performance.reasons(sequence.pk)
    days = next((days for days in PERIODS if request.GET.get("days") == str(days)), PERIODS[1])
    since = clock.now() - timedelta(days=days)
    endings = performance.endings(sequence.pk, since, timezone.get_current_timezone())
    context = {
        "sequence": sequence,
        "version": version,
        "numbers": performance.summaries([sequence.pk])[sequence.pk],
        "steps": performance.steps(version),
        "reasons": reasons,
        "ended": sum(number for _reason, number in reasons),
        "endings": endings,
        "stopping": stopping.of(sequence.pk, since),
        "days": days,
        "periods": PERIODS,
        "tab": "performance",
        "may_edit": may_edit(request.user, sequence),
    }
    return render(request, "web/sequences/performance.html", context)


def visible(user: User, pk: int) -> Sequence:
    """Return the sequence, or answer 404 where the user does not see it."""
    return get_object_or_404(Sequence.objects.visible_to(user).select_related("owner"), pk=pk)


def may_edit(user: User, sequence: Sequence) -> bool:
    """Whether ``user`` may save a new version: the owner and super admins, and managers where it is shared."""
    return permissions.may_edit(user, sequence)
