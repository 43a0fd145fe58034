"""The world of one story: an empty database filled from ``given``, mailboxes in memory, and a clock of its own."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.management.color import no_style
from django.db import connection

from relent.flows import unsubscribing, wake
from relent.records import models
from relent.transports import memory
from relent.workers.scenarios import sequences
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


class Refusals(dict[str, tuple[int, str]]):
    """What the server answers to the next mail to a recipient; each answer is given once."""

    def __getitem__(self, recipient: str) -> tuple[int, str]:
        return self.pop(recipient)


class World:
    """Everything that a story is about, by the names of its file. ``now`` is the story's clock."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.now = scenario.events[0].at
        self.before = self.now - _BEFORE
        self.name = f"scenario-{next(_numbers)}"
        self.network = memory.world(self.name)
        self.network.now = self.clock
        self.network.refusals = Refusals()
        self.arrivals: list[Arrival] = []
        self.woken: set[int] = set()
        self.users: dict[str, models.User] = {}
        self.mailboxes: dict[str, models.Mailbox] = {}
        self.companies: dict[str, models.Company] = {}
        self.contacts: dict[str, models.Contact] = {}
        self.sequences: dict[str, models.Sequence] = {}

    def clock(self) -> datetime:
        """Return the story's time."""
        return self.now

    def __enter__(self) -> "World":
        empty_database()
        self._listener, wake.listener = wake.listener, self.woken.add
        self._fill()
        return self

    def __exit__(self, *_: object) -> None:
        wake.listener = self._listener
        memory.forget(self.name)

    def addresses(self, parties: Iterable[str]) -> tuple[str, ...]:
        """Return the mail addresses of users, shared mailboxes and plain addresses."""
        return tuple(self._address(party) for party in parties)

    def deliver(self, parties: Iterable[str], raw: bytes, received_at: datetime, folder: str = "INBOX") -> None:
        """Put a mail into the mailboxes of ``parties``; whoever has none of ours gets nothing that we could see."""
        found = {self.mailbox_of(party) for party in parties}
        for mailbox in sorted((each for each in found if each is not None), key=lambda each: each.pk):
            self.put(Arrival(mailbox.address, raw, received_at, folder))

    def put(self, arrival: Arrival) -> None:
        """Let a mail arrive."""
        self.arrivals.append(arrival)
        self.network.deliver(arrival.address, arrival.raw, arrival.received_at, arrival.folder)
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

    def enrollment(self, ref: EnrollmentRef) -> models.Enrollment | None:
        """Return the enrollment that ``ref`` names, if it has been made."""
        found = self.enrollments(ref.contact, ref.sequence)
        return found[ref.number - 1] if ref.number <= len(found) else None

    def enrollments(self, contact: str, sequence: str) -> list[models.Enrollment]:
        """Return the contact's enrollments in a sequence, the first one first."""
        rows = models.Enrollment.objects.filter(contact=self.contacts[contact], sequence=self.sequences[sequence])
        return list(rows.order_by("pk"))

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

    def _address(self, party: str) -> str:
        if party in self.users:
            return self.users[party].email
        return self.mailboxes[party].address if party in self.mailboxes else party

    def _fill(self) -> None:
        scenario = self.scenario
        for name, fields in scenario.part("users").items():
            self._add_user(name, fields)
        for name, fields in scenario.part("shared_mailboxes").items():
            self._add_mailbox(name, fields["email"], None, "imap")
        self.save_settings(scenario.settings, self.before)
        for name, fields in scenario.part("companies").items():
            self.companies[name] = models.Company.objects.create(name=fields.get("name", name), created_at=self.before)
        for name, fields in scenario.part("companies").items():
            self.change_company(name, fields)
        for name, fields in scenario.part("contacts").items():
            self.contacts[name] = models.Contact.objects.create(created_at=self.before)
            self.change_contact(name, fields, self.before)
        for name, fields in scenario.part("sequences").items():
            self.sequences[name] = models.Sequence.objects.create(name=name, created_at=self.before)
            self.change_sequence(name, fields, self.before)

    def _add_user(self, name: str, fields: dict[str, Any]) -> None:
        user = models.User.objects.create_user(
            fields["email"],
            name=name,
            role=fields.get("role", "rep"),
            team=fields.get("team", ""),
            time_zone=fields.get("time_zone", "UTC"),
            created_at=self.before,
        )
        self.users[name] = user
        for alias in fields.get("aliases", []):
            models.UserAddress.objects.create(user=user, address=alias.lower())
        if fields.get("mailbox", "imap") != "none":
            self._add_mailbox(name, fields["email"], user, fields.get("mailbox", "imap"))

    def _add_mailbox(self, name: str, address: str, user: models.User | None, provider: str) -> None:
        # The server files the copies of what is sent: so a mail that left is found in Sent, whoever died meanwhile.
        options = {"world": self.name, "sent_copies": "server", "provider": provider}
        self.mailboxes[name] = models.Mailbox.objects.create(
            user=user,
            address=address.lower(),
            kind="memory",
            options=options,
            connected_at=self.before,
            state_since=self.before,
            next_read_at=self.before,
        )

    def save_settings(self, overrides: dict[str, Any], since: datetime) -> None:
        """Save the account's settings: the ones that hold, changed by ``overrides``."""
        held = models.AccountSettings.objects.at(since).overrides
        models.AccountSettings.objects.create(
            since=since, profile=self.scenario.profile, overrides={**held, **overrides}
        )

    def change_company(self, name: str, fields: dict[str, Any]) -> None:
        """Save the given fields of a company."""
        row = self.companies[name]
        row.name, row.domain = fields.get("name", row.name), fields.get("domain", row.domain)
        if "parent" in fields:
            row.parent = self.companies[fields["parent"]]
        row.save()

    def change_contact(self, name: str, fields: dict[str, Any], since: datetime) -> None:
        """Save the given fields of a contact; addresses hold from ``since``."""
        row = self.contacts[name]
        if "name" in fields:
            row.first_name, _, row.last_name = fields["name"].partition(" ")
        if "company" in fields:
            row.company = self.companies[fields["company"][0]] if fields["company"] else None
        if "owner" in fields:
            row.owner = self.users[fields["owner"]]
        row.time_zone = fields.get("time_zone", row.time_zone)
        row.save()
        if "email" in fields:
            models.ContactAddress.objects.filter(contact=row, primary=True).delete()
            models.ContactAddress.objects.create(contact=row, address=fields["email"], primary=True, since=since)
        if "additional_emails" in fields:
            models.ContactAddress.objects.filter(contact=row, primary=False).delete()
            for address in fields["additional_emails"]:
                models.ContactAddress.objects.create(contact=row, address=address, since=since)
        if fields.get("opted_out"):
            unsubscribing.opt_out(row.email, "record", since)

    def change_sequence(self, name: str, fields: dict[str, Any], at: datetime) -> None:
        """Save the given fields of a sequence; new steps or settings make a new version."""
        row = self.sequences[name]
        if "owner" in fields:
            row.owner = self.users[fields["owner"]]
        if "shared_with" in fields:
            row.private = fields["shared_with"] == "private"
        row.save()
        if "steps" in fields or "settings" in fields:
            sequences.save(row, fields, at)


def empty_database() -> None:
    """Delete every row. Refuses where the database is not one in memory: it might be somebody's."""
    if not connection.is_in_memory_db():  # type: ignore[attr-defined]  # SQLite's own
        raise RuntimeError("Scenarios run on a database in memory only: start them with `relent scenarios`.")
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), tables))
