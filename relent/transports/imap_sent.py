"""The Sent folder of an IMAP mailbox: finding a mail in it by Message-ID, and putting a copy there."""

import imaplib
from datetime import datetime
from email import policy
from email.parser import BytesHeaderParser
from typing import Any

from relent.transports.base import Folder, FolderRole, TransportError
from relent.transports.imap_folders import Listing
from relent.transports.imap_session import Session

_PART = "imap.sent"

# How many of a folder's newest mails are looked at one by one where the server's search finds nothing: an index of
# headers may lag behind, and a mail that is taken for unsent is sent twice.
_NEWEST = 200


def find(session: Session, folders: list[Folder], message_id: str) -> bool:
    """Say whether a Sent folder, or a folder of all mail, holds the mail with this Message-ID (no angle brackets)."""
    wanted = message_id.strip().strip("<>")
    places = [folder for folder in folders if folder.role in (FolderRole.SENT, FolderRole.ALL)]
    return any(_holds(session, folder.name, wanted) for folder in places)


def store(session: Session, listing: Listing, raw: bytes, sent_at: datetime) -> None:
    """Append a copy, marked as read, to the Sent folder; create the folder where there is none."""
    name = next((folder.name for folder in listing.folders if folder.role is FolderRole.SENT), "")
    if not name:
        name = _create(session, listing)
    with session.asking(_PART, f"store a copy in {name!r}", size=len(raw)) as client:
        client.append(name, raw, flags=["\\Seen"], msg_time=sent_at)


def _holds(session: Session, name: str, wanted: str) -> bool:
    if not wanted.isascii() or any(ord(c) < 32 for c in wanted):
        raise TransportError(f"{wanted!r} is no Message-ID that can be searched for.", permanent=True, part=_PART)
    with session.asking(_PART, f"search {name!r} for a Message-ID") as client:
        opened = client.select_folder(name, readonly=True)
        if client.search(["HEADER", "Message-ID", wanted]):
            return True
        count = int(opened[b"EXISTS"])
    return count > 0 and _among_newest(session, name, count, wanted)


def _among_newest(session: Session, name: str, count: int, wanted: str) -> bool:
    with session.asking(_PART, f"show the newest mails of {name!r}") as client:
        places = list(range(max(1, count - _NEWEST + 1), count + 1))
        client.use_uid = False
        try:
            answers = client.fetch(places, ["BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"])
        finally:
            client.use_uid = True
    return any(wanted == _message_id(answer) for answer in answers.values())


def _message_id(answer: dict[bytes, Any]) -> str:
    header = next((value for key, value in answer.items() if key.startswith(b"BODY[")), b"")
    said = BytesHeaderParser(policy=policy.compat32).parsebytes(bytes(header or b""))["Message-ID"]
    return str(said or "").strip().strip("<>")


def _create(session: Session, listing: Listing) -> str:
    with session.asking(_PART, "create a Sent folder") as client:
        prefix = ""
        if client.has_capability("NAMESPACE") and (personal := client.namespace().personal):
            prefix = str(personal[0][0] or "")
        name = f"{prefix}Sent"
        try:
            client.create_folder(name)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            if "ALREADYEXISTS" not in str(error).upper():
                raise
        client.subscribe_folder(name)
    return name
