"""Abuse reports: the Abuse Reporting Format (RFC 5965)."""

import re
from dataclasses import dataclass

from relent.mail.bounces import dsn
from relent.mail.message import Message, head
from relent.terms import addresses

_PART = "message/feedback-report"
_FIELD = re.compile(r"^([A-Za-z][\w-]{0,60})[ \t]*:[ \t]*([^\n]*)", re.MULTILINE)
# RFC 5965 section 7.3; RFC 6591 and RFC 6430 add reports that complain of nothing: auth-failure, not-spam.
# Before the format there was one in words: Microsoft's "Junk Mail Reporting Program" returns the mail as a part, under
# this subject, and names its recipient in a header of that mail.
_SUBJECT = re.compile(r"^complaint about message from [\d.:a-f]{3,45}$", re.IGNORECASE)
_RECIPIENT = "x-hmxmroriginalrecipient"
_COMPLAINTS = ("abuse", "fraud", "virus", "other")


@dataclass(frozen=True, slots=True)
class Feedback:
    """An abuse report. ``complaint`` is false for the kinds that accuse nobody; ``complainant`` is empty where the
    report hides it, as most providers do. ``original_ids`` are those of the returned mail."""

    complaint: bool
    complainant: str
    original_ids: tuple[str, ...]
    seen: tuple[str, ...]


def read(message: Message) -> Feedback | None:
    """Return the abuse report in ``message``, or ``None`` where it is none (RFC 5965 section 2)."""
    part = message.part(_PART)
    if part is None:
        return _by_subject(message)
    fields: dict[str, str] = {}
    for name, value in _FIELD.findall(part.text(16384)):
        fields.setdefault(name.lower(), value.strip())
    kind = fields.get("feedback-type", "abuse").lower()
    ids, to = dsn.returned(message)
    header = message.header("content-type")
    named = fields.get("original-rcpt-to", "") or fields.get("removal-recipient", "")
    complainant = addresses.canonical(named) if "@" in named else next(iter(to), "")
    seen = (header.line if header else "", f"Feedback-Type: {kind[:100]}")
    return Feedback(kind in _COMPLAINTS, complainant[:320], ids, tuple(line for line in seen if line))


def _by_subject(message: Message) -> Feedback | None:
    part = message.part("message/rfc822")
    if part is None or not _SUBJECT.match(message.subject.strip()[:100]):
        return None
    ids, to = dsn.returned(message)
    named = [one.address for one in head(part.content(65536)[0].lstrip()).addresses(_RECIPIENT)]
    complainant = next(iter((*named, *to)), "")
    return Feedback(True, complainant, ids, (f"Subject: {message.subject[:200]}",))
