from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relent.decide import schedule
from relent.decide.facts import Calendar
from relent.terms.steps import FollowUpDays
from tests.decide.given import QUICK, calendar

BERLIN, NEW_YORK, TOKYO = "Europe/Berlin", "America/New_York", "Asia/Tokyo"
WEEKDAYS = FollowUpDays.WEEKDAYS_ONLY
OFFICE: dict[str, Any] = {"window_start": 9 * 60, "window_end": 17 * 60}
DAY = timedelta(days=1)

# Clocks change at midnight in Cairo, by half an hour on Lord Howe, and Apia once left out a day.
CHANGES = [
    (BERLIN, datetime(2026, 3, 29, 1, tzinfo=UTC)),
    (BERLIN, datetime(2026, 10, 25, 1, tzinfo=UTC)),
    (NEW_YORK, datetime(2026, 3, 8, 7, tzinfo=UTC)),
    (NEW_YORK, datetime(2026, 11, 1, 6, tzinfo=UTC)),
    ("Africa/Cairo", datetime(2026, 4, 23, 22, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),
]
# Moments from a day and a half before each change to as long after it, in calendars that are open all day, by day, in
# the hour that changes, and for a minute.
CASES = [
    (change + timedelta(minutes=139 * step), Calendar(days=days, window_start=start, window_end=end, time_zone=zone))
    for zone, change in CHANGES
    for step in range(-15, 15)
    for days in (FollowUpDays.EVERYDAY, WEEKDAYS)
    for start, end in ((0, 1440), (540, 1020), (120, 180), (1439, 1440))
]


def at(text: str, zone: str = "UTC") -> datetime:
    """Read a wall-clock time; the second of two where ``text`` ends in an asterisk."""
    return datetime.fromisoformat(text.rstrip("*")).replace(tzinfo=ZoneInfo(zone), fold=text.endswith("*"))


def due(start: str, after_days: float, zone: str = "UTC", **differing: Any) -> str:
    """Return the wall-clock time of a step that follows ``start`` after so many days."""
    delay = timedelta(days=after_days)
    then = schedule.after(at(start, zone).astimezone(UTC), delay, calendar(time_zone=zone, **differing))
    return f"{then.astimezone(ZoneInfo(zone)):%a %Y-%m-%d %H:%M}"


def opens(moment: str, zone: str = "UTC", **differing: Any) -> str:
    """Return the wall-clock time of the first open moment from ``moment`` on."""
    return due(moment, 0, zone, **differing)


def is_open(moment: datetime, hours: Calendar) -> bool:
    local = moment.astimezone(ZoneInfo(hours.time_zone))
    day = hours.days is FollowUpDays.EVERYDAY or local.isoweekday() <= 5
    return day and hours.window_start <= local.hour * 60 + local.minute < hours.window_end


@pytest.mark.parametrize("days", [FollowUpDays.WEEKDAYS_ONLY, FollowUpDays.BUSINESS_DAYS])
@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK, TOKYO])
def test_three_days_and_three_days_from_a_monday_are_thursday_and_the_monday_after(
    zone: str, days: FollowUpDays
) -> None:
    assert due("2026-06-01 17:00", 3, zone, days=days) == "Thu 2026-06-04 17:00"
    assert due("2026-06-04 17:00", 3, zone, days=days) == "Mon 2026-06-08 17:00"


@pytest.mark.parametrize(
    ("start", "days", "zone", "step_is_due"),
    [
        ("2026-03-27 10:00", 3, BERLIN, "Mon 2026-03-30 10:00"),
        ("2026-10-23 10:00", 3, BERLIN, "Mon 2026-10-26 10:00"),
        ("2026-03-06 10:00", 3, NEW_YORK, "Mon 2026-03-09 10:00"),
        ("2026-10-30 10:00", 3, NEW_YORK, "Mon 2026-11-02 10:00"),
        ("2026-03-06 00:30", 3, TOKYO, "Mon 2026-03-09 00:30"),
    ],
)
def test_days_keep_the_wall_clock_time_over_a_change_of_clocks(
    start: str, days: int, zone: str, step_is_due: str
) -> None:
    assert due(start, days, zone) == step_is_due


def test_a_time_that_the_clocks_leave_out_is_an_hour_later() -> None:
    assert due("2026-03-28 02:30", 1, BERLIN) == "Sun 2026-03-29 03:30"


def test_a_window_that_the_clocks_leave_out_waits_for_the_next_day() -> None:
    assert due("2026-03-28 02:30", 1, BERLIN, window_start=120, window_end=180) == "Mon 2026-03-30 02:00"
    assert opens("2026-03-28 12:00", BERLIN, window_start=150, window_end=170) == "Mon 2026-03-30 02:30"


def test_a_time_that_comes_twice_is_the_first_of_the_two() -> None:
    then = schedule.after(at("2026-10-24 02:30", BERLIN).astimezone(UTC), DAY, calendar(time_zone=BERLIN))
    assert then == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_no_delay_in_the_second_of_two_equal_hours_does_not_go_back_to_the_first() -> None:
    second = at("2026-10-25 02:30*", BERLIN).astimezone(UTC)
    assert schedule.after(second, timedelta(), calendar(time_zone=BERLIN)) == second


def test_hours_are_real_time_and_not_wall_clock_time() -> None:
    assert due("2026-03-28 20:00", 0.5, BERLIN) == "Sun 2026-03-29 09:00"


@pytest.mark.parametrize(
    ("moment", "open_from"),
    [
        ("2026-06-03 08:59", "Wed 2026-06-03 09:00"),
        ("2026-06-03 09:00", "Wed 2026-06-03 09:00"),
        ("2026-06-03 16:59", "Wed 2026-06-03 16:59"),
        ("2026-06-03 17:00", "Thu 2026-06-04 09:00"),
        ("2026-06-05 17:00", "Mon 2026-06-08 09:00"),
        ("2026-06-06 11:00", "Mon 2026-06-08 11:00"),
        ("2026-06-07 08:00", "Mon 2026-06-08 09:00"),
        ("2026-06-07 20:00", "Mon 2026-06-08 09:00"),
    ],
)
def test_a_closed_day_or_hour_moves_to_the_next_open_one(moment: str, open_from: str) -> None:
    assert opens(moment, NEW_YORK, days=WEEKDAYS, **OFFICE) == open_from


def test_weekends_and_windows_are_those_of_the_calendars_zone() -> None:
    friday_evening = at("2026-06-05 20:00", NEW_YORK).astimezone(UTC)  # Saturday morning in Tokyo
    assert schedule.next_open(friday_evening, calendar(days=WEEKDAYS, time_zone=NEW_YORK)) == friday_evening
    in_tokyo = schedule.next_open(friday_evening, calendar(days=WEEKDAYS, time_zone=TOKYO))
    assert in_tokyo == at("2026-06-08 09:00", TOKYO)


def test_a_window_of_the_whole_day_is_never_closed() -> None:
    assert opens("2026-06-06 00:00") == "Sat 2026-06-06 00:00"
    assert opens("2026-06-06 23:59") == "Sat 2026-06-06 23:59"


def test_a_window_of_one_minute_opens_every_day() -> None:
    assert opens("2026-06-06 00:00", window_start=1439, window_end=1440) == "Sat 2026-06-06 23:59"
    assert opens("2026-06-06 00:01", window_start=0, window_end=1) == "Sun 2026-06-07 00:00"


def test_a_public_holiday_is_a_day_like_any_other() -> None:
    assert opens("2026-01-01 10:00", days=FollowUpDays.BUSINESS_DAYS) == "Thu 2026-01-01 10:00"


@pytest.mark.parametrize(
    ("planned", "earliest", "step_is_due"),
    [
        ("2026-06-03 10:00", "2026-06-02 12:00", "2026-06-03 10:00"),
        ("2026-06-03 10:00", "2026-06-03 10:00", "2026-06-03 10:00"),
        ("2026-06-03 10:00", "2026-06-10 00:00", "2026-06-10 10:00"),
        ("2026-06-03 10:00", "2026-06-10 10:00", "2026-06-10 10:00"),
        ("2026-06-03 10:00", "2026-06-10 10:01", "2026-06-11 10:00"),
        ("2026-06-03 10:00", "2026-06-06 00:00", "2026-06-08 10:00"),
        ("2026-03-02 10:00", "2026-03-30 00:00", "2026-03-30 10:00"),
    ],
)
def test_what_was_put_off_keeps_its_time_of_day(planned: str, earliest: str, step_is_due: str) -> None:
    moments = (at(planned, BERLIN).astimezone(UTC), at(earliest, BERLIN).astimezone(UTC))
    found = schedule.not_before(*moments, calendar(days=WEEKDAYS, time_zone=BERLIN))
    assert found == at(step_is_due, BERLIN)


def test_an_eligible_day_is_one_in_the_calendars_zone() -> None:
    friday_night = datetime(2026, 6, 5, 23, tzinfo=UTC)
    assert schedule.is_eligible_day(friday_night, calendar(days=WEEKDAYS))
    assert not schedule.is_eligible_day(friday_night, calendar(days=WEEKDAYS, time_zone=TOKYO))
    assert schedule.is_eligible_day(friday_night, calendar(time_zone=TOKYO))


def test_the_next_open_moment_is_open_not_earlier_and_its_own_next() -> None:
    for moment, hours in CASES:
        found = schedule.next_open(moment, hours)
        assert is_open(found, hours)
        assert found >= moment
        assert schedule.next_open(found, hours) == found


def test_a_moment_is_left_alone_if_it_is_open() -> None:
    for moment, hours in CASES:
        assert (schedule.next_open(moment, hours) == moment) is is_open(moment, hours)


@pytest.mark.parametrize("delay", [timedelta(), timedelta(minutes=45), timedelta(hours=30)])
def test_a_step_after_hours_is_due_in_open_hours_and_never_earlier_than_asked(delay: timedelta) -> None:
    for moment, hours in CASES:
        found = schedule.after(moment, delay, hours)
        assert is_open(found, hours)
        assert found >= moment + delay


@pytest.mark.parametrize("days", [1, 2])
def test_a_step_after_days_is_due_in_open_hours_and_never_before_its_day_and_time_of_day(days: int) -> None:
    for moment, hours in CASES:
        zone = ZoneInfo(hours.time_zone)
        found = schedule.after(moment, days * DAY, hours)
        asked = moment.astimezone(zone).replace(tzinfo=None) + days * DAY
        assert is_open(found, hours)
        assert found.astimezone(zone).replace(tzinfo=None) >= asked


def test_what_was_put_off_is_due_in_open_hours_and_never_earlier_than_allowed() -> None:
    for planned, hours in CASES:
        earliest = planned + timedelta(hours=31)
        found = schedule.not_before(planned, earliest, hours)
        assert is_open(found, hours)
        assert found >= earliest


@pytest.mark.fuzz
@QUICK
@given(second=st.integers(0, 10**9), pause=st.integers(0, 10**7))
def test_where_clocks_never_change_what_was_put_off_keeps_its_time_to_the_second(second: int, pause: int) -> None:
    planned = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
    tokyo = calendar(time_zone=TOKYO, days=WEEKDAYS)
    assert schedule.not_before(planned, planned + timedelta(seconds=pause), tokyo).time() == planned.time()


def test_a_day_that_a_zone_left_out_is_skipped() -> None:
    found = schedule.after(
        at("2011-12-29 10:00", "Pacific/Apia").astimezone(UTC), DAY, calendar(time_zone="Pacific/Apia")
    )
    assert found.astimezone(ZoneInfo("Pacific/Apia")).date() == date(2011, 12, 31)
