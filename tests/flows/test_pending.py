"""Mails that have not left, changed for one contact; and mails that a user writes for a task."""

from dataclasses import replace
from datetime import timedelta

import pytest

from relent.flows import pending, permissions, sequences, tasks, unenrolling
from relent.flows.pending import Edited
from relent.records import models
from relent.terms.states import DeliveryState
from relent.terms.steps import StepKind, TaskKind
from tests.cast import Cast, sequence, state

WRITE = sequences.StepDraft(kind=StepKind.TASK, subject="Write to Ann", task_kind=TaskKind.EMAIL)
HELLO = sequences.StepDraft(kind=StepKind.EMAIL, subject="Hello", body="Hi")
LATER = sequences.StepDraft(kind=StepKind.EMAIL, delay=timedelta(days=2), subject="", body="Again", threaded=True)


def upcoming(enrollment: models.Enrollment) -> models.Delivery:
    return enrollment.deliveries.get(state__in=[DeliveryState.PLANNED, DeliveryState.PARKED])


def change(cast: Cast, delivery: models.Delivery, body: str = "Changed", subject: str = "") -> Edited:
    return pending.edit(delivery.pk, cast.dana, cast.clock(), subject=subject, body=body)


def with_task(cast: Cast, *steps: sequences.StepDraft) -> tuple[models.Enrollment, models.Task]:
    cast.sequence = sequence(cast.dana, *steps)
    enrollment = cast.enrolled()
    for _ in range(2):
        cast.clock.ahead(minutes=1)
        cast.turn()
    return enrollment, models.Task.objects.get()


def test_an_edit_changes_the_mail_of_one_contact_and_not_the_sequence(cast: Cast) -> None:
    enrollment = cast.enrolled()
    assert change(cast, upcoming(enrollment), "Only for you, {{ contact.first_name }}") is Edited.SAVED
    cast.clock.ahead(days=2)
    cast.turn()
    assert b"Only for you, Ann" in enrollment.deliveries.get(position=2).raw
    assert cast.sequence.current.steps.get(position=2).body == "Just checking in"


def test_an_edit_keeps_the_thread(cast: Cast) -> None:
    enrollment = cast.enrolled()
    change(cast, upcoming(enrollment))
    cast.clock.ahead(days=2)
    cast.turn()
    assert enrollment.deliveries.get(position=2).subject == "Re: Hello"


def test_an_edit_that_the_contacts_answer_overtakes_stays_a_draft_and_is_never_sent(cast: Cast) -> None:
    enrollment = cast.enrolled()
    delivery = upcoming(enrollment)
    cast.deliver(cast.answer(enrollment))
    cast.turn()
    assert change(cast, delivery) is Edited.KEPT_AS_DRAFT
    cast.clock.ahead(days=9)
    cast.turn()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.own_body, delivery.sent_at) == (DeliveryState.CANCELLED, "Changed", None)


def test_a_mail_that_is_being_sent_is_edited_too_late(cast: Cast) -> None:
    delivery = cast.enrolled().deliveries.get(state=DeliveryState.SENT)
    assert change(cast, delivery) is Edited.TOO_LATE


def test_a_text_that_could_not_be_sent_is_not_saved(cast: Cast) -> None:
    delivery = upcoming(cast.enrolled())
    for body in ("Hello {{ contact.first_name", "Size {{ contact.shoe_size }}"):
        with pytest.raises(pending.Unusable):
            change(cast, delivery, body)


def test_eli_may_neither_edit_nor_move_danas_mail(cast: Cast) -> None:
    delivery = upcoming(cast.enrolled())
    with pytest.raises(permissions.NotAllowed):
        pending.edit(delivery.pk, cast.eli, cast.clock(), subject="", body="x")
    with pytest.raises(permissions.NotAllowed):
        pending.move(delivery.pk, cast.eli, cast.clock(), cast.clock())


def test_a_planned_mail_can_be_moved_and_leaves_then(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.clock.ahead(hours=1)
    assert pending.move(upcoming(enrollment).pk, cast.dana, cast.clock(), cast.clock() - timedelta(days=1))
    cast.turn()
    assert enrollment.deliveries.get(position=2).state == DeliveryState.SENT


def test_a_mail_of_an_ended_enrollment_cannot_be_moved(cast: Cast) -> None:
    enrollment = cast.enrolled()
    delivery = upcoming(enrollment)
    unenrolling.by_hand(enrollment.pk, cast.dana, cast.clock())
    assert not pending.move(delivery.pk, cast.dana, cast.clock(), cast.clock())


def test_the_mail_of_a_task_leaves_by_the_turn_with_its_proof_and_does_the_task(cast: Cast) -> None:
    enrollment, task = with_task(cast, WRITE, LATER)
    assert tasks.send_mail(task.pk, cast.dana, cast.clock(), subject="By hand", body="Dear {{ contact.first_name }}")
    assert models.Task.objects.get().state == "open"
    cast.turn()
    mail = enrollment.deliveries.get(position=1)
    assert (mail.state, mail.subject, bool(mail.proof["mailboxes"])) == (DeliveryState.SENT, "By hand", True)
    assert b"Dear Ann" in mail.raw
    assert models.Task.objects.get().state == "done"
    assert upcoming(enrollment).due_at == mail.sent_at + timedelta(days=2)


def test_the_mail_of_a_task_leaves_on_any_day_and_hour(cast: Cast) -> None:
    _enrollment, task = with_task(cast, WRITE)
    models.SequenceVersion.objects.update(window_start=8 * 60, window_end=9 * 60)
    cast.clock.ahead(days=5)  # a Saturday
    tasks.send_mail(task.pk, cast.dana, cast.clock(), subject="Hi", body="Hello")
    cast.turn()
    assert models.Task.objects.get().state == "done"


def test_the_mail_of_a_task_without_a_subject_answers_the_mail_before_and_the_next_answers_it(cast: Cast) -> None:
    enrollment, task = with_task(cast, HELLO, WRITE, LATER)
    tasks.send_mail(task.pk, cast.dana, cast.clock(), subject="", body="By hand")
    cast.turn()
    cast.clock.ahead(days=2)
    cast.turn()
    first, second, third = enrollment.deliveries.order_by("position")
    assert [second.subject, third.subject] == ["Re: Hello", "Re: Hello"]
    assert f"<{first.message_id}>".encode() in second.raw
    assert f"<{second.message_id}>".encode() in third.raw


def test_an_answer_to_the_mail_of_a_task_is_credited_to_its_step(cast: Cast) -> None:
    enrollment, task = with_task(cast, HELLO, WRITE)
    tasks.send_mail(task.pk, cast.dana, cast.clock(), subject="", body="By hand")
    cast.turn()
    cast.deliver(cast.answer(enrollment))
    cast.turn()
    enrollment.refresh_from_db()
    assert enrollment.credited_step == 2


def test_an_answer_that_comes_first_stops_the_mail_of_a_task(cast: Cast) -> None:
    enrollment, task = with_task(cast, HELLO, WRITE)
    tasks.send_mail(task.pk, cast.dana, cast.clock(), subject="", body="By hand")
    cast.deliver(cast.answer(enrollment))
    cast.turn()
    assert state(enrollment) == ("unenrolled", "reply")
    assert enrollment.deliveries.get(position=2).state == DeliveryState.CANCELLED


def test_the_mail_of_a_task_is_sent_once_however_often_the_button_is_pressed(cast: Cast) -> None:
    _enrollment, task = with_task(cast, WRITE)
    pressed = [tasks.send_mail(task.pk, cast.dana, cast.clock(), subject="Hi", body="Hello") for _ in range(2)]
    assert pressed == [True, False]
    assert not tasks.complete(task.pk, cast.dana, cast.clock())


def test_a_task_that_nothing_waits_for_sends_its_mail_and_plans_no_step_twice(cast: Cast) -> None:
    enrollment, task = with_task(cast, replace(WRITE, wait=False), LATER)
    tasks.send_mail(task.pk, cast.dana, cast.clock(), subject="Hi", body="Hello")
    cast.turn()
    assert enrollment.deliveries.count() == 2
    assert models.Task.objects.get().state == "done"


def test_eli_may_not_send_the_mail_of_danas_task(cast: Cast) -> None:
    _enrollment, task = with_task(cast, WRITE)
    with pytest.raises(permissions.NotAllowed):
        tasks.send_mail(task.pk, cast.eli, cast.clock(), subject="Hi", body="Hello")


def test_a_mail_may_answer_an_earlier_one_than_the_last(cast: Cast) -> None:
    other = sequences.StepDraft(kind=StepKind.EMAIL, delay=timedelta(days=1), subject="Something else", body="x")
    back = sequences.StepDraft(kind=StepKind.EMAIL, delay=timedelta(days=1), body="x", threaded=True, thread_to=1)
    cast.sequence = sequence(cast.dana, HELLO, other, back)
    enrollment = cast.enrolled()
    for _ in range(2):
        cast.clock.ahead(days=1)
        cast.turn()
    first, second, third = enrollment.deliveries.order_by("position")
    assert (second.subject, third.subject) == ("Something else", "Re: Hello")
    assert f"<{first.message_id}>".encode() in third.raw
    assert second.message_id.encode() not in third.raw


def test_a_later_start_gives_an_answering_mail_the_subject_it_would_have_answered(cast: Cast) -> None:
    enrollment = cast.enroll(start_step=2)
    cast.turn()
    assert enrollment.deliveries.get(position=2).subject == "Hello"


def test_who_may_mail_the_contact_but_not_from_the_mailbox_writes_no_mail_of_it(cast: Cast) -> None:
    delivery = upcoming(cast.enrolled())
    models.Contact.objects.filter(pk=cast.ann.pk).update(owner=None)
    with pytest.raises(permissions.NotAllowed):
        pending.edit(delivery.pk, cast.eli, cast.clock(), subject="", body="In Dana's name")
    delivery.refresh_from_db()
    assert delivery.own_body == ""
