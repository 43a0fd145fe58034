"""The outbound river: schedule → claim → check → send → record.

A mail's row is committed as ``sending``, with its final Message-ID and bytes, before the first byte leaves. So after a
crash the row says what may be in the world, and the mailbox's Sent folder is asked.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from relent.decide import schedule, sending
from relent.decide.verdicts import SendLater, SendNever
from relent.flows import (
    apply,
    copies,
    executing,
    handover,
    inbound,
    lease,
    meeting_links,
    planning,
    rendering,
    scope,
)
from relent.flows.inbound import Clock
from relent.flows.ledger import Cause
from relent.mail import templates
from relent.records import facts, models
from relent.terms.events import SendFailed
from relent.terms.reasons import Refusal, WaitReason
from relent.terms.states import DeliveryState, MailboxState
from relent.terms.steps import StepKind
from relent.transports.base import TransportError

log = logging.getLogger(__name__)

# Claimed at a time where no spacing is asked for; a reading after the claim serves them all.
_CLAIM_AT_MOST = 20
# Limits of the mailbox, not of the one mail: the mails behind it meet them too.
_MAILBOX_LIMITS = {WaitReason.DAILY_LIMIT, WaitReason.MINUTE_LIMIT, WaitReason.SPACING}
# Nor is a server that cannot be reached the one mail's matter.
_STOPS_THE_MAILBOX = {*_MAILBOX_LIMITS, WaitReason.SERVER_BUSY}
_FOR_A_WHILE = {WaitReason.USER_LIMIT, WaitReason.COMPANY_STOP}
_READINGS_AT_MOST = 3
_BLOCKED_RETRY = timedelta(seconds=15)


def claim(mailbox: models.Mailbox, holder: str, now: datetime) -> list[models.Delivery]:
    """Claim what is due in ``mailbox``: tasks, and as many mails as may leave in a row. Each claim is a conditional
    UPDATE on the one row; a row that somebody else moved first is left alone."""
    due = models.Delivery.objects.due(now).filter(mailbox=mailbox)
    tasks = list(due.filter(kind=StepKind.TASK)[:_CLAIM_AT_MOST])
    mails: list[models.Delivery] = []
    if mailbox.may_send(now):
        mails = list(due.filter(kind=StepKind.EMAIL)[: 1 if mailbox.spacing else _CLAIM_AT_MOST])
    return [delivery for delivery in (*tasks, *mails) if _claim_one(delivery, holder, now)]


def _claim_one(delivery: models.Delivery, holder: str, now: datetime) -> bool:
    claimed = models.Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.PLANNED, due_at__lte=now).update(
        state=DeliveryState.CLAIMED, claimed_at=now, claimed_by=holder
    )
    return bool(claimed)


def process(
    claimed: list[models.Delivery], holder: str, clock: Clock, stopping: Callable[[], bool] = lambda: False
) -> int:
    """Check each claimed delivery against what is known now, and send it, put it off or cancel it. Return how many
    mails and tasks were executed. The mailboxes in scope are read after the claim, and again when that grows old."""
    done = 0
    for position, row in enumerate(claimed):
        rest = claimed[position:]
        if stopping() or not lease.renew(row.mailbox_id, holder, clock()):
            # Told to end; or taken for abandoned: whoever has the mailbox now has these rows too.
            _release_all(rest, holder)
            return done
        delivery = _still_ours(row.pk, holder)
        if delivery is None:
            continue  # it was cancelled or parked meanwhile: a reason to stop got there first
        try:
            outcome = _process_one(delivery, holder, clock)
        except TransportError as error:
            if models.Mailbox.objects.filter(pk=row.mailbox_id, state=MailboxState.CONNECTED).exists():
                give_back([row], holder, clock())  # another mailbox in its scope, which the rest may do without
                continue
            log.warning("nothing more is sent from %s: %s", delivery.mailbox.address, error)
            give_back(rest, holder, clock())
            return done
        if outcome in _STOPS_THE_MAILBOX:
            _release_all(rest, holder)
            return done
        done += outcome is None
    return done


def _release_all(rows: list[models.Delivery], holder: str) -> None:
    for row in rows:
        _release(row.pk, holder, row.due_at, "")


def _still_ours(delivery_id: int, holder: str) -> models.Delivery | None:
    return (
        models.Delivery.objects.filter(pk=delivery_id, state=DeliveryState.CLAIMED, claimed_by=holder)
        .select_related(
            "step",
            "mailbox__user",
            "enrollment__version",
            "enrollment__contact__company",
            "enrollment__mailbox__user",
            "enrollment__enrolled_by",
        )
        .first()
    )


def _process_one(delivery: models.Delivery, holder: str, clock: Clock) -> WaitReason | Refusal | None:
    """Return why the delivery was not executed; ``None`` where it was, or where somebody else stopped it."""
    if delivery.kind == StepKind.TASK:
        executing.open_task(delivery, clock())
        return None
    read = scope.Scope.of(delivery.enrollment, clock())
    for _ in range(_READINGS_AT_MOST):
        now = clock()
        verdict = sending.decide(facts.sending(delivery, now, read.read_through(), read.reading_took), now)
        match verdict:
            case SendLater(at=at, reason=WaitReason.STALE):
                read.read_again(delivery, clock)
                fresh = _still_ours(delivery.pk, holder)
                if fresh is None:
                    return None
                delivery = fresh
            case SendLater(at=at, reason=reason):
                _put_off(delivery, holder, at, reason)
                return reason
            case SendNever(code=code):
                _refuse(delivery, code, now)
                return code
            case _:
                return _render_and_send(delivery, read, clock)
    _release(delivery.pk, holder, clock(), WaitReason.STALE)
    return WaitReason.STALE


def _render_and_send(delivery: models.Delivery, read: scope.Scope, clock: Clock) -> WaitReason | Refusal | None:
    try:
        mail = rendering.mail(delivery, clock())
    except (templates.MissingToken, ValueError) as error:
        # A value is gone since the enrollment, or no mail can be made of the address or a name.
        code = Refusal.MISSING_TOKEN if isinstance(error, templates.MissingToken) else Refusal.CANNOT_BE_WRITTEN
        log.warning("delivery %s: %s", delivery.pk, error)
        _refuse(delivery, code, clock())
        return code
    if not lease.renew(delivery.mailbox_id, delivery.claimed_by, clock()):
        _release(delivery.pk, delivery.claimed_by, delivery.due_at, "")
        return WaitReason.SERVER_BUSY  # the reading took so long that the mailbox was taken for abandoned
    if _begin(delivery, mail, read, clock()):
        return handover.send(delivery, mail, clock)
    return None


def _begin(delivery: models.Delivery, mail: rendering.Rendered, read: scope.Scope, now: datetime) -> bool:
    """Commit the row as ``sending``, with its meeting links: the one step that a reason to stop competes with. Return
    whether it was won."""
    with transaction.atomic():  # only the delivery and what hangs on it: the enrollment is locked before, never after
        won = models.Delivery.objects.filter(
            pk=delivery.pk, state=DeliveryState.CLAIMED, claimed_by=delivery.claimed_by
        ).update(
            state=DeliveryState.SENDING,
            sending_at=now,
            attempts=delivery.attempts + 1,
            recipient=mail.recipient,
            user_id=delivery.enrollment.enrolled_by_id,
            subject=mail.subject[:300],
            message_id=mail.message_id,
            raw=mail.raw,
            waits_for="",
            proof=read.proof(delivery, now),
        )
        if won:
            meeting_links.store(delivery, mail.links)
    apply.begin(delivery.enrollment_id)
    return bool(won)


def _put_off(delivery: models.Delivery, holder: str, at: datetime, reason: WaitReason) -> None:
    if reason in _MAILBOX_LIMITS:
        models.Mailbox.objects.filter(pk=delivery.mailbox_id).update(send_not_before=at, waits_for=reason)
        _release(delivery.pk, holder, delivery.due_at, reason)
        return
    if reason in _FOR_A_WHILE:
        # Other mails of the mailbox may leave. These go as soon as the limit frees the first of them, or the stop is
        # worked off, whatever the time of day.
        _release(delivery.pk, holder, at, reason)
        return
    calendar = facts.calendar_of(delivery.enrollment)
    _release(delivery.pk, holder, schedule.not_before(delivery.due_at, at, calendar), reason)


def _release(delivery_id: int, holder: str, due_at: datetime, reason: str) -> None:
    """Give a claim back. Where the row was moved meanwhile there is nothing to give back."""
    models.Delivery.objects.filter(pk=delivery_id, state=DeliveryState.CLAIMED, claimed_by=holder).update(
        state=DeliveryState.PLANNED, due_at=due_at, waits_for=reason
    )


@transaction.atomic
def _refuse(delivery: models.Delivery, code: Refusal, now: datetime) -> None:
    enrollment = planning.lock(delivery.enrollment_id)
    event = SendFailed(at=now, enrollment_id=enrollment.pk, code=code)
    apply.direct(enrollment, Cause(event=event), now)


def give_back(claimed: list[models.Delivery], holder: str, now: datetime) -> None:
    """Send nothing of what was claimed, because a mailbox in scope cannot be read: hold it, or end it by the policy."""
    for row in claimed:
        delivery = _still_ours(row.pk, holder)
        if delivery is None:
            continue
        if delivery.kind == StepKind.TASK:  # no mail leaves by a task: it waits for the reading, and for nothing else
            _release(delivery.pk, holder, now + _BLOCKED_RETRY, WaitReason.MAILBOX_UNREADABLE)
            continue
        match sending.unreadable(facts.policy_at(now), now, _BLOCKED_RETRY):
            case SendNever(code=code):
                _refuse(delivery, code, now)
            case SendLater(at=at, reason=reason):
                _release(delivery.pk, holder, at, reason)
                apply.hold_for_mailbox(delivery.enrollment)


def recover(mailbox: models.Mailbox, clock: Clock) -> None:
    """Put in order what a worker that died in the middle left behind. Called with the mailbox's lease held: whatever is
    claimed or sending now is nobody's. Where the mailbox cannot be asked, it is unreadable: raises TransportError."""
    try:
        for delivery in models.Delivery.objects.unfinished().filter(mailbox=mailbox).select_related("mailbox"):
            if delivery.state == DeliveryState.CLAIMED:
                _release(delivery.pk, delivery.claimed_by, delivery.due_at, "")
            else:
                handover.find_out(delivery, clock())
        copies.file_owed(mailbox, clock)
    except TransportError as error:
        inbound.cannot_be_read(mailbox, error, clock())
        raise
