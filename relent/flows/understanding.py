"""What a mail in one of our mailboxes tells, given what we know of ourselves."""

from dataclasses import replace
from datetime import datetime

from relent.flows import rendering
from relent.mail.message import Message
from relent.normalize import message as normalize
from relent.records import facts, models
from relent.transports import providers
from relent.transports.base import FolderRole


def read(
    mailbox: models.Mailbox, parsed: Message, received_at: datetime, role: FolderRole, thread: str
) -> normalize.Reading:
    """Return what happened by a mail that lay in a folder of ``mailbox`` with this ``role``."""
    place = normalize.Place(
        at=received_at,
        is_sent=role == FolderRole.SENT,
        is_spam=role == FolderRole.SPAM,
        thread=thread,
        provider=providers.of(mailbox.options),
    )
    ours = normalize.Ours(
        addresses=facts.OwnAddresses(mailbox), message_ids=facts.OwnMessageIds(), tokens=rendering.OwnTokens()
    )
    event = normalize.read(parsed, place, ours)
    # It lies in this mailbox, so it reached its owner, whoever its header names (BCC, a forward).
    return replace(event, recipients=(*event.recipients, mailbox.address))
