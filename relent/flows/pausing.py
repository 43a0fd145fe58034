"""Pauses made and ended by a user or by their date."""

from datetime import datetime

from django.db import transaction

from relent.flows import apply, ledger, permissions, planning
from relent.records import models
from relent.terms.history import TimelineKind
from relent.terms.reasons import PauseReason
from relent.terms.states import EnrollmentState


def resume_due(mailbox: models.Mailbox, now: datetime) -> None:
    """Let the mailbox's enrollments go on whose pause is over."""
    over = models.Enrollment.objects.pause_over(now).filter(mailbox=mailbox)
    for enrollment_id in over.values_list("pk", flat=True):
        _resume_if_over(enrollment_id, now)


@transaction.atomic
def _resume_if_over(enrollment_id: int, now: datetime) -> None:
    # Looked at again under the lock: another worker may have prolonged the pause, or held the enrollment.
    enrollment = planning.lock(enrollment_id)
    over = enrollment.paused_until is not None and enrollment.paused_until <= now
    if over and enrollment.state in {EnrollmentState.PAUSED, EnrollmentState.HELD}:
        planning.go_on(enrollment_id, now, from_state=EnrollmentState(enrollment.state), reason=enrollment.reason)


@transaction.atomic
def pause(enrollment_id: int, by: models.User, now: datetime, until: datetime | None = None) -> bool:
    """Pause an enrollment until ``until``, or until it is resumed. Return whether that changed it.

    Raises NotAllowed.
    """
    enrollment = planning.lock(enrollment_id)
    permissions.require_contact(by, enrollment.contact)
    moving = [EnrollmentState.SCHEDULED, EnrollmentState.ACTIVE]
    changed = models.Enrollment.objects.filter(pk=enrollment.pk, state__in=moving).update(
        state=EnrollmentState.PAUSED, reason=PauseReason.BY_USER, paused_at=now, paused_until=until
    )
    if changed:
        apply.park(enrollment)
        ledger.tell(enrollment, TimelineKind.PAUSED, now, reason=PauseReason.BY_USER, actor=by)
    return bool(changed)


@transaction.atomic
def resume(enrollment_id: int, by: models.User, now: datetime) -> bool:
    """Let a paused enrollment go on. Return whether that changed it; one that waits for its task does not go on.

    Raises NotAllowed.
    """
    enrollment = planning.lock(enrollment_id)
    permissions.require_contact(by, enrollment.contact)
    if enrollment.state != EnrollmentState.PAUSED or enrollment.reason == PauseReason.TASK_OPEN:
        return False
    return planning.go_on(enrollment.pk, now, from_state=EnrollmentState.PAUSED, reason=enrollment.reason)
