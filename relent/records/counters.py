"""The performance of a sequence as numbers with the names that an API client reads (its summary).

An unenrollment changes none of what was counted before it, nor does the deletion of the sequence.
"""

from django.db.models import Count, Q, QuerySet

from relent.records.models import Deal, Decision, Enrollment
from relent.records.performance import STARTED
from relent.terms.history import Action
from relent.terms.reasons import EndReason, KeepReason


def of(sequence_id: int) -> dict[str, int]:
    """Return every counter of the summary, camelCase.

    ``enrolled`` leaves out those whose first step lies in the future, ``contacts`` counts each person once. Replies and
    meetings count also where the trigger that they would have pulled was off. ``engaged`` are those who replied or
    booked, ``noResponse`` those from whom nothing at all came back. Mails carry nothing that would tell of an opening
    or a click, and deals hold no amounts: those stay zero.
    """
    begun = Enrollment.objects.filter(STARTED, sequence_id=sequence_id)
    counts = begun.order_by().aggregate(
        contacts=Count("contact", distinct=True),
        enrolled=Count("pk"),
        replied=Count("pk", filter=Q(credited_step__isnull=False)),
    )
    replied = set(begun.filter(credited_step__isnull=False).values_list("pk", flat=True))
    booked = _with_decision(begun, "meeting_booked", EndReason.MEETING, KeepReason.TRIGGER_OFF)
    bounced = _with_decision(begun, None, EndReason.BOUNCED)
    unsubscribed = _with_decision(begun, None, EndReason.UNSUBSCRIBED)
    return {
        **counts,
        "engaged": len(replied | booked),
        "opened": 0,
        "clicked": 0,
        "meetingsBooked": len(booked),
        "bounced": len(bounced),
        "unsubscribed": len(unsubscribed),
        "noResponse": counts["enrolled"] - len(replied | booked | bounced | unsubscribed),
        "associatedDeals": Deal.objects.filter(contacts__enrollments__in=begun).distinct().count(),
        "dealsClosed": 0,
        "totalRevenue": 0,
    }


def _with_decision(begun: QuerySet[Enrollment], event: str | None, *reasons: str) -> set[int]:
    """The enrollments about which the ledger says so. What came after the end is evidence, and counts as well."""
    lines = Decision.objects.filter(enrollment__in=begun, reason__in=reasons)
    lines = lines.filter(event=event) if event else lines.filter(verdict=Action.UNENROLL)
    return set(lines.values_list("enrollment_id", flat=True))
