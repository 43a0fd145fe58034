"""When a host can be booked: working hours, meetings, notice, horizon, and clocks that change."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relent.decide.availability import BookingRules, Span, is_free, slots

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NINE_TO_NOON = dict.fromkeys(range(5), ((540, 720),))


def rules(**changes: object) -> BookingRules:
    values: dict[str, object] = {"time_zone": "UTC", "hours": NINE_TO_NOON, "minutes": 60}
    return BookingRules(**{**values, **changes})  # type: ignore[arg-type]


def day_of(moment: datetime, days: int = 1) -> Span:
    start = moment.replace(hour=0, minute=0)
    return Span(start, start + timedelta(days=days))


def hours_of(found: list[datetime]) -> list[str]:
    return [f"{start:%a %H:%M}" for start in found]


def test_slots_fill_the_working_hours() -> None:
    later = day_of(MONDAY + timedelta(days=1))
    assert hours_of(slots(rules(), [], MONDAY, later)) == ["Tue 09:00", "Tue 10:00", "Tue 11:00"]


def test_a_slot_that_would_outlast_the_working_hours_is_none() -> None:
    later = day_of(MONDAY + timedelta(days=1))
    assert hours_of(slots(rules(minutes=100), [], MONDAY, later)) == ["Tue 09:00"]


def test_the_weekend_is_free() -> None:
    assert slots(rules(), [], MONDAY, day_of(MONDAY + timedelta(days=5), days=2)) == []


def test_a_meeting_takes_its_slot() -> None:
    ten = MONDAY + timedelta(days=1, hours=1)
    found = slots(rules(), [Span(ten, ten + timedelta(hours=1))], MONDAY, day_of(ten))
    assert hours_of(found) == ["Tue 09:00", "Tue 11:00"]


def test_the_buffer_keeps_a_pause_on_both_sides() -> None:
    ten = MONDAY + timedelta(days=1, hours=1)
    assert slots(rules(buffer=15), [Span(ten, ten + timedelta(hours=1))], MONDAY, day_of(ten)) == []


def test_nothing_begins_before_the_notice() -> None:
    assert hours_of(slots(rules(notice=90), [], MONDAY, day_of(MONDAY))) == ["Mon 11:00"]


def test_nothing_begins_past_the_horizon() -> None:
    assert slots(rules(horizon=3), [], MONDAY, day_of(MONDAY + timedelta(days=4))) == []


def test_days_are_those_of_the_host() -> None:
    tokyo = rules(time_zone="Asia/Tokyo")
    found = slots(tokyo, [], MONDAY, Span(MONDAY, MONDAY + timedelta(days=1)))
    assert found[0] == datetime(2026, 3, 3, 0, 0, tzinfo=UTC)


def test_hours_keep_their_wall_time_when_clocks_go_forward() -> None:
    berlin = rules(time_zone="Europe/Berlin")
    friday, monday = datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 3, 30, tzinfo=UTC)
    before, after = (slots(berlin, [], MONDAY, day_of(day))[0] for day in (friday, monday))
    assert (before.hour, after.hour) == (8, 7)


def test_an_hour_that_is_skipped_cannot_be_booked() -> None:
    night = rules(time_zone="Europe/Berlin", hours={6: ((60, 240),)})
    found = slots(night, [], MONDAY, day_of(datetime(2026, 3, 29, tzinfo=UTC)))
    assert [start.hour for start in found] == [0, 1]


def test_an_hour_that_comes_twice_can_be_booked_twice() -> None:
    night = rules(time_zone="Europe/Berlin", hours={6: ((60, 240),)}, horizon=365)
    found = slots(night, [], MONDAY, Span(datetime(2026, 10, 24, 20, tzinfo=UTC), datetime(2026, 10, 26, tzinfo=UTC)))
    assert [start.hour for start in found] == [23, 0, 1, 2]


def test_hours_until_midnight_end_at_midnight() -> None:
    late = rules(hours={0: ((1380, 1440),)})
    assert hours_of(slots(late, [], MONDAY, day_of(MONDAY))) == ["Mon 23:00"]


def test_only_the_start_of_a_slot_can_be_booked() -> None:
    tuesday = MONDAY + timedelta(days=1)
    assert is_free(rules(), [], MONDAY, tuesday)
    assert not is_free(rules(), [], MONDAY, tuesday + timedelta(minutes=5))


@pytest.mark.fuzz
@given(
    st.integers(0, 60 * 24 * 20).map(lambda minutes: MONDAY + timedelta(minutes=minutes)),
    st.integers(5, 300),
    st.integers(0, 60),
    st.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe"]),
)
def test_no_slot_ever_meets_a_meeting_or_its_buffer(start: datetime, length: int, buffer: int, zone: str) -> None:
    meeting = Span(start, start + timedelta(minutes=length))
    all_day = dict.fromkeys(range(7), ((0, 1440),))
    given_rules = rules(hours=all_day, buffer=buffer, time_zone=zone, minutes=30)
    pause = timedelta(minutes=buffer)
    for slot in slots(given_rules, [meeting], MONDAY, Span(start - timedelta(days=1), start + timedelta(days=1))):
        assert slot + timedelta(minutes=30) <= meeting.start - pause or slot >= meeting.end + pause
