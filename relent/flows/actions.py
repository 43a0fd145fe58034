"""What a workflow does: each action is one function, and each says in one line what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from relent.decide import workflows as rules
from relent.flows import apply, contacts, enrolling, notifying, webhooks
from relent.flows.ledger import Cause
from relent.records import facts, models
from relent.terms.events import UnenrolledByWorkflow
from relent.terms.history import TimelineKind
from relent.terms.reasons import Refusal
from relent.terms.steps import TaskKind
from relent.terms.workflows import LoopRule, StepFault, StepOutcome
from relent.terms.workflows import WorkflowAction as Do

# Enrollments that a workflow made are told apart by the beginning of their request id.
MADE_BY_WORKFLOW = "workflow:"
Action = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """The run in hand, the place of the action in it, how often it was tried before, and the present moment."""

    run: models.WorkflowRun
    index: int
    tries: int
    now: datetime

    @property
    def workflow(self) -> models.Workflow:
        """The workflow that runs."""
        return self.run.workflow

    @property
    def contact(self) -> models.Contact:
        """The contact it runs for."""
        return self.run.contact


@dataclass(frozen=True, slots=True)
class Result:
    """What came of an action. ``code`` is a Refusal, a LoopRule, a StepFault or an HTTP status, ``detail`` what it is
    about; the ids of ``sequences`` stand beside it, for not everybody may read the name of a private one. ``again_at``
    is set where it is to be tried again."""

    outcome: StepOutcome
    code: str = ""
    detail: str = ""
    again_at: datetime | None = None
    sequences: tuple[int, ...] = ()


def perform(action: Action, doing: Doing) -> Result:
    """Do ``action``. What it triggers in other workflows is only queued."""
    return _PERFORM[Do(str(action["do"]))](action, doing)


def foresee(action: Action, doing: Doing) -> Result:
    """Say what ``perform`` would come to; changes nothing."""
    foreseen = _FORESEE.get(Do(str(action["do"])))
    return foreseen(action, doing) if foreseen else Result(StepOutcome.WOULD_DO)


def waits_for_nothing(action: Action) -> bool:
    """Whether it is done outside a transaction of ours: a server that hangs must not hold locks."""
    return str(action["do"]) == Do.WEBHOOK


def _enroll(action: Action, doing: Doing) -> Result:
    request = _request(action, doing)
    if isinstance(request, Result):
        return request
    if _too_often(doing):
        return Result(StepOutcome.LOOP, LoopRule.ENROLLMENTS)
    try:
        enrollment = enrolling.enroll(request, doing.now)
    except enrolling.EnrollmentRefused as refused:
        return _refused(refused, doing)
    models.WorkflowRun.objects.filter(pk=doing.run.pk, enrollment__isnull=True).update(enrollment=enrollment)
    doing.run.enrollment = doing.run.enrollment or enrollment
    return Result(StepOutcome.DONE, sequences=(request.sequence.pk,))


def _foresee_enroll(action: Action, doing: Doing) -> Result:
    request = _request(action, doing)
    if isinstance(request, Result):
        return request
    if _too_often(doing):
        return Result(StepOutcome.LOOP, LoopRule.ENROLLMENTS)
    for refused in enrolling.preview(request, doing.now).refusals:
        return _refused(refused, doing)
    return Result(StepOutcome.WOULD_DO, sequences=(request.sequence.pk,))


def _request(action: Action, doing: Doing) -> enrolling.EnrollRequest | Result:
    sequence = models.Sequence.objects.present().filter(pk=_number(action["sequence"]) or 0).first()
    # Who was named and has gone is replaced by nobody: it would be somebody else who mails.
    by = _user(action["by"]) if action.get("by") else _still_here(doing.workflow.owner)
    if sequence is None or by is None:
        return Result(StepOutcome.REFUSED, Refusal.NOT_ALLOWED)
    return enrolling.EnrollRequest(
        contact=doing.contact,
        sequence=sequence,
        by=by,
        request_id=f"{MADE_BY_WORKFLOW}{doing.run.pk}:{doing.index}",
    )


def _refused(refused: enrolling.EnrollmentRefused, doing: Doing) -> Result:
    """At the sender's daily limit the enrollment waits, or is skipped, as the policy says; else it is refused."""
    if refused.code != Refusal.OVER_LIMIT or refused.until is None:
        return Result(StepOutcome.REFUSED, refused.code, refused.detail)
    if facts.policy_at(doing.now)["workflow_over_limit"] == "skip":
        return Result(StepOutcome.SKIPPED, refused.code, refused.detail)
    return Result(StepOutcome.WAITS, refused.code, refused.detail, again_at=refused.until)


def _too_often(doing: Doing) -> bool:
    """Whether workflows have enrolled the contact so often that it looks like a loop; a person may have allowed it."""
    allowed = doing.run.given.get("allowed") == "true"
    return not allowed and enrollments_by_workflows(doing.contact, doing.now) >= rules.ENROLLMENTS_AT_MOST


def enrollments_by_workflows(contact: models.Contact, now: datetime) -> int:
    """Return how often workflows enrolled the contact within the loop guard's time."""
    return models.Enrollment.objects.filter(
        contact=contact, request_id__startswith=MADE_BY_WORKFLOW, enrolled_at__gt=now - rules.ENROLLMENTS_WITHIN
    ).count()


def _unenroll(action: Action, doing: Doing) -> Result:
    ended = unenroll(doing.contact, doing.now, doing.workflow, _sequence_of(action, doing))
    if not ended:
        return Result(StepOutcome.NOTHING_TO_DO)
    return Result(StepOutcome.DONE, sequences=tuple(ended))


def _foresee_unenroll(action: Action, doing: Doing) -> Result:
    found = _open(doing.contact, _sequence_of(action, doing))
    if not found:
        return Result(StepOutcome.NOTHING_TO_DO)
    return Result(StepOutcome.WOULD_DO, sequences=tuple(row.sequence_id for row in found))


def unenroll(
    contact: models.Contact, now: datetime, workflow: models.Workflow | None, sequence_id: int | None
) -> list[int]:
    """End the open enrollments of ``contact``, or the one in a sequence; return the ids of their sequences."""
    ended = []
    for row in _open(contact, sequence_id):
        event = UnenrolledByWorkflow(
            at=now,
            enrollment_id=row.pk,
            workflow_id=workflow.pk if workflow else 0,
            embedded=workflow is not None and workflow.sequence_id == row.sequence_id,
        )
        if apply.direct(row, Cause(event=event), now):
            ended.append(row.sequence_id)
    return ended


def _open(contact: models.Contact, sequence_id: int | None) -> list[models.Enrollment]:
    found = models.Enrollment.objects.open().filter(contact=contact)
    if sequence_id is not None:
        found = found.filter(sequence_id=sequence_id)
    related = ("contact", "mailbox", "version", "sequence", "enrolled_by")
    return list(found.select_related(*related).order_by("pk"))


def _sequence_of(action: Action, doing: Doing) -> int | None:
    """The sequence named; without one, that in which the workflow is embedded; ``None`` for every sequence."""
    return _number(action.get("sequence")) or doing.workflow.sequence_id


def _task(action: Action, doing: Doing) -> Result:
    assignee = _person(action.get("assignee"), doing)
    if assignee is None:
        return Result(StepOutcome.FAILED, StepFault.NOBODY)
    subject = str(action["subject"])[:300]
    models.Task.objects.create(
        contact=doing.contact,
        assignee=assignee,
        kind=str(action.get("kind") or TaskKind.TODO),
        subject=subject,
        body=str(action.get("body") or ""),
        created_at=doing.now,
    )
    models.TimelineEntry.objects.create(
        contact=doing.contact, at=doing.now, kind=TimelineKind.TASK_CREATED, workflow=doing.workflow
    )
    return Result(StepOutcome.DONE, detail=f"{assignee}: {subject}")


def _set_property(action: Action, doing: Doing) -> Result:
    name, value = str(action["property"]), str(action.get("value") or "")
    try:
        changed = contacts.set_property(doing.contact.pk, name, value, doing.now)
    except contacts.BadValue as bad:
        return Result(StepOutcome.FAILED, StepFault.BAD_VALUE, str(bad))
    doing.contact.refresh_from_db()
    return Result(StepOutcome.DONE if changed else StepOutcome.NOTHING_TO_DO, detail=f"{name} = {value}")


def _notify(action: Action, doing: Doing) -> Result:
    user = _person(action.get("user"), doing)
    if user is None:
        return Result(StepOutcome.FAILED, StepFault.NOBODY)
    notifying.tell(user, doing.now, str(action["text"]), doing.contact)
    return Result(StepOutcome.DONE, detail=str(user))


def _webhook(action: Action, doing: Doing) -> Result:
    try:
        status = webhooks.call(doing.run, doing.index, str(action["url"]), doing.now)
    except webhooks.TransportError as error:
        wait = None if error.permanent else rules.retry_after(doing.tries + 1)
        if wait is None:
            return Result(StepOutcome.FAILED, detail=str(error))
        return Result(StepOutcome.RETRIED, detail=str(error), again_at=doing.now + wait)
    return Result(StepOutcome.DONE, str(status))


def _person(named: object, doing: Doing) -> models.User | None:
    """Who is to act: the user named, else the contact's owner, else the workflow's."""
    return _user(named) or _still_here(doing.contact.owner) or _still_here(doing.workflow.owner)


def _user(named: object) -> models.User | None:
    number = _number(named)
    return _still_here(models.User.objects.filter(pk=number).first()) if number is not None else None


def _still_here(user: models.User | None) -> models.User | None:
    return user if user is not None and user.is_active else None


def _number(value: object) -> int | None:
    return int(str(value)) if str(value or "").isdecimal() else None


_PERFORM: Mapping[Do, Callable[[Action, Doing], Result]] = {
    Do.ENROLL: _enroll,
    Do.UNENROLL: _unenroll,
    Do.TASK: _task,
    Do.SET_PROPERTY: _set_property,
    Do.NOTIFY: _notify,
    Do.WEBHOOK: _webhook,
}
_FORESEE: Mapping[Do, Callable[[Action, Doing], Result]] = {
    Do.ENROLL: _foresee_enroll,
    Do.UNENROLL: _foresee_unenroll,
}
