"""Tasks are done by people."""

from datetime import datetime

from django.db import transaction

from relent.flows import ledger, permissions, planning, wake
from relent.records import models
from relent.terms.history import TimelineKind
from relent.terms.reasons import PauseReason
from relent.terms.states import EnrollmentState, TaskState


@transaction.atomic
def complete(task_id: int, by: models.User, now: datetime) -> bool:
    """Note that ``by`` has done a task; the delay of the next step starts now, where it waited for this. Return whether
    the task was open. Raises NotAllowed."""
    task = models.Task.objects.select_related("contact", "delivery__step").get(pk=task_id)
    permissions.require_contact(by, task.contact)
    enrollment = planning.lock(task.delivery.enrollment_id) if task.delivery else None
    done = models.Task.objects.filter(pk=task.pk, state=TaskState.OPEN).update(state=TaskState.DONE, done_at=now)
    if not done:
        return False
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
