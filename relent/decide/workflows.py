"""WHEN this happened, and IF all of that holds, THEN do these things: a workflow, decided from facts.

A workflow is data. Its trigger's ``options`` narrow it (``{"property": "plan", "value": "pro"}``); its conditions are
``{"property": "plan", "compare": "is", "value": "pro"}``; its actions are ``{"do": "enroll", "sequence": 4}``.
"""

from collections.abc import Mapping

from relent.terms.workflows import WorkflowTrigger

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


def matches(
    trigger: WorkflowTrigger, options: Mapping[str, object], told: Mapping[str, str], embedded_in: int | None
) -> bool:
    """Whether what happened is what a workflow with ``options`` waits for. One that is embedded in a sequence waits
    for what happens to that sequence's enrollments, or to a contact in general."""
    wanted = {name: str(options[name]) for name in OPTIONS[trigger] if str(options.get(name, "")).strip()}
    if embedded_in is not None and "sequence" in OPTIONS[trigger]:
        wanted["sequence"] = str(embedded_in)
    return all(_same(told.get(name, ""), value) for name, value in wanted.items())


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()
