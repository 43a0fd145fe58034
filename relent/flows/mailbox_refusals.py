"""Servers refuse a mailbox's mails for reasons of ours (RFC 3463, 5.7.x): nothing more leaves it until somebody has
looked. No contact is to blame, and every further attempt would make it worse."""

from datetime import datetime

from relent.flows import reviews
from relent.records import models
from relent.terms.reasons import HoldReason
from relent.terms.reviews import ReviewKind
from relent.terms.states import DeliveryState, EnrollmentState

_MOVING = [EnrollmentState.SCHEDULED, EnrollmentState.ACTIVE]


def hold_all(mailbox_id: int, now: datetime) -> None:
    """Hold every open enrollment that sends from the mailbox, and ask once."""
    first = models.Mailbox.objects.filter(pk=mailbox_id, refused_since__isnull=True).update(refused_since=now)
    moving = models.Enrollment.objects.filter(mailbox_id=mailbox_id, state__in=_MOVING)
    ids = list(moving.values_list("pk", flat=True))
    moving.update(state=EnrollmentState.HELD, reason=HoldReason.SENDER_REFUSED, paused_until=None)
    models.Delivery.objects.filter(
        mailbox_id=mailbox_id, enrollment_id__in=ids, state__in=[DeliveryState.PLANNED, DeliveryState.CLAIMED]
    ).update(state=DeliveryState.PARKED, waits_for="")
    if first:
        reviews.open_item(ReviewKind.SENDER_REFUSED, f"{mailbox_id}:{now.isoformat()}", now, mailbox_id=mailbox_id)
