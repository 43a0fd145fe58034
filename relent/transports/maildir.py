"""Mailboxes in a Maildir on this machine (with Maildir++ folders), sending by SMTP. Nothing is moved or marked."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import policy
from email.parser import BytesHeaderParser
from itertools import count
from pathlib import Path
from typing import Self

from imapclient import imap_utf7

from relent.transports import maildir_scan, roles, smtp
from relent.transports.base import (
    Account,
    Batch,
    Check,
    FetchedMail,
    Folder,
    FolderRole,
    Found,
    MailReader,
    MailSender,
    MailWatcher,
    TransportError,
)
from relent.transports.endpoint import reason
from relent.transports.maildir_scan import Entry
from relent.transports.smtp import SmtpSender

_PART = "maildir"
_BATCH_MAILS = 100
_BATCH_BYTES = 8_000_000

# A folder whose times stood still for this long (seconds) when it was listed cannot have changed since without
# showing it: file times move in ticks of a few milliseconds.
_TICK = 0.05

# How many of the Sent folder's newest mails are looked at for a Message-ID, and how much of each is its header.
_NEWEST = 2000
_HEADER = 64_000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_deliveries = count(1)


class MaildirTransport:
    """Options: maildir (the path), sent_folder (``.Sent``), sent_copies, and those of SMTP (see ImapTransport)."""

    def __init__(self, account: Account) -> None:
        self._account = account

    @classmethod
    def for_account(cls, account: Account) -> Self:
        return cls(account)

    def reader(self) -> MailReader:
        return MaildirReader(self._account)

    def sender(self) -> MailSender:
        return SmtpSender(self._account)

    def watcher(self) -> MailWatcher:
        return MaildirWatcher(self._account)

    def check(self) -> list[Check]:
        try:
            folders = MaildirReader(self._account).folders()
            here = Check(_PART, True, f"{len(folders)} folders can be read.")
        except TransportError as error:
            here = Check(error.part, False, str(error))
        return [here, *smtp.check(self._account)]


class MaildirReader:
    """A MailReader over a Maildir."""

    def __init__(self, account: Account) -> None:
        self._root = _root(account)
        self._sent_name = account.options.get("sent_folder") or ".Sent"
        self._server_copies = account.options.get("sent_copies") == "server"
        self._size_limit = int(account.options.get("mail_size_limit") or 30_000_000)
        self._settled: dict[str, tuple[tuple[int, ...], float, str]] = {}

    def folders(self) -> list[Folder]:
        with _told():
            names = [_name(path.name) for path in _subfolders(self._root)]
        found = [Folder("INBOX", FolderRole.INBOX), *(Folder(name, self._role(name)) for name in names)]
        found = [folder for folder in found if folder.role is not FolderRole.DRAFTS]
        return sorted(found, key=lambda folder: (roles.rank(folder.role), folder.name))

    def fetch_new(self, folder: Folder, cursor: str, since: datetime) -> Iterator[Batch]:
        with _told():
            path = self._path(folder.name)
            times = maildir_scan.folder_times(path)
            seen, since_when, settled = self._settled.get(folder.name, ((), 0.0, ""))
            if seen != times:
                self._settled[folder.name] = (times, time.monotonic(), "")
            elif settled and settled == cursor:
                return
            calm = seen == times and time.monotonic() - since_when > _TICK
            stored = maildir_scan.Cursor.parse(cursor)
            known = stored if stored and stored.stands(times) else maildir_scan.start(_nanoseconds(since))
            entries = maildir_scan.listed(path)
        left = maildir_scan.unread(entries, known)
        while left:
            portion, left = _portion(left)
            with _told():
                mails = tuple(mail for entry in portion if (mail := self._mail(entry)) is not None)
            yield Batch(mails, str(maildir_scan.advanced(known, entries, times, left)))
        final = str(maildir_scan.advanced(known, entries, times, []))
        if calm:
            self._settled[folder.name] = (times, since_when, final)
        if final != cursor and not maildir_scan.unread(entries, known):
            yield Batch((), final)

    def find_sent(self, message_id: str) -> Found:
        wanted = message_id.strip().strip("<>")
        with _told():
            for name in [folder.name for folder in self.folders() if folder.role is FolderRole.SENT]:
                entries = sorted(maildir_scan.listed(self._path(name)), key=lambda entry: -entry.received)
                if any(_message_id(entry) == wanted for entry in entries[:_NEWEST]):
                    return Found.FOUND
        return Found.ABSENT if self._server_copies else Found.UNKNOWN

    def store_sent(self, raw: bytes, sent_at: datetime) -> None:
        with _told():
            folder = self._sent_path()
            for part in ("tmp", "new", "cur"):
                (folder / part).mkdir(parents=True, exist_ok=True)
            host = socket.gethostname().replace("/", "-").replace(":", "-")
            moment = time.monotonic_ns()
            base = f"{int(sent_at.timestamp())}.M{moment}P{os.getpid()}Q{next(_deliveries)}.{host}"
            written = folder / "tmp" / base
            with written.open("xb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            os.utime(written, ns=(_nanoseconds(sent_at),) * 2)
            written.rename(folder / "cur" / f"{base}:2,S")

    def alive(self) -> bool:
        return self._root.is_dir()

    def close(self) -> None:
        self._settled.clear()

    def _role(self, name: str) -> FolderRole:
        return FolderRole.SENT if _directory(name) == self._sent_name else roles.by_name(name, ".")

    def _path(self, name: str) -> Path:
        return self._root if name == "INBOX" else self._root / _directory(name)

    def _sent_path(self) -> Path:
        sent = next((folder for folder in self.folders() if folder.role is FolderRole.SENT), None)
        return self._path(sent.name) if sent else self._root / self._sent_name

    def _mail(self, entry: Entry) -> FetchedMail | None:
        """Read a mail's file; None where it is gone from the folder (another folder has it then)."""
        for _ in range(3):
            path = maildir_scan.found_again(entry)
            if path is None:
                return None
            try:
                with path.open("rb") as file:
                    raw = file.read(self._size_limit)
            except FileNotFoundError:
                continue
            return FetchedMail(raw, _EPOCH + timedelta(microseconds=entry.received // 1000), entry.size)
        raise TransportError(f"{entry.path} is renamed faster than it can be read.", part=_PART)


class MaildirWatcher:
    """A MailWatcher that looks at the folders' times. What came before its opening is not reported."""

    def __init__(self, account: Account) -> None:
        self._root = _root(account)
        self._closing = threading.Event()
        self._every = float(account.options.get("poll_seconds") or 0.3)
        self._times = self._look()

    def wait(self, seconds: float) -> bool:
        ends = time.monotonic() + seconds
        while not self._closing.is_set():
            if (times := self._look()) != self._times:
                self._times = times
                return True
            if (left := ends - time.monotonic()) <= 0:
                return False
            self._closing.wait(min(self._every, left))
        return False

    def close(self) -> None:
        self._closing.set()

    def _look(self) -> dict[str, tuple[int, ...]]:
        with _told():
            paths = [self._root, *_subfolders(self._root)]
            return {str(path): maildir_scan.folder_times(path) for path in paths}


def _root(account: Account) -> Path:
    said = account.options.get("maildir", "")
    if not said:
        raise TransportError("maildir is not set.", permanent=True, part=_PART)
    root = Path(said)
    if not ((root / "new").is_dir() and (root / "cur").is_dir()):
        raise TransportError(f"{root} is no Maildir: it has no new and cur.", permanent=True, part=_PART)
    return root


def _subfolders(root: Path) -> list[Path]:
    """Return the Maildir++ folders, which are named with a leading dot and lie beside ``new`` and ``cur``."""
    paths = (path for path in root.iterdir() if path.name.startswith(".") and path.name not in (".", ".."))
    return sorted(path for path in paths if (path / "new").is_dir() and (path / "cur").is_dir())


def _name(directory: str) -> str:
    """Return a folder's name as a person knows it (modified UTF-7, RFC 3501 section 5.1.3), where that goes."""
    try:
        name = str(imap_utf7.decode(os.fsencode(directory[1:])))
        return name if _directory(name) == directory else directory
    except (ValueError, UnicodeError):
        return directory


def _directory(name: str) -> str:
    if name.startswith("."):
        return name
    return "." + bytes(imap_utf7.encode(name)).decode("ascii")


def _portion(entries: list[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Cut off the next batch."""
    size = 0
    for place, entry in enumerate(entries):
        size += entry.size
        if place and (place >= _BATCH_MAILS or size > _BATCH_BYTES):
            return entries[:place], entries[place:]
    return entries, []


def _message_id(entry: Entry) -> str:
    path = maildir_scan.found_again(entry)
    if path is None:
        return ""
    with path.open("rb") as file:
        header = file.read(_HEADER)
    return str(BytesHeaderParser(policy=policy.compat32).parsebytes(header)["Message-ID"] or "").strip().strip("<>")


def _nanoseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1) * 1000


@contextmanager
def _told() -> Iterator[None]:
    """Put what the file system answers into a TransportError."""
    try:
        yield
    except PermissionError as error:
        message = f"{error.filename} may not be read: {reason(error)}."
        raise TransportError(message, permanent=True, part=_PART) from error
    except OSError as error:
        raise TransportError(f"{error.filename} cannot be read: {reason(error)}.", part=_PART) from error
