"""A step was executed: what follows from it. And how a task step is executed."""

from datetime import datetime

from django.db import transaction

from relent.flows import apply, ledger, planning, removing, triggers
from relent.records import models
from relent.terms.history import TimelineKind
from relent.terms.states import DeliveryState, TaskState
from relent.terms.steps import StepKind
from relent.terms.workflows import WorkflowTrigger


def after(enrollment: models.Enrollment, delivery: models.Delivery, executed_at: datetime) -> None:
    """Plan what follows ``delivery``. After a task that must be done first, nothing is planned until it is done."""
    if delivery.kind == StepKind.TASK and delivery.step.wait:
        planning.wait_for_task(enrollment)
        return
    if delivery.kind == StepKind.EMAIL and delivery.step.kind == StepKind.TASK:
        _done_by_its_mail(enrollment, delivery, executed_at)
    planning.next_after(enrollment.pk, delivery.position, executed_at)


def _done_by_its_mail(enrollment: models.Enrollment, delivery: models.Delivery, sent_at: datetime) -> None:
    """The mail that a task asked for has left: the task is done."""
    done = models.Task.objects.filter(delivery=delivery, state=TaskState.OPEN).update(
        state=TaskState.DONE, done_at=sent_at
    )
    if done:
        ledger.tell(enrollment, TimelineKind.TASK_DONE, sent_at, delivery=delivery)
        triggers.happened(
            WorkflowTrigger.TASK_DONE,
            enrollment.contact_id,
            sent_at,
            enrollment_id=enrollment.pk,
            key=f"delivery:{delivery.pk}",
        )


@transaction.atomic
def open_task(delivery: models.Delivery, now: datetime) -> None:
    """Create the task of a claimed task step, for the user who enrolled the contact, or who took that over."""
    enrollment = planning.lock(delivery.enrollment_id)
    opened = models.Delivery.objects.filter(
        pk=delivery.pk, state=DeliveryState.CLAIMED, claimed_by=delivery.claimed_by
    ).update(state=DeliveryState.OPENED, ended_at=now)
    if not opened:
        return  # a reason to stop got there first
    apply.begin(enrollment.pk)
    models.Task.objects.create(
        contact_id=enrollment.contact_id,
        delivery=delivery,
        assignee=removing.who_acts_for(enrollment),
        kind=delivery.step.task_kind,
        subject=delivery.step.subject,
        body=delivery.step.body,
        created_at=now,
    )
    ledger.tell(enrollment, TimelineKind.TASK_CREATED, now, delivery=delivery)
    after(enrollment, delivery, now)
