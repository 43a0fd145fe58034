"""WHEN this happened, and IF all of that holds, THEN do these things: a workflow, decided from facts.

A workflow is data. ``options`` narrow its trigger (``{"property": "plan", "value": "pro"}``). A condition is
``{"property": "plan", "compare": "is", "value": "pro"}``, an action ``{"do": "enroll", "sequence": 4}``; which fields
each action knows stands in ``FIELDS``. Records are named by their ids.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from relent.terms.steps import TaskKind
from relent.terms.workflows import Comparison, LoopRule, RunState, StepOutcome, WorkflowFault, WorkflowTrigger
from relent.terms.workflows import WorkflowAction as Do

# What each trigger may be narrowed by.
OPTIONS: Mapping[WorkflowTrigger, tuple[str, ...]] = {
    WorkflowTrigger.PROPERTY: ("property", "value"),
    WorkflowTrigger.LIST: ("list",),
    WorkflowTrigger.EVENT: ("event",),
    WorkflowTrigger.REPLY: ("sequence",),
    WorkflowTrigger.MEETING: ("sequence",),
    WorkflowTrigger.BOUNCE: ("sequence",),
    WorkflowTrigger.UNSUBSCRIBED: ("sequence",),
    WorkflowTrigger.ENROLLED: ("sequence",),
    WorkflowTrigger.FINISHED: ("sequence",),
    WorkflowTrigger.DEAL_STAGE: ("stage",),
    WorkflowTrigger.TASK_DONE: ("sequence",),
}

# The fields that each action needs, and those it may have. Without ``by``, ``assignee`` or ``user`` the contact's
# owner is meant where one is to act on something, the workflow's owner where one is to enroll.
FIELDS: Mapping[Do, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Do.ENROLL: (("sequence",), ("by",)),
    Do.UNENROLL: ((), ("sequence",)),
    Do.TASK: (("subject",), ("kind", "body", "assignee")),
    Do.SET_PROPERTY: (("property",), ("value",)),
    Do.NOTIFY: (("text",), ("user",)),
    Do.WEBHOOK: (("url",), ()),
}
_RECORDS = ("sequence", "by", "assignee", "user", "list")

# What a workflow may not set: who a contact is, where it works and whose it is are decided elsewhere.
NOT_SETTABLE = frozenset({"email", "company", "owner"})
MOST = 20  # conditions, or actions, of one workflow

# The loop guard.
RUNS_AT_MOST, RUNS_WITHIN = 20, timedelta(days=1)
ENROLLMENTS_AT_MOST, ENROLLMENTS_WITHIN = 3, timedelta(days=7)
DEPTH_AT_MOST = 8

# How long after each failure a webhook is tried again; after the last one it has failed.
RETRIES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)


def matches(
    trigger: WorkflowTrigger, options: Mapping[str, object], told: Mapping[str, str], embedded_in: int | None
) -> bool:
    """Whether what happened is what a workflow with ``options`` waits for. One that is embedded in a sequence waits
    for what happens to that sequence's enrollments, or to a contact in general."""
    wanted = {name: str(options[name]) for name in OPTIONS[trigger] if str(options.get(name, "")).strip()}
    if embedded_in is not None and "sequence" in OPTIONS[trigger]:
        wanted["sequence"] = str(embedded_in)
    return all(_same(told.get(name, ""), value) for name, value in wanted.items())


def holds(condition: Mapping[str, object], properties: Mapping[str, str]) -> bool:
    """Whether one condition holds for a contact with ``properties``. Case and outer spaces do not count."""
    present = properties.get(str(condition["property"]), "")
    wanted = str(condition.get("value", ""))
    match Comparison(str(condition["compare"])):
        case Comparison.IS:
            return _same(present, wanted)
        case Comparison.IS_NOT:
            return not _same(present, wanted)
        case Comparison.CONTAINS:
            return wanted.strip().casefold() in present.casefold()
        case Comparison.IS_SET:
            return bool(present.strip())
        case Comparison.IS_NOT_SET:
            return not present.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopFacts:
    """What is known when a run begins: how many runs led to it, how often this workflow ran for the contact within
    ``RUNS_WITHIN``, and how often workflows enrolled the contact within ``ENROLLMENTS_WITHIN``."""

    depth: int
    runs: int
    enrollments: int
    enrolls: bool


def loop(facts: LoopFacts) -> LoopRule | None:
    """Return by which rule a run is part of a loop, or ``None`` where it may go on."""
    if facts.depth > DEPTH_AT_MOST:
        return LoopRule.DEPTH
    if facts.runs >= RUNS_AT_MOST:
        return LoopRule.RUNS
    if facts.enrolls and facts.enrollments >= ENROLLMENTS_AT_MOST:
        return LoopRule.ENROLLMENTS
    return None


def retry_after(tries: int) -> timedelta | None:
    """Return how long to wait after ``tries`` failures of a webhook; ``None`` where it is given up."""
    return RETRIES[tries - 1] if tries <= len(RETRIES) else None


_WORST_FIRST = (
    (StepOutcome.LOOP, RunState.LOOP),
    (StepOutcome.WAITS, RunState.QUEUED),
    (StepOutcome.RETRIED, RunState.QUEUED),
    (StepOutcome.FAILED, RunState.FAILED),
    (StepOutcome.REFUSED, RunState.REFUSED),
    (StepOutcome.SKIPPED, RunState.SKIPPED),
    (StepOutcome.DOES_NOT_HOLD, RunState.NOT_MET),
)


def state_after(outcomes: Sequence[StepOutcome]) -> RunState:
    """Return where a run stands whose steps ended so: the gravest outcome names it."""
    return next((state for outcome, state in _WORST_FIRST if outcome in outcomes), RunState.DONE)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: ``part`` is ``options``, ``conditions`` or ``actions``, ``index`` counts from 0."""

    part: str
    index: int
    field: str
    fault: WorkflowFault


class BadWorkflow(ValueError):
    """A workflow is not written as it must be; ``problems`` says how."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{one.part}[{one.index}].{one.field}: {one.fault.en}" for one in problems))
        self.problems = tuple(problems)


def problems(
    trigger: WorkflowTrigger,
    options: Mapping[str, object],
    conditions: Sequence[Mapping[str, object]],
    actions: Sequence[Mapping[str, object]],
) -> tuple[Problem, ...]:
    """Return everything that is wrong with a workflow; empty where it can run."""
    found = [
        Problem("options", 0, name, WorkflowFault.UNKNOWN_OPTION) for name in options if name not in OPTIONS[trigger]
    ]
    found += _bad_records("options", 0, options)
    for index, condition in enumerate(conditions):
        found += _condition(index, condition)
    if not actions:
        found.append(Problem("actions", 0, "do", WorkflowFault.NO_ACTION))
    for index, action in enumerate(actions):
        found += _action(index, action)
    for part, rows in (("conditions", conditions), ("actions", actions)):
        if len(rows) > MOST:
            found.append(Problem(part, MOST, "", WorkflowFault.TOO_MANY))
    return tuple(found)


def _condition(index: int, condition: Mapping[str, object]) -> list[Problem]:
    found = []
    compare = str(condition.get("compare", ""))
    if fault := _bad_name(condition.get("property")):
        found.append(Problem("conditions", index, "property", fault))
    if compare not in list(Comparison):
        found.append(Problem("conditions", index, "compare", WorkflowFault.UNKNOWN_COMPARISON))
    elif compare in {Comparison.IS, Comparison.CONTAINS} and not _given(condition, "value"):
        found.append(Problem("conditions", index, "value", WorkflowFault.MISSING))
    return found


def _action(index: int, action: Mapping[str, object]) -> list[Problem]:
    do = str(action.get("do", ""))
    if do not in list(Do):
        return [Problem("actions", index, "do", WorkflowFault.UNKNOWN_ACTION)]
    needed, allowed = FIELDS[Do(do)]
    known = {"do", *needed, *allowed}
    found = [Problem("actions", index, name, WorkflowFault.UNKNOWN_FIELD) for name in action if name not in known]
    found += [Problem("actions", index, name, WorkflowFault.MISSING) for name in needed if not _given(action, name)]
    found += _bad_records("actions", index, action)
    if do == Do.SET_PROPERTY and _given(action, "property"):
        name = str(action["property"])
        if fault := WorkflowFault.NOT_SETTABLE if name in NOT_SETTABLE else _bad_name(name):
            found.append(Problem("actions", index, "property", fault))
    if do == Do.WEBHOOK and _given(action, "url") and not _is_web_address(str(action["url"])):
        found.append(Problem("actions", index, "url", WorkflowFault.BAD_ADDRESS))
    if do == Do.TASK and _given(action, "kind") and str(action["kind"]) not in list(TaskKind):
        found.append(Problem("actions", index, "kind", WorkflowFault.BAD_KIND))
    return found


def _bad_records(part: str, index: int, row: Mapping[str, object]) -> list[Problem]:
    named = [name for name in _RECORDS if _given(row, name)]
    return [Problem(part, index, name, WorkflowFault.NOT_A_NUMBER) for name in named if not str(row[name]).isdecimal()]


def _bad_name(name: object) -> WorkflowFault | None:
    if not str(name or "").strip():
        return WorkflowFault.MISSING
    return None if str(name).isidentifier() else WorkflowFault.BAD_NAME


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _given(row: Mapping[str, object], name: str) -> bool:
    return bool(str(row.get(name) or "").strip())


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()
