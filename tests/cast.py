"""The cast: Ann and Bob work at Acme, Cora at Birch. Dana is a rep and owns the mailbox; Eli has no access to anything
of Dana's. Time stands still until a test moves it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

from relent.flows import enrolling, sequences, sessions, turn
from relent.records import models
from relent.terms.roles import Role
from relent.terms.steps import StepKind
from relent.transports import memory

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Clock:
    """A clock that a test moves."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def ahead(self, **amount: float) -> datetime:
        """Move ahead by the amount, as ``timedelta`` takes it, and return the new moment."""
        self.moment += timedelta(**amount)
        return self.moment


@dataclass
class Cast:
    """Everybody and everything that most tests need."""

    clock: Clock
    world: memory.World
    dana: models.User
    eli: models.User
    mailbox: models.Mailbox
    ann: models.Contact
    bob: models.Contact
    cora: models.Contact
    sequence: models.Sequence

    def enroll(self, contact: models.Contact | None = None, **wish: object) -> models.Enrollment:
        """Enroll ``contact`` (Ann) by Dana, without a turn."""
        request = enrolling.EnrollRequest(
            contact=contact or self.ann, sequence=self.sequence, by=self.dana, mailbox=self.mailbox, **wish
        )
        return enrolling.enroll(request, self.clock())

    def turn(self) -> turn.TurnReport:
        """Let Dana's mailbox take its turn."""
        return turn.take(self.mailbox.pk, self.clock, "test")

    def enrolled(self, contact: models.Contact | None = None) -> models.Enrollment:
        """Enroll ``contact`` (Ann) and let the first mail leave."""
        enrollment = self.enroll(contact)
        self.turn()
        return enrollment

    def write(self, sender: str = "ann@acme.example", **headers: str) -> EmailMessage:
        """Return a mail to Dana that a person wrote; ``In_Reply_To="…"`` sets a header."""
        mail = EmailMessage()
        mail["From"], mail["To"] = sender, "dana@us.example"
        mail["Subject"] = headers.pop("Subject", "Hello")
        mail["Message-ID"] = f"<{self.clock().timestamp()}.{len(headers)}@{sender.partition('@')[2]}>"
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content("Sounds good, call me.\n")
        return mail

    def deliver(self, mail: EmailMessage | bytes, folder: str = "INBOX") -> None:
        """Put a mail into Dana's mailbox, now."""
        raw = mail if isinstance(mail, bytes) else mail.as_bytes()
        self.world.deliver("dana@us.example", raw, self.clock(), folder)

    def answer(self, enrollment: models.Enrollment, sender: str = "ann@acme.example", **headers: str) -> EmailMessage:
        """Return a mail of a person that answers the enrollment's latest mail."""
        latest = enrollment.deliveries.filter(message_id__isnull=False).latest("position")
        return self.write(sender, In_Reply_To=f"<{latest.message_id}>", **headers)

    def absence(self, enrollment: models.Enrollment) -> EmailMessage:
        """Return an out-of-office note of Ann's that answers the enrollment's latest mail and names no date."""
        mail = self.answer(enrollment, Subject="Automatic reply: Hello", Auto_Submitted="auto-replied")
        mail.set_content("I am out of the office and will answer when I am back.\n")
        return mail


def state(enrollment: models.Enrollment) -> tuple[str, str]:
    """Return the enrollment's state and reason as they stand in the database."""
    enrollment.refresh_from_db()
    return enrollment.state, enrollment.reason


@pytest.fixture
def world() -> Iterator[memory.World]:
    """An empty world of mailboxes in memory."""
    sessions.close_all()  # a kept connection would lead to the last test's world
    memory.forget()
    yield memory.world()
    sessions.close_all()
    memory.forget()


@pytest.fixture
def cast(db: None, world: memory.World) -> Cast:
    """The cast, with Dana's mailbox connected and a sequence of three mails two and five days apart."""
    clock = Clock(MONDAY)
    world.now = clock
    dana = _user("dana@us.example", "Dana Reed", team="west")
    eli = _user("eli@us.example", "Eli Moss", team="east")
    mailbox = models.Mailbox.objects.create(
        user=dana,
        address="dana@us.example",
        kind="memory",
        options={"sent_copies": "server"},
        connected_at=MONDAY,
        state_since=MONDAY,
        next_read_at=MONDAY,
    )
    acme = models.Company.objects.create(name="Acme", domain="acme.example", created_at=MONDAY)
    birch = models.Company.objects.create(name="Birch", domain="birch.example", created_at=MONDAY)
    return Cast(
        clock=clock,
        world=world,
        dana=dana,
        eli=eli,
        mailbox=mailbox,
        ann=contact("Ann", "Archer", acme, dana),
        bob=contact("Bob", "Baker", acme, dana),
        cora=contact("Cora", "Cole", birch, dana),
        sequence=sequence(dana),
    )


def _user(email: str, name: str, team: str) -> models.User:
    return models.User.objects.create_user(email, "correct horse", name=name, team=team, created_at=MONDAY)


def contact(first: str, last: str, company: models.Company, owner: models.User) -> models.Contact:
    """Create a contact whose address is its first name at its company's domain."""
    row = models.Contact.objects.create(first_name=first, last_name=last, owner=owner, created_at=MONDAY)
    row.work_at([company], MONDAY - timedelta(days=30))
    models.ContactAddress.objects.create(
        contact=row, address=f"{first.lower()}@{company.domain}", primary=True, since=MONDAY - timedelta(days=30)
    )
    return row


def sequence(owner: models.User, *steps: sequences.StepDraft, **rules: object) -> models.Sequence:
    """Create a sequence; without ``steps``, of three mails of which the later ones answer the first."""
    row = models.Sequence.objects.create(name="Hello", owner=owner, created_at=MONDAY)
    sequences.save_version(row, sequences.Rules(**rules), steps or THREE_MAILS, owner, MONDAY)
    return row


def super_admin() -> models.User:
    """Create a user who may do everything."""
    return models.User.objects.create_user(
        "root@us.example", "correct horse", name="Rea Root", role=Role.SUPER_ADMIN, created_at=MONDAY
    )


THREE_MAILS = (
    sequences.StepDraft(kind=StepKind.EMAIL, subject="Hello", body="Hi {{ contact.first_name }}"),
    sequences.StepDraft(kind=StepKind.EMAIL, delay=timedelta(days=2), body="Just checking in", threaded=True),
    sequences.StepDraft(kind=StepKind.EMAIL, delay=timedelta(days=5), body="Last try", threaded=True),
)
