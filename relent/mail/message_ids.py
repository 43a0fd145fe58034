"""Message identifiers and the headers that name them (RFC 5322 section 3.6.4).

Identifiers are handled without their angle brackets, and compared as they are: their case counts.
"""

import re
from collections.abc import Iterable

MOST = 200  # identifiers read of one header
_LONGEST = 998  # a line (RFC 5322 section 2.1.1)

_BRACKETED = re.compile(r"<([^<>]{1,1200})>")
_AROUND_WORDS = re.compile(r"[\s<>,;\"()]+")
_BLANKS = re.compile(r"\s+")
_ALLOWED = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+")


def parse(value: str) -> tuple[str, ...]:
    """Return the identifiers in a Message-ID, In-Reply-To or References value, each once, in order.

    Phrases and dates between them (RFC 5322 section 4.5.4) are passed over. Where nothing stands in angle brackets,
    what looks like an identifier counts. Of a very long list the ends are kept: the thread's root and its latest.
    """
    found = [_BLANKS.sub("", match) for match in _BRACKETED.findall(value)]
    found = found or [word for word in _AROUND_WORDS.split(value) if "@" in word.strip("@")]
    unique = list(dict.fromkeys(identifier for identifier in found if 0 < len(identifier) <= _LONGEST))
    if len(unique) > MOST:
        unique = unique[: MOST // 2] + unique[-MOST // 2 :]
    return tuple(unique)


def new(token: str, domain: str) -> str:
    """Return an identifier made of a random ``token`` and the sender's ``domain``. Raises ValueError where either holds
    a character that an identifier may not hold."""
    if not _ALLOWED.fullmatch(token) or not _ALLOWED.fullmatch(domain):
        raise ValueError(f"No identifier can be made of {token!r} and {domain!r}.")
    return f"{token}@{domain}"


def header(identifiers: Iterable[str]) -> str:
    """Return ``identifiers`` as the value of a header."""
    return " ".join(f"<{identifier}>" for identifier in identifiers)
