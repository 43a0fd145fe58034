"""What follows from a decision besides the enrollment's own state: suppressions, questions, tasks, workflows."""

from datetime import datetime

from relent.decide import reviews as rules
from relent.decide.verdicts import Verdict
from relent.flows import ledger, mailbox_refusals, reviews, triggers
from relent.flows.ledger import Cause
from relent.records import models
from relent.terms.events import MeetingBooked, PersonWrote
from relent.terms.history import TimelineKind
from relent.terms.reasons import EndReason, HoldReason, KeepReason, Refusal
from relent.terms.reviews import ReviewAnswer, ReviewKind
from relent.terms.steps import TaskKind
from relent.terms.workflows import WorkflowTrigger

_TRIGGERS = {
    EndReason.BOUNCED: WorkflowTrigger.BOUNCE,
    EndReason.UNSUBSCRIBED: WorkflowTrigger.UNSUBSCRIBED,
    EndReason.MEETING: WorkflowTrigger.MEETING,
    EndReason.REPLY: WorkflowTrigger.REPLY,
    EndReason.ALIAS: WorkflowTrigger.REPLY,
    EndReason.OFF_SEQUENCE_MAIL: WorkflowTrigger.REPLY,
}
# What a mail starts for who wrote it. The end of a meeting or of a permission to write rests on more than that.
_BY_WHO_WROTE = {WorkflowTrigger.REPLY, WorkflowTrigger.BOUNCE}


def follow(enrollment: models.Enrollment, cause: Cause, verdict: Verdict, line: models.Decision, now: datetime) -> None:
    """Let a decision on ``enrollment``, written as ``line``, have its further consequences."""
    if verdict.suppress is not None:
        suppress(enrollment.address, verdict.suppress, verdict.rule, now)
    if verdict.review is ReviewKind.BOUNCE_DOUBTED and isinstance(cause.event, PersonWrote):
        _believe_the_reply(enrollment, cause.event, now)
    if verdict.review is not None:
        _ask(enrollment, cause, verdict, line, now)
    if cause.item is not None and (doubt := rules.doubt(cause.event, verdict)) is not None:
        _ask_who_wrote(doubt, cause.item, line, now)
    if verdict.task is not None:
        _create_task(enrollment, verdict.task, line, now)
    if verdict.reason is HoldReason.SENDER_REFUSED:
        mailbox_refusals.hold_all(enrollment.mailbox_id, now)
    trigger = _trigger(cause, verdict)
    if trigger is not None:
        # One mail about two enrollments is one occurrence to a workflow.
        key = f"item:{line.item_id}:{enrollment.contact_id}" if line.item_id else f"decision:{line.pk}"
        rests_on = line.item_id if trigger in _BY_WHO_WROTE else None
        triggers.happened_in_bulk(
            trigger, [triggers.Concerned(enrollment.contact_id, enrollment.pk, key, rests_on)], now
        )


def no_longer_asked(enrollment_ids: list[int], now: datetime) -> None:
    """Close the questions about enrollments that have ended which only mattered while they ran."""
    asked = models.ReviewItem.objects.open().filter(enrollment_id__in=enrollment_ids, kind__in=rules.ONLY_WHILE_OPEN)
    asked.update(closed_at=now, answer=ReviewAnswer.DISMISS)


def suppress(address: str, code: str, source: str, now: datetime) -> None:
    """See that ``address`` is not mailed any more."""
    models.Suppression.objects.bulk_create(
        [models.Suppression(address=address, code=code, source=source, since=now)], ignore_conflicts=True
    )


def lift(address: str, code: str, because: str, now: datetime, by: models.User | None = None) -> bool:
    """Let ``address`` be mailed again as far as ``code`` is concerned. Return whether it was suppressed by it."""
    held = models.Suppression.objects.holding_for([address]).filter(code=code)
    return bool(held.update(lifted_at=now, lifted_because=because, lifted_by=by))


def _believe_the_reply(enrollment: models.Enrollment, event: PersonWrote, now: datetime) -> None:
    """A reply from before the bounce, read after it: as if it had been read first, the bounce suppresses nothing."""
    if enrollment.reason != EndReason.BOUNCED and enrollment.reason_at == event.at:
        lift(enrollment.address, Refusal.PREVIOUSLY_BOUNCED, "the contact had replied before the bounce", now)


def _ask(enrollment: models.Enrollment, cause: Cause, verdict: Verdict, line: models.Decision, now: datetime) -> None:
    assert verdict.review is not None
    meeting_id = cause.event.meeting_id if isinstance(cause.event, MeetingBooked) else None
    about = cause.item.pk if cause.item else f"meeting {meeting_id}" if meeting_id else f"decision {line.pk}"
    once = verdict.review is ReviewKind.BOUNCE_DOUBTED  # one question, however many mails raise it
    reviews.open_item(
        verdict.review,
        f"{enrollment.pk}" if once else f"{enrollment.pk}:{about}",
        now,
        enrollment=enrollment,
        item=cause.item,
        meeting_id=meeting_id,
        decision=line,
        proposal={"address": verdict.proposal} if verdict.proposal else {},
    )


def _ask_who_wrote(doubt: ReviewKind, item: models.InboundItem, line: models.Decision, now: datetime) -> None:
    """Ask once about a mail, however many enrollments of the contact it concerns; and not where nothing hangs on it:
    the enrollment had ended before."""
    enrollment = line.enrollment
    if line.applied if doubt is ReviewKind.LOOKS_AUTOMATIC else enrollment.is_open:
        reviews.open_item(
            doubt, f"{enrollment.contact_id}:{item.pk}", now, enrollment=enrollment, item=item, decision=line
        )


def _create_task(enrollment: models.Enrollment, reason: KeepReason, line: models.Decision, now: datetime) -> None:
    models.Task.objects.create(
        contact_id=enrollment.contact_id,
        assignee_id=enrollment.enrolled_by_id,
        kind=TaskKind.TODO,
        subject=reason.say(enrollment.enrolled_by.language),
        body=line.item.text if line.item else "",
        created_at=now,
    )
    ledger.tell(enrollment, TimelineKind.TASK_CREATED, now, reason=reason, decision=line)


def _trigger(cause: Cause, verdict: Verdict) -> WorkflowTrigger | None:
    """A reply is one for the workflows too where the sequence's own trigger is off."""
    if verdict.reason is KeepReason.TRIGGER_OFF:
        return {PersonWrote: WorkflowTrigger.REPLY, MeetingBooked: WorkflowTrigger.MEETING}.get(type(cause.event))
    return _TRIGGERS.get(verdict.reason) if isinstance(verdict.reason, EndReason) else None
