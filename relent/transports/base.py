"""What a transport is: something that reads a mailbox, and something that hands over a mail. No product words here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, Self


class TransportError(Exception):
    """An anticipated failure of a server or the network.

    ``permanent`` says that trying again changes nothing until a person acts (a wrong password, say). ``part`` names
    what was tried: ``imap`` or ``smtp`` followed by ``.options``, ``.connect``, ``.encrypt``, ``.sign_in``; or
    ``imap.folders``, ``imap.read``, ``imap.watch``, ``imap.sent``, ``smtp.send``, ``oauth.token``, ``maildir``,
    ``memory``.
    """

    def __init__(self, message: str, *, permanent: bool = False, part: str = "") -> None:
        super().__init__(message)
        self.permanent = permanent
        self.part = part


class SendRefused(TransportError):
    """The server answered that it does not take this mail; it has certainly not left.

    ``code`` is the SMTP reply code, ``status`` the enhanced status (RFC 3463) where given. ``recipient_refused`` is
    true where RCPT TO was refused, i.e. the answer is about the address. ``permanent`` is true for 5xx.
    """

    def __init__(self, message: str, *, code: int, status: str = "", recipient_refused: bool = False) -> None:
        super().__init__(message, permanent=code >= 500, part="smtp.send")
        self.code = code
        self.status = status
        self.recipient_refused = recipient_refused


class SendUncertain(TransportError):
    """The connection ended after the mail's last byte and before the answer: it may or may not have left."""


class FolderRole(StrEnum):
    """What a folder is for, by SPECIAL-USE (RFC 6154) or, failing that, by its name."""

    INBOX = "inbox"
    SENT = "sent"
    SPAM = "spam"
    DRAFTS = "drafts"
    TRASH = "trash"
    ALL = "all"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of a mailbox; ``name`` is what the server calls it."""

    name: str
    role: FolderRole


@dataclass(frozen=True, slots=True)
class FetchedMail:
    """One mail as it lies in a folder. ``received_at`` is the server's time (INTERNALDATE), timezone-aware.

    ``size`` is the mail's whole size in bytes; ``raw`` may be shorter: a transport cuts at its size limit. ``thread``
    is the provider's own id of the conversation, empty where it gives none.
    """

    raw: bytes
    received_at: datetime
    size: int
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some new mails of a folder, in the server's order, and the cursor to store once their consequences are stored.

    A cursor is the transport's own text; nobody else looks into it. An empty batch may carry a newer cursor.
    """

    mails: tuple[FetchedMail, ...]
    cursor: str


class Found(StrEnum):
    """What the sender's own mailbox says of a mail that may have left.

    ``UNKNOWN``: it is not there, and that proves nothing, because this server files no copies of its own.
    """

    FOUND = "found"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class MailReader(Protocol):
    """An open, reusable reading connection to one mailbox. Not thread-safe: its holder uses it alone.

    Every method raises TransportError, also where the server hangs (after a timeout), lies or breaks off.
    """

    def folders(self) -> list[Folder]:
        """Return the folders that can hold mail, INBOX first: a mail moved away while reading is then met later."""

    def fetch_new(self, folder: Folder, cursor: str, since: datetime) -> Iterator[Batch]:
        """Yield what came into ``folder`` after ``cursor``, oldest first, in bounded batches.

        With an empty cursor, or one the server no longer honors (UIDVALIDITY has changed), start from the mails
        received since ``since``.
        """

    def find_sent(self, message_id: str) -> Found:
        """Say whether the Sent folder holds the mail with this Message-ID (without angle brackets)."""

    def store_sent(self, raw: bytes, sent_at: datetime) -> None:
        """Put a copy of a mail into the Sent folder, marked as read."""

    def alive(self) -> bool:
        """Say, without asking the server, whether the connection is still usable as far as this side can see."""

    def close(self) -> None:
        """End the connection; never raises."""


class MailSender(Protocol):
    """An open, reusable sending connection. Not thread-safe."""

    def send(self, envelope_from: str, recipient: str, raw: bytes) -> str:
        """Hand over one mail and return the server's answer.

        Raises SendRefused (it has not left), SendUncertain (it may have), or TransportError (it has not: the
        connection failed before the last byte).
        """

    def close(self) -> None:
        """End the connection; never raises."""


class MailWatcher(Protocol):
    """Waits for new mail without polling the server (IMAP IDLE, RFC 2177)."""

    def wait(self, seconds: float) -> bool:
        """Return true as soon as something may have arrived, false after ``seconds``. Raises TransportError."""

    def close(self) -> None:
        """End the connection; never raises. May be called from another thread to end a wait."""


@dataclass(frozen=True, slots=True)
class Account:
    """How to reach one mailbox: its address, open ``options`` and ``secrets``, as the mailbox's form saved them."""

    address: str
    options: dict[str, str]
    secrets: dict[str, str]

    def __repr__(self) -> str:
        return f"Account({self.address!r})"  # never the secrets: this ends up in logs


@dataclass(frozen=True, slots=True)
class Check:
    """One part of a connection test: what was tried, whether it worked, and what the server said."""

    part: str
    ok: bool
    detail: str


class Transport(Protocol):
    """A kind of mailbox. Instances hold no connection; they open them."""

    @classmethod
    def for_account(cls, account: Account) -> Self: ...

    def reader(self) -> MailReader: ...

    def sender(self) -> MailSender: ...

    def watcher(self) -> MailWatcher: ...

    def check(self) -> list[Check]:
        """Try each part in turn (connect, encrypt, sign in, list folders, send path) and say exactly what failed."""
