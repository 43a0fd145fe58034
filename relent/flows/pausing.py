"""Pauses made and ended by a user or by their date."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from relent.decide import reviews as rules
from relent.flows import apply, ledger, permissions, planning, releasing, reviews
from relent.records import facts, models
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
        releasing.is_over(enrollment, now)


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
    went = planning.go_on(enrollment.pk, now, from_state=EnrollmentState.PAUSED, reason=enrollment.reason)
    if went:  # whoever resumes it has answered what it stood still for
        answered = [kind for kind, reason in rules.STANDS_STILL_FOR.items() if reason == enrollment.reason]
        reviews.close_moot(enrollment.pk, now, *answered)
    return went


@transaction.atomic
def until_return(enrollment_id: int, day: date, now: datetime) -> bool:
    """Let the enrollment of an absent contact wait for the first moment of ``day`` where the sequence keeps its time: a
    person knows better than the note when the contact is back. Return whether it waits for that now; not where the day
    has begun, or where the enrollment stands still for another reason."""
    enrollment = planning.lock(enrollment_id)
    zone = ZoneInfo(facts.calendar_of(enrollment).time_zone)
    until = datetime.combine(day, time(), zone).astimezone(UTC)
    if until <= now:
        return False
    by_the_note = enrollment.no_mail_before is None or enrollment.no_mail_before == enrollment.paused_until
    put_off = until if by_the_note else max(until, enrollment.no_mail_before or until)
    absent = Q(state=EnrollmentState.PAUSED, reason=PauseReason.OUT_OF_OFFICE)
    moving = Q(state__in=[EnrollmentState.SCHEDULED, EnrollmentState.ACTIVE])
    changed = models.Enrollment.objects.filter(absent | moving, pk=enrollment.pk).update(
        state=EnrollmentState.PAUSED, reason=PauseReason.OUT_OF_OFFICE, paused_until=until, no_mail_before=put_off
    )
    if changed:
        apply.park(enrollment)
    return bool(changed)
