"""Where the mails lie in an mbox (RFC 4155 appendix A): one file, each mail below a line that begins with ``From ``.

Read piece by piece and told as offsets: an archive of years is larger than any memory. A separator is known by the time
in it and by the header below it, not by an empty line above it, which some writers leave out; a line of somebody's text
that begins with "From" has neither.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

_PIECE = 1 << 20
_LONGEST = 4096  # bytes of a separator and the header's name below it
_BEGINS = b"\nFrom "
_HEADER_BELOW = rb"\r?\n(?=>?[!-9;-~]{1,200}[ \t]*:|>From )"
_SEPARATOR = re.compile(
    # The time, or as some old writers have it nothing but the sender.
    rb"From (?:[^\r\n]{0,1000}?\d\d?:\d\d[^\r\n]{0,200}|[^ \r\n]{0,320})" + _HEADER_BELOW
)
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)


def starts(begin: bytes) -> bool:
    """Whether a file that begins with these bytes is an mbox."""
    return _SEPARATOR.match(begin) is not None


def spans(stream: BinaryIO) -> Iterator[tuple[int, int]]:
    """Yield where each mail begins, below its separator, and ends, as offsets from where ``stream`` stands."""
    begun: int | None = None
    offset, held = -1, b"\n"  # ``held`` lies at ``offset``; the file begins as a line does
    while True:
        piece = stream.read(_PIECE)
        held += piece
        # A separator that the piece may end within is looked at again with the next one.
        sure = max(len(held) - _LONGEST, 0) if piece else len(held)
        place = held.find(_BEGINS, 0, sure + len(_BEGINS))
        while 0 <= place < sure:
            if found := _SEPARATOR.match(held, place + 1):
                if begun is not None:
                    yield begun, offset + place + 1
                begun = offset + found.end()
            place = held.find(_BEGINS, place + 1, sure + len(_BEGINS))
        if not piece:
            break
        offset, held = offset + sure, held[sure:]
    if begun is not None:
        yield begun, offset + len(held)


def unescaped(mail: bytes) -> bytes:
    """Return ``mail`` without the ``>`` that writers set before a line of text that begins with ``From `` (as the
    variant "mboxrd" does, which can be undone)."""
    return _ESCAPED.sub(rb"\1", mail) if b"\n>" in mail else mail
