"""The hand-over of one mail to a mail server, and what is made of each answer."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from relent.flows import apply, executing, ledger, planning, rendering, sessions, settling
from relent.flows.inbound import Clock
from relent.flows.ledger import Cause
from relent.records import models
from relent.terms.events import Evidence, SendFailed
from relent.terms.evidence import EvidenceKind
from relent.terms.history import TimelineKind
from relent.terms.reasons import Refusal, WaitReason
from relent.terms.states import DeliveryState, MailboxState
from relent.transports.base import Found, SendRefused, SendUncertain, TransportError

log = logging.getLogger(__name__)

_TRY_AGAIN = (timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4))
# How long a submission service may take to file its own Sent copy: before that, absent says nothing.
_COPY_APPEARS_WITHIN = timedelta(minutes=2)


def send(delivery: models.Delivery, mail: rendering.Rendered, clock: Clock) -> None:
    """Hand over a mail whose row says ``sending``, and write down what came of it."""
    mailbox = delivery.mailbox
    try:
        with sessions.sender(mailbox) as sender:
            answer = sender.send(mailbox.address, mail.recipient, mail.raw)
    except SendRefused as error:
        _refused(delivery, error, clock())
    except SendUncertain as error:
        _uncertain(delivery, str(error), clock())
    except TransportError as error:
        _not_sent(delivery, error, clock())
    else:
        _sent(delivery, answer, clock())
        _file_copy(mailbox, mail.raw, clock())


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
    elif not _server_files_copies(delivery.mailbox):
        settling.nobody_knows(delivery, now, "the connection or the worker was lost before the server's answer")
    elif now - delivery.sending_at > _COPY_APPEARS_WITHIN:
        _plan_again(delivery, now, WaitReason.SERVER_BUSY, "not in the Sent folder")


@transaction.atomic
def _sent(delivery: models.Delivery, answer: str, sent_at: datetime) -> None:
    enrollment = planning.lock(delivery.enrollment_id)
    moved = models.Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.SENDING).update(
        state=DeliveryState.SENT, sent_at=sent_at, answer=answer[:1000]
    )
    if moved:
        ledger.tell(enrollment, TimelineKind.MAIL_SENT, sent_at, delivery=delivery)
        executing.after(enrollment, delivery, sent_at)
    else:
        settling.it_left(delivery, sent_at, sent_at)  # a recovery that came too early had given it up as unknown


@transaction.atomic
def _refused(delivery: models.Delivery, error: SendRefused, now: datetime) -> None:
    """A refusal of the recipient ends the enrollment as a bounce does; a passing one is tried again for a while."""
    if not error.permanent and delivery.attempts < len(_TRY_AGAIN):
        _plan_again(delivery, now + _TRY_AGAIN[delivery.attempts], WaitReason.SERVER_BUSY, str(error))
        return
    enrollment = planning.lock(delivery.enrollment_id)
    refused = models.Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.SENDING).update(
        state=DeliveryState.REFUSED, ended_at=now, answer=str(error)[:1000]
    )
    if not refused:
        return
    ledger.tell(enrollment, TimelineKind.MAIL_REFUSED, now, reason=Refusal.REJECTED, delivery=delivery)
    event = SendFailed(
        at=now,
        enrollment_id=enrollment.pk,
        code=Refusal.REJECTED,
        bounce=error.permanent and error.recipient_refused and not error.status.startswith("5.7"),
        evidence=(Evidence(EvidenceKind.ANSWER, f"{error.code} {error.status} {error}".strip()),),
    )
    apply.direct(enrollment, Cause(event=event), now)


def _uncertain(delivery: models.Delivery, why: str, now: datetime) -> None:
    # Where the service files Sent copies, the row stays ``sending`` and the next turn asks for the copy.
    if not _server_files_copies(delivery.mailbox):
        settling.nobody_knows(delivery, now, why)


def _not_sent(delivery: models.Delivery, error: TransportError, now: datetime) -> None:
    """The server could not be reached or signed in to: no byte of the mail left, and the page says why."""
    step = min(delivery.attempts, len(_TRY_AGAIN) - 1)
    _plan_again(delivery, now + _TRY_AGAIN[step], WaitReason.SERVER_BUSY, str(error))
    connected = models.Mailbox.objects.filter(pk=delivery.mailbox_id, state=MailboxState.CONNECTED)
    connected.update(state_detail=f"{error.part}: {error}")
    log.warning("mailbox %s cannot send: %s", delivery.mailbox.address, error)


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


def _file_copy(mailbox: models.Mailbox, raw: bytes, now: datetime) -> None:
    if _server_files_copies(mailbox):
        return
    try:
        with sessions.reader(mailbox) as reader:
            reader.store_sent(raw, now)
    except TransportError as error:
        log.warning("no Sent copy in %s: %s", mailbox.address, error)


def _server_files_copies(mailbox: models.Mailbox) -> bool:
    return bool(mailbox.options.get("sent_copies") == "server")
