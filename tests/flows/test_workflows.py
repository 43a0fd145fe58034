"""Workflows run: when they are due, once, with a line for each thing they did, and not in a loop."""

from datetime import timedelta

import pytest
from django.db import OperationalError

from relent.flows import actions, apply, contacts, enrolling, profiles, tasks, triggers, workflows
from relent.flows.triggers import Concerned
from relent.records import models
from relent.terms.reasons import Refusal
from relent.terms.workflows import RunState, WorkflowTrigger
from tests.cast import Cast, sequence, state

PLAN = {"property": "plan"}
ENROLLED = WorkflowTrigger.ENROLLED


def workflow(cast: Cast, *steps: dict[str, object], **fields: object) -> models.Workflow:
    columns = {"name": "W", "enabled": True, "trigger": "property", "owner": cast.dana, "actions": list(steps)}
    return models.Workflow.objects.create(
        **{**columns, "created_at": cast.clock(), "changed_at": cast.clock(), **fields}
    )


def enroll(cast: Cast) -> dict[str, object]:
    return {"do": "enroll", "sequence": cast.sequence.pk}


def set_plan(cast: Cast, value: str = "pro") -> models.WorkflowRun:
    """Set Ann's plan, run what that starts, and return the newest run."""
    contacts.set_property(cast.ann.pk, "plan", value, cast.clock())
    workflows.run_due(cast.clock())
    return models.WorkflowRun.objects.latest("pk")


def outcomes(run: models.WorkflowRun) -> list[tuple[str, str]]:
    run.refresh_from_db()
    return [(line["outcome"], line["code"]) for line in run.steps]


def test_a_changed_property_enrolls_the_contact(cast: Cast) -> None:
    workflow(cast, enroll(cast), options={"property": "plan", "value": "pro"})
    run = set_plan(cast)
    assert run.state == RunState.DONE
    assert run.given == {"property": "plan", "value": "pro"}
    assert models.Enrollment.objects.get() == run.enrollment


def test_the_timeline_names_the_workflow_that_ran(cast: Cast) -> None:
    made = workflow(cast, {"do": "notify", "text": "Look"})
    set_plan(cast)
    assert cast.ann.timeline.get(kind="workflow_ran").workflow == made


def test_another_value_starts_nothing(cast: Cast) -> None:
    workflow(cast, enroll(cast), options={"property": "plan", "value": "pro"})
    contacts.set_property(cast.ann.pk, "plan", "free", cast.clock())
    assert not models.WorkflowRun.objects.exists()


def test_a_property_that_keeps_its_value_starts_nothing(cast: Cast) -> None:
    workflow(cast, {"do": "notify", "text": "Look"})
    set_plan(cast)
    set_plan(cast)
    assert models.WorkflowRun.objects.count() == 1


def test_a_workflow_that_is_off_starts_nothing(cast: Cast) -> None:
    workflow(cast, enroll(cast), enabled=False)
    contacts.set_property(cast.ann.pk, "plan", "pro", cast.clock())
    assert not models.WorkflowRun.objects.exists()


def test_a_run_whose_workflow_was_switched_off_meanwhile_is_skipped(cast: Cast) -> None:
    made = workflow(cast, enroll(cast))
    contacts.set_property(cast.ann.pk, "plan", "pro", cast.clock())
    models.Workflow.objects.filter(pk=made.pk).update(enabled=False)
    workflows.run_due(cast.clock())
    assert models.WorkflowRun.objects.get().state == RunState.SKIPPED


def test_a_deleted_contact_is_left_alone(cast: Cast) -> None:
    workflow(cast, enroll(cast))
    contacts.set_property(cast.ann.pk, "plan", "pro", cast.clock())
    models.Contact.objects.filter(pk=cast.ann.pk).update(deleted_at=cast.clock())
    workflows.run_due(cast.clock())
    assert models.WorkflowRun.objects.get().state == RunState.SKIPPED
    assert not models.Enrollment.objects.exists()


def test_a_condition_that_does_not_hold_ends_the_run(cast: Cast) -> None:
    asks = [{"property": "company", "compare": "is", "value": "Birch"}]
    workflow(cast, enroll(cast), conditions=asks)
    run = set_plan(cast)
    assert run.state == RunState.NOT_MET
    assert (run.steps[0]["outcome"], run.steps[0]["detail"]) == ("does_not_hold", "Acme")


def test_the_same_occurrence_runs_once(cast: Cast) -> None:
    workflow(cast, {"do": "notify", "text": "Look"}, trigger="event")
    for _ in range(2):
        triggers.happened(WorkflowTrigger.EVENT, cast.ann.pk, cast.clock(), key="form-1", event="demo")
        cast.clock.ahead(minutes=1)
    assert models.WorkflowRun.objects.count() == 1


def test_without_a_workflow_that_waits_a_trigger_costs_one_question(
    cast: Cast, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]  # a fixture of pytest-django
        triggers.happened(WorkflowTrigger.REPLY, cast.ann.pk, cast.clock(), enrollment_id=1)


def test_a_thousand_contacts_are_told_in_few_questions(cast: Cast, django_assert_max_num_queries: object) -> None:
    workflow(cast, {"do": "notify", "text": "Look"}, trigger="reply")
    enrollment = cast.enroll()
    many = [Concerned(cast.ann.pk, enrollment.pk, key=f"reply-{n}") for n in range(1_000)]
    with django_assert_max_num_queries(20):  # type: ignore[operator]  # a fixture of pytest-django
        assert triggers.happened_in_bulk(WorkflowTrigger.REPLY, many, cast.clock()) == 1_000


def test_a_finished_sequence_starts_the_next_one(cast: Cast) -> None:
    following = sequence(cast.dana)
    workflow(
        cast, {"do": "enroll", "sequence": following.pk}, trigger="finished", options={"sequence": cast.sequence.pk}
    )
    cast.enrolled()
    for _ in range(2):
        cast.clock.ahead(days=7)
        cast.turn()
    workflows.run_due(cast.clock())
    assert models.Enrollment.objects.get(sequence=following).is_open


def test_a_task_that_was_done_and_an_enrollment_start_workflows(cast: Cast) -> None:
    workflow(cast, {"do": "task", "subject": "Call"}, trigger="enrolled")
    workflow(cast, {"do": "notify", "text": "Done"}, trigger="task_done")
    cast.enroll()
    workflows.run_due(cast.clock())
    tasks.complete(models.Task.objects.get().pk, cast.dana, cast.clock())
    workflows.run_due(cast.clock())
    assert models.Notification.objects.get().user == cast.dana


def test_an_embedded_workflow_hears_of_its_own_sequence_only(cast: Cast) -> None:
    other = sequence(cast.dana)
    workflow(cast, {"do": "notify", "text": "Look"}, trigger="enrolled", sequence=other)
    cast.enroll()
    assert not models.WorkflowRun.objects.exists()


def test_an_embedded_workflow_hears_of_what_names_no_enrollment_while_the_contact_is_in_its_sequence(
    cast: Cast,
) -> None:
    workflow(cast, {"do": "notify", "text": "Look"}, trigger="meeting", sequence=cast.sequence)
    triggers.happened(WorkflowTrigger.MEETING, cast.ann.pk, cast.clock(), key="before")
    cast.enroll()
    triggers.happened(WorkflowTrigger.MEETING, cast.ann.pk, cast.clock(), key="while")
    workflows.unenroll_contact(cast.ann, cast.clock())
    triggers.happened(WorkflowTrigger.MEETING, cast.ann.pk, cast.clock(), key="just ended")
    triggers.happened(WorkflowTrigger.MEETING, cast.ann.pk, cast.clock.ahead(days=1), key="after")
    assert models.WorkflowRun.objects.count() == 2


def test_a_workflow_unenrolls_from_every_sequence(cast: Cast) -> None:
    enrollment = cast.enrolled()
    workflow(cast, {"do": "unenroll"})
    assert outcomes(set_plan(cast)) == [("done", "")]
    assert state(enrollment) == ("unenrolled", "workflow")


def test_a_trigger_of_the_sequence_unenrolls_with_a_reason_of_its_own(cast: Cast) -> None:
    enrollment = cast.enrolled()
    workflow(cast, {"do": "unenroll"}, sequence=cast.sequence)
    set_plan(cast)
    assert state(enrollment) == ("unenrolled", "automation_trigger")


def test_unenrolling_from_another_sequence_leaves_this_one(cast: Cast) -> None:
    enrollment = cast.enrolled()
    workflow(cast, {"do": "unenroll", "sequence": sequence(cast.dana).pk})
    assert outcomes(set_plan(cast)) == [("nothing_to_do", "")]
    assert state(enrollment)[0] == "active"


def test_a_missing_token_refuses_the_enrollment_and_the_other_actions_go_on(cast: Cast) -> None:
    models.Contact.objects.filter(pk=cast.ann.pk).update(first_name="")
    workflow(cast, enroll(cast), {"do": "notify", "text": "Look"})
    run = set_plan(cast)
    assert outcomes(run) == [("refused", "MISSING_TOKEN"), ("done", "")]
    assert run.state == RunState.REFUSED
    assert run.steps[0]["detail"] == "contact.first_name"


def test_whoever_is_enrolled_already_is_not_enrolled_again(cast: Cast) -> None:
    cast.enroll()
    workflow(cast, enroll(cast))
    assert outcomes(set_plan(cast)) == [("refused", "ALREADY_ENROLLED")]


def test_nobody_else_mails_in_place_of_an_enroller_who_has_gone(cast: Cast) -> None:
    models.User.objects.filter(pk=cast.eli.pk).update(is_active=False)
    workflow(cast, {**enroll(cast), "by": cast.eli.pk})
    assert outcomes(set_plan(cast)) == [("refused", "NOT_ALLOWED")]


def test_at_the_daily_limit_an_enrollment_waits_until_there_is_room(cast: Cast) -> None:
    models.Mailbox.objects.update(daily_limit=1)
    cast.enrolled(cast.bob)
    cast.clock.ahead(hours=1)
    workflow(cast, enroll(cast), {"do": "notify", "text": "Enrolled"})
    run = set_plan(cast)
    assert (run.state, run.due_at) == (RunState.QUEUED, cast.clock() + timedelta(hours=23))
    assert outcomes(run) == [("waits", "OVER_LIMIT")]
    assert workflows.next_due(cast.clock()) == run.due_at
    cast.clock.ahead(hours=23)
    workflows.run_due(cast.clock())
    assert outcomes(run) == [("done", ""), ("done", "")]


def test_the_strict_profile_skips_at_the_daily_limit(cast: Cast) -> None:
    profiles.choose("hubspot-strict", {}, cast.dana, cast.clock())
    models.Mailbox.objects.update(daily_limit=0)
    workflow(cast, enroll(cast))
    run = set_plan(cast)
    assert (run.state, outcomes(run)) == (RunState.SKIPPED, [("skipped", "OVER_LIMIT")])


def test_a_task_goes_to_the_contacts_owner(cast: Cast) -> None:
    workflow(cast, {"do": "task", "subject": "Call Ann", "kind": "call"}, owner=cast.eli)
    set_plan(cast)
    made = models.Task.objects.get()
    assert (made.assignee, made.kind, made.delivery) == (cast.dana, "call", None)


def test_a_property_is_set_and_that_starts_other_workflows_one_deeper(cast: Cast) -> None:
    workflow(cast, {"do": "set_property", "property": "stage", "value": "warm"}, options=PLAN)
    workflow(cast, {"do": "notify", "text": "Warm"}, options={"property": "stage"})
    run = set_plan(cast)
    cast.ann.refresh_from_db()
    assert cast.ann.properties == {"plan": "pro", "stage": "warm"}
    assert (run.depth, run.state) == (1, RunState.DONE)


def test_a_time_zone_that_does_not_exist_is_not_set(cast: Cast) -> None:
    workflow(cast, {"do": "set_property", "property": "time_zone", "value": "Mars/North"})
    assert outcomes(set_plan(cast)) == [("failed", "bad_value")]


def test_two_workflows_that_start_each_other_are_stopped_and_a_person_is_asked(cast: Cast) -> None:
    for here, there in (("a", "b"), ("b", "a")):
        action = {"do": "set_property", "property": there, "value": "x"}
        clear = {"do": "set_property", "property": here, "value": ""}
        asks = [{"property": here, "compare": "is_set"}]
        workflow(cast, action, clear, options={"property": here}, conditions=asks)
    contacts.set_property(cast.ann.pk, "a", "x", cast.clock())
    ran = workflows.run_due(cast.clock(), limit=200)
    assert ran < 200
    stopped = models.WorkflowRun.objects.filter(state=RunState.LOOP).first()
    assert stopped is not None
    assert stopped.steps[-1]["code"] == "depth"
    assert models.ReviewItem.objects.filter(kind="loop", contact=cast.ann).exists()


def enroll_and_end(cast: Cast, times: int) -> None:
    for _ in range(times):
        triggers.happened(WorkflowTrigger.REPLY, cast.ann.pk, cast.clock())
        workflows.run_due(cast.clock())
        workflows.unenroll_contact(cast.ann, cast.clock())
        cast.clock.ahead(hours=1)


def test_a_contact_is_not_enrolled_by_workflows_again_and_again(cast: Cast) -> None:
    workflow(cast, enroll(cast), trigger="reply")
    enroll_and_end(cast, 5)
    assert models.Enrollment.objects.count() == 3
    assert models.WorkflowRun.objects.latest("pk").state == RunState.LOOP
    assert models.ReviewItem.objects.filter(kind="loop").count() == 1


def test_a_stopped_run_goes_on_where_a_person_says_that_it_is_meant(cast: Cast) -> None:
    workflow(cast, enroll(cast), trigger="reply")
    enroll_and_end(cast, 4)
    run = models.WorkflowRun.objects.latest("pk")
    assert workflows.go_on(run.pk, cast.clock())
    workflows.run_due(cast.clock())
    run.refresh_from_db()
    assert run.state == RunState.DONE
    assert models.Enrollment.objects.count() == 4


def test_an_action_that_breaks_is_told_and_undone_and_the_others_go_on(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> actions.Result:
        models.Notification.objects.create(user=cast.dana, at=cast.clock(), text="half done")
        raise ZeroDivisionError

    monkeypatch.setattr(actions, "perform", breaks)
    workflow(cast, {"do": "task", "subject": "Call"}, {"do": "unenroll"})
    assert outcomes(set_plan(cast)) == [("failed", "unexpected"), ("failed", "unexpected")]
    assert not models.Notification.objects.exists()


def test_a_run_that_broke_off_goes_on_after_its_last_line(cast: Cast) -> None:
    workflow(cast, {"do": "notify", "text": "One"}, {"do": "notify", "text": "Two"})
    run = set_plan(cast)
    models.WorkflowRun.objects.filter(pk=run.pk).update(
        state=RunState.QUEUED, due_at=cast.clock(), done_at=None, steps=run.steps[:1]
    )
    workflows.run_due(cast.clock())
    assert [note.text for note in models.Notification.objects.order_by("pk")] == ["One", "Two", "Two"]
    assert outcomes(run) == [("done", ""), ("done", "")]


def test_a_run_in_another_workers_hands_is_not_run(cast: Cast) -> None:
    workflow(cast, {"do": "notify", "text": "Look"})
    contacts.set_property(cast.ann.pk, "plan", "pro", cast.clock())
    seen_by_both = models.WorkflowRun.objects.get()
    assert workflows._claim(models.WorkflowRun.objects.get(), cast.clock())
    assert not workflows._claim(seen_by_both, cast.clock())


def test_a_dry_run_says_what_would_happen_and_changes_nothing(cast: Cast) -> None:
    cast.enroll()
    made = workflow(cast, enroll(cast), {"do": "unenroll"}, {"do": "task", "subject": "Call"}, enabled=False)
    told = workflows.dry_run(made, cast.ann, cast.clock())
    assert told.runs
    assert [line["outcome"] for line in told.lines] == ["refused", "would_do", "would_do"]
    assert not models.WorkflowRun.objects.exists()
    assert not models.Task.objects.exists()


def test_a_dry_run_stops_at_a_condition_that_does_not_hold(cast: Cast) -> None:
    made = workflow(cast, enroll(cast), conditions=[{"property": "plan", "compare": "is_set"}])
    told = workflows.dry_run(made, cast.ann, cast.clock())
    assert (told.runs, [line["outcome"] for line in told.lines]) == (False, ["does_not_hold"])


def test_a_single_enrollment_by_workflow_names_its_refusal(cast: Cast) -> None:
    cast.enroll()
    with pytest.raises(enrolling.EnrollmentRefused) as refused:
        workflows.enroll_contact(cast.ann, cast.sequence, cast.dana, cast.clock())
    assert refused.value.code == Refusal.ALREADY_ENROLLED


def test_a_single_enrollment_by_workflow_is_returned(cast: Cast) -> None:
    made = workflows.enroll_contact(cast.ann, cast.sequence, cast.dana, cast.clock())
    assert made == models.Enrollment.objects.get()


def test_the_workflows_of_a_sequence_are_found(cast: Cast) -> None:
    embedded = workflow(cast, {"do": "unenroll"}, sequence=cast.sequence)
    workflow(cast, {"do": "unenroll"})
    assert workflows.of_sequence(cast.sequence) == [embedded]


def test_an_action_that_met_trouble_of_the_database_is_done_later(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    enrollment = cast.enrolled()
    workflow(cast, {"do": "unenroll"})
    contacts.set_property(cast.ann.pk, "plan", "pro", cast.clock())
    with monkeypatch.context() as broken:
        broken.setattr(apply, "direct", _locked)
        with pytest.raises(OperationalError):
            workflows.run_due(cast.clock())
    workflows.run_due(cast.clock.ahead(minutes=16))
    assert state(enrollment) == ("unenrolled", "workflow")


def _locked(*args: object) -> bool:
    raise OperationalError("database is locked")
