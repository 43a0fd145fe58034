"""A world of mailboxes in memory: what is in them, what was sent, how the next sending ends. It has no clock."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from relent.transports.base import FetchedMail, FolderRole, TransportError


@dataclass(frozen=True, slots=True)
class SentMail:
    """A mail that was handed over; ``sent_at`` is the world's time then."""

    envelope_from: str
    recipient: str
    raw: bytes
    sent_at: datetime


@dataclass(slots=True)
class MemoryFolder:
    """A folder: its mails by UID, oldest first. ``uidvalidity`` changes where its UIDs start anew."""

    role: FolderRole
    uidvalidity: int = 1
    uidnext: int = 1
    mails: dict[int, FetchedMail] = field(default_factory=dict)

    def add(self, mail: FetchedMail) -> None:
        self.mails[self.uidnext] = mail
        self.uidnext += 1


@dataclass(slots=True)
class MemoryMailbox:
    """One person's mailbox. ``down``: a passing failure; ``disconnected``: one that a person must mend."""

    folders: dict[str, MemoryFolder] = field(default_factory=dict)
    down: bool = False
    disconnected: bool = False
    arrivals: int = 0

    def sent(self) -> MemoryFolder:
        """Return the Sent folder, made where it is missing."""
        found = next((folder for folder in self.folders.values() if folder.role is FolderRole.SENT), None)
        return found or self.folders.setdefault("Sent", MemoryFolder(FolderRole.SENT))


class World:
    """All mailboxes by address, and what was sent.

    ``now`` gives the time of a sending; ``refusals`` (recipient → code, status) and ``uncertain`` (recipients whose
    mails get no answer after they left) script the outcome of sending. ``before_hand_off`` and ``after_hand_off`` are
    called with the recipient and may raise, as a process that dies there would. ``server_copies`` says whether what is
    sent turns up in the Sent folder by itself, and ``thread_of`` which conversation the provider puts such a copy into.
    """

    def __init__(self, now: Callable[[], datetime] | None = None) -> None:
        self.now = now
        self.sent: list[SentMail] = []
        self.refusals: dict[str, tuple[int, str]] = {}
        self.uncertain: set[str] = set()
        self.server_copies = True
        self.thread_of: Callable[[bytes], str] | None = None
        self.before_hand_off: Callable[[str], None] | None = None
        self.after_hand_off: Callable[[str], None] | None = None
        self.mailboxes: dict[str, MemoryMailbox] = {}
        self.changed = threading.Condition(threading.RLock())

    def mailbox(self, address: str) -> MemoryMailbox:
        """Return the mailbox of an address, made on first use with INBOX, Sent and Spam."""
        with self.changed:
            found = self.mailboxes.get(address.lower())
            if found is None:
                roles = {"INBOX": FolderRole.INBOX, "Sent": FolderRole.SENT, "Spam": FolderRole.SPAM}
                found = MemoryMailbox({name: MemoryFolder(role) for name, role in roles.items()})
                self.mailboxes[address.lower()] = found
            return found

    def deliver(self, address: str, raw: bytes, received_at: datetime, folder: str = "INBOX", thread: str = "") -> None:
        """Put a mail, of the provider's conversation ``thread``, into a folder (made where it is missing) and wake who
        waits for it."""
        with self.changed:
            mailbox = self.mailbox(address)
            target = mailbox.folders.setdefault(folder, MemoryFolder(FolderRole.OTHER))
            target.add(FetchedMail(raw, received_at, len(raw), thread))
            mailbox.arrivals += 1
            self.changed.notify_all()

    def move(self, address: str, source: str, target: str) -> None:
        """Move every mail of one folder into another, where they get new UIDs."""
        with self.changed:
            folders = self.mailbox(address).folders
            into = folders.setdefault(target, MemoryFolder(FolderRole.OTHER))
            for mail in folders[source].mails.values():
                into.add(mail)
            folders[source].mails.clear()

    def renumber(self, address: str, folder: str) -> None:
        """Give a folder a new UIDVALIDITY, as a server does that lost its index."""
        with self.changed:
            old = self.mailbox(address).folders[folder]
            fresh = MemoryFolder(old.role, old.uidvalidity + 1)
            for mail in old.mails.values():
                fresh.add(mail)
            self.mailbox(address).folders[folder] = fresh

    def refuse(self, recipient: str, code: int, status: str = "") -> None:
        """Have every later mail to ``recipient`` refused at RCPT TO."""
        self.refusals[recipient.lower()] = (code, status)

    def check_reachable(self, address: str, part: str) -> None:
        """Raise what a mailbox's state says."""
        mailbox = self.mailbox(address)
        if mailbox.disconnected:
            raise TransportError(f"{address} does not let us sign in.", permanent=True, part=part)
        if mailbox.down:
            raise TransportError(f"The server of {address} does not answer.", part=part)


_worlds: dict[str, World] = {}


def world(name: str = "default") -> World:
    """Return the world that accounts with the option ``world`` = ``name`` live in, made on first use."""
    return _worlds.setdefault(name, World())


def forget(name: str = "default") -> None:
    """Let a world end; the next use of its name makes a new one."""
    _worlds.pop(name, None)
