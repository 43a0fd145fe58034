"""What the crash tests stand on: a mailbox on real servers, workers that are killed, and a clock that can be moved."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.db import connection

from relent.flows import enrolling, sequences
from relent.records import models
from relent.terms.steps import FollowUpDays, StepKind
from tests.proof import worker
from tests.servers import ground
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.smtp_sink import SmtpSink, Taken

TWO_MAILS = (
    sequences.StepDraft(kind=StepKind.EMAIL, subject="Hello", body="This is mail one, {{ contact.first_name }}"),
    sequences.StepDraft(kind=StepKind.EMAIL, delay=timedelta(minutes=1), body="This is mail two", threaded=True),
)


class TellingSink(SmtpSink):
    """A sink that says when it takes a mail, and when it has done everything that follows from it."""

    def __init__(self, dovecot: Dovecot, *, file_copies: bool) -> None:
        self.took, self.busy = threading.Event(), 0
        super().__init__(dovecot=dovecot, file_copies=file_copies, password=PASSWORD, local_domains=())

    async def handle_DATA(self, *mail: Any) -> str:  # noqa: N802  # aiosmtpd's name
        """Go on with what was handed over whole, also where the worker is gone meanwhile."""

        def over(_: object) -> None:
            self.busy -= 1

        self.busy += 1
        taking = asyncio.ensure_future(super().handle_DATA(*mail))
        taking.add_done_callback(over)
        return await asyncio.shield(taking)

    def _take(self, mail: Taken) -> None:
        self.took.set()
        super()._take(mail)

    def settle(self) -> None:
        """Wait until it has nothing in hand: what a dead worker began to hand over is over on both sides."""
        ground.until(lambda: not (self._open or self.busy), "Quiet at the SMTP server")


@dataclass
class Clock:
    """The machine's clock plus what the file says: the worker reads the same one (RELENT_CLOCK_FILE)."""

    file: Path
    offset: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def ahead(self, amount: timedelta) -> None:
        """Move ahead; in one step, so that nobody reads half a number."""
        self.offset += amount
        new = self.file.with_suffix(".new")
        new.write_text(str(self.offset.total_seconds()))
        new.replace(self.file)


class Workers:
    """Starts workers one at a time, kills them, and knows how each ended."""

    def __init__(self, clock: Clock) -> None:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "relent.project.settings",
            "RELENT_DATABASE_URL": _database_url(),
            "RELENT_CLOCK_FILE": str(clock.file),
        }
        self.log = clock.file.with_name("worker.log")
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", worker.__name__],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self._hear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()

    def start(self, point: str = "-") -> int:
        """Start a worker and return its process id, which stays its own until ``ended``."""
        self._say(f"go {point}")
        return int(self._hear())

    def ended(self) -> int:
        """Wait for the worker's end; return the signal that killed it, 0 where it ended well."""
        self._say("end")
        status = int(self._hear())
        assert os.WIFSIGNALED(status) or status == 0, self.log.read_text()[-3000:]
        return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0

    def _say(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _hear(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline().strip()
        assert line, self.log.read_text()[-3000:]
        return line


@dataclass
class Field:
    """A mailbox of Dana's on real servers, and the contacts whom it writes to."""

    dovecot: Dovecot
    sink: TellingSink
    clock: Clock
    dana: models.User
    mailbox: models.Mailbox
    sequence: models.Sequence
    replies: dict[str, datetime] = field(default_factory=dict)
    usual: float = 0.2

    def enroll(self, number: int) -> None:
        """Enroll a new contact; its first mail is due at once."""
        now = self.clock()
        contact = models.Contact.objects.create(first_name=f"P{number}", owner=self.dana, created_at=now)
        address = f"p{number}@acme.example"
        models.ContactAddress.objects.create(contact=contact, address=address, primary=True, since=now)
        wish = enrolling.EnrollRequest(contact=contact, sequence=self.sequence, by=self.dana, mailbox=self.mailbox)
        enrolling.enroll(wish, now)

    def reply(self) -> None:
        """Let somebody answer who got a mail and has not answered yet."""
        mails = [mail for mail in list(self.sink.mails) if mail.recipient not in self.replies]
        if not mails:
            return
        mail = random.choice(mails)
        answer = EmailMessage()
        answer["From"], answer["To"], answer["Subject"] = mail.recipient, self.mailbox.address, "Re: Hello"
        answer["Message-ID"] = f"<answer-of-{mail.recipient}>"
        answer["In-Reply-To"] = f"<{message_id(mail)}>"
        answer.set_content("Please call me.")
        self.dovecot.deliver(self.mailbox.address, answer.as_bytes(), mail.recipient)
        self.replies[mail.recipient] = self.clock()

    def kill_one(self, workers: Workers) -> bool:
        """Start a worker and kill it: as the server takes a mail, at some moment, or at a point of its own choice.

        Return whether it was killed; it may have been through before.
        """
        self.sink.took.clear()
        way = random.random()
        point = random.choice(list(worker.POINTS)) if way < 0.3 else "-"
        begun = time.monotonic()
        process = workers.start(point)
        if point == "-" and way < 0.65:
            time.sleep(random.uniform(0, self.usual * 1.3))
            os.kill(process, signal.SIGKILL)
        elif point == "-":
            if self.sink.took.wait(max(1.0, self.usual * 3)):
                self.usual += (time.monotonic() - begun - self.usual) * 0.2
            time.sleep(random.choice([0, random.uniform(0, 0.01)]))
            os.kill(process, signal.SIGKILL)
        return workers.ended() == signal.SIGKILL


def prepare(dovecot: Dovecot, sink: TellingSink, clock: Clock, sent_copies: str) -> Field:
    """Create Dana, her mailbox on the servers, and a sequence of two mails a minute apart."""
    now = clock()
    address = f"dana-{sent_copies}@us.example"
    dana = models.User.objects.create_user(address, "correct horse", name="Dana Reed", created_at=now)
    mailbox = models.Mailbox.objects.create(
        user=dana,
        address=address,
        kind="imap",
        options={**dovecot.options(), **sink.options(), "sent_copies": sent_copies},
        secrets={"password": PASSWORD},
        connected_at=now,
        state_since=now,
        next_read_at=now,
        spacing=0,
        daily_limit=10_000,
        minute_limit=10_000,
    )
    sequence = models.Sequence.objects.create(name="Two mails", owner=dana, created_at=now)
    rules = sequences.Rules(follow_up_days=FollowUpDays.EVERYDAY)
    sequences.save_version(sequence, rules, TWO_MAILS, dana, now)
    return Field(dovecot, sink, clock, dana, mailbox, sequence)


def message_id(mail: Taken) -> str:
    """Return the Message-ID of a mail, without brackets."""
    line = next(line for line in mail.raw.splitlines() if line.lower().startswith(b"message-id:"))
    return line.partition(b":")[2].strip().strip(b"<>").decode()


def position(mail: Taken) -> int:
    """Return which mail of its sequence this one is, by its text."""
    return 1 if b"This is mail one" in mail.raw else 2


def _database_url() -> str:
    """Return the URL under which another process finds the tests' database."""
    found = connection.settings_dict
    if not settings.ON_POSTGRESQL:
        return f"sqlite:///{Path(found['NAME']).absolute()}"
    return f"postgresql://{found['USER']}@{found['HOST']}:{found['PORT']}/{found['NAME']}"
