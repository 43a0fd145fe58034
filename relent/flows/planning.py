"""What comes next in an enrollment: the next step's delivery, or the end of the sequence."""

from datetime import datetime, timedelta

from django.db import transaction

from relent.decide import schedule
from relent.flows import ledger, triggers, wake
from relent.records import facts, models
from relent.terms.history import TimelineKind
from relent.terms.reasons import HoldReason, PauseReason
from relent.terms.states import OPEN, DeliveryState, EnrollmentState, TaskState
from relent.terms.workflows import WorkflowTrigger


def lock(enrollment_id: int) -> models.Enrollment:
    """Return the enrollment with its row locked for the present transaction; taken before any of its deliveries."""
    # The weaker lock: a worker that holds a workflow's run names the enrollment in the timeline, and must not wait.
    return (
        models.Enrollment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("version", "mailbox__user", "contact")
        .get(pk=enrollment_id)
    )


def first(enrollment: models.Enrollment, not_before: datetime | None = None) -> models.Delivery:
    """Plan the enrollment's first step for the moment it starts, or for ``not_before`` where that is later."""
    step = enrollment.version.steps.get(position=enrollment.start_step)
    return _plan(enrollment, step, max(enrollment.start_at, not_before or enrollment.start_at))


def delay_of(enrollment: models.Enrollment, step: models.Step) -> timedelta:
    """Return how long after the step before it ``step`` runs for this contact."""
    own = enrollment.own_steps.get(str(step.position), {}).get("delay")
    return step.delay if own is None else timedelta(seconds=own)


@transaction.atomic
def next_after(enrollment_id: int, position: int, executed_at: datetime) -> None:
    """Plan the step after ``position``, which was executed at ``executed_at``; after the last one, finish.

    An enrollment that ended meanwhile gets no further step; a paused or held one gets it parked.
    """
    enrollment = lock(enrollment_id)
    if enrollment.state not in OPEN:
        return
    if enrollment.deliveries.filter(position__gt=position).exists():
        return  # planned when its task was opened: this task was not waited for
    step = enrollment.version.steps.filter(position__gt=position).first()
    if step is None:
        _finish(enrollment, executed_at)
        return
    _plan(enrollment, step, schedule.after(executed_at, delay_of(enrollment, step), facts.calendar_of(enrollment)))


def wait_for_task(enrollment: models.Enrollment) -> None:
    """Pause an enrollment whose task must be done before its next step is planned."""
    models.Enrollment.objects.filter(pk=enrollment.pk, state=EnrollmentState.ACTIVE).update(
        state=EnrollmentState.PAUSED, reason=PauseReason.TASK_OPEN, paused_until=None
    )


@transaction.atomic
def go_on(enrollment_id: int, now: datetime, *, from_state: EnrollmentState, reason: str) -> bool:
    """Let an enrollment go on that is paused or held for ``reason``; one that was stopped for another reason since then
    stays. Return whether it goes on.

    After a user's pause what was left of the delay is still to come; after any other, an overdue step runs at its
    old time of day. So nothing that piled up leaves all at once. One whose task is still open waits for that again.
    """
    stopped = lock(enrollment_id)
    task_open = models.Task.objects.filter(
        delivery__enrollment=stopped,
        delivery__step__wait=True,
        # One whose mail is under way is no longer waited for by a person.
        delivery__state=DeliveryState.OPENED,
        state=TaskState.OPEN,
    ).exists()
    changed = models.Enrollment.objects.filter(pk=enrollment_id, state=from_state, reason=reason).update(
        state=EnrollmentState.PAUSED if task_open else EnrollmentState.ACTIVE,
        reason=PauseReason.TASK_OPEN if task_open else "",
        paused_at=None,
        paused_until=None,
    )
    if not changed:
        return False
    if stopped.paused_until is not None and stopped.paused_until > now:
        # Sooner than an absence had put it off: somebody says so.
        models.Enrollment.objects.filter(pk=enrollment_id, no_mail_before=stopped.paused_until).update(
            no_mail_before=None
        )
    if not task_open:
        for delivery in models.Delivery.objects.filter(enrollment=stopped, state=DeliveryState.PARKED):
            models.Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.PARKED).update(
                state=DeliveryState.PLANNED, due_at=_due_again(delivery, stopped, now)
            )
    ledger.tell(stopped, TimelineKind.RESUMED, now)
    wake.request_turn(stopped.mailbox_id)
    return True


def _due_again(delivery: models.Delivery, stopped: models.Enrollment, now: datetime) -> datetime:
    calendar = facts.calendar_of(stopped)
    if stopped.reason == PauseReason.BY_USER and stopped.paused_at is not None:
        left = max(delivery.due_at - stopped.paused_at, timedelta())
        return schedule.next_open(now + left, calendar)
    return schedule.not_before(delivery.due_at, now, calendar)


def state_of_next(enrollment: models.Enrollment) -> DeliveryState:
    """Return the state in which a step that has not run belongs: planned, parked, or cancelled after the end."""
    if enrollment.state not in OPEN:
        return DeliveryState.CANCELLED
    moving = enrollment.state in {EnrollmentState.SCHEDULED, EnrollmentState.ACTIVE}
    moving = moving or enrollment.reason == HoldReason.MAILBOX_DOWN
    return DeliveryState.PLANNED if moving else DeliveryState.PARKED


def _plan(enrollment: models.Enrollment, step: models.Step, due_at: datetime) -> models.Delivery:
    own = enrollment.own_steps.get(str(step.position), {})
    return models.Delivery.objects.create(
        enrollment=enrollment,
        mailbox_id=enrollment.mailbox_id,
        sequence_id=enrollment.sequence_id,
        step=step,
        position=step.position,
        kind=step.kind,
        state=state_of_next(enrollment),
        due_at=due_at,
        own_subject=own.get("subject", ""),
        own_body=own.get("body", ""),
    )


def _finish(enrollment: models.Enrollment, now: datetime) -> None:
    done = models.Enrollment.objects.filter(pk=enrollment.pk, state__in=OPEN).update(
        state=EnrollmentState.FINISHED, reason="", ended_at=now, paused_until=None
    )
    if done:
        ledger.tell(enrollment, TimelineKind.FINISHED, now)
        triggers.happened(
            WorkflowTrigger.FINISHED,
            enrollment.contact_id,
            now,
            enrollment_id=enrollment.pk,
            key=f"finished:{enrollment.pk}",
        )
