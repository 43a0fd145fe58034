"""A received mail, read so that nothing in it can stop the reader.

``parse`` never raises, whatever the bytes; what is wrong is listed in ``Message.defects``. Its cost per mail is
bounded, however hostile it is (docs/reference/robustness.md), and a usual reply takes a fraction of what the standard
library's parser takes. The bounds stand in ``structure``, ``address_lists``, ``html_text`` and here.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property, wraps
from typing import Any, TypeVar

from relent.mail import address_lists, decoding, html_text, message_ids, structure
from relent.mail.address_lists import Address
from relent.mail.defects import Defect
from relent.mail.structure import Header, Part
from relent.terms import addresses

MOST_TEXT = 64 * 1024  # characters of text that are read
_CHUNK = 1024 * 1024
_LAST_YEAR = 9000  # days are counted on from a date, which nothing can do at the end of year 9999
_LONGEST_DATE = 200  # characters
_LINE_ENDS = bytes.maketrans(b"\r", b"\n")
# Where a mail really arrived; each server has its own name for it.
_DELIVERED_TO = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "x-forwarded-to")
Read = TypeVar("Read")
_IDENTITY_HEADERS = ("message-id", "date", "from", "subject")


@dataclass(frozen=True)
class Message:
    """A mail. Headers are looked up by lower-case name, addresses are canonical, Message-IDs bare.

    ``size`` is the mail's size on the server; ``raw`` may hold less of it.
    """

    raw: bytes
    size: int
    parts: tuple[Part, ...]
    found: frozenset[Defect]

    @cached_property
    def worked_out(self) -> dict[object, Any]:
        """What ``once`` keeps."""
        return {}

    @property
    def headers(self) -> tuple[Header, ...]:
        """All headers, in the order they stand in."""
        return self.parts[0].headers

    def all(self, name: str) -> Sequence[Header]:
        """Return every header called ``name`` (in lower case), topmost first."""
        return self.parts[0].by_name.get(name, ())

    def header(self, name: str) -> Header | None:
        """Return the topmost header called ``name`` (in lower case)."""
        found = self.parts[0].by_name.get(name)
        return found[0] if found else None

    def first(self, name: str) -> str:
        """Return the decoded value of the topmost header called ``name``, or an empty string."""
        return self.parts[0].first(name)

    def addresses(self, *names: str) -> tuple[Address, ...]:
        """Return the addresses in all headers of these names, in the order of the names; at most 500 a name."""
        found: list[Address] = []
        for name in names:
            # Ten such headers are already nine too many; joining them all would let a mail ask for any amount of work.
            if headers := self.all(name)[:10]:
                found += address_lists.parse(b", ".join(header.raw for header in headers))
        return tuple(found)

    @cached_property
    def from_(self) -> tuple[Address, ...]:
        """Whom the mail says it is from (RFC 5322 section 3.6.2)."""
        return self.addresses("from")

    @cached_property
    def sender(self) -> str:
        """The address of the author, else of the sender, else of the return path; may be empty."""
        found = self.from_ or self.addresses("sender") or self.addresses("return-path")
        return found[0].address if found else ""

    @cached_property
    def to(self) -> tuple[Address, ...]:
        return self.addresses("to")

    @cached_property
    def cc(self) -> tuple[Address, ...]:
        return self.addresses("cc")

    @cached_property
    def delivered_to(self) -> tuple[Address, ...]:
        """Where the mail arrived by the headers that servers add; BCC and forwards are known only by these."""
        return self.addresses(*_DELIVERED_TO)

    @cached_property
    def recipients(self) -> tuple[str, ...]:
        """Every address the mail went to as far as it says, where it arrived first, each once."""
        everybody = (*self.delivered_to, *self.to, *self.cc)
        return tuple(dict.fromkeys(addresses.canonical(one.address) for one in everybody))

    @cached_property
    def message_id(self) -> str:
        return next(iter(message_ids.parse(self.first("message-id"))), "")

    @cached_property
    def in_reply_to(self) -> tuple[str, ...]:
        return message_ids.parse(self.first("in-reply-to"))

    @cached_property
    def references(self) -> tuple[str, ...]:
        return message_ids.parse(self.first("references"))

    @cached_property
    def subject(self) -> str:
        return self.first("subject")

    @cached_property
    def date(self) -> datetime | None:
        """When the sender claims to have written, in the sender's own zone; aware, or ``None`` where that cannot be
        read."""
        return moment(self.first("date"))

    @property
    def content_type(self) -> str:
        return self.parts[0].content_type

    def part(self, *content_types: str) -> Part | None:
        """Return the first part of one of these types."""
        return next((part for part in self.parts if part.content_type in content_types), None)

    @cached_property
    def text(self) -> str:
        """What there is to read: the plain text, else the HTML reduced to text; at most 65,536 characters."""
        return _text(self.parts, "text/plain") or _text(self.parts, "text/html") or ""

    @cached_property
    def defects(self) -> tuple[Defect, ...]:
        """What was wrong with the mail, in the order of the vocabulary."""
        found = set(self.found) | set(_text_defects(self.parts))
        if self.size > len(self.raw):
            found.add(Defect.MAIL_CUT)
        if len(self.all("from")) > 1:
            found.add(Defect.REPEATED_FROM)
        return tuple(defect for defect in Defect if defect in found)


def once(read: Callable[[Message], Read]) -> Callable[[Message], Read]:
    """Let ``read`` be worked out once for each mail, however often it is asked: for readings that several tests share.
    A mail never changes, so what was read of it does not either."""

    @wraps(read)
    def known(message: Message) -> Read:
        worked_out = message.worked_out
        if read not in worked_out:
            worked_out[read] = read(message)
        found: Read = worked_out[read]
        return found

    return known


def parse(raw: bytes, size: int | None = None) -> Message:
    """Read a mail. ``size`` is its size on the server where ``raw`` may have been cut."""
    size = len(raw) if size is None else size
    if b"\n" not in raw and b"\r" in raw:
        raw = raw.translate(_LINE_ENDS)
    parts, defects = structure.walk(raw)
    return Message(raw=raw, size=size, parts=tuple(parts), found=frozenset(defects))


def moment(stated: str) -> datetime | None:
    """Return the moment that a header states, aware and in the zone it is stated in; ``None`` where it is none."""
    try:
        read = parsedate_to_datetime(stated.strip()[:_LONGEST_DATE])
        # "-0000" says that the zone is unknown (RFC 5322 section 3.3).
        read = read if read.tzinfo else read.replace(tzinfo=UTC)
        read.astimezone(UTC)  # which a year beyond all bounds does not survive
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return read if read.year <= _LAST_YEAR else None


def head(raw: bytes) -> Message:
    """Read only the headers of a mail, such as one that lies in another."""
    found = structure.headers(raw)
    part = Part(found, structure.by_name(found), 0, "text/plain", {}, raw, len(raw), len(raw))
    return Message(raw=raw, size=len(raw), parts=(part,), found=frozenset())


def identity(raw: bytes) -> str:
    """Return what makes a mail this one: a hash over its Message-ID, Date, From, Subject and body.

    Line ends and trailing empty lines do not count, nor do headers that servers add: a mail that was moved or is read
    again is the same, while a Message-ID used twice with different content makes two.
    """
    digest = hashlib.sha256()
    found = structure.headers(raw)
    for name in _IDENTITY_HEADERS:
        value = next((header.raw for header in found if header.name.lower() == name), b"")
        digest.update(b" ".join(value.split()) + b"\n")
    blank = raw.find(b"\n\r\n"), raw.find(b"\n\n")
    start = min((place for place in blank if place >= 0), default=-1) if found else -1
    for chunk in _normalized(raw, start + 1):
        digest.update(chunk)
    return digest.hexdigest()


def _normalized(raw: bytes, start: int) -> Iterator[bytes]:
    """Yield ``raw`` from ``start`` with ``\\n`` as line end, without the empty lines at both ends, piece by piece."""
    breaks, begun = 0, False
    for position in range(start, len(raw), _CHUNK):
        chunk = raw[position : position + _CHUNK]
        if chunk.startswith(b"\n") and raw[max(position - 1, start) : position] == b"\r":
            chunk = chunk[1:]  # the second half of a line end that the cut went through
        chunk = chunk.replace(b"\r\n", b"\n")
        chunk = chunk.translate(_LINE_ENDS) if b"\r" in chunk else chunk
        text = chunk.rstrip(b"\n")
        if not text:
            breaks += len(chunk)
            continue
        if not begun:
            text = text.lstrip(b"\n")
        yield (b"\n" * breaks if begun else b"") + text
        breaks, begun = len(chunk) - len(chunk.rstrip(b"\n")), True


def _text(parts: tuple[Part, ...], content_type: str) -> str:
    """Join the readable parts of one type: some programs cut a text in two around a picture."""
    pieces: list[str] = []
    left, html_left = MOST_TEXT, html_text.MOST_HTML
    for part in parts:
        if part.content_type != content_type or part.attached or left <= 0 or html_left <= 0:
            continue
        if content_type == "text/html":
            markup = part.text(html_left)
            html_left -= len(markup)
            piece = html_text.reduce(markup, left)
        else:
            piece = part.text(left)
        if piece.strip():
            pieces.append(piece)
            left -= len(piece)
    return "\n".join(pieces)


def _text_defects(parts: tuple[Part, ...]) -> Iterator[Defect]:
    for part in parts:
        if not part.content_type.startswith("text/"):
            continue
        if part.end - part.start > MOST_TEXT * 4 and not part.attached:
            yield Defect.TEXT_CUT
        charset = part.parameters.get("charset", "us-ascii")
        if decoding.known(charset) is None:
            yield Defect.UNKNOWN_CHARSET
        if not part.content(MOST_TEXT)[1]:
            yield Defect.BAD_ENCODING
