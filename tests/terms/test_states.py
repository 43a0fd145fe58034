import pytest

from relent.terms import states
from relent.terms.states import DELIVERY_MOVES, DeliveryState, EnrollmentState


def test_an_enrollment_is_open_or_ended_and_never_both() -> None:
    assert set(EnrollmentState) == states.OPEN | states.ENDED
    assert not states.OPEN & states.ENDED


def test_every_delivery_state_says_what_may_follow_it() -> None:
    assert set(DELIVERY_MOVES) == set(DeliveryState)


@pytest.mark.parametrize("state", DeliveryState)
def test_every_delivery_state_can_be_reached(state: DeliveryState) -> None:
    reached, new = {DeliveryState.PLANNED}, {DeliveryState.PLANNED}
    while new:
        new = {after for before in new for after in DELIVERY_MOVES[before]} - reached
        reached |= new
    assert state in reached


def test_a_mail_leaves_only_once_it_was_claimed() -> None:
    before = [state for state, after in DELIVERY_MOVES.items() if DeliveryState.SENDING in after]
    assert before == [DeliveryState.CLAIMED]


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.CANCELLED, DeliveryState.REFUSED])
def test_a_delivery_that_is_over_stays_over(state: DeliveryState) -> None:
    assert not DELIVERY_MOVES[state]


def test_the_task_of_a_mail_becomes_that_mail_only_by_being_planned_anew() -> None:
    assert DELIVERY_MOVES[DeliveryState.OPENED] == {DeliveryState.PLANNED}


@pytest.mark.parametrize("state", states.STOPPABLE)
def test_what_an_ending_stops_can_be_cancelled(state: DeliveryState) -> None:
    assert DeliveryState.CANCELLED in DELIVERY_MOVES[state]
