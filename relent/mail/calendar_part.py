"""Calendar mail: iTIP over mail (RFC 5546, RFC 6047). What its calendar says, and whether a person added words."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from icalendar import Event, vBroken

from relent.mail import calendar_zones, phrases, quoting
from relent.mail.message import Message
from relent.terms import addresses
from relent.terms.events import Invitation

# Bounds of what is read: characters of the calendar, lines of one event, characters of one line, attendees.
_LONGEST = 256 * 1024
_MOST_LINES = 600
_LONGEST_LINE = 2000
_MOST_ATTENDEES = 200
_LONGEST_TEXT = 300
# What is read of an event (RFC 5545 section 3.8); everything else is left out before the library sees it.
_READ = frozenset(("UID", "ORGANIZER", "ATTENDEE", "DTSTART", "DTEND", "DURATION", "SUMMARY", "COMMENT", "SEQUENCE"))
_METHOD = re.compile(r"^METHOD[^:\n]{0,100}:[ \t]*([A-Za-z-]{1,30})", re.IGNORECASE | re.MULTILINE)
_NAME = re.compile(r"[A-Za-z-]{1,40}(?=[:;])")
_FOLD = re.compile(r"\n[ \t]")  # RFC 5545 section 3.1
# What calendars write into the text of an answer by themselves.
_GENERATED = phrases.any_of(
    r"(?:has|have) (?:tentatively )?(?:accepted|declined|cancell?ed|updated|replied)",
    r"(?:accepted|declined|tentative(?:ly accepted)?|maybe)\s*:",
    r"this (?:invitation|event|meeting)",
    r"invitation from google calendar",
    r"microsoft teams|join zoom|google meet",
    r"(?:hat|haben) (?:die|diese|ihre|deine) (?:einladung|besprechung|termineinladung)",
    r"a (?:provisoirement )?(?:accept|refus)é (?:l|cette |votre )",
    r"ha (?:aceptado|rechazado|accettato|rifiutato) ",
    r"(?:承諾|辞退|仮承諾|参加|欠席)(?:しました|されました|の返信)",
    r"招待状|この予定",
)
# A calendar that writes the event's own words below its sentence: only what it marks as a note was typed.
_WHOLE_PAGE = phrases.any_of(r"google calendar", r"calendar\.google\.com", r"Google カレンダー")
_NOTE = phrases.any_of(r"with (?:a |this |the following )?note\s*:", r"メモ\s*[:：]", r"コメント\s*[:：]")
_DETAIL = phrases.any_of(
    r"^(?:when|where|who|what|time|date|location|organi[sz]er|attendees|guests|subject|title|calendar|wann|wo|wer|ort|"
    r"quand|où|qui|cuándo|dónde|quién|日時|場所|件名|主催者|参加者)\s*[:：]",
    r"^[\W_]*$",
    r"https?://\S+$",
)


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """``method`` is the iTIP method in upper case (RFC 5546 section 1.4). ``note`` is what a person typed beside an
    answer; empty where nobody typed anything. ``invitation`` is ``None`` where the calendar cannot be read."""

    method: str
    note: str
    seen: tuple[str, ...]
    invitation: Invitation | None = None


def read(message: Message) -> CalendarPart | None:
    """Return the calendar part of ``message``, or ``None``. A published calendar or an ``.ics`` attachment, without a
    method, makes no calendar mail: a person may attach one (RFC 6047 section 2.4). Never raises."""
    part = message.part("text/calendar")
    if part is None:
        return None
    calendar = _FOLD.sub("", part.text(_LONGEST))
    found = _METHOD.search(calendar)
    method = (part.parameters.get("method", "") or (found[1] if found else "")).upper()
    if method in ("", "PUBLISH"):
        return None
    lines = calendar.split("\n")
    event = _event(lines)
    return CalendarPart(
        method=method,
        note=_note(message, event, method),
        seen=(f"text/calendar; method={method}",),
        invitation=_invitation(event, lines, message.sender),
    )


def _event(lines: list[str]) -> Event | None:
    """Return the calendar's first event, with the properties that are read."""
    try:
        return Event.from_ical("\r\n".join(["BEGIN:VEVENT", *_lines_of_event(lines), "END:VEVENT", ""]))  # type: ignore[return-value]
    except Exception:
        # The library states no list of what it raises on broken calendars; the mail is calendar mail all the same.
        return None


def _lines_of_event(lines: list[str]) -> Iterator[str]:
    depth, count = 0, 0
    for line in lines:
        upper = line[:40].strip().upper()
        if upper.startswith("BEGIN:"):
            depth += depth > 0 or upper == "BEGIN:VEVENT"
        elif upper.startswith("END:"):
            depth -= depth > 0
            if upper == "END:VEVENT":
                return
        elif depth == 1 and count < _MOST_LINES and (name := _NAME.match(line)) and name[0].upper() in _READ:
            count += 1
            yield line[:_LONGEST_LINE]


def _invitation(event: Event | None, lines: list[str], sender: str) -> Invitation | None:
    uid = _text(event, "UID") if event is not None else ""
    if event is None or not uid:
        return None
    attendees = _every(event, "ATTENDEE")[:_MOST_ATTENDEES]
    zones = calendar_zones.read(lines)
    starts = _moment(_every(event, "DTSTART"), zones)
    return Invitation(
        uid=uid,
        organizer=next((_address(one) for one in _every(event, "ORGANIZER")), ""),
        attendees=tuple(dict.fromkeys(address for one in attendees if (address := _address(one)))),
        answer=_answer(attendees, sender),
        starts=starts,
        ends=_moment(_every(event, "DTEND"), zones) or _after(starts, _every(event, "DURATION")),
        title=_text(event, "SUMMARY"),
        sequence=_revision(event),
    )


def _revision(event: Event) -> int:
    written = _text(event, "SEQUENCE")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 9 else 0


def _every(event: Event, name: str) -> list[Any]:
    found = event.get(name)
    several = found if isinstance(found, list) else [found]
    # Any question to a broken value raises.
    return [one for one in several if one is not None and not isinstance(one, vBroken)]


def _text(event: Event, name: str) -> str:
    return next((" ".join(str(one).split())[:_LONGEST_TEXT] for one in _every(event, name)), "")


def _address(user: Any) -> str:
    """Return the address of a calendar user (RFC 5545 section 3.3.3), or an empty string."""
    scheme, colon, rest = str(user).strip().partition(":")
    if colon and scheme.lower() != "mailto":
        # Exchange names people inside one organization by its directory, and their address beside it.
        rest = str(user.params.get("EMAIL", "")) if hasattr(user, "params") else ""
    address = addresses.canonical((rest if colon else scheme).partition("?")[0])
    return address if "@" in address.strip("@") and len(address) <= 320 else ""


def _answer(attendees: list[Any], sender: str) -> str:
    """Return the PARTSTAT of the attendee who sent the mail, or for whom it was sent (SENT-BY), or of the only one."""
    for one in attendees:
        if sender and sender in (_address(one), _sent_by(one)):
            return _partstat(one)
    return _partstat(attendees[0]) if len(attendees) == 1 else ""


def _sent_by(attendee: Any) -> str:
    by = str(attendee.params.get("SENT-BY", "")) if hasattr(attendee, "params") else ""
    return addresses.canonical(by.strip('"').rpartition(":")[2])


def _partstat(attendee: Any) -> str:
    return str(attendee.params.get("PARTSTAT", "")).upper()[:30] if hasattr(attendee, "params") else ""


def _moment(values: list[Any], zones: dict[str, calendar_zones.Zone]) -> datetime | None:
    """Return an aware moment. A day begins at midnight UTC, and a time without a zone is taken as UTC: it is the
    same hour wherever one is, so no other is nearer (RFC 5545 section 3.3.5)."""
    stated = getattr(values[0], "dt", None) if values else None
    if isinstance(stated, datetime):
        if stated.tzinfo is None:
            zone = zones.get(str(values[0].params.get("TZID", "")))
            stated = (zone.aware(stated) if zone else None) or stated.replace(tzinfo=UTC)
        with suppress(ValueError, OverflowError):
            return stated.astimezone(UTC)
        return None
    return datetime.combine(stated, time(), UTC) if isinstance(stated, date) else None


def _after(starts: datetime | None, durations: list[Any]) -> datetime | None:
    length = getattr(durations[0], "dt", None) if durations else None
    if starts is None or not isinstance(length, timedelta):
        return None
    with suppress(OverflowError):
        return starts + length
    return None


def _note(message: Message, event: Event | None, method: str) -> str:
    if method not in ("REPLY", "COUNTER"):
        return ""  # the text of an invitation describes the meeting
    comment = _text(event, "COMMENT") if event is not None else ""  # RFC 5545 section 3.8.1.4
    if comment:
        return comment
    text = quoting.written(message.text)
    if not _GENERATED.search(text) or _NOTE.search(text):
        return text[:500]
    return (
        "" if _WHOLE_PAGE.search(message.text) else _typed(text, _text(event, "SUMMARY") if event is not None else "")
    )


def _typed(text: str, title: str) -> str:
    """Return what is left of ``text`` without the lines that a calendar writes."""
    lines = [line.strip() for line in text.split("\n")[:200]]
    left = [line for line in lines if not _DETAIL.search(line) and line != title]
    return "\n".join(sentence for line in left for sentence in _sentences(line) if not _GENERATED.search(sentence))[
        :500
    ]


def _sentences(line: str) -> list[str]:
    return [sentence for sentence in re.split(r"(?<=[.!?。！？])\s*", line) if sentence.strip()]
