"""Time zones that a calendar defines itself (VTIMEZONE, RFC 5545 section 3.6.5), as far as calendars really do.

The calendar library would expand any recurrence rule that a stranger writes, for minutes, and would remember the zone
by its name for the next mail, where the same name may mean another zone. So what mail programs write is read here:
offsets that begin once, or every year on the nth weekday of a month.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

_MOST_ONSETS = 40
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_OFFSET = re.compile(r"([+-])(\d{2})(\d{2})(?:\d{2})?")
_DAY = re.compile(r"([+-]?[1-5])(MO|TU|WE|TH|FR|SA|SU)")


@dataclass(frozen=True, slots=True)
class _Onset:
    """From when on an offset holds: at ``first``, or every year in ``month`` on the ``nth`` ``weekday`` at its time."""

    offset: timedelta
    first: datetime
    month: int = 0
    nth: int = 0
    weekday: int = 0
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone as one calendar defines it."""

    onsets: tuple[_Onset, ...]

    def aware(self, local: datetime) -> datetime | None:
        """Return the naive ``local`` time with its offset, or ``None`` where the zone does not say it."""
        held = [(begun, onset) for onset in self.onsets if (begun := _last_begin(onset, local)) is not None]
        if not held:
            return None
        offset = max(held, key=lambda pair: pair[0])[1].offset
        return local.replace(tzinfo=timezone(offset) if offset else UTC)


def read(lines: Sequence[str]) -> dict[str, Zone]:
    """Return the zones that unfolded calendar ``lines`` define, by their TZID; what cannot be read is left out."""
    zones: dict[str, Zone] = {}
    name, fields, onsets = "", dict[str, str](), list[_Onset]()
    for line in lines:
        head, _, value = line.partition(":")
        key, value = head.partition(";")[0].upper(), value.strip()
        if (key, value.upper()) == ("BEGIN", "VTIMEZONE"):
            name, onsets = "", []
        elif key == "TZID":
            name = value
        elif key == "BEGIN":
            fields = {}
        elif key == "END" and value.upper() in ("STANDARD", "DAYLIGHT"):
            onset = _onset(fields)
            onsets += [onset] if onset and len(onsets) < _MOST_ONSETS else []
        elif (key, value.upper()) == ("END", "VTIMEZONE"):
            zones.setdefault(name, Zone(tuple(onsets)))
        else:
            fields[key] = value
    return zones


def _onset(fields: dict[str, str]) -> _Onset | None:
    offset = _OFFSET.fullmatch(fields.get("TZOFFSETTO", ""))
    first = _moment(fields.get("DTSTART", ""))
    if offset is None or first is None:
        return None
    span = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
    if span >= timedelta(hours=24):
        return None
    span = -span if offset[1] == "-" else span
    rule = dict(part.partition("=")[::2] for part in fields.get("RRULE", "").upper().split(";")[:10])
    day = _DAY.fullmatch(rule.get("BYDAY", ""))
    month = rule.get("BYMONTH", "")
    if rule.get("FREQ") != "YEARLY" or day is None or month not in {str(number) for number in range(1, 13)}:
        return _Onset(span, first)
    until = _moment(rule.get("UNTIL", "").rstrip("Z"))
    return _Onset(span, first, int(month), int(day[1]), _WEEKDAYS.index(day[2]), until)


def _moment(value: str) -> datetime | None:
    try:
        return datetime.strptime(value[:15], "%Y%m%dT%H%M%S")  # noqa: DTZ007 - local by nature
    except ValueError:
        return None


def _last_begin(onset: _Onset, local: datetime) -> datetime | None:
    if not onset.nth:
        return onset.first if onset.first <= local else None
    for year in (local.year, local.year - 1):
        begun = _in_year(onset, year)
        if begun and onset.first <= begun <= local and (onset.until is None or begun <= onset.until):
            return begun
    if onset.until and onset.first <= onset.until <= local:
        return onset.until
    return None


def _in_year(onset: _Onset, year: int) -> datetime | None:
    """Return when the offset begins in ``year``; ``None`` where the month has no such day."""
    try:
        first = onset.first.replace(year=year, month=onset.month, day=1)
        if onset.nth > 0:
            day = first + timedelta(days=(onset.weekday - first.weekday()) % 7, weeks=onset.nth - 1)
        else:
            last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
            day = last - timedelta(days=(last.weekday() - onset.weekday) % 7, weeks=-onset.nth - 1)
    except (ValueError, OverflowError):
        return None
    return day if day.month == onset.month else None
