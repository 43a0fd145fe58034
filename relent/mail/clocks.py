"""When a mail arrived, by its own headers, for mail that comes as a file, with no server to ask; and by whose clock
"tomorrow" is meant."""

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from itertools import chain

from relent.mail.message import Message, moment

_MOST_LOOKED_AT = 20


def arrived(message: Message) -> datetime | None:
    """Return when ``message`` arrived, aware; ``None`` where it does not say.

    Each server puts its Received header above what it got (RFC 5321 section 4.4), so the topmost is the last server's,
    the one that is trusted; the sender's own Date counts only where no server left a date that can be read.
    """
    received = next(iter(_received(message)), None)
    return received.astimezone(UTC) if received else message.date and message.date.astimezone(UTC)


def zone(message: Message) -> tzinfo:
    """Return the time zone of the sender as far as headers tell: that of Date; where that is UTC, which Exchange writes
    whatever the sender's clock says, that of the servers the mail came to."""
    stated = chain([message.date] if message.date else [], _received(message))
    return next((one.tzinfo for one in stated if one.tzinfo and one.utcoffset()), UTC)


def _received(message: Message) -> Iterator[datetime]:
    for header in message.all("received")[:_MOST_LOOKED_AT]:
        # The date follows the last semicolon (RFC 5322 section 3.6.7).
        _, semicolon, stated = header.text.rpartition(";")
        if semicolon and (received := moment(stated)) is not None:
            yield received
