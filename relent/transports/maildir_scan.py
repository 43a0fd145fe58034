"""What is new in one Maildir folder, by a cursor that stays small.

A mail is a file in ``new`` or ``cur``; the part of its name before ``:2,`` stays with it. What is new is told by the
files' ctime, which a file gets anew when it comes into a folder, by delivery or by a move (its mtime stays). Flags
change the ctime too, so:

- the cursor has a ``floor``: whatever has an older ctime has been read. Of what lies above, a few seconds' worth, it
  remembers the names (as short hashes), because a clock's tick can bring several files and a folder can be listed
  while files are being renamed in it.
- a mail whose mtime is a week older than the floor is taken for one whose flags were changed, and left; so is one
  received before ``since``, the time that reading began from.

So a mail may be given twice (after a change of flags, say), never not at all.
"""

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_SECOND = 1_000_000_000

# How far below the newest file the floor lies, how many names the cursor may hold, and the age of what only had its
# flags changed.
_WINDOW = 30 * _SECOND
_NAMES = 2000
_OLD = 7 * 86400 * _SECOND


@dataclass(frozen=True, slots=True)
class Entry:
    """A mail's file. ``changed`` (ctime) and ``received`` (mtime) are in nanoseconds since 1970."""

    path: Path
    base: str
    changed: int
    received: int
    size: int

    @property
    def key(self) -> str:
        return hashlib.blake2b(self.base.encode("utf-8", "surrogateescape"), digest_size=6).hexdigest()


@dataclass(frozen=True, slots=True)
class Cursor:
    """Up to where a folder has been read; ``folders`` are the mtimes of ``new`` and ``cur`` then. Times as in Entry."""

    since: int
    floor: int
    names: frozenset[str]
    folders: tuple[int, ...]

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read a stored cursor; None where it is empty or none of ours."""
        try:
            said = json.loads(text)
            names, folders = frozenset(map(str, said["names"])), tuple(map(int, said["folders"]))
            return cls(int(said["since"]), int(said["floor"]), names, folders)
        except (ValueError, KeyError, TypeError):
            return None

    def __str__(self) -> str:
        said = {"since": self.since, "floor": self.floor, "names": sorted(self.names), "folders": self.folders}
        return json.dumps(said)

    def stands(self, now: tuple[int, ...]) -> bool:
        """Say whether the cursor can still be used: where the folder changed at a time before its floor, the machine's
        clock was set back, and times compare no longer."""
        return now == self.folders or max(now) >= self.floor


def folder_times(folder: Path) -> tuple[int, ...]:
    """Return the mtimes of ``new`` and ``cur``, which every arrival, move and change of flags renews."""
    return tuple((folder / part).stat().st_mtime_ns for part in ("new", "cur"))


def listed(folder: Path) -> list[Entry]:
    """Return the folder's mails, oldest change first; ``new`` comes first, because mails move from it to ``cur``."""
    found = {entry.base: entry for part in ("new", "cur") for entry in _entries(folder / part)}
    return sorted(found.values(), key=lambda entry: (entry.changed, entry.received, entry.base))


def unread(entries: list[Entry], cursor: Cursor) -> list[Entry]:
    """Return what the cursor does not cover."""
    oldest = max(cursor.since, cursor.floor - _OLD)
    return [
        entry
        for entry in entries
        if entry.changed > cursor.floor and entry.received >= oldest and entry.key not in cursor.names
    ]


def start(since: int) -> Cursor:
    """Return the cursor for a folder of which nothing has been read, from the mails received since ``since`` on."""
    return Cursor(since, since - 1, frozenset(), ())


def advanced(cursor: Cursor, entries: list[Entry], times: tuple[int, ...], left: list[Entry]) -> Cursor:
    """Return the cursor for having read ``entries`` (oldest change first) except the last ones, ``left``."""
    waiting = {entry.base for entry in left}
    read = [entry for entry in entries if entry.base not in waiting and entry.received >= cursor.since]
    newest = entries[-1].changed if entries else max(times)
    floor = max(cursor.floor, newest - _WINDOW)
    if len(read) > _NAMES:
        floor = max(floor, read[-_NAMES].changed)
    if left:
        floor = min(floor, left[0].changed - 1)
    names = frozenset(entry.key for entry in read if entry.changed > floor)
    return Cursor(cursor.since, floor, names, times)


def found_again(entry: Entry) -> Path | None:
    """Return where a listed mail lies now: it may have been moved to ``cur``, or had its flags changed, meanwhile."""
    if entry.path.exists():
        return entry.path
    folder = entry.path.parent.parent
    return next((e.path for part in ("new", "cur") for e in _entries(folder / part) if e.base == entry.base), None)


def _entries(part: Path) -> Iterable[Entry]:
    with os.scandir(part) as files:
        for file in files:
            if file.name.startswith("."):
                continue
            try:
                known = file.stat(follow_symlinks=False)
                if not file.is_file(follow_symlinks=False):
                    continue
            except FileNotFoundError:
                continue  # moved while the folder was listed: its change is newer than what this listing will remember
            base = file.name.partition(":2,")[0]
            yield Entry(Path(file.path), base, known.st_ctime_ns, known.st_mtime_ns, known.st_size)
