"""What a scenario file says, once it has been read."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class EnrollmentRef:
    """``CONTACT/SEQUENCE`` or ``CONTACT/SEQUENCE#2``: the contact's first or a later enrollment in the sequence."""

    contact: str
    sequence: str
    number: int = 1

    def __str__(self) -> str:
        return f"{self.contact}/{self.sequence}" + (f"#{self.number}" if self.number > 1 else "")


@dataclass(frozen=True)
class MailRef:
    """``CONTACT/SEQUENCE/STEP``: a mail of an enrollment."""

    enrollment: EnrollmentRef
    step: int

    def __str__(self) -> str:
        return f"{self.enrollment}/{self.step}"


@dataclass(frozen=True)
class Event:
    """One line of ``when``. ``number`` counts from 1; ``fields`` holds the keys that the file gives."""

    number: int
    at: datetime
    kind: str
    fields: dict[str, Any]
    refused: str | None
    line: int


@dataclass(frozen=True)
class Expectation:
    """One line of ``then``: its kind, the keys that the file gives, and its line in the file."""

    kind: str
    fields: dict[str, Any]
    line: int


@dataclass(frozen=True)
class Scenario:
    """A whole file. ``given`` holds each part by name, as dicts of the keys that the file gives."""

    file: Path
    id: str
    title: str
    profile: str
    settings: dict[str, Any]
    given: dict[str, Any]
    events: tuple[Event, ...]
    expectations: tuple[Expectation, ...] = field(default=())

    def part(self, name: str) -> dict[str, dict[str, Any]]:
        """Return one part of ``given`` by name; empty where the file has none."""
        return dict(self.given.get(name, {}))
