"""An outgoing mail, from what it says to its bytes (RFC 5322, RFC 2045, RFC 2047).

Written out here, and not by ``email.message.EmailMessage``: that one encodes or breaks long identifiers in References
and long addresses in List-Unsubscribe, which then name nothing any more; it draws a random boundary, so that the same
draft gives other bytes each time; and it takes ten times as long.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from relent.mail import message_ids, templates, unsubscribe

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# A dot-atom or what is usual beside it, and a domain; quoted local parts and literals are not mailed to.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_IDENTIFIER = re.compile(r"[!-;=?-~]{1,900}")
_LINE = 76  # characters of a header line (RFC 5322 section 2.1.1 wants fewer than 79)
_WORD_BYTES = (
    42  # of text in an encoded word: 68 characters, which fit beside "Subject:" (RFC 2047 section 2 allows 75)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What an outgoing mail says.

    ``message_id`` and ``references`` come without angle brackets; the references run from the thread's root to the
    mail that is answered, and are empty where a thread begins. ``html`` is the HTML alternative; left empty, it is
    made from ``text``. ``unsubscribe_url`` and ``unsubscribe_mailto`` (with ``unsubscribe_subject``) are offered in
    the headers (RFC 2369, RFC 8058). ``date`` is aware. ``calendar`` is a third alternative, an iCalendar object of
    iTIP method ``calendar_method`` (RFC 6047).
    """

    sender: str
    recipient: str
    subject: str
    text: str
    date: datetime
    message_id: str
    sender_name: str = ""
    recipient_name: str = ""
    html: str = ""
    references: tuple[str, ...] = ()
    unsubscribe_url: str = ""
    unsubscribe_mailto: str = ""
    unsubscribe_subject: str = "unsubscribe"
    calendar: bytes = b""
    calendar_method: str = ""


def compose(draft: Draft) -> bytes:
    """Return the mail as it goes over the wire: CRLF, seven bits, a plain text and an HTML alternative.

    The same draft always gives the same bytes. Values cannot add headers: line breaks in names and in the subject
    become spaces, and an address or identifier that is none raises ValueError.
    """
    text = _lines(draft.text)
    page = _lines(_page(draft.html or templates.html_of(draft.text)))
    # A boundary may not occur in what it bounds (RFC 2046 section 5.1.1): neither encoding below leaves "=_" as it is.
    boundary = "=_" + hashlib.sha256(f"{draft.message_id}\n{text}\n{page}".encode()).hexdigest()[:32]
    head = [
        *_headers(draft),
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"',
        "",
        f"--{boundary}",
        *_part("plain", text),
        f"--{boundary}",
        *_part("html", page),
        *(_calendar(draft, boundary) if draft.calendar else ()),
        f"--{boundary}--",
        "",
    ]
    return "\r\n".join(head).encode("ascii")


def _headers(draft: Draft) -> Iterator[str]:
    yield _address_line("From", draft.sender_name, draft.sender)
    yield _address_line("To", draft.recipient_name, draft.recipient)
    yield _folded("Subject", _phrase(_one_line(draft.subject)))
    yield f"Date: {format_datetime(draft.date)}"
    yield _identifiers("Message-ID", (draft.message_id,))
    if draft.references:  # RFC 5322 section 3.6.4: the last is the parent
        yield _identifiers("In-Reply-To", draft.references[-1:])
        yield _identifiers("References", draft.references)
    if draft.unsubscribe_url:
        ways = unsubscribe.headers(draft.unsubscribe_url, draft.unsubscribe_mailto, draft.unsubscribe_subject)
        for name, value in ways.items():
            yield _folded(name, value.split())


def _address_line(name: str, display: str, address: str) -> str:
    if not _ADDRESS.fullmatch(address):
        raise ValueError(f"{address!r} is no mail address.")
    display = _one_line(display)
    if not display:
        return f"{name}: {address}"
    if display.isascii() and "=?" not in display and len(display) < 200:
        quoted = display.replace("\\", "\\\\").replace('"', '\\"')
        return _folded(name, [f'"{quoted}"', f"<{address}>"])
    return _folded(name, [*_encoded_words(display), f"<{address}>"])


def _identifiers(name: str, identifiers: tuple[str, ...]) -> str:
    for identifier in identifiers:
        if not _IDENTIFIER.fullmatch(identifier):
            raise ValueError(f"{identifier!r} is no Message-ID.")
    return _folded(name, message_ids.header(identifiers).split())


def _phrase(text: str) -> list[str]:
    """Return unstructured text as words to fold between."""
    words = text.split(" ")
    if text.isascii() and "=?" not in text and max(len(word) for word in words) < 200:
        return words
    return list(_encoded_words(text))


def _encoded_words(text: str) -> Iterator[str]:
    """Yield ``text`` as encoded words, none of which cuts a character in two (RFC 2047 section 5)."""
    piece = b""
    for character in text:
        encoded = character.encode("utf-8", "replace")
        if len(piece) + len(encoded) > _WORD_BYTES:
            yield f"=?utf-8?b?{base64.b64encode(piece).decode()}?="
            piece = b""
        piece += encoded
    yield f"=?utf-8?b?{base64.b64encode(piece).decode()}?="


def _folded(name: str, words: list[str]) -> str:
    """Join words into a header of lines as short as the words allow; no word is broken (RFC 5322 section 2.2.3)."""
    lines, line = [], f"{name}:"
    for word in words:
        # Nothing but white space on a continued line would end the header for some readers.
        if len(line) + 1 + len(word) > _LINE and line.strip() and word and line != f"{name}:":
            lines.append(line)
            line = ""
        line += f" {word}"
    return "\r\n".join([*lines, line])


def _part(subtype: str, text: str) -> Iterator[str]:
    """Yield one alternative. Quoted-printable stays readable where most is ASCII, base64 is shorter where it is not.
    Never 8bit, which a server on the way may refuse, nor 7bit, whose lines are limited."""
    raw = text.encode("utf-8", "replace")
    beyond = sum(byte > 127 for byte in raw) * 3 > len(raw)
    yield f'Content-Type: text/{subtype}; charset="utf-8"'
    yield f"Content-Transfer-Encoding: {'base64' if beyond else 'quoted-printable'}"
    yield ""
    if beyond:
        encoded = base64.encodebytes(raw.replace(b"\n", b"\r\n"))
    else:
        encoded = binascii.b2a_qp(raw, quotetabs=False, istext=True)
    yield encoded.decode("ascii").rstrip("\n").replace("\n", "\r\n")


def _calendar(draft: Draft, boundary: str) -> Iterator[str]:
    if not draft.calendar_method.isalpha():
        raise ValueError(f"{draft.calendar_method!r} is no iTIP method.")
    yield f"--{boundary}"
    yield f'Content-Type: text/calendar; charset="utf-8"; method={draft.calendar_method}'
    yield "Content-Transfer-Encoding: base64"
    yield ""
    yield base64.encodebytes(draft.calendar).decode("ascii").rstrip("\n").replace("\n", "\r\n")


def _lines(text: str) -> str:
    # The line end before a boundary belongs to the boundary (RFC 2046 section 5.1.1).
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").rstrip("\n")


def _one_line(text: str) -> str:
    return _CONTROLS.sub(" ", text).strip()


def _page(body: str) -> str:
    if "<html" in body[:1000].lower():
        return body
    return f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body>\n{body}\n</body></html>'
