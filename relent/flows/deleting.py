"""A contact's record is deleted, restored, or erased for good."""

from datetime import datetime

from django.db import transaction

from relent.flows import apply, auditing, erasing, permissions
from relent.flows.ledger import Cause
from relent.records import models
from relent.terms.events import ContactDeleted
from relent.terms.history import TimelineKind
from relent.terms.reasons import EndReason
from relent.terms.states import TaskState


def delete_contact(contact: models.Contact, by: models.User, now: datetime) -> int:
    """Delete the record; what it is enrolled in ends. Everything is kept, so that it can be restored. Return how many
    enrollments that ended. Raises NotAllowed."""
    permissions.require_contact(by, contact)
    with transaction.atomic():
        # The same lock as an enrollment's: nobody is enrolled who is being deleted.
        models.Contact.objects.select_for_update().get(pk=contact.pk)
        deleted = models.Contact.objects.filter(pk=contact.pk, deleted_at__isnull=True).update(deleted_at=now)
        ended = _end_all_of(contact, by, now)
        if deleted:
            _tell(contact, TimelineKind.DELETED, by, now)
            auditing.note(by, "contact.deleted", f"contact:{contact.pk}", now, ended=ended)
    contact.refresh_from_db()
    return ended


def restore_contact(contact: models.Contact, by: models.User, now: datetime) -> bool:
    """Restore a deleted record; what had ended stays ended. Return whether it could be: not what was erased, or merged
    into another. Raises NotAllowed."""
    if not may_restore(by, contact):
        raise permissions.NotAllowed(f"{by} may not restore {contact}")
    with transaction.atomic():
        restored = models.Contact.objects.filter(
            pk=contact.pk, deleted_at__isnull=False, erased_at__isnull=True, merged_into__isnull=True
        ).update(deleted_at=None)
        if restored:
            _tell(contact, TimelineKind.RESTORED, by, now)
            auditing.note(by, "contact.restored", f"contact:{contact.pk}", now)
    contact.refresh_from_db()
    return bool(restored)


def may_restore(user: models.User, contact: models.Contact) -> bool:
    """Whether ``user`` might communicate with ``contact`` if it were not deleted."""
    return user.is_active and models.Contact.objects.reachable_by(user).filter(pk=contact.pk).exists()


def erase_contact(contact: models.Contact, by: models.User, now: datetime) -> None:
    """Erase everything that tells who the contact is; what was decided and why, and every count, stays. There is no
    undo. Raises NotAllowed."""
    permissions.require_super_admin(by)
    with transaction.atomic():
        models.Contact.objects.select_for_update().get(pk=contact.pk)
        _end_all_of(contact, by, now)
        erasing.erase(contact, now)
        auditing.note(by, "contact.erased", f"contact:{contact.pk}", now)
    contact.refresh_from_db()


def _end_all_of(contact: models.Contact, by: models.User, now: datetime) -> int:
    ended = 0
    open_ones = contact.enrollments.open().select_related("version", "mailbox__user", "contact", "enrolled_by")
    for row in open_ones.order_by("pk"):
        event = ContactDeleted(at=now, enrollment_id=row.pk)
        ended += apply.direct(row, Cause(event=event, actor=by), now)
    # Those that no sequence made are to be looked at as well before anybody does them.
    models.Task.objects.filter(contact=contact, state=TaskState.OPEN, label="").update(label=EndReason.CONTACT_DELETED)
    return ended


def _tell(contact: models.Contact, kind: TimelineKind, by: models.User, now: datetime) -> None:
    models.TimelineEntry.objects.create(contact=contact, at=now, kind=kind, actor=by)
