"""When is a host free? Working hours of the host's own days, less the meetings that are there already.

All arithmetic on lengths of time is done in UTC: where clocks change during working hours, no slot is lost, doubled, or
longer than it says.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, its end excluded; both aware."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingRules:
    """How a page may be booked; see ``records.BookingPage``. ``hours`` maps a weekday (0 is Monday) to pairs of minutes
    of the day in the IANA zone ``time_zone``; ``minutes`` is how long a meeting takes."""

    time_zone: str
    hours: Mapping[int, tuple[tuple[int, int], ...]]
    minutes: int
    buffer: int = 0
    notice: int = 0
    horizon: int = 28


def slots(rules: BookingRules, busy: Iterable[Span], now: datetime, within: Span) -> list[datetime]:
    """Return the starts (UTC, in order) of the meetings that can be booked at ``now`` and begin ``within``."""
    zone, length = ZoneInfo(rules.time_zone), timedelta(minutes=rules.minutes)
    earliest = max(now + timedelta(minutes=rules.notice), within.start)
    latest = min(now + timedelta(days=rules.horizon), within.end)
    taken = _widened(busy, timedelta(minutes=rules.buffer))
    found = {
        start
        for hours in _working(rules, zone, earliest, latest)
        for start in _starts(hours, length)
        if earliest <= start < latest and not _meets(start, start + length, taken)
    }
    return sorted(found)


def is_free(rules: BookingRules, busy: Iterable[Span], now: datetime, start: datetime) -> bool:
    """Whether a meeting that begins at ``start`` can be booked at ``now``: it is one of the slots."""
    return start in slots(rules, busy, now, Span(start, start + timedelta(seconds=1)))


def _working(rules: BookingRules, zone: ZoneInfo, earliest: datetime, latest: datetime) -> Iterator[Span]:
    day = earliest.astimezone(zone).date()
    last = latest.astimezone(zone).date()
    while day <= last:
        for start, end in rules.hours.get(day.weekday(), ()):
            yield Span(_instant(day, start, zone), _instant(day, end, zone, fold=1))
        day += timedelta(days=1)


def _instant(day: date, minute: int, zone: ZoneInfo, fold: int = 0) -> datetime:
    """The moment at which the clocks of ``zone`` show a minute of a day; of an hour that comes twice, ``fold`` says
    which, and an hour that is skipped is over at once."""
    wall = datetime.combine(day, time()) + timedelta(minutes=min(minute, DAY_MINUTES))
    return wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)


def _starts(hours: Span, length: timedelta) -> Iterator[datetime]:
    start = hours.start
    while length and start + length <= hours.end:
        yield start
        start += length


def _widened(busy: Iterable[Span], buffer: timedelta) -> list[Span]:
    return [Span(one.start - buffer, one.end + buffer) for one in busy]


def _meets(start: datetime, end: datetime, taken: list[Span]) -> bool:
    return any(start < one.end and one.start < end for one in taken)
