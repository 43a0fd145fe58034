"""What the transport tests share: accounts on the servers, and reading a mailbox as a turn does."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from relent.transports.base import Account, FetchedMail, MailReader, MailWatcher
from relent.transports.imap_reader import ImapReader
from relent.transports.imap_session import Session
from tests.servers.bad_imap import BadImap
from tests.servers.dovecot import PASSWORD, Dovecot

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class Reading:
    """A reader with its cursors, kept between readings as the product keeps them."""

    def __init__(self, reader: MailReader, since: datetime = LONG_AGO) -> None:
        self.reader = reader
        self.since = since
        self.cursors: dict[str, str] = {}

    def new(self) -> list[tuple[str, FetchedMail]]:
        """Read every folder; return what is new, with the folder it was met in."""
        found = []
        for folder in self.reader.folders():
            for batch in self.reader.fetch_new(folder, self.cursors.get(folder.name, ""), self.since):
                found += [(folder.name, mail) for mail in batch.mails]
                self.cursors[folder.name] = batch.cursor
        return found

    def subjects(self) -> list[tuple[str, str]]:
        """Read every folder; return folder and subject of what is new."""
        return [(folder, subject(mail.raw)) for folder, mail in self.new()]


def lose_patience(session: Session) -> None:
    """Let a session wait briefly only from now on, for a server that is about to answer no more."""
    session.endpoint = replace(session.endpoint, read_timeout=0.4, command_timeout=0.5)
    session._client.imap.stream._silence = 0.4


class Waiting:
    """A watcher that waits in a thread of its own for an hour, or less where something ends its wait."""

    def __init__(self, watcher: MailWatcher) -> None:
        self.found: list[bool] = []
        self._thread = threading.Thread(target=lambda: self.found.append(watcher.wait(3600)), daemon=True)
        self._thread.start()

    def end(self) -> list[bool]:
        """Return what the wait answered, or nothing where it goes on."""
        self._thread.join(60)
        return self.found


def subject(raw: bytes) -> str:
    return raw.partition(b"Subject: ")[2].partition(b"\r\n")[0].partition(b"\n")[0].decode()


def mail(about: str, message_id: str = "", body: str = "Hello") -> bytes:
    """Return a small mail from Ann."""
    identity = message_id or about.lower().replace(" ", "-")
    text = f"From: Ann <ann@acme.example>\nMessage-ID: <{identity}@acme.example>\nSubject: {about}\n\n{body}\n"
    return text.replace("\n", "\r\n").encode()


@pytest.fixture
def account(dovecot: Dovecot, dana: str) -> Account:
    return Account(dana, dovecot.options(), {"password": PASSWORD})


@pytest.fixture
def reading(account: Account) -> Iterator[Reading]:
    reading = Reading(ImapReader(account))
    yield reading
    reading.reader.close()


@pytest.fixture
def bad_reading(bad_imap: BadImap) -> Iterator[Reading]:
    """A reader on the bad server, which has read what was there while it was honest."""
    reading = Reading(ImapReader(Account("dana@us.example", bad_imap.options(), {"password": "any"})))
    reading.new()
    yield reading
    reading.reader.close()


@pytest.fixture
def days_ago() -> Callable[[int], datetime]:
    return lambda days: datetime.now(UTC) - timedelta(days=days)
