"""Bounces that are no delivery status notifications: what mail servers wrote before RFC 3464, and some still write.

There is no standard to hold on to, so two things must meet: a mark of a mail system (a header only one writes, the
opening words of one, or its name as the sender), and words that say that a mail did not arrive. What such a text says
of the mail it concerns is a claim like any other; matching it to a mail of ours is for others to do.
"""

import re
from collections.abc import Iterator

from relent.mail import bounce_words, delivery_status, dsn, phrases
from relent.mail.dsn import Failure, Report
from relent.mail.message import Message
from relent.terms import addresses
from relent.terms.events import BounceKind

_MOST_RECIPIENTS = 20

# Local parts under which mail systems write.
_SYSTEM = re.compile(
    r"^(?:mailer[-_.]?daemon|mail[-_.]?daemon|mail[-_.]?delivery|mail[-_.]?system|postmaster|mdaemon|mmdf|daemon|uucp|"
    r"mailadmin|bounces?|ndr|microsoftexchange[0-9a-f]+|[\w-]*smtp[\w-]*|\"?system[ ._-]?administrator\"?)"
    r"(?:[-+=.\\][^@]*)?@",
    re.IGNORECASE,
)
_SYSTEM_NAME = phrases.any_of(
    r"mail(?:er)?[ _.-]*(?:delivery|daemon)",
    r"delivery (?:sub)?system",
    r"postmaster",
    r"mail system",
    r"mail administrator",
    r"system administrator",
    r"mail router",
    r"returned mail",
)
# The opening words of mail systems: qmail, Exim, Exchange, Postfix.
_OPENING = phrases.any_of(
    r"\s*hi\. (?:this is the|the) [^\n]{0,80}(?:program|mta)",
    r"\s*this message was created automatically by mail delivery software",
    r"\s*this is an automatically generated delivery status notification",
    r"\s*this is the [^\n]{0,60}mail system at host",
)
_QMAIL_RECIPIENT = re.compile(r"^<([^<>\s]{3,320})>:?[^\n]*\n((?:[^\n<][^\n]*\n?){0,12})", re.MULTILINE)

# Where the returned mail begins; nothing after it says why.
_RETURNED = re.compile(
    r"^[> ]*-{2,}[^\n]{0,30}(?:copy of|original|returned|unsent|message (?:follows|header)|below this line|start of|"
    r"undelivered|headers)[^\n]{0,60}$|^[^\n]{0,30}(?:original message (?:follows|is)|message (?:header|text)s? follow|"
    r"copy of (?:your|the) (?:message|mail))[^\n]{0,80}$|^(?:Received|Return-Path|Message-ID|X-[\w-]+): ",
    re.IGNORECASE | re.MULTILINE,
)
_WORD_EDGES = "<>()[]{}\"'`.,;:!?*=。、「」（）＜＞"
_ADDRESS = re.compile(r"[\w.+=&'/~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")


def read(message: Message) -> Report | None:
    """Return what a bounce outside RFC 3464 tells, or ``None`` where the mail is none."""
    text = message.text or _loose_text(message)
    mark = _mark(message, text)
    if not mark:
        return None
    reason, returned = _parted(text)
    recipients = [one.address for one in message.addresses("x-failed-recipients")]
    if mark.lower().startswith("from:") and not _tells_failure(message.subject, reason):
        return None  # a mail system has a name, under which people write too
    found = _failures(message, reason, recipients)
    ids, to = dsn.returned(message)
    ids = tuple(dict.fromkeys(ids + dsn.identifiers_in(returned)))
    return Report(found, ids, to, (mark,))


def _mark(message: Message, text: str) -> str:
    """Return the line by which ``message`` is a mail system's, or an empty string."""
    if header := message.header("x-failed-recipients"):  # Exim writes it, and Gmail did
        return header.line
    if opening := _OPENING.match(text):
        return opening[0].strip()
    if dsn.looks_like_one(message):  # one that names nobody where it should
        return f"Content-Type: {message.first('content-type')}"[:300]
    header = message.header("from")
    return header.line if header and _from_mail_system(message) else ""


def _from_mail_system(message: Message) -> bool:
    if any(_SYSTEM.match(one.address) for one in message.from_[:1]):
        return True
    header = message.header("from")
    if header is None or (message.from_ and not message.from_[0].name):
        return False
    # "MAILER-DAEMON", without any address, or a mail system's name before an odd one.
    return bool(_SYSTEM_NAME.search(message.from_[0].name if message.from_ else header.text))


def _tells_failure(subject: str, reason: str) -> bool:
    return bool(bounce_words.SUBJECT.search(subject[:500]) or bounce_words.BODY.search(reason[:8000]))


def _parted(text: str) -> tuple[str, str]:
    """Part the mail system's own words from the mail it returns."""
    start = _RETURNED.search(text)
    return (text[: start.start()], text[start.start() :]) if start else (text, text)


def _loose_text(message: Message) -> str:
    """Return the text of a mail whose only parts are of odd types."""
    return next((part.text(65536) for part in message.parts if not part.multipart), "")


def _failures(message: Message, reason: str, recipients: list[str]) -> tuple[Failure, ...]:
    delayed = bool(
        bounce_words.DELAY.search(f"{message.subject}\n{reason[:4000]}")
    ) and not bounce_words.GIVEN_UP.search(reason[:4000])
    if not recipients and (paragraphs := _QMAIL_RECIPIENT.findall(reason)):
        told = [(addresses.canonical(address), words) for address, words in paragraphs if "@" in address]
    else:
        told = [(address, reason) for address in recipients or _addresses(message, reason)]
    return tuple(
        Failure(
            address,
            BounceKind.DELAYED if delayed else delivery_status.kind("failed", "", words.strip() or reason),
            delivery_status.status_in(words),
            " ".join(words.split())[:500],
        )
        for address, words in list(dict(told).items() or [("", reason)])[:_MOST_RECIPIENTS]
    )


def _addresses(message: Message, reason: str) -> Iterator[str]:
    """Yield the addresses the mail system talks of: not its own, nor the one it writes to."""
    unmeant = {one.address for one in (*message.from_, *message.to, *message.cc, *message.delivered_to)}
    written = [addresses.canonical(found.strip(_WORD_EDGES)) for found in _ADDRESS.findall(reason[:8000])]
    ids, to = dsn.returned(message)
    for address in dict.fromkeys([one for one in to if one in written] + written):
        if address not in unmeant and not _SYSTEM.match(address) and address not in ids:
            yield address
