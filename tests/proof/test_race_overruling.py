"""Two people who say at once who wrote a mail: one of them is first."""

import pytest

from relent.flows import overruling, unenrolling
from relent.flows.overruling import SaidAlready
from relent.records import models
from relent.terms.reviews import Wrote
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


def replied(cast: Cast) -> models.InboundItem:
    enrollment = cast.enrolled()
    cast.clock.ahead(hours=1)
    cast.deliver(cast.answer(enrollment))
    cast.turn()
    return models.InboundItem.objects.filter(kind="person_wrote").latest("pk")


def end(cast: Cast, running: models.Enrollment) -> None:
    unenrolling.by_hand(running.pk, cast.dana, cast.clock())
    cast.clock.ahead(days=1)
