"""The names that a scenario's ``given`` introduces, and the shapes of references to them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from relent.workers.scenarios import nodes
from relent.workers.scenarios.nodes import Shape, Value
from relent.workers.scenarios.story import EnrollmentRef, MailRef

_ENROLLMENT = re.compile(r"([^/#]+)/([^/#]+)(?:#([1-9]\d*))?")
_MAIL = re.compile(r"([^/#]+)/([^/#]+)(?:#([1-9]\d*))?/([1-9]\d*)")
_PARTS = ("users", "shared_mailboxes", "companies", "contacts", "deals", "sequences", "workflows")


@dataclass
class Names:
    """What may be referred to: the keys of each part of ``given``, the meetings that events have made so far, and the
    properties of contacts that the file asks about somewhere, beyond those that every contact has."""

    parts: dict[str, set[str]]
    properties: set[str] = field(default_factory=set)
    meetings: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, given: Value) -> "Names":
        """Collect the names of ``given`` without reading what they stand for."""
        found = nodes.entries(given)
        return cls({part: set(nodes.entries(found[part])) if part in found else set() for part in _PARTS})

    def shape(self, part: str) -> Shape:
        """Shape of a reference to one thing of ``part``, e.g. ``contacts``."""

        def read(value: Value) -> str:
            self._known(value, part, nodes.text(value))
            return value.written

        return read

    def party(self, value: Value) -> str:
        """Shape of a user, a shared mailbox or a mail address."""
        name = nodes.text(value)
        if name in self.parts["users"] | self.parts["shared_mailboxes"]:
            return name
        if "@" not in name:
            raise value.fault(f"unknown name {name!r}: neither a user, a shared mailbox nor an address")
        return str(nodes.address(value))

    def contact_or_deal(self, value: Value) -> str:
        """Shape of what a meeting may be associated with."""
        name = nodes.text(value)
        if name not in self.parts["contacts"] | self.parts["deals"]:
            raise value.fault(f"unknown name {name!r}: neither a contact nor a deal")
        return name

    def enrollment(self, value: Value) -> EnrollmentRef:
        """Shape of ``CONTACT/SEQUENCE`` or ``CONTACT/SEQUENCE#2``."""
        found = _ENROLLMENT.fullmatch(nodes.text(value))
        if found is None:
            raise value.fault(f"{value.written!r} is not CONTACT/SEQUENCE")
        return self._reference(value, found.groups())

    def mail(self, value: Value) -> MailRef:
        """Shape of ``CONTACT/SEQUENCE/STEP`` or ``CONTACT/SEQUENCE#2/STEP``."""
        found = _MAIL.fullmatch(nodes.text(value))
        if found is None:
            raise value.fault(f"{value.written!r} is not CONTACT/SEQUENCE/STEP")
        return MailRef(self._reference(value, found.groups()), int(found[4]))

    def new_meeting(self, value: Value) -> str:
        """Shape of the name of a meeting that this event makes or moves."""
        self.meetings.add(nodes.text(value))
        return value.written

    def meeting(self, value: Value) -> str:
        """Shape of the name of a meeting that an earlier event made."""
        if nodes.text(value) not in self.meetings:
            raise value.fault(f"unknown name {value.written!r}: no event before makes that meeting")
        return value.written

    def _reference(self, value: Value, groups: tuple[str | Any, ...]) -> EnrollmentRef:
        contact, of_sequence, number = groups[:3]
        self._known(value, "contacts", contact)
        self._known(value, "sequences", of_sequence)
        return EnrollmentRef(contact, of_sequence, int(number or 1))

    def _known(self, value: Value, part: str, name: str) -> None:
        if name not in self.parts[part]:
            raise value.fault(f"unknown name {name!r}; {part} given: {_listed(self.parts[part])}")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
