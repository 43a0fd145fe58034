"""How far an IMAP folder has been read, what is known of its new mails before they are fetched, and their batches.

A cursor is JSON with the folder's UIDVALIDITY, the next UID to read and the number of mails at that time. UIDs only
grow while UIDVALIDITY stays (RFC 9051 section 2.3.1.1), so the same next UID means that nothing came.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from relent.transports.imap_folders import Growth

# A batch holds at most so many mails and, from its second mail on, so many bytes.
_BATCH_MAILS = 100
_BATCH_BYTES = 8_000_000


@dataclass(frozen=True, slots=True)
class Cursor:
    """Up to where a folder has been read; ``uidnext`` is the first UID not read."""

    uidvalidity: int
    uidnext: int
    messages: int

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read a stored cursor; None where it is empty or none of ours."""
        try:
            said = json.loads(text)
            return cls(int(said["uidvalidity"]), int(said["uidnext"]), int(said["messages"]))
        except (ValueError, KeyError, TypeError):
            return None

    def __str__(self) -> str:
        return json.dumps({"uidvalidity": self.uidvalidity, "uidnext": self.uidnext, "messages": self.messages})


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of a mail before it is fetched; ``place`` is its message sequence number, ``thread`` the server's
    id of its conversation, empty where the server has none."""

    uid: int
    size: int
    received_at: datetime
    place: int
    thread: str = ""


def gap(heads: list[Head], opened: Growth) -> str:
    """Say what is missing between the first new mail and the folder's last: their places have no gaps."""
    first = min(head.place for head in heads)
    there = sum(head.place <= opened.messages for head in heads)
    missing = opened.messages - first + 1 - there
    if missing <= 0:
        return ""
    return f"it says that there are {opened.messages} mails, and {missing} of the last are not shown"


def portions(heads: list[Head], size_limit: int) -> Iterator[list[Head]]:
    """Cut into batches; a mail over the size limit is a batch of its own, because it is fetched differently."""
    batch: list[Head] = []
    size = 0
    for head in heads:
        if batch and (len(batch) >= _BATCH_MAILS or size + head.size > _BATCH_BYTES or head.size > size_limit):
            yield batch
            batch, size = [], 0
        batch.append(head)
        size += head.size
        if head.size > size_limit:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
