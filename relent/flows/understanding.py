"""What a mail in one of our mailboxes tells, given what we know of ourselves."""

from dataclasses import replace
from datetime import datetime

from relent.flows import rendering, witness
from relent.mail import message
from relent.mail.message import Message
from relent.normalize import message as normalize
from relent.normalize.arrival import Ours, Place
from relent.records import facts, models
from relent.terms.events import AutoReplied, Bounced, MailEvent
from relent.transports import providers
from relent.transports.base import FolderRole


def read(
    mailbox: models.Mailbox, parsed: Message, received_at: datetime, role: FolderRole, thread: str
) -> normalize.Reading:
    """Return what happened by a mail that lay in a folder of ``mailbox`` with this ``role``."""
    place = Place(
        at=received_at,
        is_sent=role == FolderRole.SENT,
        is_spam=role == FolderRole.SPAM,
        thread=thread,
        provider=providers.of(mailbox.options),
    )
    ours = Ours(addresses=facts.OwnAddresses(mailbox), message_ids=facts.OwnMessageIds(), tokens=rendering.OwnTokens())
    event = witness.hear(normalize.in_doubt(normalize.read(parsed, place, ours)), parsed)
    # It lies in this mailbox, so it reached its owner, whoever its header names (BCC, a forward).
    return replace(event, recipients=(*event.recipients, mailbox.address))


def again(item: models.InboundItem) -> normalize.Reading | None:
    """Return what the mail of ``item`` tells by the rules of now; ``None`` where nothing is kept to read it by."""
    kept = item.kept
    if kept is None:
        return None
    folder = models.MailboxFolder.objects.filter(mailbox=item.mailbox, name=item.folder).first()
    role = FolderRole(folder.role) if folder else FolderRole.INBOX
    return read(item.mailbox, message.parse(kept, size=item.size), item.received_at, role, item.thread)


def subkind(event: MailEvent) -> str:
    """Return which automatic reply or bounce ``event`` is; empty for what has no finer kinds."""
    return event.kind.value if isinstance(event, AutoReplied | Bounced) else ""
