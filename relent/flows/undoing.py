"""Undoing a wrong stop: the enrollment that ended stays as it is, and a successor takes it up where it stopped.

The successor keeps the steps, the sender, the thread and the enrolling user. Its next mail comes at the time at which
it was due, or, where that is over, at the same time of day from now on: nothing that piled up leaves all at once.
"""

from datetime import datetime

from django.db import transaction

from relent.decide import schedule
from relent.flows import auditing, ledger, permissions, planning, removing, starting, still_asked, wake
from relent.flows.enrolling import EnrollmentRefused
from relent.records import facts, models
from relent.terms.history import TimelineKind
from relent.terms.reasons import Refusal
from relent.terms.states import DeliveryState, EnrollmentState

__all__ = ["EnrollmentRefused", "refusal", "undo"]

# A step in one of these states was executed, or may have been.
_EXECUTED = [
    DeliveryState.SENDING,
    DeliveryState.SENT,
    DeliveryState.OPENED,
    DeliveryState.UNKNOWN,
    DeliveryState.REFUSED,
]


def refusal(enrollment: models.Enrollment, by: models.User, now: datetime) -> Refusal | None:
    """Return why ``by`` cannot undo the end of ``enrollment``; ``None`` where they can. Everybody who may write to the
    contact may stop its mails; starting them again needs a seat, and the sequence or its sender."""
    visible = models.Sequence.objects.visible_to(by).filter(pk=enrollment.sequence_id).exists()
    if not by.may_enroll or not (visible or permissions.may_send_from(by, enrollment.mailbox)):
        return Refusal.NOT_ALLOWED
    if enrollment.state != EnrollmentState.UNENROLLED or hasattr(enrollment, "successor"):
        return Refusal.ALREADY_OVER
    if enrollment.contact.deleted_at is not None or enrollment.sequence.deleted_at is not None:
        return Refusal.NOT_ALLOWED
    suppressed = facts.suppression_of(enrollment.address)
    if suppressed is not None:
        return suppressed  # the contact's own word, or an address that does not work: undone first
    running = models.Enrollment.objects.open().filter(contact=enrollment.contact_id)
    if facts.policy_at(now)["exclusive"] != "true":
        running = running.filter(sequence=enrollment.sequence_id)
    if running.exists():
        return Refusal.ALREADY_ENROLLED
    return None if _next_step(enrollment) is not None else Refusal.NO_STEPS


def next_at(enrollment: models.Enrollment, now: datetime) -> datetime | None:
    """Return when the next step would be due if the end were undone now; ``None`` where no step is left."""
    step = _next_step(enrollment)
    return _due_at(enrollment, step, now) if step is not None else None


@transaction.atomic
def undo(enrollment_id: int, by: models.User, now: datetime) -> models.Enrollment:
    """Take up again an enrollment that ended wrongly; return the successor. Raises NotAllowed, and EnrollmentRefused
    where the contact may not be mailed, is enrolled again already, or no step is left."""
    ended = planning.lock(enrollment_id)
    permissions.require_contact(by, ended.contact)
    # One at a time, as enrolling does.
    models.Contact.objects.select_for_update(no_key=True).get(pk=ended.contact_id)
    if (code := refusal(ended, by, now)) is not None:
        raise EnrollmentRefused(code)
    step = _next_step(ended)
    assert step is not None
    due_at = _due_at(ended, step, now)
    successor = models.Enrollment.objects.create(
        predecessor=ended,
        contact_id=ended.contact_id,
        sequence_id=ended.sequence_id,
        version_id=ended.version_id,
        enrolled_by_id=ended.enrolled_by_id,
        mailbox_id=ended.mailbox_id,
        address=ended.address,
        address_key=ended.address_key,
        address_domain=ended.address_domain,
        own_steps=ended.own_steps,
        enrolled_at=now,
        start_step=step.position,
        start_at=due_at,
        no_mail_before=ended.no_mail_before,
        state=EnrollmentState.SCHEDULED,
    )
    planning.first(successor)
    starting.hold_what_must_wait(successor, now)
    still_asked.ask_again(ended, successor, now)
    removing.hold_if_nobody_sends(successor.pk, now)
    ledger.tell(successor, TimelineKind.UNDONE, now, reason=ended.reason, actor=by)
    auditing.note(by, "enrollment.undone", f"enrollment:{ended.pk}", now, successor=successor.pk, reason=ended.reason)
    wake.request_turn(successor.mailbox_id)
    return successor


def _next_step(ended: models.Enrollment) -> models.Step | None:
    executed = ended.deliveries.filter(state__in=_EXECUTED).order_by("-position").first()
    if executed is None:
        return ended.version.steps.filter(position__gte=ended.start_step).first()
    return ended.version.steps.filter(position__gt=executed.position).first()


def _due_at(ended: models.Enrollment, step: models.Step, now: datetime) -> datetime:
    calendar = facts.calendar_of(ended)
    cancelled = ended.deliveries.filter(position=step.position, state=DeliveryState.CANCELLED).first()
    if cancelled is not None:
        return max(schedule.not_before(cancelled.due_at, now, calendar), now)
    return schedule.after(now, planning.delay_of(ended, step), calendar)
