"""Pauses and tasks: what waits, and how it goes on."""

from datetime import timedelta

from relent.flows import apply, pausing, reviewing, sequences, tasks, turn, unenrolling
from relent.records import models
from relent.terms.reasons import HoldReason
from relent.terms.states import DeliveryState, TaskState
from relent.terms.steps import StepKind, TaskKind
from tests.cast import THREE_MAILS, Cast, sequence, state

CALL = sequences.StepDraft(kind=StepKind.TASK, task_kind=TaskKind.CALL, subject="Call", delay=timedelta(days=1))


def test_a_paused_enrollment_sends_nothing_and_keeps_what_was_left_of_its_delay(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.clock.ahead(days=1)
    pausing.pause(enrollment.pk, cast.dana, cast.clock())
    cast.clock.ahead(days=2)
    cast.turn()
    assert len(cast.world.sent) == 1
    pausing.resume(enrollment.pk, cast.dana, cast.clock())
    assert enrollment.deliveries.get(position=2).due_at == cast.clock() + timedelta(days=1)


def test_a_paused_enrollment_still_ends_on_a_reply(cast: Cast) -> None:
    enrollment = cast.enrolled()
    pausing.pause(enrollment.pk, cast.dana, cast.clock())
    cast.deliver(cast.answer(enrollment))
    cast.turn()
    assert state(enrollment) == ("unenrolled", "reply")


def test_the_step_after_a_task_waits_until_it_is_done(cast: Cast) -> None:
    cast.sequence = sequence(cast.dana, THREE_MAILS[0], CALL, THREE_MAILS[1])
    enrollment = cast.enrolled()
    cast.clock.moment = turn.next_due(cast.clock()) or cast.clock()
    cast.turn()
    assert state(enrollment) == ("paused", "task_open")
    cast.clock.ahead(days=13)
    cast.turn()
    assert len(cast.world.sent) == 1
    tasks.complete(models.Task.objects.get().pk, cast.dana, cast.clock())
    assert enrollment.deliveries.get(position=3).due_at == cast.clock() + timedelta(days=2)


def test_a_sequence_that_ends_with_a_task_finishes_when_it_is_done(cast: Cast) -> None:
    cast.sequence = sequence(cast.dana, THREE_MAILS[0], CALL)
    enrollment = cast.enrolled()
    cast.clock.moment = turn.next_due(cast.clock()) or cast.clock()
    cast.turn()
    assert state(enrollment)[0] == "paused"
    tasks.complete(models.Task.objects.get().pk, cast.dana, cast.clock())
    assert state(enrollment)[0] == "finished"


def test_the_open_task_of_an_ended_enrollment_stays_and_says_why(cast: Cast) -> None:
    cast.sequence = sequence(cast.dana, CALL, THREE_MAILS[1])
    enrollment = cast.enrolled()
    unenrolling.by_hand(enrollment.pk, cast.dana, cast.clock())
    task = models.Task.objects.get()
    assert (task.state, task.label) == (TaskState.OPEN, "manual")
    tasks.complete(task.pk, cast.dana, cast.clock())
    assert not enrollment.deliveries.filter(position=2).exists()


def test_a_pause_by_a_user_survives_a_shorter_absence_note(cast: Cast) -> None:
    enrollment = cast.enrolled()
    pausing.pause(enrollment.pk, cast.dana, cast.clock())
    cast.deliver(cast.absence(enrollment))
    cast.turn()
    cast.clock.ahead(days=30)
    cast.turn()
    assert state(enrollment) == ("paused", "by_user")
    assert enrollment.deliveries.get(position=2).state == DeliveryState.PARKED


def held_while_its_task_is_open(cast: Cast) -> models.Enrollment:
    cast.sequence = sequence(cast.dana, THREE_MAILS[0], CALL, THREE_MAILS[1])
    enrollment = cast.enrolled()
    cast.clock.moment = turn.next_due(cast.clock()) or cast.clock()
    cast.turn()
    apply.hold(enrollment, HoldReason.UNSURE_SENDER)
    return enrollment


def test_a_task_done_while_held_plans_the_next_step_for_the_release(cast: Cast) -> None:
    enrollment = held_while_its_task_is_open(cast)
    tasks.complete(models.Task.objects.get().pk, cast.dana, cast.clock())
    assert enrollment.deliveries.get(position=3).state == DeliveryState.PARKED
    reviewing.release(enrollment.pk, cast.clock(), HoldReason.UNSURE_SENDER)
    assert enrollment.deliveries.get(position=3).state == DeliveryState.PLANNED


def test_a_release_while_the_task_is_open_waits_for_the_task_again(cast: Cast) -> None:
    enrollment = held_while_its_task_is_open(cast)
    reviewing.release(enrollment.pk, cast.clock(), HoldReason.UNSURE_SENDER)
    assert state(enrollment) == ("paused", "task_open")


def test_a_hold_is_not_ended_by_a_pause_that_runs_out(cast: Cast) -> None:
    enrollment = cast.enrolled()
    pausing.pause(enrollment.pk, cast.dana, cast.clock(), until=cast.clock() + timedelta(hours=1))
    apply.hold(enrollment, HoldReason.UNSURE_SENDER)
    cast.clock.ahead(hours=2)
    pausing.resume_due(cast.mailbox, cast.clock())
    assert state(enrollment) == ("held", "unsure_sender")
