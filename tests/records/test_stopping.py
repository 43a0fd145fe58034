"""How well a sequence stopped."""

from datetime import timedelta

from relent.flows import undoing
from relent.records import models, stopping
from tests.cast import MONDAY, Cast


def answered(cast: Cast, enrollment: models.Enrollment, read_after: timedelta) -> None:
    """Let the contact answer, and the mailbox be read only later."""
    cast.deliver(cast.answer(enrollment))
    cast.clock.moment += read_after
    cast.turn()


def test_a_stop_takes_from_the_answers_arrival_to_the_decision(cast: Cast) -> None:
    answered(cast, cast.enrolled(), timedelta(seconds=90))
    told = stopping.of(cast.sequence.pk, MONDAY)
    assert (told.stops, told.half_within, told.nearly_all_within) == (1, 90, 90)


def test_a_mail_that_left_after_the_answer_had_come_has_crossed(cast: Cast) -> None:
    enrollment = cast.enrolled()
    answered(cast, enrollment, timedelta(hours=1))
    assert stopping.of(cast.sequence.pk, MONDAY).crossed == 0
    enrollment.deliveries.filter(position=1).update(sent_at=cast.clock())
    assert stopping.of(cast.sequence.pk, MONDAY).crossed == 1


def test_a_stop_that_was_taken_back_counts_as_wrong(cast: Cast) -> None:
    enrollment = cast.enrolled()
    answered(cast, enrollment, timedelta(hours=1))
    undoing.undo(enrollment.pk, cast.dana, cast.clock())
    assert (stopping.of(cast.sequence.pk, MONDAY).stops, stopping.of(cast.sequence.pk, MONDAY).undone) == (1, 1)


def test_a_sequence_that_stopped_nobody_says_so(cast: Cast) -> None:
    cast.enrolled()
    assert stopping.of(cast.sequence.pk, MONDAY) == stopping.Stopping()
