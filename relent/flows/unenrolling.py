"""Unenrolling by hand: one service behind every surface."""

from collections.abc import Iterable
from datetime import datetime

from relent.flows import apply, permissions
from relent.flows.ledger import Cause
from relent.flows.permissions import NotAllowed
from relent.records import models
from relent.terms.events import UnenrolledByHand

__all__ = ["NotAllowed", "by_hand", "in_bulk", "may_unenroll"]


def may_unenroll(user: models.User, contact: models.Contact) -> bool:
    """Whether ``user`` may take ``contact`` out of whatever sequence it is in."""
    return permissions.may_contact(user, contact)


def by_hand(enrollment_id: int, by: models.User, now: datetime, surface: str = "record") -> bool:
    """Unenroll for ``by``; false where the enrollment had already ended. Raises NotAllowed."""
    enrollment = models.Enrollment.objects.select_related("contact", "mailbox", "version").get(pk=enrollment_id)
    permissions.require_contact(by, enrollment.contact)
    event = UnenrolledByHand(at=now, enrollment_id=enrollment.pk, user_id=by.pk, surface=surface)
    return apply.direct(enrollment, Cause(event=event, actor=by), now)


def in_bulk(enrollment_ids: Iterable[int], by: models.User, now: datetime) -> list[tuple[int, str]]:
    """Unenroll several, each for itself; the outcome of each is ``unenrolled``, ``already_over`` or ``not_allowed``."""
    outcomes: list[tuple[int, str]] = []
    for enrollment_id in enrollment_ids:
        try:
            changed = by_hand(enrollment_id, by, now, surface="bulk")
        except (NotAllowed, models.Enrollment.DoesNotExist):
            outcomes.append((enrollment_id, "not_allowed"))
        else:
            outcomes.append((enrollment_id, "unenrolled" if changed else "already_over"))
    return outcomes
