"""Taking up again what was stopped wrongly."""

from datetime import timedelta

import pytest

from relent.flows import undoing, unenrolling
from relent.flows.permissions import NotAllowed
from relent.records import models
from relent.terms.reasons import Refusal
from tests.cast import Cast, state


def stopped(cast: Cast) -> models.Enrollment:
    enrollment = cast.enrolled()
    cast.clock.ahead(hours=1)
    unenrolling.by_hand(enrollment.pk, cast.dana, cast.clock())
    return enrollment


def test_a_successor_takes_up_the_next_step_at_its_old_time(cast: Cast) -> None:
    enrollment = stopped(cast)
    due_at = enrollment.deliveries.get(position=2).due_at
    successor = undoing.undo(enrollment.pk, cast.dana, cast.clock())
    assert [(row.position, row.due_at) for row in successor.deliveries.all()] == [(2, due_at)]
    assert state(enrollment) == ("unenrolled", "manual")


def test_what_is_overdue_comes_at_its_time_of_day_and_one_by_one(cast: Cast) -> None:
    enrollment = stopped(cast)
    cast.clock.ahead(days=20)
    successor = undoing.undo(enrollment.pk, cast.dana, cast.clock())
    [delivery] = successor.deliveries.all()
    assert timedelta() <= delivery.due_at - cast.clock() <= timedelta(days=3)
    assert delivery.due_at.hour == 9


def test_the_next_mail_goes_on_in_the_old_thread(cast: Cast) -> None:
    enrollment = stopped(cast)
    first = enrollment.deliveries.get(position=1).message_id
    undoing.undo(enrollment.pk, cast.dana, cast.clock())
    cast.clock.ahead(days=2)
    cast.turn()
    assert f"<{first}>".encode() in cast.world.sent[-1].raw


def test_a_reply_to_a_mail_from_before_stops_the_successor(cast: Cast) -> None:
    enrollment = stopped(cast)
    successor = undoing.undo(enrollment.pk, cast.dana, cast.clock())
    cast.clock.ahead(hours=1)
    cast.deliver(cast.answer(enrollment))
    cast.turn()
    assert state(successor) == ("unenrolled", "reply")


def test_a_reply_that_came_after_the_end_and_is_read_after_the_undoing_stops_the_successor(cast: Cast) -> None:
    enrollment = stopped(cast)
    cast.clock.ahead(minutes=1)
    cast.deliver(cast.answer(enrollment))
    cast.clock.ahead(hours=1)
    successor = undoing.undo(enrollment.pk, cast.dana, cast.clock())
    cast.turn()
    assert state(successor) == ("unenrolled", "reply")


def test_the_mail_that_stopped_it_wrongly_stops_no_successor_where_it_is_read_again(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.clock.ahead(hours=1)
    mail = cast.answer(enrollment)
    cast.deliver(mail)
    cast.turn()
    successor = undoing.undo(enrollment.pk, cast.dana, cast.clock())
    models.InboundItem.objects.filter(sender="ann@acme.example").update(identity="another copy")
    models.MailboxFolder.objects.update(cursor="")
    cast.turn()
    assert state(successor)[0] == "scheduled"


def test_what_the_contact_asked_for_is_not_undone(cast: Cast) -> None:
    enrollment = stopped(cast)
    models.Suppression.objects.create(
        address="ann@acme.example", code=Refusal.UNSUBSCRIBED, source="record", since=cast.clock()
    )
    with pytest.raises(undoing.EnrollmentRefused, match="UNSUBSCRIBED"):
        undoing.undo(enrollment.pk, cast.dana, cast.clock())


def test_an_end_is_undone_once(cast: Cast) -> None:
    enrollment = stopped(cast)
    successor = undoing.undo(enrollment.pk, cast.dana, cast.clock())
    unenrolling.by_hand(successor.pk, cast.dana, cast.clock())
    with pytest.raises(undoing.EnrollmentRefused, match="ALREADY_OVER"):
        undoing.undo(enrollment.pk, cast.dana, cast.clock())


def test_somebody_who_is_in_a_sequence_is_not_taken_into_a_second_one(cast: Cast) -> None:
    enrollment = stopped(cast)
    cast.enroll()
    with pytest.raises(undoing.EnrollmentRefused, match="ALREADY_ENROLLED"):
        undoing.undo(enrollment.pk, cast.dana, cast.clock())


def test_eli_may_not_undo_what_concerns_danas_contact(cast: Cast) -> None:
    enrollment = stopped(cast)
    with pytest.raises(NotAllowed):
        undoing.undo(enrollment.pk, cast.eli, cast.clock())


def test_who_may_stop_a_mail_of_a_private_sequence_may_not_start_it_again(cast: Cast) -> None:
    enrollment = stopped(cast)
    models.Sequence.objects.update(private=True)
    models.User.objects.filter(pk=cast.eli.pk).update(team="west")
    cast.eli.refresh_from_db()
    with pytest.raises(undoing.EnrollmentRefused, match="NOT_ALLOWED"):
        undoing.undo(enrollment.pk, cast.eli, cast.clock())
