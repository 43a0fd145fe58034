"""Unenrolling by hand and by the recipient's own word."""

import pytest

from relent.flows import unenrolling, unsubscribing
from relent.records import models
from relent.terms.states import DeliveryState
from tests.cast import Cast, state


def test_by_hand_it_ends_at_once_and_cancels_what_is_planned(cast: Cast) -> None:
    enrollment = cast.enrolled()
    assert unenrolling.by_hand(enrollment.pk, cast.dana, cast.clock())
    assert state(enrollment) == ("unenrolled", "manual")
    assert enrollment.deliveries.get(position=2).state == DeliveryState.CANCELLED


def test_an_ended_enrollment_cannot_be_ended_again(cast: Cast) -> None:
    enrollment = cast.enrolled()
    unenrolling.by_hand(enrollment.pk, cast.dana, cast.clock())
    ended_at = models.Enrollment.objects.get().ended_at
    cast.clock.ahead(hours=1)
    assert not unenrolling.by_hand(enrollment.pk, cast.dana, cast.clock())
    assert models.Enrollment.objects.get().ended_at == ended_at


def test_eli_may_not_unenroll_danas_contact(cast: Cast) -> None:
    enrollment = cast.enrolled()
    with pytest.raises(unenrolling.NotAllowed):
        unenrolling.by_hand(enrollment.pk, cast.eli, cast.clock())
    assert state(enrollment)[0] == "active"


def test_in_bulk_one_bad_row_does_not_spoil_the_rest(cast: Cast) -> None:
    first, second = cast.enroll(cast.ann), cast.enroll(cast.bob)
    unenrolling.by_hand(first.pk, cast.dana, cast.clock())
    outcomes = unenrolling.in_bulk([first.pk, second.pk, 10**9], cast.dana, cast.clock())
    assert [outcome for _, outcome in outcomes] == ["already_over", "unenrolled", "not_allowed"]


def test_unsubscribing_ends_every_open_enrollment_and_suppresses_the_address(cast: Cast) -> None:
    enrollment = cast.enrolled()
    unsubscribing.unsubscribe(enrollment, "one_click", cast.clock())
    assert state(enrollment) == ("unenrolled", "unsubscribed")
    assert models.Suppression.objects.get().address == "ann@acme.example"


def test_an_unsubscribe_link_is_good_long_after_the_end_and_twice(cast: Cast) -> None:
    enrollment = cast.enrolled()
    unenrolling.by_hand(enrollment.pk, cast.dana, cast.clock())
    found = unsubscribing.find(unsubscribing.url_for(enrollment.pk).rpartition("/")[2])
    assert found == enrollment
    unsubscribing.unsubscribe(enrollment, "link", cast.clock())
    unsubscribing.unsubscribe(enrollment, "link", cast.clock())
    assert models.Suppression.objects.count() == 1
    assert state(enrollment) == ("unenrolled", "manual")


@pytest.mark.parametrize("token", ["", "1", "1:forged", "x" * 5000])
def test_a_token_that_is_not_ours_finds_nothing(cast: Cast, token: str) -> None:
    assert unsubscribing.find(token) is None


def test_unenrolling_changes_nothing_that_was_sent(cast: Cast) -> None:
    enrollment = cast.enrolled()
    before = models.Delivery.objects.filter(state=DeliveryState.SENT).values().get()
    unenrolling.by_hand(enrollment.pk, cast.dana, cast.clock())
    assert models.Delivery.objects.filter(state=DeliveryState.SENT).values().get() == before
