"""The addresses in a header (RFC 5322 section 3.4), read in one pass however broken the header is."""

import re
from dataclasses import dataclass

from relent.mail import decoding
from relent.terms import addresses

MOST = 500  # addresses read of one header
_LONGEST = 320  # 64 of the local part, the sign, 255 of the domain (RFC 5321 section 4.5.3.1)

# A quoted string, a comment, an angle address, a separator, or anything else. Every alternative takes what it began,
# closed or not, so no input makes the search go back.
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|\([^()]*\)?|<[^<>]*>?|[,;:]|[^"(<,;:]+')
_ESCAPED = re.compile(r"\\(.)")
_AROUND_WORDS = re.compile(r"[\s<>()\[\]\"]+")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Address:
    """One address, canonical, and the name written beside it."""

    name: str
    address: str


def parse(raw: bytes, most: int = MOST) -> tuple[Address, ...]:
    """Return the addresses of an unfolded header value, at most ``most``; what is none is passed over.

    Names are decoded after the list is taken apart, so that a comma inside an encoded word separates nothing.
    """
    found: list[Address] = []
    words: list[str] = []
    quoted: list[str] = []
    angle = ""
    for token in [*_TOKEN.findall(decoding.guess(raw)), ","]:
        first = token[0]
        if first in ",;":
            if not (words or quoted or angle):
                continue
            _add(found, words, quoted, angle)
            words, quoted, angle = [], [], ""
            if len(found) >= most:
                break
        elif first == ":":
            words, quoted = [], []  # the name of a group (RFC 5322 section 3.4)
        elif first == '"':
            quoted.append(_ESCAPED.sub(r"\1", token.strip('"')))
        elif first == "<":
            angle = angle or token.strip("<>").rpartition(":")[2]  # without a source route (RFC 5322 section 4.4)
        elif first != "(":
            words.append(token)
        elif not quoted:
            quoted.append(token.strip("()"))  # "ann@acme.example (Ann Example)", the oldest way to write a name
    return tuple(found)


def _add(found: list[Address], words: list[str], quoted: list[str], angle: str) -> None:
    text = " ".join(words)
    if "@" in angle:
        address, name = angle, " ".join(quoted + words)
    elif bare := next((word for word in _AROUND_WORDS.split(text) if "@" in word.strip("@")), ""):
        address, name = bare, " ".join(quoted)
    elif text.startswith("@") and quoted:
        address, name = f'"{quoted[0]}"{text}', ""  # a quoted local part
    else:
        return
    address = addresses.canonical(_BLANKS.sub("", address))
    if 3 <= len(address) <= _LONGEST:
        found.append(Address(decoding.words(name.strip()), address))
