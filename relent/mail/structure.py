"""The skeleton of a mail: where each header and each part begins and ends (RFC 5322 section 2, RFC 2046 section 5.1).

The parts are walked here, and not by ``email.parser``, because that one recurses once per level of nesting and copies
every body line by line: a hostile mail would cost it the interpreter's stack, or minutes. This walk is a loop over
offsets, and every quantity in it has a bound.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from relent.mail import decoding
from relent.mail.defects import Defect

MOST_HEADERS = 1000  # of the mail; a part may have fewer
MOST_PART_HEADERS = 50
LONGEST_HEADER = 64 * 1024  # bytes of one header's value
MOST_HEADER_BYTES = 512 * 1024  # bytes of all values, after which a value keeps 1 kB
LONGEST_BLOCK = 2 * 1024 * 1024  # bytes in which headers are looked for
MOST_PARTS = 500
DEEPEST = 50
MOST_SCANNED = 100 * 1024 * 1024  # bytes searched for boundaries over all levels
_LONGEST_BOUNDARY = 200  # RFC 2046 section 5.1.1 allows 70
_LONGEST_PARAMETERS = 4096

_USUAL_BLOCK = 64 * 1024  # bytes of headers up to which they are taken apart in one search

_HEADER = re.compile(rb"^([!-9;-~]{1,200})[ \t]*:", re.MULTILINE)
# A header with the lines that continue it, or a line that is none.
_HEADER_LINES = re.compile(rb"^(?:([!-9;-~]{1,200})[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)|[^\n]+)", re.MULTILINE)
_BLANK_LINE = re.compile(rb"\n\r*+\n")
_FAR_BLANKS = (b"\n\n", b"\n\r\n")
_EMPTY_LINES = re.compile(rb"(?:[ \t\r]{0,2000}\n){0,100}")
_ENVELOPE_LINE = re.compile(rb">?From [^\n]{0,1000}\n")  # the mbox format's separator
_FOLD = re.compile(rb"(?<!\r)\r*+\n(?=[ \t])")
_EMPTY_LINE = re.compile(rb"\r*+\n")
_PARAMETER = re.compile(r';\s*([^\s=;"*]{1,60})(?:\*(\d{1,2}))?(\*)?\s*=\s*("[^"\\]*(?:\\.[^"\\]*)*"?|[^\s;]*)')
_ESCAPED = re.compile(r"\\(.)")
_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+")


class Header(NamedTuple):
    """One header: its name as it was written, and its value as it lies in the mail, line ends included. Most headers
    are never asked for, so a value is unfolded and decoded where it is."""

    name: str
    folded: bytes

    @property
    def raw(self) -> bytes:
        """The value unfolded (RFC 5322 section 2.2.3) and otherwise untouched."""
        return _FOLD.sub(b"", self.folded).strip() if b"\n" in self.folded else self.folded.strip()

    @property
    def text(self) -> str:
        """The value for a reader: encoded words decoded (RFC 2047)."""
        return decoding.header_text(self.raw)

    @property
    def line(self) -> str:
        """The header as a line of evidence, cut at 300 characters."""
        return f"{self.name}: {self.text}"[:300]


@dataclass(frozen=True)
class Part:
    """One entity of the MIME tree. ``depth`` is 0 for the mail itself; a ``message/rfc822`` is a leaf. ``by_name`` are
    the headers by their name in lower case, topmost first."""

    headers: tuple[Header, ...]
    by_name: dict[str, list[Header]]
    depth: int
    content_type: str
    parameters: dict[str, str]
    _raw: bytes
    start: int
    end: int

    def first(self, name: str) -> str:
        """Return the value of the first header called ``name``, or an empty string."""
        found = self.by_name.get(name)
        return found[0].text if found else ""

    @property
    def multipart(self) -> bool:
        return self.content_type.startswith("multipart/")

    @property
    def attached(self) -> bool:
        """Whether the part is to be saved rather than read (RFC 2183 section 2.2)."""
        return self.first("content-disposition").lower().startswith("attachment")

    def content(self, limit: int) -> tuple[bytes, bool]:
        """Return at most ``limit`` bytes of the decoded body, and whether its encoding was sound."""
        source = self._raw[self.start : min(self.end, self.start + limit * 4 + 1024)]
        encoding = self.first("content-transfer-encoding").strip().strip('"').lower()
        return decoding.transferred(source, encoding, limit)

    def text(self, limit: int) -> str:
        """Return about ``limit`` characters of the body as text, lines ending in ``\\n``."""
        body = decoding.charset_text(self.content(limit * 4)[0], self.parameters.get("charset", "us-ascii"))
        return body.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")[:limit]


def walk(raw: bytes) -> tuple[list[Part], set[Defect]]:
    """Return the mail and its parts in the order they stand in, and what was wrong with them."""
    parts: list[Part] = []
    defects: set[Defect] = set()
    scanned = 0
    waiting = [(_first_line(raw), len(raw), 0, "text/plain")]
    while waiting:
        if len(parts) >= MOST_PARTS:
            defects.add(Defect.TOO_MANY_PARTS)
            break
        start, end, depth, default = waiting.pop()
        part = _entity(raw, (start, end), depth, default, defects)
        parts.append(part)
        if not part.multipart:
            continue
        scanned += part.end - part.start
        if depth >= DEEPEST or scanned > MOST_SCANNED:
            defects.add(Defect.TOO_DEEP)
            continue
        # RFC 2046 section 5.1.5: what a digest holds are mails where it does not say otherwise.
        inner = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
        spans = _split(raw, part, defects)
        waiting.extend((span_start, span_end, depth + 1, inner) for span_start, span_end in reversed(spans))
    return parts, defects


def headers(raw: bytes) -> tuple[Header, ...]:
    """Return only the headers at the beginning of ``raw``."""
    return tuple(_block(raw, _first_line(raw), len(raw), MOST_HEADERS, set())[0])


def by_name(found: Iterable[Header]) -> dict[str, list[Header]]:
    """Return headers by their name in lower case, in their order."""
    index: dict[str, list[Header]] = {}
    for header in found:
        name = header.name.lower()
        if name in index:
            index[name].append(header)
        else:
            index[name] = [header]
    return index


def parameters(value: str) -> dict[str, str]:
    """Return the parameters of a structured header such as Content-Type, by lower-case name (RFC 2045 section 5.1);
    continuations (RFC 2231 section 3) are joined."""
    found: dict[str, str] = {}
    if ";" not in value:
        return found
    for name, number, _, text in _PARAMETER.findall(value[:_LONGEST_PARAMETERS]):
        text = _ESCAPED.sub(r"\1", text.strip('"')) if text.startswith('"') else text
        name = name.lower()
        if number and number != "0":
            found[name] = found.get(name, "") + text
        else:
            found.setdefault(name, text)
    return found


def _first_line(raw: bytes) -> int:
    """Where the headers start: after empty lines and an envelope line, which some archives put before them."""
    blank = _EMPTY_LINES.match(raw)
    start = blank.end() if blank else 0
    envelope = _ENVELOPE_LINE.match(raw, start)
    start = envelope.end() if envelope else start
    return start if _HEADER.match(raw, start) else 0


def _entity(raw: bytes, span: tuple[int, int], depth: int, default: str, defects: set[Defect]) -> Part:
    most = MOST_PART_HEADERS if depth else MOST_HEADERS
    found, body = _block(raw, span[0], span[1], most, defects)
    if not found and not depth:
        defects.add(Defect.NO_HEADERS)
    index = by_name(found)
    value = index["content-type"][0].text if "content-type" in index else default
    stated = value[:_LONGEST_PARAMETERS].partition(";")[0].strip().lower()
    # A type that cannot be read means text (RFC 2045 section 5.2).
    content_type = stated if _TYPE.fullmatch(stated) else "text/plain"
    return Part(tuple(found), index, depth, content_type, parameters(value), raw, body, span[1])


def _block(raw: bytes, start: int, end: int, most: int, defects: set[Defect]) -> tuple[list[Header], int]:
    """Read one block of headers; return them and where the body begins."""
    if not _HEADER.match(raw, start, end):
        blank = _EMPTY_LINE.match(raw, start, end)
        return [], blank.end() if blank else start
    stop, body = _blank_line(raw, start, end)
    if body < 0:
        defects.add(Defect.NO_BLANK_LINE)
        body = end
    if stop - start > LONGEST_BLOCK:
        defects.add(Defect.HEADER_CUT)
        stop = start + LONGEST_BLOCK
    usual = stop - start <= _USUAL_BLOCK
    found = _usual(raw, start, stop, defects) if usual else list(_cut(raw, start, stop, most, defects))
    if len(found) > most:
        defects.add(Defect.TOO_MANY_HEADERS)
    read = raw[start : min(stop, start + MOST_HEADER_BYTES)]
    if not read.isascii():
        defects.add(Defect.EIGHT_BIT_HEADER)
    if b"\x00" in read:
        defects.add(Defect.NUL)
    return found[:most], body


def _blank_line(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Return where the line before the first blank line ends, and where the one after it begins, -1 where none does."""
    near = _BLANK_LINE.search(raw, start, min(end, start + LONGEST_BLOCK))
    if near:
        return near.start() + 1, near.end()
    # Farther off than any header is read, it need not be told from one with doubled line ends.
    places = [(place + 1, place + len(blank)) for blank in _FAR_BLANKS if (place := raw.find(blank, start, end)) >= 0]
    return min(places, default=(end, -1))


def _usual(raw: bytes, start: int, stop: int, defects: set[Defect]) -> list[Header]:
    """Take apart headers that are short enough to need no bound of their own."""
    found = _HEADER_LINES.findall(raw, start, stop)
    headers = [Header(name.decode("ascii"), value) for name, value in found if name]
    if len(headers) < len(found):
        # A line that is neither a header nor a continuation is passed over, and the headers after it are read.
        defects.add(Defect.JUNK_IN_HEADERS)
    return headers


def _cut(raw: bytes, start: int, stop: int, most: int, defects: set[Defect]) -> Iterator[Header]:
    """Take apart headers of any size: yield at most ``most`` and one more, and keep no more of each than is read."""
    places = list(islice(_HEADER.finditer(raw, start, stop), most + 1))
    left = MOST_HEADER_BYTES
    for index, place in enumerate(places):
        until = places[index + 1].start() if index + 1 < len(places) else stop
        longest = max(min(LONGEST_HEADER, left), 1024)
        if until - place.end() > longest:
            defects.add(Defect.HEADER_CUT)
        value = raw[place.end() : min(until, place.end() + longest)]
        value, _, junk = _FOLD.sub(b"", value).strip().partition(b"\n")
        if junk:
            defects.add(Defect.JUNK_IN_HEADERS)
        left -= len(value)
        yield Header(place[1].decode("ascii"), value)


def _split(raw: bytes, part: Part, defects: set[Defect]) -> list[tuple[int, int]]:
    """Return where the children of a multipart lie (RFC 2046 section 5.1.1)."""
    boundary = part.parameters.get("boundary", "")
    delimiter = b"\n--" + boundary.encode("utf-8", "replace")[:_LONGEST_BOUNDARY]
    # The delimiter's own line end is the one before it; that of the first may be the blank line after the headers.
    position = max(part.start - 1, 0)
    spans: list[tuple[int, int]] = []
    opened: int | None = None
    for _ in range(MOST_PARTS * 4):
        place = raw.find(delimiter, position, part.end) if boundary else -1
        if place < 0:
            break
        line_end = raw.find(b"\n", place + 1, part.end)
        line_end = part.end if line_end < 0 else line_end
        tail = raw[place + len(delimiter) : min(line_end, place + len(delimiter) + 100)].rstrip()
        position = line_end
        if tail not in (b"", b"--"):
            continue  # a longer boundary that begins like this one
        if opened is not None:
            spans.append((opened, max(place - (raw[place - 1 : place] == b"\r"), opened)))
        opened = None if tail else min(line_end + 1, part.end)
        if tail:
            break
    if opened is not None:
        defects.add(Defect.UNCLOSED)
        spans.append((opened, part.end))
    if not spans:
        defects.add(Defect.NO_BOUNDARY)
    return spans
