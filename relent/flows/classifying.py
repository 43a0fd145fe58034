"""Judging mails that lie in files, apart from any mailbox: nothing is stored, and no database is asked."""

import json
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from relent.flows import witness
from relent.mail import mbox
from relent.normalize import labels, scores
from relent.normalize.arrival import Ours
from relent.normalize.judgement import judge
from relent.normalize.scores import Scored
from relent.normalize.witness import Weights

MOST_BYTES = 64 * 1024 * 1024  # of one mail; what is past it is not read
_BEGIN = 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Outlook's own .msg is no mail but a file system ([MS-CFB] section 2.2)
_NOT_MAILS = {".jsonl"}


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to judge: ``size`` bytes from ``start`` of the file at ``path``. ``name`` is what it is called: the
    path, and in an mbox ``#`` and its number."""

    name: str
    path: Path
    start: int
    size: int
    modified: float
    in_mbox: bool = False


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A path of which nothing can be judged, and why."""

    path: Path
    why: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of one mail. ``told`` is its judgement as ``Judgement.as_json`` gives it; without the language, where
    that was not asked for."""

    mail: Mail
    told: dict[str, Any]
    label: str
    signs: bool


class _OwnAddresses:
    """The addresses and the domains of ours, as ``in`` asks for them."""

    def __init__(self, named: Sequence[str]) -> None:
        self._named = frozenset(name.lower().removeprefix("@") for name in named)

    def __contains__(self, address: object) -> bool:
        return isinstance(address, str) and (address in self._named or address.rpartition("@")[2] in self._named)


class _AnyToken:
    """Whose token it is, only the install that made it knows: here, whatever has the shape of one is one."""

    def __contains__(self, token: object) -> bool:
        return True


def mails(path: Path) -> Iterator[Mail | Unreadable]:
    """Yield every mail in a file, an mbox, a Maildir or a folder of any of these, in the order of their names."""
    try:
        if path.is_dir():
            yield from _in_folder(path)
        elif stat.S_ISREG(path.stat().st_mode):
            yield from _in_file(path)
        else:
            yield Unreadable(path, "is neither a file nor a folder")
    except OSError as error:
        yield Unreadable(path, error.strerror or str(error))


def _in_folder(folder: Path) -> Iterator[Mail | Unreadable]:
    entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    names = {entry.name for entry in entries}
    maildir = {"cur", "new"} <= names
    for entry in entries:
        hidden = entry.name.startswith(".")
        if maildir and entry.name not in ("cur", "new"):
            # Beside the mails of a Maildir lie its folders, called ".Name", mails being written, and a server's notes.
            wanted = hidden and (entry / "cur").is_dir()
        else:
            wanted = not hidden and entry.suffix.lower() not in _NOT_MAILS
        loops = entry.is_symlink() and entry.is_dir()
        if wanted and not loops:
            yield from mails(entry)


def _in_file(path: Path) -> Iterator[Mail | Unreadable]:
    with path.open("rb") as stream:
        status = os.fstat(stream.fileno())
        begin = stream.read(_BEGIN)
        if begin.startswith(_OLE):
            yield Unreadable(path, "is in Outlook's own format; save it as text or .eml")
        elif path.suffix.lower() == ".eml" or not mbox.starts(begin):
            yield Mail(str(path), path, 0, status.st_size, status.st_mtime)
        else:
            stream.seek(0)
            for number, (start, end) in enumerate(mbox.spans(stream), 1):
                yield Mail(f"{path}#{number}", path, start, end - start, status.st_mtime, in_mbox=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What mails are judged by. ``own``: addresses and domains whose mail is our own. ``classifier``: the file of a
    text classifier that is heard too, as where mails are received; empty for none. Telling the language takes longer
    than all the rest."""

    own: Sequence[str] = ()
    classifier: str = ""
    with_language: bool = True


def judge_mail(mail: Mail, terms: Terms) -> Judged | Unreadable:
    """Judge one mail."""
    try:
        with mail.path.open("rb") as stream:
            stream.seek(mail.start)
            raw = stream.read(min(mail.size, MOST_BYTES))
    except OSError as error:
        return Unreadable(mail.path, error.strerror or str(error))
    raw = mbox.unescaped(raw) if mail.in_mbox else raw
    # A file's own time is the last resort: it is that of the copy.
    at = datetime.fromtimestamp(mail.modified, UTC)
    ours = Ours(addresses=_OwnAddresses(terms.own), tokens=_AnyToken())
    heard = witness.named(terms.classifier)
    classifier = heard if isinstance(heard, Weights) else None
    try:
        judgement = judge(raw, at, ours, mail.size if mail.size > MOST_BYTES else None, classifier)
    except (
        Exception
    ) as defect:  # ours, and never the mail's: it is told, and the mails after it are judged all the same
        return Unreadable(mail.path, f"{mail.name} could not be judged: {defect!r}")
    told = judgement.as_json() if terms.with_language else judgement.as_json(language="")
    return Judged(mail, told, labels.name(judgement), scores.has_signs(judgement.message))


@dataclass(frozen=True, slots=True)
class Label:
    """One line of a labels file: the mail it names, what that is, and how far the label is to be trusted."""

    file: str
    label: str
    trust: str


class NotLabels(ValueError):
    """A file that cannot be read as labels, and why."""


class Labels:
    """What a ``labels.jsonl`` says: one JSON object a line, with ``file`` (relative to the labels) and ``label``."""

    def __init__(self, path: Path) -> None:
        """Read ``path``. Raises NotLabels."""
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise NotLabels(f"{path}: {getattr(error, 'strerror', None) or error}") from error
        rows = [_row(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]
        self._beside = path.parent
        self._by_file = {row.file: row for row in rows}
        self._by_place = {(path.parent / row.file).resolve(): row for row in rows}

    def files(self) -> list[Path]:
        """Return the files that the labels name, once each, in their order."""
        return list(dict.fromkeys(self._beside / _without_number(file) for file in self._by_file))

    def of(self, mail: Mail) -> Label | None:
        """Return the label of ``mail``: of the file itself, else by the end of its path, for mails that were moved
        away from their labels. A label of a whole mbox is that of each mail in it."""
        for name in dict.fromkeys((mail.name, str(mail.path))):
            if found := self._by_place.get(Path(name).resolve()):
                return found
            parts = Path(name).parts
            for index in range(max(len(parts) - 4, 0), len(parts)):
                if found := self._by_file.get("/".join(parts[index:])):
                    return found
        return None


def _row(path: Path, number: int, line: str) -> Label:
    try:
        told = json.loads(line)
        row = Label(str(told["file"]), str(told["label"]), str(told.get("trust", "")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotLabels(f'{path}:{number}: must be an object with "file" and "label"') from error
    if row.label not in labels.SATISFIED_BY:
        raise NotLabels(f"{path}:{number}: {row.label!r} is none of the labels: {', '.join(labels.SATISFIED_BY)}")
    return row


def _without_number(file: str) -> str:
    base, mark, number = file.rpartition("#")
    return base if mark and number.isdecimal() else file


def scored(judged: Judged, label: Label) -> Scored:
    """Return what a mail was judged to be beside what its label says."""
    seen = tuple(f"{one['kind']}: {one['seen']}" for one in judged.told["evidence"])
    return Scored(
        judged.mail.name, label.label, judged.label, label.trust, judged.signs, judged.told["confidence"], seen
    )


def figures(mails: Sequence[Scored]) -> dict[str, Any]:
    """Return how well the mails were judged; see ``scores.summary``."""
    return scores.summary(mails)
