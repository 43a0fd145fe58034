"""What a form or another system tells: its token says for which workflow, a mail address says about whom."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from relent.decide import workflows as rules
from relent.flows import contacts, triggers
from relent.flows.triggers import Concerned
from relent.records import models
from relent.terms import addresses
from relent.terms.workflows import WorkflowTrigger

_MOST_PROPERTIES = 50
_LONGEST = 1000  # characters of a value


class UnknownToken(Exception):
    """No workflow has this token, or not any more."""


class UnknownContact(Exception):
    """No contact has this address."""


class BadEvent(ValueError):
    """The event is not written as it must be; the message says how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event: about whom, its name, values for the contact's properties, and an id by which a copy is known."""

    email: str
    event: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    id: str = ""


def read(body: object) -> Told:
    """Read the parsed JSON of a request. Raises BadEvent."""
    if not isinstance(body, dict) or not isinstance(body.get("email"), str) or "@" not in body["email"]:
        raise BadEvent("email must be a mail address")
    further = body.get("properties", {})
    if not isinstance(further, dict) or len(further) > _MOST_PROPERTIES:
        raise BadEvent(f"properties must be an object with at most {_MOST_PROPERTIES} names")
    for name, value in further.items():
        if not name.isidentifier() or name in rules.NOT_SETTABLE:
            raise BadEvent(f"property {name!r} cannot be set")
        if not isinstance(value, str | int | float | bool) or len(str(value)) > _LONGEST:
            raise BadEvent(f"property {name!r} must be a text, a number, true or false")
        if not _is_text(str(value)):
            raise BadEvent(f"property {name!r} holds characters that no text has")
    if not all(_is_text(str(body.get(name, ""))) for name in ("email", "event", "id")):
        raise BadEvent("email, event and id must be texts")
    for name in ("event", "id"):
        if not isinstance(body.get(name, ""), str) or len(body.get(name, "")) > 100:
            raise BadEvent(f"{name} must be a text of at most 100 characters")
    return Told(
        email=addresses.canonical(body["email"]),
        event=body.get("event", ""),
        properties={
            name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in further.items()
        },
        id=body.get("id", ""),
    )


def workflow_of(token: str) -> models.Workflow:
    """Return the workflow that ``token`` belongs to. Raises UnknownToken."""
    number, _dash, given = token.partition("-")
    found = models.Workflow.objects.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    kept = found.secrets.get("event_token", "") if found else ""
    if found is None or not kept or not hmac.compare_digest(kept.encode(), given.encode()):
        raise UnknownToken
    return found


@transaction.atomic
def receive(workflow: models.Workflow, told: Told, now: datetime) -> int:
    """Set the properties, queue the workflow's runs, and return how many: none where it is switched off, waits for
    another event, or was told so before. Raises UnknownContact and BadEvent."""
    about = models.Contact.objects.present().filter(addresses__address=told.email, addresses__until__isnull=True)
    people = list(about.distinct().order_by("pk"))
    if not people:
        raise UnknownContact(told.email)
    queued = 0
    for contact in people:
        for name, value in told.properties.items():
            try:
                contacts.set_property(contact.pk, name, value, now)
            except contacts.BadValue as bad:
                raise BadEvent(str(bad)) from bad
        one = Concerned(contact.pk, key=f"event:{told.id}" if told.id else "")
        if workflow.trigger == WorkflowTrigger.EVENT:
            queued += triggers.queue(workflow, one, now, {"event": told.event, **_prefixed(told.properties)})
    return queued


def _prefixed(values: Mapping[str, str]) -> dict[str, str]:
    return {f"properties.{name}": value for name, value in values.items()}


def _is_text(value: str) -> bool:
    """Whether a database takes it: JSON can carry halves of characters, and NUL."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in value
