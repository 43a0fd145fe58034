"""What only a person can answer."""

from datetime import datetime

from relent.flows import auditing, permissions, planning, settling
from relent.records import models
from relent.terms.states import EnrollmentState


def settle_unknown(delivery_id: int, by: models.User, now: datetime, left: bool) -> bool:
    """Note a person's answer on a mail of which nobody could know whether it left. Return whether it was still open.

    Raises NotAllowed.
    """
    delivery = models.Delivery.objects.select_related("enrollment__contact").get(pk=delivery_id)
    permissions.require_contact(by, delivery.enrollment.contact)
    if left:
        settled = settling.it_left(delivery, delivery.sending_at or now, now)
    else:
        settled = settling.it_did_not_leave(delivery, now)
    if settled:
        auditing.note(by, "delivery.settled", f"delivery:{delivery.pk}", now, left=left)
    return settled


def release(enrollment_id: int, by: models.User, now: datetime) -> bool:
    """Let a held enrollment go on. Return whether it was held. Raises NotAllowed."""
    enrollment = models.Enrollment.objects.select_related("contact").get(pk=enrollment_id)
    permissions.require_contact(by, enrollment.contact)
    if enrollment.state != EnrollmentState.HELD:
        return False
    auditing.note(by, "enrollment.released", f"enrollment:{enrollment.pk}", now, held_for=enrollment.reason)
    return planning.go_on(enrollment.pk, now, from_state=EnrollmentState.HELD, reason=enrollment.reason)
