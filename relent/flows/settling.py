"""What becomes known later of a mail that may or may not have left."""

from datetime import datetime

from django.db import transaction

from relent.flows import apply, executing, ledger, planning, releasing, removing, rendering, reviews
from relent.records import models
from relent.terms.events import OwnCopySeen
from relent.terms.history import TimelineKind
from relent.terms.reasons import HoldReason
from relent.terms.reviews import ReviewKind
from relent.terms.states import DeliveryState


def left(copy: OwnCopySeen, item: models.InboundItem, now: datetime) -> None:
    """A copy of a mail was seen where only sent mail lies. If it is one of ours, the names that the provider gave it
    are kept; and if nobody knew before, it is known now to have left."""
    delivery = _of_copy(copy, item.received_at)
    if delivery is None:
        return
    given: dict[str, str] = {}
    # A conversation has another id in each mailbox: answers come to the one that sent.
    if copy.thread and not delivery.thread and item.mailbox_id == delivery.mailbox_id:
        given["thread"] = copy.thread[:200]
    if copy.message_id and copy.message_id not in (delivery.message_id, delivery.provider_message_id):
        given["provider_message_id"] = copy.message_id[:250]
    if given:
        models.Delivery.objects.filter(pk=delivery.pk).update(**given)
    if delivery.state == DeliveryState.UNKNOWN:
        it_left(delivery, item.received_at, now)


def _of_copy(copy: OwnCopySeen, seen_at: datetime) -> models.Delivery | None:
    """Return the mail that ``copy`` is one of: by our Message-ID; or, where the provider put its own in its place, by
    our unsubscribe token in it, its recipient and subject, and when it left."""
    ours = models.Delivery.objects.filter(message_id__isnull=False).defer("raw")
    found = ours.filter(message_id=copy.message_id).first() if copy.message_id else None
    if found is not None or not copy.token:
        return found
    of_token = ours.filter(enrollment=rendering.enrollment_of(copy.token), subject=copy.subject[:300])
    alike = of_token.filter(recipient__in=copy.recipients, provider_message_id__in=["", copy.message_id])
    return min(alike, key=lambda mail: abs((mail.sending_at or seen_at) - seen_at), default=None)


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
        state=planning.state_of_next(enrollment),
        mailbox=enrollment.mailbox_id,  # another's, where somebody took over since then
        due_at=now,
        message_id=None,
        raw=None,
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
    if releasing.take_up(enrollment.pk, now, HoldReason.SENT_UNKNOWN):
        removing.hold_if_nobody_sends(enrollment.pk, now)
