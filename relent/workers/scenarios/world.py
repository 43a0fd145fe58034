"""The world of one story: an empty database filled from ``given``, mailboxes in memory, and a clock of its own."""

import itertools
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from relent.flows import sessions, wake
from relent.records import models
from relent.terms.roles import Role
from relent.transports import memory
from relent.workers.scenarios import database
from relent.workers.scenarios.letters import Answered
from relent.workers.scenarios.story import EnrollmentRef, MailRef, Scenario

# What ``given`` lists has been there for a while when the story begins; no mail of a story is older.
_BEFORE = timedelta(days=365)
_numbers = itertools.count(1)


class StoryError(Exception):
    """The story asks for something that is not there when it is asked for, e.g. an answer to a mail never sent."""


class NotSupported(Exception):
    """The story needs a rule that this version does not have."""

    def __init__(self, what: str) -> None:
        super().__init__(f"not supported by this version: {what}")


@dataclass(frozen=True)
class Arrival:
    """A mail that was put into a mailbox."""

    address: str
    raw: bytes
    received_at: datetime
    folder: str
    thread: str = ""


class Refusals(dict[str, tuple[int, str]]):
    """What the server answers to the next mail to a recipient; each answer is given once."""

    def __getitem__(self, recipient: str) -> tuple[int, str]:
        return self.pop(recipient)


class World:
    """Everything that a story is about, by the names of its file. ``now`` is the story's clock.

    ``has_workflows`` and ``somebody_left`` say whether workflows may run, and whether time may end what nobody sends.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.now = scenario.events[0].at
        self.before = self.now - _BEFORE
        self.name = f"scenario-{next(_numbers)}"
        self.network = memory.world(self.name)
        self.network.now = self.clock
        self.network.refusals = Refusals()
        self.network.thread_of = _thread_of
        self.arrivals: list[Arrival] = []
        self.woken: set[int] = set()
        self.users: dict[str, models.User] = {}
        self.mailboxes: dict[str, models.Mailbox] = {}
        self.companies: dict[str, models.Company] = {}
        self.contacts: dict[str, models.Contact] = {}
        self.deals: dict[str, models.Deal] = {}
        self.sequences: dict[str, models.Sequence] = {}
        self.pages: dict[str, models.BookingPage] = {}
        self.meetings: dict[str, models.Meeting] = {}
        self.has_workflows = bool(scenario.part("workflows"))
        self.somebody_left = False
        # After a merge: the enrollments that the loser's name stands for, and those that the survivor's does not.
        self._kept: dict[tuple[str, str], list[int]] = {}
        self._not_its_own: dict[str, set[int]] = {}

    def clock(self) -> datetime:
        """Return the story's time."""
        return self.now

    def __enter__(self) -> "World":
        database.empty()
        self._listener, wake.listener = wake.listener, self.woken.add
        return self

    def __exit__(self, *_: object) -> None:
        wake.listener = self._listener
        sessions.close_all()
        memory.forget(self.name)

    @cached_property
    def administrator(self) -> models.User:
        """A super admin who belongs to no story: who does what the account's administrators do."""
        return models.User.objects.create(
            email="administrator@relent.example",
            password="!",  # noqa: S106  # Django's mark for an account that cannot sign in
            name="Administrator",
            role=Role.SUPER_ADMIN,
            created_at=self.before,
        )

    def addresses(self, parties: Iterable[str]) -> tuple[str, ...]:
        """Return the mail addresses of users, shared mailboxes and plain addresses."""
        return tuple(self._address(party) for party in parties)

    def put(self, arrival: Arrival) -> None:
        """Let a mail arrive."""
        self.arrivals.append(arrival)
        self.network.deliver(arrival.address, arrival.raw, arrival.received_at, arrival.folder, arrival.thread)
        self.woken |= {box.pk for box in self.mailboxes.values() if box.address == arrival.address}

    def mailbox_of(self, party: str) -> models.Mailbox | None:
        """Return the mailbox that a user, a shared mailbox or an address has with us, if any."""
        if party in self.mailboxes:
            return self.mailboxes[party]
        address = party.lower()
        for name, fields in (*self.scenario.part("users").items(), *self.scenario.part("shared_mailboxes").items()):
            if address in {written.lower() for written in (fields["email"], *fields.get("aliases", []))}:
                return self.mailboxes.get(name)
        return None

    def every_mailbox_answers(self) -> bool:
        """Return whether no mailbox is down or disconnected."""
        there = [self.network.mailbox(mailbox.address) for mailbox in self.mailboxes.values()]
        return not any(mailbox.down or mailbox.disconnected for mailbox in there)

    def folders_of(self, mailbox: models.Mailbox) -> list[tuple[str, str, str]]:
        """Return name, role and cursor of each folder of a mailbox, as a reading to its end leaves them."""
        folders = self.network.mailbox(mailbox.address).folders.items()
        return [(name, folder.role, f"{folder.uidvalidity}:{folder.uidnext}") for name, folder in folders]

    def enrollment(self, ref: EnrollmentRef) -> models.Enrollment | None:
        """Return the enrollment that ``ref`` names, if it has been made."""
        found = self.enrollments(ref.contact, ref.sequence)
        return found[ref.number - 1] if ref.number <= len(found) else None

    def enrollments(self, contact: str, sequence: str) -> list[models.Enrollment]:
        """Return the contact's enrollments in a sequence, the first one first."""
        rows = models.Enrollment.objects.filter(sequence=self.sequences[sequence])
        if (contact, sequence) in self._kept:
            rows = rows.filter(pk__in=self._kept[contact, sequence])
        else:
            rows = rows.filter(contact=self.contacts[contact]).exclude(pk__in=self._not_its_own.get(contact, ()))
        return list(rows.order_by("pk"))

    @contextmanager
    def merging(self, kept: str, gone: str) -> Iterator[None]:
        """Let the names of enrollments stay valid while two contacts become one: what only ``gone`` has goes on under
        both names."""
        for sequence in self.sequences:
            of_gone = [row.pk for row in self.enrollments(gone, sequence)]
            if self.enrollments(kept, sequence):
                self._not_its_own.setdefault(kept, set()).update(of_gone)
            self._kept[gone, sequence] = of_gone
        yield

    def latest(self, fields: dict[str, Any]) -> models.Enrollment:
        """Return the newest enrollment of the ``contact`` and ``sequence`` among ``fields``. Raises StoryError."""
        found = self.enrollments(fields["contact"], fields["sequence"])
        if not found:
            raise StoryError(f"{fields['contact']} was never enrolled in {fields['sequence']}")
        return found[-1]

    def delivery(self, ref: MailRef) -> models.Delivery:
        """Return the mail that ``ref`` names. Raises StoryError where it has not left."""
        enrollment = self.enrollment(ref.enrollment)
        found = models.Delivery.objects.filter(enrollment=enrollment, position=ref.step, raw__isnull=False).first()
        if enrollment is None or found is None:
            raise StoryError(f"the mail {ref} has not been sent")
        return found

    def answered(self, ref: MailRef | None) -> Answered | None:
        """Return what an answer to ``ref`` needs to know. Raises StoryError where that mail has not left."""
        if ref is None:
            return None
        mail = self.delivery(ref)
        return Answered(message_id=mail.message_id or "", subject=mail.subject, raw=mail.raw or b"")

    def thread(self, ref: MailRef) -> str:
        """Return the provider's name for the conversation of a mail that left. Raises StoryError where it has not."""
        return _thread_of(self.delivery(ref).raw or b"")

    def _address(self, party: str) -> str:
        if party in self.users:
            return self.users[party].email
        return self.mailboxes[party].address if party in self.mailboxes else party


def _thread_of(raw: bytes) -> str:
    """The provider's name for the conversation that a mail of ours begins: each mail counts as one of its own."""
    return f"thread-{zlib.crc32(raw):x}"
