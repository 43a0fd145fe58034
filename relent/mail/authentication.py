"""The receiving server's verdict on who sent a mail (RFC 8601)."""

import re

from relent.mail.message import Message
from relent.terms import addresses

_COMMENT = re.compile(r"\([^()]*\)?")
_RESULT = re.compile(r"^\s*(dmarc|spf|dkim)(?:/\d+)?\s*=\s*(\w+)(.*)$", re.IGNORECASE | re.DOTALL)
_PROPERTY = re.compile(r"\b(smtp\.mailfrom|smtp\.helo|header\.d|header\.i)\s*=\s*\"?([^\s\"]+)", re.IGNORECASE)


def read(message: Message) -> tuple[bool | None, str]:
    """Return the verdict and the line it stands in: true where the sender's domain is vouched for, false where it is
    not, ``None`` where nothing is said.

    Only the topmost Authentication-Results counts: the receiving server adds its own above what the mail brought along
    (RFC 8601 section 5). Where DMARC is not stated, SPF or DKIM vouch for the domain they name and its relatives.
    """
    header = message.header("authentication-results")
    if header is None:
        return None, ""
    domain = addresses.domain(message.sender)
    verdict: bool | None = None
    for statement in _COMMENT.sub(" ", header.text[:8192]).split(";"):
        result = _RESULT.match(statement)
        if result is None:
            continue
        method, outcome = result[1].lower(), result[2].lower()
        if method == "dmarc" and outcome in ("pass", "fail"):
            return outcome == "pass", header.line
        if outcome == "pass" and any(_related(value, domain) for _, value in _PROPERTY.findall(result[3])):
            verdict = True
    return verdict, header.line if verdict is not None else ""


def _related(value: str, domain: str) -> bool:
    """Whether an authenticated domain is the sender's, or one is above the other (RFC 7489 section 3.1, relaxed)."""
    named = value.rpartition("@")[2].strip("<>.").lower()
    if "." not in named or "." not in domain:
        return False
    return named == domain or named.endswith(f".{domain}") or domain.endswith(f".{named}")
