"""When a workflow runs, what it asks, what is wrong with it, and when it runs in a loop."""

import pytest

from relent.decide import workflows
from relent.decide.workflows import LoopFacts
from relent.terms.workflows import LoopRule, RunState, StepOutcome, WorkflowAction, WorkflowFault, WorkflowTrigger

PROPERTY, REPLY, STAGE = WorkflowTrigger.PROPERTY, WorkflowTrigger.REPLY, WorkflowTrigger.DEAL_STAGE
TOLD = {"property": "plan", "value": "Pro"}
ENROLL = {"do": "enroll", "sequence": 4}


@pytest.mark.parametrize(
    ("trigger", "options", "told", "embedded_in", "matches"),
    [
        (PROPERTY, {}, TOLD, None, True),
        (PROPERTY, {"property": "plan"}, TOLD, None, True),
        (PROPERTY, {"property": "plan", "value": " pro "}, TOLD, None, True),
        (PROPERTY, {"property": "plan", "value": ""}, TOLD, None, True),
        (PROPERTY, {"property": "plan", "value": "free"}, TOLD, None, False),
        (PROPERTY, {"property": "city"}, TOLD, None, False),
        (PROPERTY, {"property": "plan"}, TOLD, 7, True),
        (WorkflowTrigger.LIST, {"list": 3}, {"list": "3"}, None, True),
        (WorkflowTrigger.LIST, {"list": 3}, {"list": "30"}, None, False),
        (WorkflowTrigger.EVENT, {"event": "demo"}, {"event": "pricing"}, None, False),
        (REPLY, {}, {}, None, True),
        (REPLY, {"sequence": 7}, {"sequence": "7"}, None, True),
        (REPLY, {"sequence": 7}, {"sequence": "8"}, None, False),
        (REPLY, {}, {"sequence": "8"}, 7, False),
        (REPLY, {}, {"sequence": "7"}, 7, True),
        (REPLY, {}, {}, 7, False),
        (STAGE, {"stage": "Won"}, {"stage": "won"}, None, True),
    ],
)
def test_a_trigger_is_narrowed_by_its_options_and_by_the_sequence_it_is_embedded_in(
    trigger: WorkflowTrigger,
    options: dict[str, object],
    told: dict[str, str],
    embedded_in: int | None,
    matches: bool,
) -> None:
    assert workflows.matches(trigger, options, told, embedded_in) is matches


@pytest.mark.parametrize(
    ("compare", "value", "holds"),
    [
        ("is", "pro", True),
        ("is", "free", False),
        ("is_not", "free", True),
        ("is_not", "PRO", False),
        ("contains", "ro", True),
        ("contains", "x", False),
        ("is_set", "", True),
        ("is_not_set", "", False),
    ],
)
def test_a_condition_compares_without_regard_to_case(compare: str, value: str, holds: bool) -> None:
    condition = {"property": "plan", "compare": compare, "value": value}
    assert workflows.holds(condition, {"plan": "Pro"}) is holds


def test_a_property_that_the_contact_lacks_is_not_set() -> None:
    assert workflows.holds({"property": "plan", "compare": "is_not_set"}, {})


def faults(*actions: dict[str, object], conditions: list[dict[str, object]] | None = None) -> list[WorkflowFault]:
    return [one.fault for one in workflows.problems(PROPERTY, {}, conditions or [], list(actions))]


@pytest.mark.parametrize(
    "action",
    [
        ENROLL,
        {"do": "enroll", "sequence": "4", "by": "2"},
        {"do": "unenroll"},
        {"do": "task", "subject": "Call", "kind": "call"},
        {"do": "set_property", "property": "plan", "value": ""},
        {"do": "notify", "text": "Look"},
        {"do": "webhook", "url": "https://crm.example/in"},
    ],
)
def test_each_action_can_be_written(action: dict[str, object]) -> None:
    assert faults(action) == []


@pytest.mark.parametrize(
    ("action", "fault"),
    [
        ({"do": "dance"}, WorkflowFault.UNKNOWN_ACTION),
        ({"do": "enroll"}, WorkflowFault.MISSING),
        ({"do": "enroll", "sequence": "Hello"}, WorkflowFault.NOT_A_NUMBER),
        ({"do": "unenroll", "color": "red"}, WorkflowFault.UNKNOWN_FIELD),
        ({"do": "task", "subject": "Call", "kind": "dance"}, WorkflowFault.BAD_KIND),
        ({"do": "set_property", "property": "email", "value": "x"}, WorkflowFault.NOT_SETTABLE),
        ({"do": "set_property", "property": "a b", "value": "x"}, WorkflowFault.BAD_NAME),
        ({"do": "webhook", "url": "ftp://crm.example"}, WorkflowFault.BAD_ADDRESS),
        ({"do": "webhook", "url": "https://[::1"}, WorkflowFault.BAD_ADDRESS),
    ],
)
def test_what_is_wrong_with_an_action_is_named(action: dict[str, object], fault: WorkflowFault) -> None:
    assert faults(action) == [fault]


@pytest.mark.parametrize(
    ("condition", "fault"),
    [
        ({"property": "", "compare": "is_set"}, WorkflowFault.MISSING),
        ({"property": "a-b", "compare": "is_set"}, WorkflowFault.BAD_NAME),
        ({"property": "plan", "compare": "resembles"}, WorkflowFault.UNKNOWN_COMPARISON),
        ({"property": "plan", "compare": "is", "value": " "}, WorkflowFault.MISSING),
    ],
)
def test_what_is_wrong_with_a_condition_is_named(condition: dict[str, object], fault: WorkflowFault) -> None:
    assert faults(ENROLL, conditions=[condition]) == [fault]


def test_a_workflow_needs_an_action() -> None:
    assert faults() == [WorkflowFault.NO_ACTION]


def test_a_workflow_has_an_end() -> None:
    assert faults(*[ENROLL] * 21) == [WorkflowFault.TOO_MANY]


def test_an_option_of_another_trigger_is_refused() -> None:
    found = workflows.problems(REPLY, {"stage": "won"}, [], [ENROLL])
    assert [(one.part, one.field, one.fault) for one in found] == [("options", "stage", WorkflowFault.UNKNOWN_OPTION)]


def test_the_fields_of_every_action_and_the_options_of_every_trigger_are_said() -> None:
    assert set(workflows.FIELDS) == set(WorkflowAction)
    assert set(workflows.OPTIONS) == set(WorkflowTrigger)


@pytest.mark.parametrize(
    ("depth", "runs", "enrollments", "enrolls", "rule"),
    [
        (0, 0, 0, True, None),
        (8, 19, 2, True, None),
        (9, 0, 0, False, LoopRule.DEPTH),
        (0, 20, 0, False, LoopRule.RUNS),
        (0, 0, 3, True, LoopRule.ENROLLMENTS),
        (0, 0, 3, False, None),
    ],
)
def test_a_loop_is_told_by_its_depth_its_runs_and_its_enrollments(
    depth: int, runs: int, enrollments: int, enrolls: bool, rule: LoopRule | None
) -> None:
    known = LoopFacts(depth=depth, runs=runs, enrollments=enrollments, enrolls=enrolls)
    assert workflows.loop(known) == rule


@pytest.mark.parametrize(
    ("outcomes", "state"),
    [
        ([], RunState.DONE),
        (["holds", "done", "nothing_to_do"], RunState.DONE),
        (["done", "refused"], RunState.REFUSED),
        (["refused", "failed"], RunState.FAILED),
        (["failed", "retried"], RunState.QUEUED),
        (["done", "waits"], RunState.QUEUED),
        (["skipped", "done"], RunState.SKIPPED),
        (["does_not_hold"], RunState.NOT_MET),
        (["done", "loop"], RunState.LOOP),
    ],
)
def test_the_gravest_outcome_names_the_run(outcomes: list[str], state: RunState) -> None:
    assert workflows.state_after([StepOutcome(one) for one in outcomes]) == state


def test_a_webhook_is_tried_again_less_and_less_often_and_then_given_up() -> None:
    waits = [workflows.retry_after(tries) for tries in range(1, 7)]
    assert waits[:-1] == sorted(waits[:-1])  # type: ignore[type-var]  # only the last one is None
    assert waits[-1] is None
