"""Visitors who want the same time at once: one gets it."""

from datetime import timedelta

import pytest

from relent.flows import booking
from relent.flows.booking import Taken, Wish
from relent.records import models
from tests.cast import MONDAY, Cast
from tests.proof.rounds import together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ROUNDS = 20
NEXT_DAY = MONDAY.replace(hour=0) + timedelta(days=1)


def pages(cast: Cast) -> list[models.BookingPage]:
    """Two pages of one host, of half an hour and of an hour: their times overlap."""
    hours = {str(day): [[0, 1440]] for day in range(7)}
    values = {"user": cast.dana, "title": "A talk", "hours": hours, "created_at": MONDAY, "notice": 0}
    return [
        models.BookingPage.objects.create(slug=f"dana-{minutes}", minutes=minutes, **values) for minutes in (30, 60)
    ]


def test_of_visitors_who_want_the_same_time_at_once_one_gets_it(cast: Cast) -> None:
    both = pages(cast)
    for number in range(ROUNDS):
        at = NEXT_DAY + timedelta(hours=number)

        def book(visitor: int, at: object = at) -> bool:
            wish = Wish(starts_at=at, name="V", email=f"v{visitor}@visitors.example")  # type: ignore[arg-type]
            try:
                booking.book(both[visitor % 2].pk, wish, cast.clock())
            except Taken:
                return False
            return True

        assert sorted(together(*(lambda v=v: book(v) for v in range(3)))) == [False, False, True]
    assert models.Meeting.objects.count() == ROUNDS


def test_of_a_move_and_a_booking_to_the_same_time_one_gets_it(cast: Cast) -> None:
    page = pages(cast)[0]
    for number in range(ROUNDS):
        here = NEXT_DAY + timedelta(hours=2 * number)
        there = here + timedelta(hours=1)
        wish = Wish(starts_at=here, name="V", email="v@visitors.example")
        meeting = booking.book(page.pk, wish, cast.clock())

        def move(pk: int = meeting.pk, at: object = there) -> bool:
            return _won(lambda: booking.move(pk, at, cast.clock()))  # type: ignore[arg-type]

        def book(at: object = there) -> bool:
            other = Wish(starts_at=at, name="W", email="w@visitors.example")  # type: ignore[arg-type]
            return _won(lambda: booking.book(page.pk, other, cast.clock()))

        assert sorted(together(move, book)) == [False, True]


def _won(act: object) -> bool:
    try:
        act()  # type: ignore[operator]
    except Taken:
        return False
    return True
