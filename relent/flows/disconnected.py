"""What falls due in a mailbox that a person has disconnected: nobody takes its turn, and nothing may vanish."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from relent.decide import sending
from relent.decide.verdicts import SendNever
from relent.flows import apply, planning, settling
from relent.flows.ledger import Cause
from relent.records import facts, models
from relent.terms.events import SendFailed
from relent.terms.reasons import Refusal, WaitReason
from relent.terms.states import DeliveryState, MailboxState
from relent.terms.steps import StepKind

_AT_A_TIME = 200
_PATIENCE = timedelta(days=1)


def wanting(now: datetime) -> list[int]:
    """Return the disconnected mailboxes in which something fell due that does not say yet why it waits."""
    found = set(_overdue(now).values_list("mailbox_id", flat=True).distinct())
    return sorted(found | set(_left_behind(now).values_list("mailbox_id", flat=True).distinct()))


def hold_due(mailbox_id: int, now: datetime) -> int:
    """Hold what is due in a disconnected mailbox, or end it by the policy; return how many steps that was.

    A held mail stays due: once the mailbox is connected again, what came meanwhile is read before it leaves.
    """
    number = 0
    for left in _left_behind(now).filter(mailbox_id=mailbox_id):
        _put_in_order(left, now)
    rows = _overdue(now).filter(mailbox_id=mailbox_id).select_related("enrollment").order_by("due_at", "pk")
    while portion := list(rows[:_AT_A_TIME]):
        for delivery in portion:
            _hold(delivery, now)
        number += len(portion)
    return number


def _overdue(now: datetime) -> QuerySet[models.Delivery]:
    due = models.Delivery.objects.filter(state=DeliveryState.PLANNED, due_at__lte=now)
    return due.filter(mailbox__state=MailboxState.DISCONNECTED).exclude(waits_for=WaitReason.MAILBOX_UNREADABLE)


def _left_behind(now: datetime) -> QuerySet[models.Delivery]:
    """What a worker had in hand that has let go of the mailbox. Whether a mail left is asked of a person only where the
    mailbox, which could tell, does not come back for a while."""
    free = Q(mailbox__held_until__isnull=True) | Q(mailbox__held_until__lte=now)
    in_hand = Q(state=DeliveryState.CLAIMED) | Q(sending_at__lte=now - _PATIENCE)
    return models.Delivery.objects.unfinished().filter(free, in_hand, mailbox__state=MailboxState.DISCONNECTED)


def _put_in_order(delivery: models.Delivery, now: datetime) -> None:
    if delivery.state == DeliveryState.SENDING:
        settling.nobody_knows(delivery, now, "the mailbox was disconnected before the server's answer was known")
        return
    claims = models.Delivery.objects.filter(pk=delivery.pk, claimed_by=delivery.claimed_by)
    claims.filter(state=DeliveryState.CLAIMED).update(state=DeliveryState.PLANNED, waits_for="")


@transaction.atomic
def _hold(delivery: models.Delivery, now: datetime) -> None:
    enrollment = planning.lock(delivery.enrollment_id)
    waiting = models.Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.PLANNED).update(
        waits_for=WaitReason.MAILBOX_UNREADABLE
    )
    if not waiting or delivery.kind != StepKind.EMAIL:
        return  # it was stopped meanwhile; or no mail leaves by it
    verdict = sending.unreadable(facts.policy_at(now), now, timedelta())
    if isinstance(verdict, SendNever):
        event = SendFailed(at=now, enrollment_id=enrollment.pk, code=Refusal.MAILBOX_DOWN)
        apply.direct(enrollment, Cause(event=event), now)
    else:
        apply.hold_for_mailbox(enrollment)
