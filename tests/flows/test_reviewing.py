"""What a person answers, and what follows from it."""

import pytest

from relent.flows import reviewing
from relent.flows.permissions import NotAllowed
from relent.records import models
from relent.terms.reviews import ReviewAnswer, ReviewKind
from tests.cast import Cast, state


def asked(kind: ReviewKind) -> models.ReviewItem:
    return models.ReviewItem.objects.open().get(kind=kind)


def held_for_a_stranger(cast: Cast) -> models.Enrollment:
    """Ann's enrollment, held because somebody unknown at her company wrote."""
    enrollment = cast.enrolled()
    cast.clock.ahead(hours=1)
    cast.deliver(cast.write("kim@acme.example"))
    cast.turn()
    return enrollment


def test_a_new_mail_from_the_contacts_domain_holds_and_asks(cast: Cast) -> None:
    enrollment = held_for_a_stranger(cast)
    assert state(enrollment) == ("held", "same_domain")
    assert asked(ReviewKind.SAME_DOMAIN).enrollment == enrollment


def test_it_goes_on_when_a_person_says_so(cast: Cast) -> None:
    enrollment = held_for_a_stranger(cast)
    reviewing.answer(asked(ReviewKind.SAME_DOMAIN).pk, ReviewAnswer.GO_ON, cast.dana, cast.clock())
    assert state(enrollment) == ("active", "")


def test_it_goes_on_by_itself_after_a_working_day(cast: Cast) -> None:
    enrollment = held_for_a_stranger(cast)
    cast.clock.ahead(days=1, minutes=1)
    cast.turn()
    assert state(enrollment) == ("active", "")


def test_it_ends_when_a_person_says_so(cast: Cast) -> None:
    enrollment = held_for_a_stranger(cast)
    reviewing.answer(asked(ReviewKind.SAME_DOMAIN).pk, ReviewAnswer.UNENROLL, cast.dana, cast.clock())
    assert state(enrollment) == ("unenrolled", "manual")


def test_a_question_is_answered_once(cast: Cast) -> None:
    held_for_a_stranger(cast)
    item = asked(ReviewKind.SAME_DOMAIN)
    reviewing.answer(item.pk, ReviewAnswer.GO_ON, cast.dana, cast.clock())
    with pytest.raises(reviewing.NoSuchAnswer):
        reviewing.answer(item.pk, ReviewAnswer.UNENROLL, cast.dana, cast.clock())


def test_while_a_second_question_is_open_it_stays_held(cast: Cast) -> None:
    enrollment = held_for_a_stranger(cast)
    cast.deliver(cast.write("lee@acme.example"))
    cast.turn()
    first, second = models.ReviewItem.objects.open().order_by("pk")
    reviewing.answer(first.pk, ReviewAnswer.GO_ON, cast.dana, cast.clock())
    assert state(enrollment) == ("held", "same_domain")
    reviewing.answer(second.pk, ReviewAnswer.GO_ON, cast.dana, cast.clock())
    assert state(enrollment) == ("active", "")


def test_an_unknown_address_in_the_thread_is_added_only_when_a_person_says_so(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.deliver(cast.answer(enrollment, sender="ann@elsewhere.example"))
    cast.turn()
    assert not cast.ann.addresses.filter(address="ann@elsewhere.example").exists()
    reviewing.answer(asked(ReviewKind.NEW_ADDRESS).pk, ReviewAnswer.ATTACH, cast.dana, cast.clock())
    assert cast.ann.addresses.get(address="ann@elsewhere.example").primary is False


def test_eli_may_not_answer_for_danas_contact(cast: Cast) -> None:
    held_for_a_stranger(cast)
    with pytest.raises(NotAllowed):
        reviewing.answer(asked(ReviewKind.SAME_DOMAIN).pk, ReviewAnswer.GO_ON, cast.eli, cast.clock())


def test_a_refusal_for_our_sake_holds_the_whole_mailbox_until_a_person_lets_it_send_again(cast: Cast) -> None:
    cast.world.refuse("ann@acme.example", 550, "5.7.1")
    ann, bob = cast.enroll(), cast.enroll(cast.bob)
    cast.turn()
    assert [state(ann), state(bob)] == [("held", "sender_refused")] * 2
    cast.world.refusals.clear()
    reviewing.answer(asked(ReviewKind.SENDER_REFUSED).pk, ReviewAnswer.GO_ON, cast.dana, cast.clock())
    cast.turn()
    assert state(ann) == ("active", "")
