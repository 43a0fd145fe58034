"""Running workflows: what ``flows/triggers.py`` queued is claimed, judged by its conditions, and done, line by line.

Each action and the line that says what came of it are written in one transaction, so a run that breaks off goes on
where it stood. Only a webhook is called outside of one, and may therefore be called again.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Min

from relent.decide import workflows as rules
from relent.flows import actions, enrolling, reviews, triggers
from relent.flows.actions import Action, Doing, Result
from relent.records import models, properties
from relent.terms.history import TimelineKind
from relent.terms.reasons import Refusal
from relent.terms.reviews import ReviewKind
from relent.terms.workflows import LoopRule, RunState, StepFault, StepOutcome, WorkflowAction, WorkflowTrigger

log = logging.getLogger(__name__)

# For how long a claimed run is left to the worker that claimed it.
_LEASE = timedelta(minutes=15)
_RAN = [RunState.DONE, RunState.REFUSED, RunState.FAILED, RunState.SKIPPED, RunState.LOOP]
Line = dict[str, Any]


class _Lost(Exception):
    """Another worker has taken the run over: whatever was being done is taken back."""


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a workflow would do for a contact: ``lines`` as a run would write them; ``runs`` where it would act."""

    runs: bool
    lines: tuple[Line, ...]


def run_due(now: datetime, limit: int = 50) -> int:
    """Run what is due at ``now``, also what those runs trigger in turn, up to ``limit`` runs; return how many ran."""
    ran = 0
    while ran < limit:
        due = models.WorkflowRun.objects.filter(state=RunState.QUEUED, due_at__lte=now)
        found = list(due.order_by("due_at", "pk")[: limit - ran])
        if not found:
            break
        for run in found:
            if _claim(run, now):
                _run(run, now)
                ran += 1
    return ran


def next_due(now: datetime) -> datetime | None:
    """Return when, after ``now``, the next queued run is due; ``None`` where none waits."""
    queued = models.WorkflowRun.objects.filter(state=RunState.QUEUED, due_at__gt=now)
    found: datetime | None = queued.aggregate(next=Min("due_at"))["next"]
    return found


def start(
    workflow: models.Workflow, contact: models.Contact, now: datetime, *, key: str = "", allowed: bool = False
) -> models.WorkflowRun:
    """Queue a run by hand: it runs whether or not the workflow is switched on, and its conditions count."""
    return models.WorkflowRun.objects.create(
        workflow=workflow,
        contact=contact,
        cause=workflow.trigger,
        key=key or f"{workflow.pk}/by_hand/{contact.pk}/{now.isoformat()}",
        state=RunState.QUEUED,
        given={"by_hand": "true", **({"allowed": "true"} if allowed else {})},
        at=now,
        due_at=now,
    )


def go_on(run_id: int, now: datetime) -> bool:
    """Let a run that was stopped as a loop go on, because a person said so. Return whether it had been stopped."""
    with transaction.atomic():
        run = models.WorkflowRun.objects.select_for_update().filter(pk=run_id, state=RunState.LOOP).first()
        if run is None:
            return False
        run.given = {**run.given, "allowed": "true"}
        run.steps = [line for line in run.steps if line["outcome"] != StepOutcome.LOOP]
        run.state, run.due_at, run.done_at = RunState.QUEUED, now, None
        run.save(update_fields=["given", "steps", "state", "due_at", "done_at"])
    return True


def of_sequence(sequence: models.Sequence) -> list[models.Workflow]:
    """Return the workflows embedded in ``sequence``, those of its Automation tab."""
    return list(sequence.workflows.select_related("owner").order_by("name", "pk"))


def enroll_contact(
    contact: models.Contact, sequence: models.Sequence, by: models.User, now: datetime
) -> models.Enrollment | None:
    """Enroll ``contact`` as a workflow's action does. Raises EnrollmentRefused; ``None`` where the sender's limit is
    reached and the enrollment waits or, by policy, is skipped."""
    workflow, _made = models.Workflow.objects.get_or_create(
        name=f"Enroll in {sequence.name}"[:150],
        trigger=WorkflowTrigger.EVENT,
        owner=by,
        enabled=False,
        actions=[{"do": WorkflowAction.ENROLL.value, "sequence": sequence.pk}],
        defaults={"created_at": now, "changed_at": now},
    )
    run = start(workflow, contact, now)
    if _claim(run, now):
        _run(run, now)
    run.refresh_from_db()
    line: Line = run.steps[-1] if run.steps else {}
    if line.get("outcome") == StepOutcome.REFUSED:
        raise enrolling.EnrollmentRefused(Refusal(line["code"]), line["detail"])
    return run.enrollment


def unenroll_contact(contact: models.Contact, now: datetime, workflow: models.Workflow | None = None) -> bool:
    """Unenroll ``contact`` from whatever it is in, as a workflow's action does. Return whether that ended anything."""
    return bool(actions.unenroll(contact, now, workflow, None))


def dry_run(workflow: models.Workflow, contact: models.Contact, now: datetime) -> DryRun:
    """Say what a run for ``contact`` would do now, line by line; changes nothing."""
    run = models.WorkflowRun(workflow=workflow, contact=contact, cause=workflow.trigger, key="", at=now)
    lines = _conditions(run, now)
    if any(line["outcome"] == StepOutcome.DOES_NOT_HOLD for line in lines):
        return DryRun(False, tuple(lines))
    if rule := _loop(run, now):
        return DryRun(False, (*lines, _line("loop", 0, Result(StepOutcome.LOOP, rule), now)))
    for index, action in enumerate(workflow.actions):
        result = actions.foresee(action, Doing(run=run, index=index, tries=0, now=now))
        lines.append(_line("action", index, result, now, action))
    return DryRun(True, tuple(lines))


def _claim(run: models.WorkflowRun, now: datetime) -> bool:
    """Take the run in hand for a while: of two workers exactly one sees the row as it was."""
    taken = models.WorkflowRun.objects.filter(pk=run.pk, state=RunState.QUEUED, due_at=run.due_at).update(
        due_at=now + _LEASE, attempts=F("attempts") + 1
    )
    if taken:
        run.refresh_from_db()
    return bool(taken)


def _run(run: models.WorkflowRun, now: datetime) -> None:
    try:
        with triggers.inside(run):
            if _may_begin(run, now):
                _act(run, now)
    except _Lost:
        log.warning("workflow run %s was taken over by another worker", run.pk)


def _may_begin(run: models.WorkflowRun, now: datetime) -> bool:
    """Whether its actions are to be done. Its conditions are asked once, when it begins."""
    if run.contact.deleted_at is not None:
        return _end(
            run, RunState.SKIPPED, now, _line("contact", 0, Result(StepOutcome.SKIPPED, StepFault.CONTACT_GONE), now)
        )
    if not run.workflow.enabled and "by_hand" not in run.given:
        off = Result(StepOutcome.SKIPPED, StepFault.SWITCHED_OFF)
        return _end(run, RunState.SKIPPED, now, _line("workflow", 0, off, now))
    if not any(line["part"] == "action" for line in run.steps):
        run.steps = _conditions(run, now)
        if any(line["outcome"] == StepOutcome.DOES_NOT_HOLD for line in run.steps):
            return _end(run, RunState.NOT_MET, now)
        if rule := _loop(run, now):
            return _stop_loop(run, rule, now)
    return True


def _conditions(run: models.WorkflowRun, now: datetime) -> list[Line]:
    known = properties.read(run.contact_id)
    lines = []
    for index, condition in enumerate(run.workflow.conditions):
        holds = rules.holds(condition, known)
        outcome = StepOutcome.HOLDS if holds else StepOutcome.DOES_NOT_HOLD
        lines.append(_line("condition", index, Result(outcome, detail=known.get(condition["property"], "")), now))
    return lines


def _loop(run: models.WorkflowRun, now: datetime) -> LoopRule | None:
    if run.given.get("allowed") == "true":
        return None
    earlier = models.WorkflowRun.objects.filter(
        workflow=run.workflow, contact=run.contact, state__in=_RAN, at__gt=now - rules.RUNS_WITHIN
    )
    return rules.loop(
        rules.LoopFacts(
            depth=run.depth,
            runs=earlier.count(),
            enrollments=actions.enrollments_by_workflows(run.contact, now),
            enrolls=any(action["do"] == WorkflowAction.ENROLL for action in run.workflow.actions),
        )
    )


def _act(run: models.WorkflowRun, now: datetime) -> None:
    """Do each action that has not come to its end. One that waits for a limit holds up those after it; a webhook that
    is tried again does not."""
    for index, action in enumerate(run.workflow.actions):
        before = _line_of(run, index)
        if before is not None and before["outcome"] not in {StepOutcome.WAITS, StepOutcome.RETRIED}:
            continue
        if before is not None and datetime.fromisoformat(before["again_at"]) > now:
            result = None
        else:
            tries = before["tries"] if before else 0
            result = _do(run, action, Doing(run=run, index=index, tries=tries, now=now))
        if result is not None and result.outcome == StepOutcome.LOOP:
            _stop_loop(run, LoopRule(result.code), now)
            return
        outcome = result.outcome if result is not None else StepOutcome(before["outcome"]) if before else None
        if outcome == StepOutcome.WAITS:
            break
    _finish(run, now)


def _do(run: models.WorkflowRun, action: Action, doing: Doing) -> Result:
    try:
        if actions.waits_for_nothing(action):
            result = actions.perform(action, doing)
            _write(run, action, doing, result)
        else:
            with transaction.atomic():
                result = actions.perform(action, doing)
                _write(run, action, doing, result)
    except (_Lost, OperationalError, InterfaceError):
        raise  # the database's own trouble: the run goes on here once its lease is over, and no action is left out
    except Exception:
        log.exception("action %s of workflow run %s failed", doing.index, run.pk)
        result = Result(StepOutcome.FAILED, StepFault.UNEXPECTED)
        _write(run, action, doing, result)
    return result


def _write(run: models.WorkflowRun, action: Action, doing: Doing, result: Result) -> None:
    if result.outcome == StepOutcome.LOOP:
        return  # it is told as the run's end
    line = _line("action", doing.index, result, doing.now, action) | {"tries": doing.tries + 1}
    steps = [known for known in run.steps if (known["part"], known["index"]) != ("action", doing.index)]
    _save(run, steps=[*steps, line])


def _finish(run: models.WorkflowRun, now: datetime) -> None:
    state = rules.state_after([StepOutcome(line["outcome"]) for line in run.steps])
    if state == RunState.QUEUED:
        again = min(line["again_at"] for line in run.steps if line["again_at"])
        _save(run, due_at=datetime.fromisoformat(again))
        return
    with transaction.atomic():
        _end(run, state, now)
        models.TimelineEntry.objects.create(
            contact=run.contact,
            at=now,
            kind=TimelineKind.WORKFLOW_RAN,
            workflow=run.workflow,
            enrollment=run.enrollment,
        )


def _stop_loop(run: models.WorkflowRun, rule: LoopRule, now: datetime) -> bool:
    """Stop the run, and ask a person once a day whether it is meant."""
    with transaction.atomic():
        _end(run, RunState.LOOP, now, _line("loop", 0, Result(StepOutcome.LOOP, rule), now))
        reviews.open_item(
            ReviewKind.LOOP,
            f"workflow:{run.workflow_id}:{run.contact_id}:{now.date()}",
            now,
            contact=run.contact,
            proposal={"run": run.pk, "workflow": run.workflow.name, "rule": rule.value},
        )
    return False


def _end(run: models.WorkflowRun, state: RunState, now: datetime, *lines: Line) -> bool:
    _save(run, state=state, steps=[*run.steps, *lines], done_at=now, due_at=None)
    return False


def _save(run: models.WorkflowRun, **columns: Any) -> None:
    mine = models.WorkflowRun.objects.filter(pk=run.pk, state=RunState.QUEUED, due_at=run.due_at)
    if not mine.update(**columns):
        raise _Lost
    for name, value in columns.items():
        setattr(run, name, value)


def _line_of(run: models.WorkflowRun, index: int) -> Line | None:
    found: Sequence[Line] = run.steps
    return next((line for line in found if (line["part"], line["index"]) == ("action", index)), None)


def _line(part: str, index: int, result: Result, now: datetime, action: Action | None = None) -> Line:
    return {
        "part": part,
        "index": index,
        "do": str(action["do"]) if action else "",
        "outcome": result.outcome.value,
        "code": str(result.code),
        "detail": result.detail,
        "sequences": list(result.sequences),
        "at": now.isoformat(),
        "again_at": result.again_at.isoformat() if result.again_at else "",
    }
