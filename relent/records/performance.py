"""The counters of sequences. An unenrollment changes none of what was counted before it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import TruncDate

from relent.records.models import Delivery, Enrollment, SequenceVersion
from relent.terms.reasons import EndReason
from relent.terms.states import DeliveryState, EnrollmentState

# An enrollment that ended before its first step was due never began, and counts as little as it did before.
STARTED = ~Q(state=EnrollmentState.SCHEDULED) & (Q(ended_at__isnull=True) | Q(ended_at__gte=F("start_at")))
RUNNING = (EnrollmentState.ACTIVE, EnrollmentState.PAUSED, EnrollmentState.HELD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The numbers of one sequence.

    ``enrolled`` leaves out those whose first step lies in the future; ``replied`` counts who answered a mail of the
    sequence, from whichever address, also where that unenrolled nobody.
    """

    enrolled: int = 0
    scheduled: int = 0
    active: int = 0
    finished: int = 0
    unenrolled: int = 0
    replied: int = 0
    bounced: int = 0
    unsubscribed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StepNumbers:
    """The numbers of one step over all versions; subject and kind are the newest version's."""

    position: int
    kind: str
    subject: str
    done: int
    waiting: int
    replied: int


def summaries(sequence_ids: Iterable[int]) -> dict[int, Summary]:
    """Return the numbers of several sequences with one query; a sequence without enrollments gets zeros."""
    wanted = list(sequence_ids)
    rows = (
        Enrollment.objects.filter(sequence_id__in=wanted)
        .order_by()
        .values("sequence_id")
        .annotate(
            enrolled=Count("pk", filter=STARTED),
            scheduled=Count("pk", filter=Q(state=EnrollmentState.SCHEDULED)),
            active=Count("pk", filter=Q(state__in=RUNNING)),
            finished=Count("pk", filter=Q(state=EnrollmentState.FINISHED)),
            unenrolled=Count("pk", filter=Q(state=EnrollmentState.UNENROLLED)),
            replied=Count("pk", filter=Q(credited_step__isnull=False)),
            bounced=Count("pk", filter=Q(state=EnrollmentState.UNENROLLED, reason=EndReason.BOUNCED)),
            unsubscribed=Count("pk", filter=Q(state=EnrollmentState.UNENROLLED, reason=EndReason.UNSUBSCRIBED)),
        )
    )
    found: dict[int, Summary] = {}
    for row in rows:
        counted: dict[str, int] = {**row}  # type: ignore[dict-item]  # every column is a number
        sequence_id = counted.pop("sequence_id")
        found[sequence_id] = Summary(**counted)
    return {pk: found.get(pk, Summary()) for pk in wanted}


def reasons(sequence_id: int) -> list[tuple[str, int]]:
    """Return how many were unenrolled for each reason, the most frequent first."""
    rows = (
        Enrollment.objects.filter(sequence_id=sequence_id, state=EnrollmentState.UNENROLLED)
        .values_list("reason")
        .annotate(number=Count("pk"))
        .order_by("-number", "reason")
    )
    return list(rows)


@dataclass(frozen=True, slots=True)
class Endings:
    """Who left a sequence before its end in a period: by reason and the last step executed, and by day."""

    by_step: list[tuple[str, int | None, int]]
    by_day: list[tuple[date, int]]
    number: int

    @property
    def most_in_a_day(self) -> int:
        """The longest bar."""
        return max((number for _day, number in self.by_day), default=0)


def endings(sequence_id: int, since: datetime, zone: tzinfo) -> Endings:
    """Return why contacts left the sequence since then. Days are those of ``zone``."""
    executed = Delivery.objects.filter(
        enrollment=OuterRef("pk"), state__in=[DeliveryState.SENT, DeliveryState.OPENED]
    ).order_by("-position")
    left = Enrollment.objects.filter(sequence_id=sequence_id, state=EnrollmentState.UNENROLLED, ended_at__gte=since)
    by_step = (
        left.annotate(step=Subquery(executed.values("position")[:1]))
        .values_list("reason", "step")
        .annotate(number=Count("pk"))
        .order_by("-number", "reason", "step")
    )
    by_day = (
        left.annotate(day=TruncDate("ended_at", tzinfo=zone))
        .values_list("day")
        .annotate(number=Count("pk"))
        .order_by("-day")
    )
    days = list(by_day)
    return Endings(list(by_step), days, sum(number for _day, number in days))


def steps(version: SequenceVersion) -> list[StepNumbers]:
    """Return the numbers of each step of the sequence that ``version`` belongs to."""
    delivered = {
        row["position"]: (row["done"], row["waiting"])
        for row in Delivery.objects.filter(enrollment__sequence_id=version.sequence_id)
        .values("position")
        .annotate(
            done=Count("pk", filter=Q(state__in=[DeliveryState.SENT, DeliveryState.OPENED])),
            waiting=Count(
                "pk", filter=Q(state__in=[DeliveryState.PLANNED, DeliveryState.PARKED, DeliveryState.CLAIMED])
            ),
        )
    }
    credited = dict(
        Enrollment.objects.filter(sequence_id=version.sequence_id, credited_step__isnull=False)
        .values_list("credited_step")
        .annotate(number=Count("pk"))
    )
    return [
        StepNumbers(
            position=step.position,
            kind=step.kind,
            subject=step.subject,
            done=delivered.get(step.position, (0, 0))[0],
            waiting=delivered.get(step.position, (0, 0))[1],
            replied=credited.get(step.position, 0),
        )
        for step in version.steps.all()
    ]
