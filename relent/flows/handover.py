"""The hand-over of one mail to a mail server, and what is made of each answer."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from relent.flows import apply, copies, executing, inbound, ledger, planning, rendering, sessions, settling
from relent.flows.inbound import Clock
from relent.flows.ledger import Cause
from relent.mail.bounces import delivery_status
from relent.records import models
from relent.terms.events import BounceKind, Evidence, SendFailed
from relent.terms.evidence import EvidenceKind
from relent.terms.history import TimelineKind
from relent.terms.reasons import Refusal, WaitReason
from relent.terms.states import DeliveryState, MailboxState
from relent.transports.base import Found, SendRefused, SendUncertain, TransportError

log = logging.getLogger(__name__)

_TRY_AGAIN = (timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4))
# How long a submission service may take to file its own Sent copy: before that, absent says nothing.
_COPY_APPEARS_WITHIN = timedelta(minutes=2)


def send(delivery: models.Delivery, mail: rendering.Rendered, clock: Clock) -> WaitReason | None:
    """Hand over a mail whose row says ``sending``, and write down what came of it.

    Return why nothing more can be handed over for now, if so. Raises TransportError where the mail left and its copy
    cannot be filed: then the mailbox is full, or cannot be reached any more.
    """
    mailbox = delivery.mailbox
    try:
        with sessions.sender(mailbox) as sender:
            answer = sender.send(mailbox.address, mail.recipient, mail.raw)
    except SendRefused as error:
        _refused(delivery, error, clock())
    except SendUncertain as error:
        _uncertain(delivery, str(error), clock())
    except TransportError as error:
        return _not_sent(delivery, error, clock())
    else:
        _sent(delivery, answer, clock())
        if mailbox.state_detail:  # what was said when the server could not be reached is over
            models.Mailbox.objects.filter(pk=mailbox.pk, state=MailboxState.CONNECTED).update(state_detail="")
        if copies.are_owed_by_us(mailbox):
            _file_copy(delivery, mail, clock())
    return None


def find_out(delivery: models.Delivery, now: datetime) -> None:
    """Ask the sender's own mailbox about a mail that a dead worker left as ``sending``.

    Found means sent. Absent means not sent only where the submission service files the Sent copies itself, and had the
    time to; where Relent files them, nobody can know. Raises TransportError where the mailbox cannot be asked.
    """
    assert delivery.message_id is not None
    assert delivery.sending_at is not None
    with sessions.reader(delivery.mailbox) as reader:
        found = reader.find_sent(delivery.message_id)
    if found is Found.FOUND:
        _sent(delivery, "found in the Sent folder", delivery.sending_at)
    elif copies.are_owed_by_us(delivery.mailbox):
        settling.nobody_knows(delivery, now, "the connection or the worker was lost before the server's answer")
    elif found is Found.ABSENT and now - delivery.sending_at > _COPY_APPEARS_WITHIN:
        _plan_again(delivery, now, WaitReason.SERVER_BUSY, "not in the Sent folder")


@transaction.atomic
def _sent(delivery: models.Delivery, answer: str, sent_at: datetime) -> None:
    enrollment = planning.lock(delivery.enrollment_id)
    moved = models.Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.SENDING).update(
        state=DeliveryState.SENT,
        sent_at=sent_at,
        answer=answer[:1000],
        copy_owed=copies.are_owed_by_us(delivery.mailbox),
    )
    if moved:
        ledger.tell(enrollment, TimelineKind.MAIL_SENT, sent_at, delivery=delivery)
        executing.after(enrollment, delivery, sent_at)
    else:
        settling.it_left(delivery, sent_at, sent_at)  # a recovery that came too early had given it up as unknown


@transaction.atomic
def _refused(delivery: models.Delivery, error: SendRefused, now: datetime) -> None:
    """A refusal of the recipient ends the enrollment as a bounce does; a passing one, such as a full mailbox, is tried
    again for a while, whatever class of code it bears."""
    about = _about(error)
    if (not error.permanent or about is BounceKind.SOFT) and delivery.attempts < len(_TRY_AGAIN):
        _plan_again(delivery, now + _TRY_AGAIN[delivery.attempts], WaitReason.SERVER_BUSY, str(error))
        return
    enrollment = planning.lock(delivery.enrollment_id)
    if about is BounceKind.POLICY:  # it may leave once the cause is removed
        _plan_again(delivery, now, WaitReason.SERVER_BUSY, str(error))
        apply.direct(enrollment, Cause(event=_failure(enrollment, error, now)), now)
        return
    refused = models.Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.SENDING).update(
        state=DeliveryState.REFUSED, ended_at=now, answer=str(error)[:1000]
    )
    if not refused:
        return
    ledger.tell(enrollment, TimelineKind.MAIL_REFUSED, now, reason=Refusal.REJECTED, delivery=delivery)
    apply.direct(enrollment, Cause(event=_failure(enrollment, error, now)), now)


def _failure(enrollment: models.Enrollment, error: SendRefused, now: datetime) -> SendFailed:
    about = _about(error)
    return SendFailed(
        at=now,
        enrollment_id=enrollment.pk,
        code=Refusal.REJECTED,
        bounce=about is BounceKind.HARD,
        ours=about is BounceKind.POLICY,
        evidence=(Evidence(EvidenceKind.ANSWER, f"{error.code} {error.status} {error}".strip()),),
    )


def _about(error: SendRefused) -> BounceKind | None:
    """Judge a lasting refusal as a delivery report with the same words would be; ``None`` where it says nothing of the
    recipient, or passes by itself."""
    if not error.permanent:
        return None
    if error.status.startswith("5.7"):
        return BounceKind.POLICY
    if not error.recipient_refused:
        return None
    return delivery_status.kind("failed", error.status, f"{error.code} {error.status} {error}")


def _uncertain(delivery: models.Delivery, why: str, now: datetime) -> None:
    # Where the service files Sent copies, the row stays ``sending`` and the next turn asks for the copy.
    if copies.are_owed_by_us(delivery.mailbox):
        settling.nobody_knows(delivery, now, why)


def _not_sent(delivery: models.Delivery, error: TransportError, now: datetime) -> WaitReason:
    """The server could not be reached or signed in to: no byte of the mail left. The whole mailbox waits, so that a
    server is not asked once for every mail, and the page says why."""
    later = now + _TRY_AGAIN[0]
    _plan_again(delivery, later, WaitReason.SERVER_BUSY, str(error))
    # An outage is no answer to this mail: it does not use up the mail's attempts.
    models.Delivery.objects.filter(pk=delivery.pk).update(attempts=delivery.attempts)
    models.Mailbox.objects.filter(pk=delivery.mailbox_id).update(
        send_not_before=later, waits_for=WaitReason.SERVER_BUSY, state_detail=f"{error.part}: {error}"
    )
    log.warning("mailbox %s cannot send: %s", delivery.mailbox.address, error)
    return WaitReason.SERVER_BUSY


@transaction.atomic
def _plan_again(delivery: models.Delivery, due_at: datetime, reason: WaitReason, answer: str) -> None:
    """Plan a mail again that certainly has not left; its enrollment may have ended, or paused, meanwhile."""
    enrollment = planning.lock(delivery.enrollment_id)
    models.Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.SENDING).update(
        state=planning.state_of_next(enrollment),
        due_at=due_at,
        waits_for=reason,
        answer=answer[:1000],
        message_id=None,
        raw=None,
    )


def _file_copy(delivery: models.Delivery, mail: rendering.Rendered, now: datetime) -> None:
    try:
        copies.file(delivery, mail.raw, now)
    except TransportError as error:
        inbound.cannot_be_read(delivery.mailbox, error, now)
        raise
