"""When a mail arrived, by its own headers: for mail that comes as a file, with no server to ask."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from relent.mail.message import Message

_MOST_LOOKED_AT = 20
_LONGEST_DATE = 200  # characters


def of(message: Message) -> datetime | None:
    """Return when ``message`` arrived, aware; ``None`` where it does not say.

    Each server puts its Received header above what it got (RFC 5321 section 4.4), so the topmost is the last server's,
    the one that is trusted; the sender's own Date counts only where no server left a date that can be read.
    """
    for header in message.all("received")[:_MOST_LOOKED_AT]:
        # The date follows the last semicolon (RFC 5322 section 3.6.7).
        _, semicolon, stated = header.text.rpartition(";")
        if semicolon and (received := _read(stated)) is not None:
            return received
    return message.date


def _read(stated: str) -> datetime | None:
    try:
        read = parsedate_to_datetime(stated.strip()[:_LONGEST_DATE])
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
