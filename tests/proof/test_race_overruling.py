"""Two people who say at once who wrote a mail: one of them is first."""

import pytest

from relent.flows import overruling, reviewing, reviews, unenrolling
from relent.flows.overruling import SaidAlready
from relent.records import models
from relent.terms.reviews import ReviewAnswer, ReviewKind, Wrote
from tests.cast import Cast
from tests.proof.rounds import together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ROUNDS = 8


def test_of_two_who_say_the_same_at_once_one_is_first(cast: Cast) -> None:
    for _ in range(ROUNDS):
        item = replied(cast)

        def say(item: models.InboundItem = item) -> str:
            try:
                overruling.overrule(item.pk, Wrote.AUTOMATIC, cast.dana, cast.clock())
            except SaidAlready:
                return "second"
            return "first"

        assert sorted(together(say, say), key=str) == ["first", "second"]
        assert models.Overrule.objects.filter(item=item).count() == 1
        running = models.Enrollment.objects.open().get()
        assert running.predecessor is not None
        end(cast, running)


def test_a_reply_that_is_read_while_another_is_overruled_stops_the_sequence(cast: Cast) -> None:
    for number in range(ROUNDS):
        item = replied(cast)
        cast.clock.ahead(minutes=1)
        cast.deliver(cast.answer(item.decisions.get().enrollment, Subject=f"Once more {number}"))

        def say(item: models.InboundItem = item) -> None:
            overruling.overrule(item.pk, Wrote.AUTOMATIC, cast.dana, cast.clock())

        together(say, cast.turn)
        assert not models.Enrollment.objects.open().exists()
        cast.clock.ahead(days=1)


def test_of_an_answer_and_a_word_at_once_one_is_first(cast: Cast) -> None:
    for _ in range(ROUNDS):
        item = replied(cast)
        line = item.decisions.get()
        asked = reviews.open_item(
            ReviewKind.LOOKS_AUTOMATIC, str(item.pk), cast.clock(), enrollment=line.enrollment, item=item, decision=line
        )
        assert asked is not None

        def answer(pk: int = asked.pk) -> str:
            try:
                reviewing.answer(pk, ReviewAnswer.IT_WAS_AUTOMATIC, cast.dana, cast.clock())
            except reviewing.NoSuchAnswer:
                return "second"
            return "first"

        def say(pk: int = item.pk) -> str:
            try:
                overruling.overrule(pk, Wrote.AUTOMATIC, cast.dana, cast.clock())
            except SaidAlready:
                return "second"
            return "first"

        assert sorted(together(answer, say), key=str) == ["first", "second"]
        end(cast, models.Enrollment.objects.open().get())


def replied(cast: Cast) -> models.InboundItem:
    enrollment = cast.enrolled()
    cast.clock.ahead(hours=1)
    cast.deliver(cast.answer(enrollment))
    cast.turn()
    return models.InboundItem.objects.filter(kind="person_wrote").latest("pk")


def end(cast: Cast, running: models.Enrollment) -> None:
    unenrolling.by_hand(running.pk, cast.dana, cast.clock())
    cast.clock.ahead(days=1)
