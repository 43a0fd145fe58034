"""Two reasons to stand still at once: the end of one does not end the other."""

from datetime import timedelta

from relent.flows import pausing, reviewing, sequences, tasks, turn
from relent.records import models
from relent.terms.reviews import ReviewAnswer, ReviewKind
from relent.terms.steps import StepKind, TaskKind
from tests.cast import THREE_MAILS, Cast, sequence, state


def somebody_else_at_acme_writes(cast: Cast) -> None:
    cast.clock.ahead(minutes=1)
    cast.deliver(cast.write("carol@acme.example"))
    cast.turn()


def dana_writes_by_hand(cast: Cast, enrollment: models.Enrollment) -> None:
    mail = cast.answer(enrollment, "dana@us.example")
    mail.replace_header("To", "ann@acme.example")
    cast.clock.ahead(minutes=1)
    cast.deliver(mail, "Sent")
    cast.turn()


def days_later(cast: Cast, days: int = 3) -> None:
    for _ in range(days * 4):
        cast.clock.ahead(hours=6)
        cast.turn()


def with_a_call_first(cast: Cast) -> models.Enrollment:
    call = sequences.StepDraft(kind=StepKind.TASK, task_kind=TaskKind.CALL, subject="Call", wait=True)
    cast.sequence = sequence(cast.dana, THREE_MAILS[0], call, THREE_MAILS[1])
    enrollment = cast.enrolled()
    cast.turn()
    return enrollment


def test_a_users_pause_outlasts_a_hold_of_a_working_day(cast: Cast) -> None:
    enrollment = cast.enrolled()
    pausing.pause(enrollment.pk, cast.dana, cast.clock())
    somebody_else_at_acme_writes(cast)
    days_later(cast)
    assert (state(enrollment)[0], len(cast.world.sent)) == ("paused", 1)


def test_a_users_pause_until_a_day_outlasts_a_hold_that_ends_sooner(cast: Cast) -> None:
    enrollment = cast.enrolled()
    pausing.pause(enrollment.pk, cast.dana, cast.clock(), cast.clock() + timedelta(days=30))
    somebody_else_at_acme_writes(cast)
    days_later(cast)
    assert (state(enrollment)[0], len(cast.world.sent)) == ("paused", 1)


def test_a_hold_outlasts_a_users_pause_that_ends_sooner(cast: Cast) -> None:
    enrollment = cast.enrolled()
    pausing.pause(enrollment.pk, cast.dana, cast.clock(), cast.clock() + timedelta(hours=2))
    somebody_else_at_acme_writes(cast)
    assert state(enrollment) == ("held", "same_domain")


def test_a_talk_by_hand_outlasts_a_hold_of_a_working_day(cast: Cast) -> None:
    enrollment = cast.enrolled()
    dana_writes_by_hand(cast, enrollment)
    somebody_else_at_acme_writes(cast)
    days_later(cast)
    assert (state(enrollment), len(cast.world.sent)) == (("paused", "sender_follow_up_pause"), 1)


def test_a_talk_by_hand_during_a_hold_of_a_working_day_outlasts_it(cast: Cast) -> None:
    enrollment = cast.enrolled()
    somebody_else_at_acme_writes(cast)
    dana_writes_by_hand(cast, enrollment)
    days_later(cast)
    assert (state(enrollment), len(cast.world.sent)) == (("paused", "sender_follow_up_pause"), 1)


def test_a_hold_of_a_working_day_ends_though_nobody_answered(cast: Cast) -> None:
    enrollment = cast.enrolled()
    somebody_else_at_acme_writes(cast)
    days_later(cast)
    assert (state(enrollment)[0], len(cast.world.sent)) == ("active", 2)


def test_a_talk_by_hand_outlasts_the_task_that_is_done_meanwhile(cast: Cast) -> None:
    enrollment = with_a_call_first(cast)
    dana_writes_by_hand(cast, enrollment)
    tasks.complete(models.Task.objects.get().pk, cast.dana, cast.clock())
    days_later(cast)
    assert (state(enrollment), len(cast.world.sent)) == (("paused", "sender_follow_up_pause"), 1)


def test_after_the_talk_by_hand_the_open_task_is_waited_for_again(cast: Cast) -> None:
    enrollment = with_a_call_first(cast)
    dana_writes_by_hand(cast, enrollment)
    asked = models.ReviewItem.objects.open().get(kind=ReviewKind.SENDER_FOLLOW_UP)
    reviewing.answer(asked.pk, ReviewAnswer.GO_ON, cast.dana, cast.clock())
    assert state(enrollment) == ("paused", "task_open")


def test_the_end_of_a_hold_is_foreseen(cast: Cast) -> None:
    enrollment = cast.enrolled()
    somebody_else_at_acme_writes(cast)
    enrollment.refresh_from_db()
    assert turn.next_due(cast.clock()) == enrollment.paused_until
