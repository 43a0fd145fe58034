"""A contact's properties change: workflows may wait for that."""

import contextlib
import zoneinfo
from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db import transaction

from relent.flows import triggers
from relent.records import models, properties
from relent.terms.workflows import WorkflowTrigger

# The properties that are columns, and how much each holds.
_COLUMNS = {"first_name": 100, "last_name": 100, "time_zone": 60}


class BadValue(ValueError):
    """The property cannot have this value."""


@contextlib.contextmanager
def noticing_changes(contact: models.Contact, now: datetime) -> Iterator[None]:
    """Notice which properties of ``contact`` the block changes, or gives it where it is saved for the first time, and
    tell the workflows, in one transaction."""
    with transaction.atomic():
        before = properties.read(contact.pk) if contact.pk else {}
        yield
        if contact.pk:
            _tell(contact.pk, before, now)


@transaction.atomic
def set_property(contact_id: int, name: str, value: str, now: datetime) -> bool:
    """Set one property; an empty value takes a further one away. Return whether that changed it. Raises BadValue."""
    contact = models.Contact.objects.select_for_update(of=("self",)).get(pk=contact_id)
    before = properties.read(contact_id)
    if before.get(name, "") == value:
        return False
    if name == "time_zone" and value and value not in zoneinfo.available_timezones():
        raise BadValue(f"{value} is no time zone")
    if name in _COLUMNS:
        setattr(contact, name, value[: _COLUMNS[name]])
        contact.save(update_fields=[name])
    else:
        further = {known: held for known, held in contact.properties.items() if known != name}
        contact.properties = {**further, name: value} if value else further
        contact.save(update_fields=["properties"])
    _tell(contact_id, before, now)
    return True


def _tell(contact_id: int, before: Mapping[str, str], now: datetime) -> None:
    after = properties.read(contact_id)
    for name in sorted({*before, *after}):
        if before.get(name, "") != after.get(name, ""):
            triggers.happened(
                WorkflowTrigger.PROPERTY,
                contact_id,
                now,
                property=name,
                value=after.get(name, ""),
            )
