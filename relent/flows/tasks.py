"""Tasks are done by people."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from relent.flows import auditing, ledger, pending, permissions, planning, triggers, wake
from relent.records import models
from relent.terms.history import TimelineKind
from relent.terms.reasons import PauseReason
from relent.terms.states import OPEN, DeliveryState, EnrollmentState, TaskState
from relent.terms.steps import StepKind, TaskKind
from relent.terms.workflows import WorkflowTrigger

_UNDER_WAY = [
    DeliveryState.PLANNED,
    DeliveryState.PARKED,
    DeliveryState.CLAIMED,
    DeliveryState.SENDING,
    DeliveryState.UNKNOWN,
]


@transaction.atomic
def complete(task_id: int, by: models.User, now: datetime) -> bool:
    """Note that ``by`` has done a task; the delay of the next step starts now, where it waited for this. Return whether
    the task was open. Raises NotAllowed."""
    task = models.Task.objects.select_related("contact", "delivery__step").get(pk=task_id)
    permissions.require_contact(by, task.contact)
    enrollment = planning.lock(task.delivery.enrollment_id) if task.delivery else None
    if under_way([task]):
        return False  # its mail does it
    done = models.Task.objects.filter(pk=task.pk, state=TaskState.OPEN).update(state=TaskState.DONE, done_at=now)
    if not done:
        return False
    triggers.happened(
        WorkflowTrigger.TASK_DONE,
        task.contact_id,
        now,
        enrollment_id=enrollment.pk if enrollment else None,
        key=f"task:{task.pk}",
    )
    if enrollment is None or task.delivery is None:  # no step made it: nothing waits for it
        return True
    ledger.tell(enrollment, TimelineKind.TASK_DONE, now, delivery=task.delivery, actor=by)
    models.Enrollment.objects.filter(
        pk=enrollment.pk, state=EnrollmentState.PAUSED, reason=PauseReason.TASK_OPEN
    ).update(state=EnrollmentState.ACTIVE, reason="")
    if task.delivery.step.wait:
        # Also where it is held or paused for another reason meanwhile: the next step is then planned, and parked.
        planning.next_after(enrollment.pk, task.delivery.position, now)
        wake.request_turn(enrollment.mailbox_id)
    return True


@transaction.atomic
def send_mail(task_id: int, by: models.User, now: datetime, *, subject: str, body: str) -> bool:
    """Hand the mail that a user wrote for a task to the turn, and let the task be done once it has left.

    It is a mail of the sequence: read first, written down before the network, counted, answered in its thread. Without
    a ``subject`` it answers the last mail. Return whether the task was open and its mail not under way yet. Raises
    NotAllowed, and ``pending.Unusable``.
    """
    task = models.Task.objects.select_related("contact").get(pk=task_id)
    permissions.require_contact(by, task.contact)
    if task.delivery_id is None or task.state != TaskState.OPEN or task.kind != TaskKind.EMAIL:
        return False
    enrollment = planning.lock(models.Delivery.objects.values_list("enrollment_id", flat=True).get(pk=task.delivery_id))
    if not permissions.may_send_from(by, enrollment.mailbox):
        raise permissions.NotAllowed(f"{by} may not send from {enrollment.mailbox}")
    delivery = models.Delivery.objects.select_related("step", "mailbox", "enrollment__contact__company").get(
        pk=task.delivery_id
    )
    _check_text(delivery, subject, body)
    if enrollment.state not in OPEN:
        return False
    handed = models.Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.OPENED).update(
        state=planning.state_of_next(enrollment) if _is_stopped(enrollment) else DeliveryState.PLANNED,
        kind=StepKind.EMAIL,
        due_at=now,
        ended_at=None,
        own_subject=subject[:300],
        own_body=body,
        edited_by=by,
    )
    if not handed:
        return False
    models.Enrollment.objects.filter(
        pk=enrollment.pk, state=EnrollmentState.PAUSED, reason=PauseReason.TASK_OPEN
    ).update(state=EnrollmentState.ACTIVE, reason="")
    auditing.note(by, "task.mail_sent", f"task:{task.pk}", now)
    wake.request_turn(enrollment.mailbox_id)
    return True


def may_answer(task: models.Task) -> bool:
    """Whether a mail for the task has one before it to answer."""
    return task.delivery is not None and _mails_before(task.delivery).exists()


def under_way(tasks: Iterable[models.Task]) -> list[int]:
    """Return the ids of those tasks whose mail is on its way out, or of which nobody knows yet whether it left."""
    ids = [task.pk for task in tasks]
    rows = models.Task.objects.filter(pk__in=ids, delivery__state__in=_UNDER_WAY)
    return list(rows.values_list("pk", flat=True))


def _is_stopped(enrollment: models.Enrollment) -> bool:
    return not (enrollment.state == EnrollmentState.PAUSED and enrollment.reason == PauseReason.TASK_OPEN)


def _check_text(delivery: models.Delivery, subject: str, body: str) -> None:
    if not subject and not _mails_before(delivery).exists():
        raise pending.Unusable(["subject"])
    if not body.strip():
        raise pending.Unusable(["body"])
    pending.check(delivery, subject, body)


def _mails_before(delivery: models.Delivery) -> QuerySet[models.Delivery]:
    return models.Delivery.objects.filter(
        enrollment_id=delivery.enrollment_id, position__lt=delivery.position, state=DeliveryState.SENT
    )
