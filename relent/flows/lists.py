"""Lists of contacts. Who joins one may start a workflow."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from relent.flows import auditing, triggers
from relent.flows.triggers import Concerned
from relent.records import models
from relent.terms.workflows import WorkflowTrigger


def create(name: str, by: models.User, now: datetime) -> models.ContactList:
    """Create a list. Names are unique, and the caller has made sure that this one is free."""
    made = models.ContactList.objects.create(name=name, created_at=now)
    auditing.note(by, "list.created", f"list:{made.pk}", now, name=name)
    return made


def rename(contact_list: models.ContactList, name: str, by: models.User, now: datetime) -> None:
    """Give the list another name."""
    models.ContactList.objects.filter(pk=contact_list.pk).update(name=name)
    auditing.note(by, "list.renamed", f"list:{contact_list.pk}", now, name=name)


def delete(contact_list: models.ContactList, by: models.User, now: datetime) -> None:
    """Delete the list; its contacts stay."""
    auditing.note(by, "list.deleted", f"list:{contact_list.pk}", now, name=contact_list.name)
    contact_list.delete()


@transaction.atomic
def add(contact_list: models.ContactList, contacts: Iterable[models.Contact], now: datetime) -> int:
    """Put ``contacts`` on the list, and tell the workflows about those who are new there; return how many."""
    wanted = {contact.pk for contact in contacts}
    # The list's row is the lock: of two who add the same contact, the second one finds it there.
    models.ContactList.objects.select_for_update().get(pk=contact_list.pk)
    new = sorted(wanted - set(contact_list.members.filter(contact__in=wanted).values_list("contact_id", flat=True)))
    models.ListMember.objects.bulk_create(
        [models.ListMember(list=contact_list, contact_id=pk, since=now) for pk in new], batch_size=500
    )
    joined = [Concerned(pk, key=f"list:{contact_list.pk}:{pk}:{now.isoformat()}") for pk in new]
    triggers.happened_in_bulk(WorkflowTrigger.LIST, joined, now, list=contact_list.pk)
    return len(new)


def remove(contact_list: models.ContactList, contact: models.Contact) -> bool:
    """Take ``contact`` off the list. Return whether it was on it."""
    removed, _rows = contact_list.members.filter(contact=contact).delete()
    return bool(removed)
