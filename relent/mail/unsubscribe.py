"""Unsubscribing without reading the mail (RFC 2369 section 3.2, RFC 8058): the headers of an outgoing mail, and the
mail that a mail program sends when they are used.

A token names an enrollment and cannot be guessed: digits, a colon, a signature. Whether one is ours, only its maker
can tell.
"""

import re
from urllib.parse import quote, unquote, urlsplit

from relent.mail.message import Message

ONE_CLICK = "List-Unsubscribe=One-Click"
_WORD = "unsubscribe"
_SHAPE = r"[0-9]{1,18}:[A-Za-z0-9_-]{20,100}"
_TOKEN = re.compile(rf"(?<![\w:-]){_SHAPE}(?![\w-])")
_ASKED = re.compile(rf"\b{_WORD}\b[\s:+]{{1,3}}({_SHAPE})(?![\w-])", re.IGNORECASE)
_MOST = 5


def subject_for(token: str) -> str:
    """Return the subject of the mail that unsubscribes by ``token``."""
    return f"{_WORD} {token}"


def asked(message: Message) -> str:
    """Return the token by which ``message`` asks to be sent no more, or an empty string."""
    # Some programs leave the percent signs of the mailto address as they are.
    found = _ASKED.search(unquote(message.subject[:300]))
    return found[1] if found else ""


def offered(message: Message) -> tuple[str, ...]:
    """Return what looks like a token in the headers by which ``message`` offers to unsubscribe."""
    return tuple(_TOKEN.findall(unquote(message.first("list-unsubscribe")[:2000]))[:_MOST])


def headers(url: str, mailto: str = "", subject: str = "unsubscribe") -> dict[str, str]:
    """Return the headers that offer ``url``, and where given a mail to ``mailto``, to unsubscribe.

    One-click is offered where the address is an ``https`` one (RFC 8058 section 3.1); the server must then act on a
    POST that bears ``ONE_CLICK``, and never on a GET. Raises ValueError for an address that would break the header.
    """
    if any(character in url for character in "<>, \t\r\n") or urlsplit(url).scheme not in ("https", "http"):
        raise ValueError("The address to unsubscribe at is not a web address.")
    if any(character in mailto for character in "<>, \t\r\n?"):
        raise ValueError("The mail address to unsubscribe at is not one.")
    ways = [f"<{url}>"] + ([f"<mailto:{mailto}?subject={quote(subject)}>"] if mailto else [])
    found = {"List-Unsubscribe": ", ".join(ways)}
    if url.startswith("https:"):
        found["List-Unsubscribe-Post"] = ONE_CLICK
    return found
