"""Lists of opt-outs as other systems write them: a CSV file with any separator, or one address to the line, in whatever
encoding. One row that cannot be read never keeps the others from being read."""

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from relent.terms import addresses

# What a column of addresses is called in the exports that were met.
_HEADS = frozenset(
    {"email", "e-mail", "mail", "address", "email address", "e-mail address", "メールアドレス", "メール"}
)
_SEPARATORS = ",;\t|"
# Looser than RFC 5321 section 4.1.2 on purpose: an opt-out from an odd address is one all the same.
_ADDRESS = re.compile(r"[^\s<>\"',;|()]{1,64}@[^\s<>\"',;|()@]+\.[^\s<>\"',;|()@.]{2,}")
_LONGEST = 320


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``address`` is canonical, and empty where the row holds none; ``written`` is what stood there."""

    line: int
    address: str
    written: str


def rows(raw: bytes) -> Iterator[Row]:
    """Yield a row for each line of the file that is not empty, but for a head without an address."""
    text = _decoded(raw)
    separator = _separator(text)
    column: int | None = None
    first = True
    for number, line in enumerate(text.splitlines(), start=1):
        cells = _cells(line, separator)
        if not any(cell.strip() for cell in cells):
            continue
        head = _column(cells) if first else None
        first = False
        if head is not None:
            column = head
            continue
        yield Row(number, _address(cells, column), ", ".join(cells)[:200])


def _cells(line: str, separator: str) -> list[str]:
    # Line by line: a quotation mark that nobody closed would take all the lines after it into one cell.
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return [line]  # a cell of a size that no address has


def _decoded(raw: bytes) -> str:
    """A byte order mark says it; else UTF-8 where it is valid, then the Japanese Windows code page, then Latin-1."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", "replace").replace("\x00", "")
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return raw.decode(encoding).replace("\x00", "")
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1").replace("\x00", "")


def _separator(text: str) -> str:
    """The separator that is used most in the first lines; a comma where there is none."""
    beginning = text[:4096]
    return max(_SEPARATORS, key=lambda sign: (beginning.count(sign), sign == ","))


def _column(cells: list[str]) -> int | None:
    """Return the column of addresses where ``cells`` is the head of a table; ``None`` where it is a row."""
    if any("@" in cell for cell in cells):
        return None
    named = [number for number, cell in enumerate(cells) if cell.strip().strip("\"'").lower() in _HEADS]
    return named[0] if named else None


def _address(cells: list[str], column: int | None) -> str:
    """The address of the column that the head names; without one, or where that is empty, the first of the row."""
    places = [cells[column]] if column is not None and column < len(cells) else []
    for cell in (*places, *cells):
        found = _ADDRESS.search(cell)
        if found and len(found[0]) <= _LONGEST:
            return addresses.canonical(found[0])
    return ""
