"""What workflows had begun for a mail is let go once a person says that the mail was something else."""

from email.message import EmailMessage

import pytest

from relent.flows import contacts, overruling, workflows
from relent.records import models
from relent.terms.reviews import ReviewAnswer, Wrote
from relent.terms.workflows import RunState
from tests.cast import Cast, state

AUTOMATIC, PERSON = Wrote.AUTOMATIC, Wrote.PERSON
TASK: dict[str, object] = {"do": "task", "subject": "Call back"}


def workflow(cast: Cast, *steps: dict[str, object], trigger: str = "reply", **more: object) -> models.Workflow:
    at = cast.clock()
    return models.Workflow.objects.create(
        name="W",
        enabled=True,
        trigger=trigger,
        owner=cast.dana,
        actions=list(steps),
        created_at=at,
        changed_at=at,
        **more,
    )


def came(cast: Cast, mail: EmailMessage) -> models.InboundItem:
    cast.clock.ahead(hours=1)
    cast.deliver(mail)
    cast.turn()
    return models.InboundItem.objects.latest("pk")


def replied(cast: Cast) -> tuple[models.Enrollment, models.InboundItem]:
    enrollment = cast.enrolled()
    return enrollment, came(cast, cast.answer(enrollment))


def say(cast: Cast, item: models.InboundItem, *words: Wrote) -> None:
    for said in words:
        cast.clock.ahead(minutes=1)
        overruling.overrule(item.pk, said, cast.dana, cast.clock())


def run_due(cast: Cast) -> None:
    workflows.run_due(cast.clock.ahead(minutes=1))


def told(cast: Cast) -> list[tuple[str, str]]:
    entries = cast.ann.timeline.filter(kind__startswith="workflow").order_by("pk")
    return list(entries.values_list("kind", "reason"))


def tasks() -> int:
    return models.Task.objects.count()


def test_what_a_reply_had_begun_is_let_go_with_the_reply(cast: Cast) -> None:
    workflow(cast, TASK)
    _, item = replied(cast)
    say(cast, item, AUTOMATIC)
    run_due(cast)
    run = models.WorkflowRun.objects.get()
    assert (run.state, run.due_at, run.item, tasks()) == (RunState.LET_GO, None, item, 0)
    assert told(cast) == [("workflow_let_go", "")]


def test_what_was_done_stays_and_is_told(cast: Cast) -> None:
    workflow(cast, TASK, {"do": "notify", "text": "Look"}, TASK)
    _, item = replied(cast)
    run_due(cast)
    say(cast, item, AUTOMATIC)
    assert models.WorkflowRun.objects.get().state == RunState.DONE
    assert tasks() == 2
    assert told(cast)[-1] == ("workflow_stands", "task,notify")
    assert cast.ann.timeline.get(kind="workflow_stands").actor == cast.dana


def test_of_one_that_is_half_done_both_are_told(cast: Cast) -> None:
    models.Mailbox.objects.update(daily_limit=1)
    workflow(cast, TASK, {"do": "enroll", "sequence": cast.sequence.pk}, {"do": "notify", "text": "Look"})
    enrollment, item = replied(cast)
    run_due(cast)
    run = models.WorkflowRun.objects.get()
    assert run.state == RunState.QUEUED, run.steps
    say(cast, item, AUTOMATIC)
    cast.clock.ahead(days=2)
    run_due(cast)
    assert models.Enrollment.objects.exclude(predecessor=enrollment).count() == 1
    assert told(cast) == [("workflow_stands", "task"), ("workflow_let_go", "")]


def test_what_it_started_in_turn_is_let_go_too(cast: Cast) -> None:
    workflow(cast, {"do": "set_property", "property": "plan", "value": "pro"})
    _, item = replied(cast)
    workflow(cast, TASK, trigger="property")
    workflows.run_due(cast.clock(), limit=1)
    say(cast, item, AUTOMATIC)
    run_due(cast)
    assert tasks() == 0
    assert told(cast)[-2:] == [("workflow_stands", "set_property"), ("workflow_let_go", "")]


def test_what_began_for_another_reason_goes_on(cast: Cast) -> None:
    workflow(cast, TASK, trigger="property")
    _, item = replied(cast)
    contacts.set_property(cast.ann.pk, "plan", "pro", cast.clock())
    say(cast, item, AUTOMATIC)
    run_due(cast)
    assert tasks() == 1


def test_another_reply_has_a_run_of_its_own(cast: Cast) -> None:
    workflow(cast, TASK)
    enrollment, item = replied(cast)
    came(cast, cast.answer(enrollment, Subject="Once more"))
    say(cast, item, AUTOMATIC)
    run_due(cast)
    assert tasks() == 1


def test_a_word_taken_back_lets_it_go_on(cast: Cast) -> None:
    workflow(cast, TASK)
    _, item = replied(cast)
    say(cast, item, AUTOMATIC, PERSON)
    run_due(cast)
    assert (models.WorkflowRun.objects.get().state, tasks()) == (RunState.DONE, 1)
    assert ("workflow_taken_up", "") in told(cast)


def test_what_was_done_is_not_done_again(cast: Cast) -> None:
    workflow(cast, TASK)
    _, item = replied(cast)
    run_due(cast)
    say(cast, item, AUTOMATIC, PERSON)
    run_due(cast)
    assert tasks() == 1


def test_what_a_person_says_of_a_machines_mail_begins_what_a_reply_begins(cast: Cast) -> None:
    workflow(cast, TASK)
    enrollment = cast.enrolled()
    item = came(cast, cast.absence(enrollment))
    say(cast, item, PERSON, AUTOMATIC)
    run_due(cast)
    assert tasks() == 0
    say(cast, item, PERSON)
    run_due(cast)
    assert tasks() == 1


def bounced(cast: Cast) -> models.InboundItem:
    mail = cast.answer(cast.enrolled(), "mailer-daemon@acme.example", Subject="Undelivered Mail Returned to Sender")
    mail["Auto-Submitted"] = "auto-replied"
    mail.set_content("This is the mail system.\n\n<ann@acme.example>: host mx said: 550 5.1.1 User unknown\n")
    return came(cast, mail)


def test_what_a_bounce_had_begun_is_let_go_where_a_person_wrote(cast: Cast) -> None:
    workflow(cast, TASK, trigger="bounce")
    item = bounced(cast)
    say(cast, item, PERSON)
    run_due(cast)
    assert (models.WorkflowRun.objects.get().state, tasks()) == (RunState.LET_GO, 0)
    say(cast, item, AUTOMATIC)
    run_due(cast)
    assert (models.WorkflowRun.objects.get().state, tasks()) == (RunState.DONE, 1)


def test_a_loop_that_somebody_is_asked_about_is_let_go_with_its_question(cast: Cast) -> None:
    workflow(cast, TASK)
    _, item = replied(cast)
    run = models.WorkflowRun.objects.get()
    models.WorkflowRun.objects.filter(pk=run.pk).update(depth=9)
    run_due(cast)
    question = models.ReviewItem.objects.open().get(kind="loop")
    say(cast, item, AUTOMATIC)
    question.refresh_from_db()
    assert question.answer == ReviewAnswer.DISMISS
    assert not workflows.go_on(run.pk, cast.clock())


def test_a_run_in_the_hands_of_a_worker_writes_nothing_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    workflow(cast, {"do": "notify", "text": "Look"}, TASK)
    enrollment, item = replied(cast)
    once = iter([True])

    def meanwhile(*_: object) -> dict[str, str]:
        if next(once, False):
            overruling.overrule(item.pk, AUTOMATIC, cast.dana, cast.clock())
        return {}

    monkeypatch.setattr("relent.records.properties.read", meanwhile)  # where the run asks for its conditions
    run_due(cast)
    assert models.WorkflowRun.objects.get().state == RunState.LET_GO
    assert (tasks(), models.Notification.objects.exclude(code="").count()) == (0, 0)
    assert state(enrollment.successor) == ("scheduled", "")
