"""Something happened that a workflow may wait for: its runs are written down, and run later by ``flows/workflows.py``.

Called inside the transaction in which it happened: both are remembered, or neither. It runs nothing itself, so whoever
calls may hold locks. Where no workflow waits for the trigger it costs one question to a partial index.
"""

import contextlib
import contextvars
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from relent.decide import workflows as rules
from relent.records import models
from relent.terms.history import TimelineKind
from relent.terms.workflows import RunState, StepOutcome, WorkflowTrigger

_AT_A_TIME = 500
_run_in_hand: contextvars.ContextVar[models.WorkflowRun | None] = contextvars.ContextVar("run in hand", default=None)


@dataclass(frozen=True, slots=True)
class Concerned:
    """One contact to whom it happened. ``key`` names the occurrence: the same key again makes no second run. Without
    one, the contact, the enrollment and the moment name it. ``item_id`` is the mail on whose judgement it rests: where
    a person judges that otherwise, the runs are let go; and where the judgement is restored, they are taken up."""

    contact_id: int
    enrollment_id: int | None = None
    key: str = ""
    item_id: int | None = None


def happened(
    trigger: WorkflowTrigger,
    contact_id: int,
    now: datetime,
    *,
    enrollment_id: int | None = None,
    key: str = "",
    **values: object,
) -> int:
    """Queue a run of each enabled workflow that waits for ``trigger`` with these ``values``; return how many.

    ``values`` are what a workflow may narrow its trigger by: ``property`` and ``value``, ``list`` (id), ``event``
    (name), ``sequence`` (id, taken from the enrollment where it is left out) and ``stage``.
    """
    return happened_in_bulk(trigger, [Concerned(contact_id, enrollment_id, key)], now, **values)


def happened_in_bulk(trigger: WorkflowTrigger, concerned: Iterable[Concerned], now: datetime, **values: object) -> int:
    """As ``happened``, for any number of contacts to whom the same happened: one question, then inserts of many
    rows each."""
    waiting = list(models.Workflow.objects.filter(trigger=trigger, enabled=True).order_by("pk"))
    if not waiting:
        return 0
    everybody, number = list(concerned), 0
    told = {name: str(value) for name, value in values.items()}
    for start in range(0, len(everybody), _AT_A_TIME):
        some = everybody[start : start + _AT_A_TIME]
        sequences = {} if "sequence" in told else _sequences(some, now)
        runs = []
        for one in some:
            versions = [{**told, "sequence": str(known)} for known in sequences.get(one, ())] or [told]
            for workflow in waiting:
                heard = next((version for version in versions if _waits_for(workflow, version)), None)
                runs += [] if heard is None else [_run(workflow, one, heard, now)]
        models.WorkflowRun.objects.bulk_create(runs, ignore_conflicts=True)
        number += len(runs)
        for one in some:
            if one.item_id is not None:
                _take_up(trigger, one, now)
    return number


def queue(workflow: models.Workflow, one: Concerned, now: datetime, told: dict[str, str]) -> int:
    """Queue a run of this workflow alone, if it is switched on and waits for what it is ``told``; return how many."""
    if not workflow.enabled or not _waits_for(workflow, told):
        return 0
    run = _run(workflow, one, told, now)
    if models.WorkflowRun.objects.filter(key=run.key).exists():
        return 0
    return len(models.WorkflowRun.objects.bulk_create([run], ignore_conflicts=True))


@contextlib.contextmanager
def inside(run: models.WorkflowRun) -> Iterator[None]:
    """Whatever happens in this block is the doing of ``run``: what it triggers is one deeper, and rests on the same
    mail."""
    token = _run_in_hand.set(run)
    try:
        yield
    finally:
        _run_in_hand.reset(token)


def _take_up(trigger: WorkflowTrigger, one: Concerned, now: datetime) -> None:
    """Let go on what the mail had begun by this trigger, and was let go when somebody judged it otherwise."""
    waiting = models.WorkflowRun.objects.filter(
        item=one.item_id, contact=one.contact_id, origin=trigger, state=RunState.LET_GO
    )
    for run in waiting:
        run.steps = [line for line in run.steps if line["outcome"] != StepOutcome.LOOP]  # it is looked for anew
        run.state, run.due_at, run.done_at = RunState.QUEUED, now, None
        run.save(update_fields=["steps", "state", "due_at", "done_at"])
        models.TimelineEntry.objects.create(
            contact_id=run.contact_id,
            at=now,
            kind=TimelineKind.WORKFLOW_TAKEN_UP,
            workflow_id=run.workflow_id,
            item_id=run.item_id,
        )


def _sequences(concerned: Iterable[Concerned], now: datetime) -> dict[Concerned, list[int]]:
    """In which sequence each one is concerned: that of its enrollment; without one, those the contact is in, also
    where the very same thing has just ended it."""
    named = {one.enrollment_id for one in concerned if one.enrollment_id is not None}
    known = dict(models.Enrollment.objects.filter(pk__in=named).values_list("pk", "sequence_id")) if named else {}
    rest = {one.contact_id for one in concerned if one.enrollment_id is None}
    running: dict[int, list[int]] = {}
    if rest:
        just_before = models.Enrollment.objects.open_at(now - timedelta(seconds=1)).filter(contact_id__in=rest)
        for contact_id, sequence_id in just_before.order_by("-pk").values_list("contact_id", "sequence_id"):
            running.setdefault(contact_id, []).append(sequence_id)
    return {
        one: [known[one.enrollment_id]] if one.enrollment_id in known else running.get(one.contact_id, [])
        for one in concerned
    }


def _waits_for(workflow: models.Workflow, told: dict[str, str]) -> bool:
    return rules.matches(WorkflowTrigger(workflow.trigger), workflow.options, told, workflow.sequence_id)


def _run(workflow: models.Workflow, one: Concerned, told: dict[str, str], now: datetime) -> models.WorkflowRun:
    before = _run_in_hand.get()
    depth = before.depth + 1 if before else 0
    named = one.key or f"{one.contact_id}/{one.enrollment_id or ''}/{now.isoformat()}/{depth}"
    told_apart = "" if one.key else "/".join(f"{name}={value}" for name, value in sorted(told.items()))
    # The key of an occurrence may be of any length, and one that is about a company is shared by its contacts.
    digest = hashlib.sha256(f"{one.contact_id}/{named}/{told_apart}".encode()).hexdigest()[:32]
    return models.WorkflowRun(
        workflow=workflow,
        contact_id=one.contact_id,
        enrollment_id=one.enrollment_id,
        cause=workflow.trigger,
        key=f"{workflow.pk}/{workflow.trigger}/{digest}",
        state=RunState.QUEUED,
        given=told,
        depth=depth,
        item_id=before.item_id if before else one.item_id,
        origin=before.origin if before else workflow.trigger if one.item_id else "",
        at=now,
        due_at=now,
    )
