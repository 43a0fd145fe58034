"""Sent copies. Where the submission service files none, Relent owes the mailbox a copy of each mail that left.

A copy that cannot be filed, because the mailbox is full, say, is owed on: nothing more is sent until it is filed. For a
mailbox that takes no copy takes no reply either.
"""

from datetime import datetime

from relent.flows import sessions
from relent.flows.inbound import Clock
from relent.records import models
from relent.transports.base import Found


def are_owed_by_us(mailbox: models.Mailbox) -> bool:
    """Whether Relent files the Sent copies of ``mailbox``, and not its submission service."""
    return bool(mailbox.options.get("sent_copies") != "server")


def file(delivery: models.Delivery, raw: bytes, now: datetime) -> None:
    """File the copy of a mail that left. Raises TransportError."""
    with sessions.reader(delivery.mailbox) as reader:
        reader.store_sent(raw, now)
    models.Delivery.objects.filter(pk=delivery.pk).update(copy_owed=False)


def file_owed(mailbox: models.Mailbox, clock: Clock) -> None:
    """File what is still owed, only once also where a dead worker filed it without noting so. Raises TransportError."""
    for delivery in models.Delivery.objects.filter(mailbox=mailbox, copy_owed=True).select_related("mailbox"):
        if delivery.raw is None or delivery.message_id is None or _is_there(delivery):
            models.Delivery.objects.filter(pk=delivery.pk).update(copy_owed=False)
        else:
            file(delivery, delivery.raw, delivery.sent_at or clock())


def _is_there(delivery: models.Delivery) -> bool:
    assert delivery.message_id is not None
    with sessions.reader(delivery.mailbox) as reader:
        return reader.find_sent(delivery.message_id) is Found.FOUND
