"""What people said of mails, as labels: for `relent classify --labels` to measure the rules by, and to learn from.

The mails go along as skeletons, without their attachments. They are other people's letters: only super admins take
them out of the account, and the audit log says so.
"""

import json
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.db.models import Q

from relent.flows import auditing, permissions, understanding
from relent.mail import language, message, skeleton
from relent.normalize import overruled
from relent.records import models
from relent.terms.events import (
    AutoReplied,
    AutoReplyKind,
    Bounced,
    CalendarMailed,
    ListMailed,
    MailEvent,
    ReceiptReturned,
)
from relent.terms.reviews import ReviewAnswer, ReviewKind, Wrote

LABELS = "labels.jsonl"
_ASKED = (ReviewKind.LOOKS_AUTOMATIC, ReviewKind.LOOKS_HUMAN)
_ANSWERS = {ReviewAnswer.IT_WAS_A_PERSON: Wrote.PERSON, ReviewAnswer.IT_WAS_AUTOMATIC: Wrote.AUTOMATIC}
# What the labels call the kinds of automatic replies, where it is another word.
_SHORT = {AutoReplyKind.OUT_OF_OFFICE: "ooo", AutoReplyKind.OTHER: "auto_other"}
_OTHERS: dict[type[MailEvent], str] = {CalendarMailed: "calendar", ListMailed: "list", ReceiptReturned: "receipt"}


@dataclass(frozen=True, slots=True)
class Labeled:
    """One mail that a person judged: ``raw`` is its skeleton, ``line`` its line of the labels."""

    name: str
    raw: bytes
    line: dict[str, str]


def archive(by: models.User, now: datetime) -> IO[bytes]:
    """Return a ZIP of the labels and the mails, open at its beginning. Raises NotAllowed."""
    permissions.require_super_admin(by)
    packed = tempfile.SpooledTemporaryFile(max_size=8 * 1024 * 1024)  # noqa: SIM115 -- whoever sends it closes it
    lines: list[str] = []
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
        for one in labeled():
            files.writestr(one.name, one.raw)
            lines.append(json.dumps(one.line, ensure_ascii=False))
        files.writestr(LABELS, "".join(f"{line}\n" for line in lines))
    auditing.note(by, "labels.exported", "account", now, mails=len(lines))
    packed.seek(0)
    return packed


def write(folder: Path, now: datetime) -> int:
    """Write the labels and the mails into ``folder``, readable by their owner only; return how many. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    count = 0
    with (folder / LABELS).open("w", encoding="utf-8") as lines:
        (folder / LABELS).chmod(0o600)
        for one in labeled():
            count += 1
            (folder / one.name).touch(mode=0o600)  # before there is anything to read
            (folder / one.name).chmod(0o600)
            (folder / one.name).write_bytes(one.raw)
            lines.write(json.dumps(one.line, ensure_ascii=False) + "\n")
    auditing.note(None, "labels.exported", "account", now, mails=count)
    return count


def labeled() -> Iterator[Labeled]:
    """Yield every mail of which a person said who wrote it, against the rules or with them, oldest first."""
    asked = models.ReviewItem.objects.filter(kind__in=_ASKED, closed_by__isnull=False, item__isnull=False)
    answers = dict(asked.order_by("closed_at", "pk").values_list("item_id", "answer"))
    rows = models.InboundItem.objects.judged().filter(~Q(said="") | Q(pk__in=asked.values("item_id")))
    for item in rows.select_related("mailbox__user").order_by("pk").iterator(chunk_size=100):
        said = Wrote(item.said) if item.said else _ANSWERS.get(ReviewAnswer(answers[item.pk]))
        event, kept = understanding.again(item), item.kept
        if said is not None and event is not None and kept is not None:
            yield _labeled(item, said, event, kept)


def _labeled(item: models.InboundItem, said: Wrote, event: MailEvent, kept: bytes) -> Labeled:
    read = message.parse(kept, size=item.size)
    name = f"{item.pk}.eml"
    line = {
        "file": name,
        "label": _label(said, event, read),
        "language": language.of(read),
        "source": "overruled" if item.said else "confirmed",
        "trust": "read",
    }
    return Labeled(name, skeleton.of(kept), line)


def _label(said: Wrote, event: MailEvent, read: message.Message) -> str:
    if said is Wrote.PERSON:
        return "reply"
    match overruled.automatic(event, read, ""):
        case AutoReplied(kind=kind):
            return _SHORT.get(kind, kind.value)
        case Bounced(kind=bounced):
            return f"bounce_{bounced}"
        case other:
            return _OTHERS.get(type(other), _SHORT[AutoReplyKind.OTHER])
