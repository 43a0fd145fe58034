"""When a step is due. Days keep the wall-clock time; what falls on a closed day or hour moves to the next open one."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from relent.decide.facts import Calendar
from relent.terms.steps import FollowUpDays

_DAY = timedelta(days=1)
_WEEKEND = {5, 6}


def after(moment: datetime, delay: timedelta, calendar: Calendar) -> datetime:
    """Return when a step is due that follows ``moment`` after ``delay``: never outside days and window.

    Whole days are calendar days: three days after Monday 17:00 is Thursday 17:00 also where the clocks changed between.
    """
    if not delay or delay % _DAY:
        return next_open(moment + delay, calendar)
    local = moment.astimezone(_zone(calendar)).replace(tzinfo=None) + delay
    return next_open(local.replace(tzinfo=_zone(calendar)).astimezone(UTC), calendar)


def next_open(moment: datetime, calendar: Calendar) -> datetime:
    """Return ``moment``, or the first one after it that the days and the window of ``calendar`` allow.

    A closed day moves to the next open one at the same time of day; an hour before the window to its start; an hour
    after it to the start of the next open day's window.
    """
    zone = _zone(calendar)
    local = moment.astimezone(zone).replace(tzinfo=None)
    minute = local.hour * 60 + local.minute
    if minute >= calendar.window_end:
        local = _at_minute(local + _DAY, calendar.window_start)
    elif minute < calendar.window_start:
        local = _at_minute(local, calendar.window_start)
    while not _is_eligible(local, calendar):
        local += _DAY
    # A wall-clock time that the change to summer time leaves out is read an hour later (PEP 495, fold=0 then UTC):
    # that hour may lie behind the window.
    opens = local.replace(tzinfo=zone).astimezone(UTC)
    if opens.astimezone(zone).replace(tzinfo=None) != local:
        return next_open(opens, calendar)
    return max(moment, opens)


def is_eligible_day(moment: datetime, calendar: Calendar) -> bool:
    """Whether the sequence sends at all on the day that ``moment`` falls on where the calendar is."""
    return _is_eligible(moment.astimezone(_zone(calendar)), calendar)


def not_before(planned: datetime, earliest: datetime, calendar: Calendar) -> datetime:
    """Return when what was ``planned`` is due if nothing may leave before ``earliest``: at the same time of day."""
    if planned >= earliest:
        return next_open(planned, calendar)
    zone = _zone(calendar)
    wall = planned.astimezone(zone).time()
    moved = datetime.combine(earliest.astimezone(zone).date(), wall, zone)
    if moved < earliest:
        moved = datetime.combine(moved.date() + _DAY, wall, zone)
    return next_open(moved.astimezone(UTC), calendar)


def _is_eligible(local: datetime, calendar: Calendar) -> bool:
    return calendar.days == FollowUpDays.EVERYDAY or local.weekday() not in _WEEKEND


def _at_minute(local: datetime, minute: int) -> datetime:
    return local.replace(hour=minute // 60, minute=minute % 60, second=0, microsecond=0)


def _zone(calendar: Calendar) -> ZoneInfo:
    return ZoneInfo(calendar.time_zone)
