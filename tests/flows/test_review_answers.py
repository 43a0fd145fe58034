"""Answers that need more than a click, and what goes on without a question."""

from datetime import date, timedelta

import pytest

from relent.flows import apply, pausing, reviewing
from relent.flows.permissions import NotAllowed
from relent.records import models
from relent.terms.reasons import HoldReason, Refusal
from relent.terms.reviews import ReviewAnswer, ReviewKind
from relent.terms.states import DeliveryState
from tests.cast import Cast, state


def absent(cast: Cast) -> models.Enrollment:
    """Ann's enrollment, paused by a note whose return date a person should look at."""
    enrollment = cast.enrolled()
    cast.clock.ahead(hours=1)
    cast.deliver(cast.absence(enrollment))
    cast.turn()
    models.ReviewItem.objects.get_or_create(
        kind=ReviewKind.RETURN_DATE,
        defaults={"key": "x", "enrollment": enrollment, "contact": cast.ann, "opened_at": cast.clock()},
    )
    return enrollment


def say(cast: Cast, answer: ReviewAnswer, by: models.User | None = None, **data: object) -> None:
    item = models.ReviewItem.objects.open().latest("pk")
    reviewing.answer(item.pk, answer, by or cast.dana, cast.clock(), **data)


def test_a_stated_day_of_return_is_waited_for(cast: Cast) -> None:
    enrollment = absent(cast)
    say(cast, ReviewAnswer.BACK_ON, returns_on=date(2026, 3, 20))
    assert state(enrollment) == ("paused", "out_of_office")
    assert enrollment.paused_until is not None
    assert enrollment.paused_until.date() == date(2026, 3, 20)


def test_a_stated_day_may_be_sooner_than_the_notes(cast: Cast) -> None:
    enrollment = absent(cast)
    say(cast, ReviewAnswer.BACK_ON, returns_on=date(2026, 3, 5))
    cast.clock.ahead(days=3)
    cast.turn()
    assert state(enrollment) == ("active", "")
    assert enrollment.no_mail_before is not None
    assert enrollment.no_mail_before <= cast.clock()


@pytest.mark.parametrize("day", [date(2026, 3, 2), date(2026, 2, 1), None])
def test_a_day_that_has_begun_is_no_answer(cast: Cast, day: date | None) -> None:
    absent(cast)
    with pytest.raises(reviewing.BadAnswer):
        say(cast, ReviewAnswer.BACK_ON, returns_on=day)
    assert models.ReviewItem.objects.open().exists()


def test_going_on_now_does_not_wait_for_the_notes_day(cast: Cast) -> None:
    enrollment = absent(cast)
    say(cast, ReviewAnswer.GO_ON)
    assert state(enrollment) == ("active", "")
    assert enrollment.no_mail_before is None


def test_the_day_is_right(cast: Cast) -> None:
    enrollment = absent(cast)
    enrollment.refresh_from_db()
    until = enrollment.paused_until
    say(cast, ReviewAnswer.DISMISS)
    assert (state(enrollment), enrollment.paused_until) == (("paused", "out_of_office"), until)


def test_a_stated_day_does_not_overrule_a_users_own_pause(cast: Cast) -> None:
    enrollment = cast.enrolled()
    pausing.pause(enrollment.pk, cast.dana, cast.clock())
    assert not pausing.until_return(enrollment.pk, date(2026, 3, 20), cast.clock())
    assert state(enrollment) == ("paused", "by_user")


def test_an_address_that_is_none_is_no_answer(cast: Cast) -> None:
    models.ReviewItem.objects.create(kind=ReviewKind.NEW_ADDRESS, key="x", contact=cast.ann, opened_at=cast.clock())
    with pytest.raises(reviewing.BadAnswer):
        say(cast, ReviewAnswer.ATTACH, address="nonsense")


def test_who_asks_in_words_for_no_more_mail_can_be_opted_out(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.clock.ahead(hours=1)
    mail = cast.answer(enrollment)
    mail.set_content("Please remove me from your list.")
    cast.deliver(mail)
    cast.turn()
    say(cast, ReviewAnswer.OPT_OUT)
    assert state(enrollment) == ("unenrolled", "reply")
    assert models.Suppression.objects.filter(address="ann@acme.example", code=Refusal.UNSUBSCRIBED).exists()


def test_a_contact_is_not_made_twice(cast: Cast) -> None:
    models.ReviewItem.objects.create(kind=ReviewKind.NEW_ADDRESS, key="x", contact=cast.ann, opened_at=cast.clock())
    with pytest.raises(reviewing.BadAnswer):
        say(cast, ReviewAnswer.CREATE_CONTACT, address="Bob@acme.example")


def test_a_name_of_any_length_makes_a_contact(cast: Cast) -> None:
    models.ReviewItem.objects.create(kind=ReviewKind.NEW_ADDRESS, key="x", contact=cast.ann, opened_at=cast.clock())
    say(cast, ReviewAnswer.CREATE_CONTACT, address="new@acme.example", name="N" * 200)
    models.Contact.objects.get(first_name__startswith="NN").clean_fields(exclude=["properties"])


def test_what_is_held_without_a_question_goes_on_when_a_person_says_so(cast: Cast) -> None:
    enrollment = cast.enrolled()
    apply.hold(enrollment, HoldReason.UNSURE_SENDER)
    assert reviewing.let_go_on(enrollment.pk, cast.dana, cast.clock())
    assert enrollment.deliveries.get(position=2).state == DeliveryState.PLANNED


@pytest.mark.parametrize("reason", [HoldReason.CREATOR_REMOVED, HoldReason.ENROLLER_REMOVED, HoldReason.SENDER_REFUSED])
def test_what_waits_for_somebody_else_is_not_released_by_hand(cast: Cast, reason: HoldReason) -> None:
    enrollment = cast.enrolled()
    apply.hold(enrollment, reason)
    assert not reviewing.let_go_on(enrollment.pk, cast.dana, cast.clock())


def test_eli_lets_nothing_of_danas_go_on(cast: Cast) -> None:
    enrollment = cast.enrolled()
    apply.hold(enrollment, HoldReason.UNSURE_SENDER, cast.clock() + timedelta(days=1))
    with pytest.raises(NotAllowed):
        reviewing.let_go_on(enrollment.pk, cast.eli, cast.clock())
