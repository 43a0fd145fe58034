"""The inbound river: receive → normalize → look → decide → apply → record."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction

from relent.decide.facts import ActorFacts
from relent.flows import (
    apply,
    company_stops,
    company_wide,
    complaints,
    concerns,
    duplicates,
    erasing,
    ledger,
    meetings,
    sessions,
    settling,
    touches,
    understanding,
    unsubscribing,
)
from relent.flows.ledger import Cause
from relent.mail import message
from relent.normalize import message as normalize
from relent.records import connections, facts, models
from relent.terms.events import CalendarMailed, Complained, OwnCopySeen, PersonWrote, UnsubscribeMailed
from relent.terms.states import MailboxState
from relent.transports.base import Batch, FetchedMail, Folder, FolderRole, TransportError

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

# A folder that is read anew (its cursor is lost) is read from a little before the last good reading.
_OVERLAP = timedelta(days=2)
_TEXT_KEPT = 4000
# The kind of an item that was kept but could not be understood.
UNREADABLE = "unreadable"
# Trouble of the database's own (a deadlock with another reader, a lost connection). It says nothing about the mail at
# hand: it rises, the batch is undone, and the next turn reads it again. Set aside, an answer would be missed for good.
_NOT_THE_MAILS_FAULT = (OperationalError, InterfaceError)
# After the first failure, and at the most, until a mailbox that cannot be read is tried again.
_RETRY_FIRST, _RETRY_LAST = timedelta(seconds=5), timedelta(minutes=5)


def read(mailbox: models.Mailbox, clock: Clock) -> int:
    """Read everything new in ``mailbox`` up to now, and let each mail have its consequences; return how many were new.

    A reading that ends well moves ``read_through`` to the moment it began. One that fails marks the mailbox
    unreadable, says why, and raises TransportError.
    """
    began = clock()
    found = 0
    try:
        with sessions.reader(mailbox) as reader:
            rows = {row.name: row for row in mailbox.folders.all()}
            for folder in sorted(reader.folders(), key=_sent_first):
                row = rows.get(folder.name) or _new_folder(mailbox, folder)
                for batch in reader.fetch_new(folder, row.cursor, _since(mailbox)):
                    found += _take_in(mailbox, folder, batch, row, clock())
    except TransportError as error:
        cannot_be_read(mailbox, error, clock())
        raise
    _was_read(mailbox, began)
    return found


def _sent_first(folder: Folder) -> bool:
    """The copies of what we sent tell by which names an answer, read after them, may call it. Nothing is missed: a mail
    that is moved into the Sent folder meanwhile counts as our own in any case."""
    return folder.role != FolderRole.SENT


def _new_folder(mailbox: models.Mailbox, folder: Folder) -> models.MailboxFolder:
    return models.MailboxFolder.objects.get_or_create(
        mailbox=mailbox, name=folder.name, defaults={"role": folder.role}
    )[0]


def _since(mailbox: models.Mailbox) -> datetime:
    if mailbox.read_through is None:
        return mailbox.connected_at - timedelta(days=settings.BACKFILL_DAYS)
    return mailbox.read_through - _OVERLAP


def _take_in(mailbox: models.Mailbox, folder: Folder, batch: Batch, row: models.MailboxFolder, now: datetime) -> int:
    """Store a batch with its consequences, and the cursor behind it, in one transaction."""
    if not batch.mails and batch.cursor == row.cursor:
        return 0  # nothing new, which is how most readings end: it costs no write
    # Understanding a mail can take long and needs no lock: it is done before the transaction begins.
    understood = [_understand(mailbox, folder, *new) for new in _unknown(mailbox, batch)]
    with transaction.atomic():
        new = sum(_record(item, event, now) for item, event in understood)
        models.MailboxFolder.objects.filter(pk=row.pk).update(cursor=batch.cursor, role=folder.role)
    row.cursor = batch.cursor
    if new:
        company_wide.work_off(now)
    return new


def _unknown(mailbox: models.Mailbox, batch: Batch) -> list[tuple[str, FetchedMail]]:
    """Return the mails by their identity, without those met before: one that was moved, or that an old cursor brings
    again."""
    by_identity = {message.identity(fetched.raw): fetched for fetched in batch.mails}
    met = models.InboundItem.objects.filter(mailbox=mailbox, identity__in=by_identity)
    known = set(met.values_list("identity", flat=True))
    return [(identity, fetched) for identity, fetched in by_identity.items() if identity not in known]


def _understand(
    mailbox: models.Mailbox, folder: Folder, identity: str, fetched: FetchedMail
) -> tuple[models.InboundItem, normalize.Reading | None]:
    """Return the item to store, and what the mail tells; ``None`` where a fault of ours keeps us from knowing."""
    item = models.InboundItem(
        mailbox=mailbox,
        identity=identity,
        folder=folder.name[:500],
        received_at=fetched.received_at,
        thread=fetched.thread[:200],
        size=fetched.size,
        raw=fetched.raw,
        kind=UNREADABLE,
        malformed=True,
    )
    try:
        parsed = message.parse(fetched.raw, size=fetched.size)
        item.sender = _storable(parsed.sender)[:320]
        item.subject = _storable(parsed.subject)[:500]
        item.message_id = _storable(parsed.message_id)[:500]
        item.text = _storable(parsed.text)[:_TEXT_KEPT]
        item.defects = [_storable(defect) for defect in parsed.defects]
        event = understanding.read(mailbox, parsed, fetched.received_at, FolderRole(folder.role), item.thread)
    except _NOT_THE_MAILS_FAULT:
        raise
    except Exception:
        log.exception("mail %s in %s set aside", item.identity[:12], mailbox.address)
        return item, None
    item.kind, item.subkind = ledger.event_name(event), understanding.subkind(event)
    item.malformed, item.confidence = bool(item.defects), event.confidence
    item.spans = [list(one.span) for one in event.evidence if one.span is not None]
    item.evidence = [[kind, _storable(seen)] for kind, seen in ledger.as_pairs(event.evidence)]
    return item, event


def _record(item: models.InboundItem, event: normalize.Reading | None, now: datetime) -> bool:
    """Store one mail once; a fault of ours in its consequences sets aside this one mail and no other."""
    item.read_at = now
    try:
        with transaction.atomic():
            item.save()
            if event is not None:
                _consequences(item, event, now)
            erasing.forget_if_erased(item)
    except _NOT_THE_MAILS_FAULT:
        raise
    except Exception:
        if models.InboundItem.objects.filter(mailbox=item.mailbox, identity=item.identity).exists():
            return False  # another worker read the same mail at the same time, and was first
        log.exception("mail %s in %s set aside", item.identity[:12], item.mailbox.address)
        item.pk, item.kind, item.malformed = None, UNREADABLE, True
        item.save()
    return True


def _consequences(item: models.InboundItem, event: normalize.Reading, now: datetime) -> None:
    if isinstance(event, UnsubscribeMailed):
        if (enrollment := unsubscribing.find(event.token)) is not None:
            unsubscribing.unsubscribe(enrollment, "mailto", now)
        return
    if isinstance(event, OwnCopySeen):
        settling.left(event, item, now)
        if event.by_hand:
            touches.note(event.recipients, item, item.mailbox.user_id)
    cause = Cause(event=event, item=item)
    if isinstance(event, CalendarMailed) and (booked := meetings.from_mail(event, item, now)) is not None:
        apply.meeting(booked, replace(cause, event=booked), now, told_by=event)
        return
    actor = connections.actor(event.sender, event.at, event.refers_to, event.thread)
    rows = _could_concern(event, actor)
    policy = facts.policy_at(event.at) if rows else None
    concerned = concerns.among(rows, event, actor, policy) if policy else []
    for concern in concerned:
        if concern.connection.answers is not None:
            settling.answered(concern.enrollment, concern.connection.answers.position, now)
        apply.event(concern, cause, now, policy)
    if isinstance(event, Complained):
        complaints.follow(event, cause, concerned, now)
    elif not isinstance(event, OwnCopySeen):
        duplicates.ask(actor, item, now)
    if isinstance(event, PersonWrote):
        company_stops.begin(event, actor, cause, now, policy)


def _could_concern(event: normalize.Reading, actor: ActorFacts) -> list[models.Enrollment]:
    rows = connections.concerned_by(event, actor)
    if over := [row.pk for row in rows if not row.is_open]:
        # An end may be undone at this moment: either that waits for us, and meets our lines in the ledger, or we wait
        # for it, and see the enrollment that took up the ended one.
        list(models.Enrollment.objects.select_for_update().filter(pk__in=over).order_by("pk").values_list("pk"))
        rows = connections.concerned_by(event, actor)
    return rows


def _storable(text: str) -> str:
    # PostgreSQL stores no NUL, and no lone surrogates that a broken charset leaves behind.
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _was_read(mailbox: models.Mailbox, began: datetime) -> None:
    models.Mailbox.objects.filter(pk=mailbox.pk).update(
        read_through=began, next_read_at=began + timedelta(seconds=settings.READ_EVERY_SECONDS), failures=0
    )
    if mailbox.state == MailboxState.UNREADABLE:
        recovered = models.Mailbox.objects.filter(pk=mailbox.pk, state=MailboxState.UNREADABLE)
        recovered.update(state=MailboxState.CONNECTED, state_detail="", state_since=began)
        apply.mailbox_is_back(mailbox)
    mailbox.refresh_from_db()


def cannot_be_read(mailbox: models.Mailbox, error: TransportError, now: datetime) -> None:
    """Mark ``mailbox`` unreadable, say why on its page, and put off the next attempt, longer each time."""
    failures = mailbox.failures + 1
    wait = _RETRY_LAST if error.permanent else min(_RETRY_FIRST * 2 ** min(failures - 1, 10), _RETRY_LAST)
    in_use = models.Mailbox.objects.filter(pk=mailbox.pk).exclude(state=MailboxState.DISCONNECTED)
    in_use.filter(state=MailboxState.CONNECTED).update(state_since=now)
    in_use.update(
        state=MailboxState.UNREADABLE,
        state_detail=f"{error.part}: {error}" if error.part else str(error),
        failures=failures,
        next_read_at=now + wait,
    )
    log.warning("mailbox %s cannot be read: %s", mailbox.address, error)
    mailbox.refresh_from_db()
