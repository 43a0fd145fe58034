"""What becomes known later of a mail that may or may not have left."""

from datetime import datetime

from django.db import transaction

from relent.flows import apply, executing, ledger, planning, reviews
from relent.records import models
from relent.terms.history import TimelineKind
from relent.terms.reasons import HoldReason
from relent.terms.reviews import ReviewKind
from relent.terms.states import DeliveryState, EnrollmentState


def left(message_id: str, sent_at: datetime, now: datetime) -> None:
    """A copy of the mail was seen where only sent mail lies: if nobody knew before, it is known now to have left."""
    unknown = models.Delivery.objects.filter(message_id=message_id, state=DeliveryState.UNKNOWN).first()
    if unknown is not None:
        it_left(unknown, sent_at, now)


def answered(enrollment: models.Enrollment, position: int, now: datetime) -> None:
    """Somebody names the mail of ``position``: it must have left."""
    unknown = models.Delivery.objects.filter(
        enrollment=enrollment, position=position, state=DeliveryState.UNKNOWN
    ).first()
    if unknown is not None:
        it_left(unknown, unknown.sending_at or now, now)


@transaction.atomic
def it_left(delivery: models.Delivery, sent_at: datetime, now: datetime) -> bool:
    """Note that an unknown mail left, and let its enrollment go on. Return whether it was still unknown."""
    enrollment = planning.lock(delivery.enrollment_id)
    changed = models.Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.UNKNOWN).update(
        state=DeliveryState.SENT, sent_at=sent_at
    )
    if changed:
        ledger.tell(enrollment, TimelineKind.MAIL_SENT, sent_at, delivery=delivery)
        _release(enrollment, now)
        executing.after(enrollment, delivery, sent_at)
    return bool(changed)


@transaction.atomic
def it_did_not_leave(delivery: models.Delivery, now: datetime) -> bool:
    """Note that an unknown mail did not leave: it is planned again. Return whether it was still unknown."""
    enrollment = planning.lock(delivery.enrollment_id)
    changed = models.Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.UNKNOWN).update(
        state=planning.state_of_next(enrollment), due_at=now, message_id=None, raw=None
    )
    if changed:
        _release(enrollment, now)
    return bool(changed)


@transaction.atomic
def nobody_knows(delivery: models.Delivery, now: datetime, why: str) -> None:
    """Set aside a mail that may have left, show it to a person, and hold its enrollment."""
    enrollment = planning.lock(delivery.enrollment_id)
    changed = models.Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.SENDING).update(
        state=DeliveryState.UNKNOWN, answer=why
    )
    if changed:
        ledger.tell(enrollment, TimelineKind.MAIL_UNKNOWN, now, reason=HoldReason.SENT_UNKNOWN, delivery=delivery)
        apply.hold(enrollment, HoldReason.SENT_UNKNOWN)
        reviews.open_item(ReviewKind.SENT_UNKNOWN, f"{delivery.pk}:{delivery.attempts}", now, enrollment=enrollment)


def _release(enrollment: models.Enrollment, now: datetime) -> None:
    reviews.close_moot(enrollment.pk, now, ReviewKind.SENT_UNKNOWN)
    planning.go_on(enrollment.pk, now, from_state=EnrollmentState.HELD, reason=HoldReason.SENT_UNKNOWN)
