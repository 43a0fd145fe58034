"""The dates that the pages show of what is ahead."""

from datetime import timedelta

from relent.flows import forecast, unenrolling
from tests.cast import MONDAY, Cast


def test_each_step_ahead_has_its_date(cast: Cast) -> None:
    enrollment = cast.enrolled()
    assert forecast.dates(enrollment) == {2: MONDAY + timedelta(days=2), 3: MONDAY + timedelta(days=7)}


def test_a_pause_moves_what_is_ahead_behind_it(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.deliver(cast.absence(enrollment))
    cast.turn()
    enrollment.refresh_from_db()
    assert forecast.dates(enrollment)[2] == MONDAY + timedelta(days=7)


def test_after_the_end_nothing_is_ahead(cast: Cast) -> None:
    enrollment = cast.enrolled()
    unenrolling.by_hand(enrollment.pk, cast.dana, cast.clock())
    assert forecast.dates(enrollment) == {}
