"""Calendar mail: iTIP over mail (RFC 6047). Only its method is read here, and whether a person added words to it."""

import re
from dataclasses import dataclass

from relent.mail import phrases, quoting
from relent.mail.message import Message

_LONGEST = 256 * 1024
_METHOD = re.compile(r"^METHOD[^:\n]{0,100}:[ \t]*([A-Za-z-]{1,30})", re.IGNORECASE | re.MULTILINE)
_COMMENT = re.compile(r"^COMMENT(?:;[^:\n]{0,300})?:([^\n]*\S[^\n]*)", re.IGNORECASE | re.MULTILINE)
_FOLD = re.compile(r"\n[ \t]")  # RFC 5545 section 3.1
# What calendars write into the text of an answer by themselves.
_GENERATED = phrases.any_of(
    r"(?:has|have) (?:tentatively )?(?:accepted|declined|cancell?ed|updated|replied)",
    r"(?:accepted|declined|tentative(?:ly accepted)?|maybe)\s*:",
    r"this (?:invitation|event|meeting)",
    r"invitation from google calendar",
    r"microsoft teams|join zoom|google meet",
    r"(?:hat|haben) (?:die|diese|ihre) (?:einladung|besprechung)",
    r"(?:承諾|辞退|仮承諾|参加|欠席)(?:しました|されました|の返信)",
    r"招待状|この予定",
)
_NOTE = phrases.any_of(r"with (?:a |this |the following )?note\s*:", r"メモ\s*[:：]", r"コメント\s*[:：]")


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """``method`` is the iTIP method in upper case (RFC 5546 section 1.4). ``note`` is what a person typed beside an
    answer; empty where nobody typed anything."""

    method: str
    note: str
    seen: tuple[str, ...]


def read(message: Message) -> CalendarPart | None:
    """Return the calendar part of ``message``, or ``None``. A published calendar or an ``.ics`` attachment, without a
    method, makes no calendar mail: a person may attach one (RFC 6047 section 2.4)."""
    part = message.part("text/calendar")
    if part is None:
        return None
    calendar = _FOLD.sub("", part.text(_LONGEST))
    found = _METHOD.search(calendar)
    method = (part.parameters.get("method", "") or (found[1] if found else "")).upper()
    if method in ("", "PUBLISH"):
        return None
    return CalendarPart(method, _note(message, calendar, method), (f"text/calendar; method={method}",))


def _note(message: Message, calendar: str, method: str) -> str:
    if method not in ("REPLY", "COUNTER"):
        return ""  # the text of an invitation describes the meeting
    comment = _COMMENT.search(calendar)  # RFC 5545 section 3.8.1.4
    if comment:
        return comment[1].strip()[:500]
    text = quoting.written(message.text)
    if _GENERATED.search(text) and not _NOTE.search(text):
        return ""
    return text[:500]
