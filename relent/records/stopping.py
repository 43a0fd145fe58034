"""How well a sequence stopped: how soon, what crossed, and what was stopped wrongly."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from relent.records.models import Decision, Delivery, Enrollment
from relent.terms.history import Action
from relent.terms.reasons import TOLD_BY_EVIDENCE
from relent.terms.states import EnrollmentState

# The latest stops say enough of how long one takes; so the page costs the same however many there were.
_AT_MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopping:
    """The stops on evidence (a reply, a meeting, a bounce, an opt-out …) since a moment.

    ``crossed`` are mails that left after the evidence had come: it was on its way, or lay unread. ``undone`` are stops
    that a person took back. ``half_within`` and ``nearly_all_within`` are seconds from the evidence's arrival to the
    stop, for half of the stops and for 99 of 100; ``None`` where there was none.
    """

    stops: int = 0
    undone: int = 0
    crossed: int = 0
    half_within: int | None = None
    nearly_all_within: int | None = None


def of(sequence_id: int, since: datetime) -> Stopping:
    """Return how well the sequence has stopped since ``since``."""
    stopped = Enrollment.objects.filter(
        sequence_id=sequence_id, state=EnrollmentState.UNENROLLED, reason__in=TOLD_BY_EVIDENCE, ended_at__gte=since
    )
    crossed = Delivery.objects.filter(
        enrollment__in=stopped, sent_at__isnull=False, sent_at__gt=F("enrollment__reason_at")
    )
    seconds = _seconds_to_stop(sequence_id, since)
    return Stopping(
        stops=stopped.count(),
        undone=stopped.filter(successor__isnull=False).count(),
        crossed=crossed.count(),
        half_within=_share_within(seconds, 0.5),
        nearly_all_within=_share_within(seconds, 0.99),
    )


def _seconds_to_stop(sequence_id: int, since: datetime) -> list[int]:
    stops = Decision.objects.filter(
        enrollment__sequence_id=sequence_id,
        verdict=Action.UNENROLL,
        applied=True,
        reason__in=TOLD_BY_EVIDENCE,
        decided_at__gte=since,
    )
    instants = stops.order_by("-pk").values_list("event_at", "decided_at")[:_AT_MOST]
    return sorted(max(round((decided_at - event_at).total_seconds()), 0) for event_at, decided_at in instants)


def _share_within(ordered: Sequence[int], share: float) -> int | None:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else None
