"""The mailboxes of the playground's world: Maildir folders under ``mail/<address>/``.

A mail's time is the playground's clock, not the machine's: once the clock was moved ahead, a mail stored with the
machine's time would seem to have arrived before the enrollment that it answers.
"""

import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings

_PARTS = ("cur", "new", "tmp")


@dataclass(frozen=True, slots=True)
class Received:
    """A mail in a mailbox: when it arrived, and what it says."""

    at: datetime
    message: EmailMessage

    @property
    def text(self) -> str:
        """The readable text of the mail."""
        body = self.message.get_body(("plain", "html"))
        return str(body.get_content()) if body else ""

    @property
    def link(self) -> str:
        """The address behind List-Unsubscribe that takes a one-click POST (RFC 8058), or an empty string."""
        header = str(self.message.get("List-Unsubscribe", ""))
        links = [part.strip(" <>\t\r\n") for part in header.split(",")]
        return next((link for link in links if link.startswith("http")), "")


def folder(address: str) -> Path:
    """Return the Maildir of ``address``."""
    return Path(settings.PLAYGROUND_DIR) / "mail" / address


def create(address: str) -> Path:
    """Make the mailbox of ``address`` where there is none."""
    for part in _PARTS:
        (folder(address) / part).mkdir(parents=True, exist_ok=True)
    return folder(address)


def exists(address: str) -> bool:
    """Whether mail to ``address`` can be delivered."""
    return "/" not in address and (folder(address) / "new").is_dir()


def deliver(address: str, raw: bytes, at: datetime) -> None:
    """Store a mail as an MDA does: written aside, then moved into place in one step."""
    name = f"{at.timestamp():.6f}.{secrets.token_hex(8)}.playground"
    draft = folder(address) / "tmp" / name
    draft.write_bytes(raw)
    os.utime(draft, (at.timestamp(), at.timestamp()))
    draft.rename(folder(address) / "new" / name)


def mails(address: str) -> list[Received]:
    """Return the mails of a mailbox, newest first."""
    files = [file for part in ("new", "cur") for file in (folder(address) / part).glob("*")]
    found = [_read(file) for file in sorted(files, key=lambda file: file.stat().st_mtime, reverse=True)]
    return [mail for mail in found if mail is not None]


def empty_all() -> None:
    """Delete every mail of every mailbox; the mailboxes stay, for they may be open."""
    for file in (Path(settings.PLAYGROUND_DIR) / "mail").rglob("*"):
        if file.is_file() and file.parent.name in _PARTS:
            file.unlink(missing_ok=True)


def _read(file: Path) -> Received | None:
    try:
        raw, moment = file.read_bytes(), file.stat().st_mtime
    except FileNotFoundError:
        return None  # moved or deleted since it was listed
    message = message_from_bytes(raw, policy=policy.default)
    return Received(datetime.fromtimestamp(moment, UTC), message)
