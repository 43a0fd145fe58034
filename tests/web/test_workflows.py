"""The pages of workflows, and the address for events: what they show, what they change, and for whom."""

import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from relent.flows import contacts, workflow_saving, workflows
from relent.flows.workflow_saving import BadWorkflow, Draft
from relent.records import models
from relent.terms.roles import Role
from relent.terms.workflows import RunState, WorkflowTrigger
from tests.cast import MONDAY, Cast, super_admin

SignIn = Callable[..., Client]


@pytest.fixture
def manager(cast: Cast, sign_in: SignIn) -> Client:
    """The browser of Dana, who is a manager."""
    cast.dana.role = Role.MANAGER
    cast.dana.save()
    return sign_in(cast.dana)


def written(cast: Cast, **fields: str) -> dict[str, str]:
    """Return what the editor posts: when a plan becomes pro, and the company is Acme, enroll."""
    return {
        "name": "Upgrades",
        "trigger": "property",
        "property": "plan",
        "value": "pro",
        "c-count": "1",
        "c0-property": "company",
        "c0-compare": "is",
        "c0-value": "Acme",
        "a-count": "1",
        "a0-do": "enroll",
        "a0-sequence": str(cast.sequence.pk),
        **fields,
    }


def workflow(cast: Cast, **fields: object) -> models.Workflow:
    columns = {"name": "Upgrades", "enabled": True, "trigger": "property", "actions": [{"do": "notify", "text": "Hi"}]}
    return models.Workflow.objects.create(
        **{**columns, "owner": cast.dana, "created_at": MONDAY, "changed_at": MONDAY, **fields}
    )


def test_a_manager_writes_a_workflow_that_is_off_at_first(cast: Cast, manager: Client) -> None:
    assert manager.post(reverse("workflow-new"), written(cast)).status_code == 302
    made = models.Workflow.objects.get()
    assert (made.enabled, made.owner, made.options) == (False, cast.dana, {"property": "plan", "value": "pro"})
    assert made.conditions == [{"property": "company", "compare": "is", "value": "Acme"}]
    assert made.actions == [{"do": "enroll", "sequence": cast.sequence.pk}]
    assert made.secrets["signing_key"]


def test_what_was_saved_stands_in_the_editor_again(cast: Cast, manager: Client) -> None:
    manager.post(reverse("workflow-new"), written(cast))
    made = models.Workflow.objects.get()
    page = manager.get(reverse("workflow-edit", args=[made.pk])).content.decode()
    assert 'value="Acme"' in page
    assert f'<option value="{cast.sequence.pk}" selected>' in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"a-count": "0"}, "A workflow needs at least one action."),
        ({"c0-value": ""}, "This cannot be empty."),
        ({"a0-do": "webhook", "a0-url": "ftp://crm.example"}, "This is not a web address."),
        ({"a0-do": "set_property", "a0-property": "email"}, "A workflow cannot set this property."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(cast: Cast, manager: Client, fields: dict[str, str], said: str) -> None:
    answer = manager.post(reverse("workflow-new"), written(cast, **fields))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not models.Workflow.objects.exists()


def test_a_button_adds_a_row_and_keeps_what_was_typed(cast: Cast, manager: Client) -> None:
    page = manager.post(reverse("workflow-new"), written(cast, do="add-notify")).content.decode()
    assert 'name="a1-text"' in page
    assert 'value="Acme"' in page
    assert not models.Workflow.objects.exists()


def test_choosing_another_trigger_shows_what_it_is_narrowed_by(cast: Cast, manager: Client) -> None:
    page = manager.post(reverse("workflow-new"), written(cast, do="show", trigger="deal_stage")).content.decode()
    assert 'name="stage"' in page
    assert 'name="property"' not in page


def test_a_manager_cannot_let_somebody_of_another_team_enroll(cast: Cast, manager: Client) -> None:
    draft = Draft(
        name="W",
        trigger=WorkflowTrigger.REPLY,
        options={},
        conditions=[],
        actions=[{"do": "enroll", "sequence": cast.sequence.pk, "by": cast.eli.pk}],
    )
    with pytest.raises(BadWorkflow, match="somebody of your team"):
        workflow_saving.save(draft, cast.dana, MONDAY)


def test_a_workflow_runs_in_the_name_of_whoever_saved_it_last(cast: Cast, manager: Client) -> None:
    made = workflow(cast, owner=super_admin())
    manager.post(reverse("workflow-edit", args=[made.pk]), written(cast))
    made.refresh_from_db()
    assert made.owner == cast.dana


def test_a_rep_reads_workflows_and_cannot_write_them(cast: Cast, eli: Client) -> None:
    made = workflow(cast)
    assert eli.get(reverse("workflow", args=[made.pk])).status_code == 200
    assert eli.post(reverse("workflow-edit", args=[made.pk]), written(cast)).status_code == 403
    assert eli.post(reverse("workflow-switch", args=[made.pk]), {"on": "no"}).status_code == 403


def test_it_is_switched_on_and_off(cast: Cast, manager: Client) -> None:
    made = workflow(cast)
    manager.post(reverse("workflow-switch", args=[made.pk]), {"on": "no"})
    made.refresh_from_db()
    assert not made.enabled


def test_the_log_shows_each_run_with_its_lines_and_can_be_filtered(cast: Cast, dana: Client) -> None:
    made = workflow(cast, conditions=[{"property": "company", "compare": "is", "value": "Birch"}])
    contacts.set_property(cast.ann.pk, "plan", "pro", cast.clock())
    workflows.run_due(cast.clock())
    address = reverse("workflow", args=[made.pk])
    assert "It does not hold." in dana.get(address, {"state": "not_met"}).content.decode()
    assert "No run ended so" in dana.get(address, {"state": "done"}).content.decode()


def test_the_log_names_no_contact_that_the_reader_does_not_see(cast: Cast, eli: Client) -> None:
    made = workflow(cast)
    contacts.set_property(cast.ann.pk, "plan", "pro", cast.clock())
    workflows.run_due(cast.clock())
    assert "Ann Archer" not in eli.get(reverse("workflow", args=[made.pk])).content.decode()


def test_neither_the_log_nor_a_dry_run_names_a_private_sequence(cast: Cast, eli: Client) -> None:
    models.Contact.objects.filter(pk=cast.ann.pk).update(owner=None)
    models.Sequence.objects.update(private=True, name="Secret plan")
    cast.enrolled()
    made = workflow(cast, actions=[{"do": "unenroll"}])
    dry = eli.get(reverse("workflow-dry-run", args=[made.pk]), {"who": "ann@acme.example"}).content.decode()
    contacts.set_property(cast.ann.pk, "plan", "pro", cast.clock())
    workflows.run_due(cast.clock())
    log = eli.get(reverse("workflow", args=[made.pk])).content.decode()
    assert "Ann Archer" in log
    assert ("Would be done." in dry, "Secret plan" in dry + log) == (True, False)


def test_the_log_names_the_sequence_to_who_sees_it(cast: Cast, dana: Client) -> None:
    models.Sequence.objects.update(name="Open plan")
    cast.enrolled()
    made = workflow(cast, actions=[{"do": "unenroll"}])
    contacts.set_property(cast.ann.pk, "plan", "pro", cast.clock())
    workflows.run_due(cast.clock())
    assert "Open plan" in dana.get(reverse("workflow", args=[made.pk])).content.decode()


def test_the_address_of_a_webhook_is_shown_to_who_may_write_it(cast: Cast, eli: Client, manager: Client) -> None:
    made = workflow(cast, actions=[{"do": "webhook", "url": "https://hooks.example/in/s3cret"}])
    shown = [browser.get(reverse("workflow", args=[made.pk])).content.decode() for browser in (eli, manager)]
    assert all("hooks.example" in page for page in shown)
    assert ["s3cret" in page for page in shown] == [False, True]


def test_a_dry_run_says_what_would_be_done_and_does_not_do_it(cast: Cast, dana: Client) -> None:
    made = workflow(cast, actions=[{"do": "enroll", "sequence": cast.sequence.pk}])
    page = dana.get(reverse("workflow-dry-run", args=[made.pk]), {"who": "ann@acme.example"}).content.decode()
    assert "Would be done." in page
    assert not models.Enrollment.objects.exists()


def test_eli_cannot_run_a_dry_run_on_danas_contact(cast: Cast, eli: Client) -> None:
    made = workflow(cast)
    answer = eli.get(reverse("workflow-dry-run", args=[made.pk]), {"who": "ann@acme.example"})
    assert answer.status_code == 422
    assert "Ann Archer" not in answer.content.decode()


def test_a_workflow_in_japanese_holds_no_english_sentence(cast: Cast, sign_in: SignIn) -> None:
    made = workflow(cast)
    page = sign_in(cast.dana, "ja").get(reverse("workflow", args=[made.pk])).content.decode()
    assert "ユーザーに通知" in page


def test_the_record_of_a_contact_is_changed_and_a_workflow_runs(cast: Cast, dana: Client) -> None:
    workflow(cast, options={"property": "plan", "value": "pro"})
    form = {"first_name": "Ann", "email": "ann@acme.example", "properties": "plan = pro"}
    assert dana.post(reverse("contact-edit", args=[cast.ann.pk]), form).status_code == 302
    assert models.WorkflowRun.objects.get().contact == cast.ann


def hook(cast: Cast, **fields: object) -> tuple[models.Workflow, str]:
    made = workflow(cast, trigger="event", **fields)
    root = models.User.objects.filter(role=Role.SUPER_ADMIN).first() or super_admin()
    return made, workflow_saving.new_event_address(made, root, MONDAY).removeprefix("http://127.0.0.1:8000")


def post(client: Client, address: str, **body: object) -> tuple[int, dict[str, object]]:
    answer = client.post(address, json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json()


def test_an_event_sets_properties_and_starts_the_workflow(cast: Cast, client: Client) -> None:
    made, address = hook(cast, options={"event": "demo"})
    answer = post(client, address, email="Ann@Acme.example", event="demo", properties={"plan": "pro", "seats": 5})
    assert answer == (202, {"queued": 1})
    cast.ann.refresh_from_db()
    assert cast.ann.properties == {"plan": "pro", "seats": "5"}
    run = models.WorkflowRun.objects.get()
    assert (run.workflow, run.state, run.given["event"]) == (made, RunState.QUEUED, "demo")


def test_the_same_event_again_starts_nothing(cast: Cast, client: Client) -> None:
    _made, address = hook(cast)
    assert post(client, address, email="ann@acme.example", id="e-1") == (202, {"queued": 1})
    assert post(client, address, email="ann@acme.example", id="e-1") == (202, {"queued": 0})


def test_another_event_or_a_workflow_that_is_off_starts_nothing(cast: Cast, client: Client) -> None:
    made, address = hook(cast, options={"event": "demo"})
    assert post(client, address, email="ann@acme.example", event="pricing") == (202, {"queued": 0})
    models.Workflow.objects.filter(pk=made.pk).update(enabled=False)
    assert post(client, address, email="ann@acme.example", event="demo") == (202, {"queued": 0})


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"email": "nobody@acme.example"}, 404, "unknown_contact"),
        ({}, 400, "bad_event"),
        ({"email": "ann@acme.example", "properties": {"email": "x@acme.example"}}, 400, "bad_event"),
        ({"email": "ann@acme.example", "properties": {"a": ["b"]}}, 400, "bad_event"),
        ({"email": "ann@acme.example", "properties": {"a": "\x00"}}, 400, "bad_event"),
        ({"email": "ann@acme.example", "event": "\ud800"}, 400, "bad_event"),
        ({"email": "ann@acme.example", "properties": {"time_zone": "Mars/North"}}, 400, "bad_event"),
        ({"email": "ann@acme.example", "event": "x" * 70_000}, 413, "too_large"),
    ],
)
def test_an_event_that_cannot_be_taken_is_answered_with_its_fault(
    cast: Cast, client: Client, body: dict[str, object], status: int, error: str
) -> None:
    _made, address = hook(cast)
    answer = post(client, address, **body)
    assert (answer[0], answer[1]["error"]) == (status, error)
    assert not models.WorkflowRun.objects.exists()


def test_a_body_that_is_no_json_is_refused(cast: Cast, client: Client) -> None:
    _made, address = hook(cast)
    assert client.post(address, "{", content_type="application/json").json() == {"error": "bad_json"}


def test_a_new_address_kills_the_one_before_and_a_revoked_one_is_dead(cast: Cast, client: Client) -> None:
    made, old = hook(cast)
    made, new = models.Workflow.objects.get(pk=made.pk), ""
    new = workflow_saving.new_event_address(made, super_admin_of_install(), MONDAY).removeprefix(
        "http://127.0.0.1:8000"
    )
    assert post(client, old, email="ann@acme.example")[0] == 404
    assert post(client, new, email="ann@acme.example")[0] == 202
    workflow_saving.revoke_event_address(made, super_admin_of_install(), MONDAY)
    assert post(client, new, email="ann@acme.example")[0] == 404


def super_admin_of_install() -> models.User:
    return models.User.objects.get(role=Role.SUPER_ADMIN)


def test_an_address_that_was_never_made_answers_nobody(cast: Cast, client: Client) -> None:
    made = workflow(cast, trigger="event")
    for token in (f"{made.pk}-", f"{made.pk}-x", "x", "99999999999999999999-x"):
        assert post(client, f"/hooks/events/{token}", email="ann@acme.example")[0] == 404
