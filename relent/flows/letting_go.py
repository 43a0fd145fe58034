"""What workflows had begun for a mail is let go, once a person says that the mail was something else.

What waits is not done any more. What was done stays done, and the timeline says so: a task may be under way, and a
webhook has been heard.
"""

from datetime import datetime

from django.db.models import Q, QuerySet

from relent.records import models
from relent.terms.history import TimelineKind
from relent.terms.reviews import ReviewAnswer, ReviewKind, Wrote
from relent.terms.workflows import RunState, StepOutcome, WorkflowTrigger

# By what a mail may begin a workflow now that it counts as this: what was begun so goes on.
_STANDS = {Wrote.PERSON: WorkflowTrigger.REPLY, Wrote.AUTOMATIC: WorkflowTrigger.BOUNCE}

_WAITS = [RunState.QUEUED, RunState.LOOP]  # a loop goes on when a person says that it is meant


def let_go(row: models.Overrule, now: datetime) -> int:
    """Let go all runs that rest on the mail as it was judged before, also those that they started in turn; return how
    many had not come to their end. Called after everything else that ``row`` leads to: a worker that does an action
    holds its enrollment before it writes its run."""
    begun = models.WorkflowRun.objects.filter(item=row.item).exclude(origin=_STANDS[Wrote(row.said)])
    waiting = begun.filter(state__in=_WAITS)
    let = set(waiting.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))
    models.WorkflowRun.objects.filter(pk__in=let).update(state=RunState.LET_GO, due_at=None, done_at=now)
    asked = models.ReviewItem.objects.open().filter(kind=ReviewKind.LOOP, proposal__run__in=sorted(let))
    asked.update(closed_at=now, answer=ReviewAnswer.DISMISS)
    for run in begun.filter(Q(pk__in=let) | ~Q(state=RunState.LET_GO)).order_by("pk"):
        if done := done_by(run):
            _tell(TimelineKind.WORKFLOW_STANDS, run, row, now, ",".join(done))
        if run.pk in let:
            _tell(TimelineKind.WORKFLOW_LET_GO, run, row, now)
    return len(let)


def told(row: models.Overrule) -> QuerySet[models.TimelineEntry]:
    """Return what the timelines tell of the workflows that ``row`` let go, or could not take back."""
    kinds = [TimelineKind.WORKFLOW_LET_GO, TimelineKind.WORKFLOW_STANDS, TimelineKind.WORKFLOW_TAKEN_UP]
    return models.TimelineEntry.objects.filter(item=row.item_id, at=row.at, kind__in=kinds).order_by("pk")


def done_by(run: models.WorkflowRun) -> list[str]:
    """Return the codes of the actions that ``run`` has done, each once, in their order."""
    done = (line["do"] for line in run.steps if line["part"] == "action" and line["outcome"] == StepOutcome.DONE)
    return list(dict.fromkeys(done))


def _tell(kind: TimelineKind, run: models.WorkflowRun, row: models.Overrule, now: datetime, reason: str = "") -> None:
    models.TimelineEntry.objects.create(
        contact_id=run.contact_id,
        at=now,
        kind=kind,
        reason=reason,
        workflow_id=run.workflow_id,
        item=row.item,
        actor=row.by,
    )
