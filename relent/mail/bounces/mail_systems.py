"""By which marks a mail shows that a mail system wrote it, and not a person.

A mark is strong where only mail systems leave it, and weak where people and newsletters have it too: people write from
"postmaster", and an empty return path stands on automatic replies (RFC 3834 section 3.3).
"""

import re
from typing import NamedTuple

from relent.mail import phrases
from relent.mail.message import Message, once

STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
# RFC 6522 section 3: the third part of a report; and what gateways make of it.
RETURNED_TYPES = (
    "message/rfc822",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global",
    "message/global-headers",
    "message/partial",
    "text/rfc822",
)

# Local parts under which mail systems write, and nobody else.
_DAEMON = re.compile(
    r"^(?:mailer[-_.]?daemon|mail[-_.]?daemon|mailerdaemon|mdaemon|mmdf|"
    r"mail[-_.]?delivery[-_.]?(?:sub)?system|delivery[-_.]?(?:status|failure)[\w-]*|no[-_.]?reply[-_.]?ndr|"
    r"ndr)(?:[-+=.\\][^@]*)?@",
    re.IGNORECASE,
)
# Those under which people and programs of other kinds write as well.
_SYSTEM = re.compile(
    r"^(?:post[-_.]?office|postmaster|microsoftexchange[0-9a-f]{16,}|post[-_.]master|mail[-_.]?(?:delivery|system|admin|"
    r"administrator|master|router|gateway|"
    r"server)|daemon|uucp|"
    r"mailadmin|bounces?|smtp[\w-]*|[\w-]*smtp|imss|gwia|system[._-]?(?:administrator|attendant)|virus ?wall|"
    r"listserv|listmanager|lyris|majordomo|listproc|sympa|mail(?:marshal|sweeper|essentials)|"
    r"antispam|spam[-_.]?filter|emailadmin|mta)(?:[-+=.\\][^@]*)?@",
    re.IGNORECASE,
)
_NAME = phrases.any_of(
    r"mail(?:er)?[ _.-]*(?:delivery|daemon)",
    r"delivery (?:sub)?system",
    r"post[ -]?master",
    r"mail ?system|mail administrator|system administrator|administrateur syst[eè]me|systemadministrator|"
    r"mail router|returned mail",
    r"microsoft (?:exchange|outlook)$|mail gateway|message router|internet mail (?:service|agent)|system attendant",
)
# How mail systems begin: qmail, Exim, Exchange and IIS, Postfix, InterScan, Domino, Courier, Sendmail, X.400.
_OPENING = phrases.any_of(
    r"^\s*hi\. (?:this is the|the) [^\n]{0,80}(?:program|mta|mail server)",
    r"^\s*this message was created automatically by (?:the )?(?:mail|smtp|e-?mail)[^\n]{0,40}(?:software|system|"
    r"server|delivery)",
    r"^\s*this is an automatically generated (?:mail |message |e-?mail )?(?:delivery|non-?delivery)",
    r"^\s*this report relates to a message you sent|^\s*this is a (?:non-?delivery|delivery (?:failure|status|error)) ",
    r"^\s*this is the [^\n]{0,60}(?:mail system|program|postfix|mailer)[^\n]{0,40} at (?:host|domain)",
    r"^\s*\*{2,} ?message from interscan",
    r"^[\s*-]*(?:transcript of session follows|the original message was received at)",
    r"^\s*-{2,}[ \t]*(?:non-?delivery report|transcript of session|the following addresses had|failed recipients?)",
    r"^\s*\*{10,}\s*\*\*[^\n]{0,60}(?:warning message|not need to resend)",
    r"^\s*(?:your message|a message (?:that )?you sent)[^\n]{0,80}\n?[^\n]{0,40}could not be (?:delivered|"
    r"sent)[^\n]{0,40}recipients",
)
_NO_REPLY = re.compile(r"^(?:no|do[-_.]?not|dont)[-_.]?reply", re.IGNORECASE)
_AGAIN = re.compile(
    r"^\s*(?:re|fwd?|aw|wg|tr|rv|enc|res|i|vs|sv|vl|vb|doorst|antw?|odp|pd|ynt|ilt|отв|ответ|пересл|转发|回复|"
    r"答复|轉寄|回覆|"
    r"전달|회신|返信|転送)\s{0,9}(?:\[\d{1,4}\]\s{0,9})?[:：]",
    re.IGNORECASE,
)
# Headers that only a bounce has.
_HEADERS = (
    "x-failed-recipients",
    "x-ms-exchange-message-is-ndr",
    "x-failed-recipient",
    "x-bounce-type",
    "x-dsn-reason",
)


# Italy's certified mail, the receipts of its providers (RFC 6109 section 2.1 and appendix A): not accepted, not
# delivered, not delivered yet, infected.
CERTIFIED_FAILURES = ("non-accettazione", "errore-consegna", "preavviso-errore-consegna", "rilevazione-virus")
CERTIFIED_DELIVERY = "avvenuta-consegna"


class Mark(NamedTuple):
    """The line that shows a mail system. ``strong``: only mail systems leave it."""

    line: str
    strong: bool


def mark(message: Message, text: str) -> Mark | None:
    """Return the best mark of a mail system on ``message``, whose own words are ``text``."""
    if found := next((header for name in _HEADERS if (header := message.header(name)) is not None), None):
        return Mark(found.line, True)
    certified = message.header("x-ricevuta")
    if certified and certified.text.strip().lower() in CERTIFIED_FAILURES:
        return Mark(certified.line, True)
    submitted = message.header("auto-submitted")
    # Sendmail writes what it reports: "auto-generated (failure)", "(warning-timeout)".
    if submitted and re.search(r"\((?:failure|warning|postmaster|return)", submitted.text):
        return Mark(submitted.line, True)
    if is_report(message) and not passed_on(message):
        return Mark(f"Content-Type: {message.first('content-type')}"[:300], True)
    if opening := _OPENING.search(text[:400]):
        return Mark(opening.group().strip()[:300], True)
    if (server := message.header("x-mlserver")) and not message.header("x-mail-count"):
        return Mark(server.line, False)  # fml itself, and not a mail that it passes on
    return _by_sender(message)


def is_report(message: Message) -> bool:
    """Whether ``message`` has the form of a delivery report, whatever it then says (RFC 6522 section 3)."""
    return reports_delivery(message) or message.part(*STATUS_TYPES) is not None


def reports_delivery(message: Message) -> bool:
    """Whether ``message`` calls itself a delivery report (RFC 3464 section 2)."""
    top = message.parts[0]
    return top.parameters.get("report-type", "").lower() == "delivery-status" or top.content_type in STATUS_TYPES


def passed_on(message: Message) -> bool:
    """Whether a person forwards a report: some mail programs keep its parts."""
    return (
        answers_or_forwards(message.subject)
        and message.content_type != "multipart/report"
        and not reports_delivery(message)
        and not wrote(message)
    )


def wrote(message: Message) -> bool:
    """Whether a mail system is named as the author of ``message``."""
    return _by_sender(message) is not None


def writes_as(address: str) -> bool:
    """Whether ``address`` is one that mail systems write from."""
    return bool(_DAEMON.match(address) or _SYSTEM.match(address))


def takes_no_answer(address: str) -> bool:
    """Whether ``address`` says that nobody reads what is sent to it."""
    return _NO_REPLY.match(address) is not None


def answers_or_forwards(subject: str) -> bool:
    """Whether a person's mail program has put its mark of an answer or of a forwarding before ``subject``."""
    return _AGAIN.match(subject[:100]) is not None


@once
def _by_sender(message: Message) -> Mark | None:
    header = message.header("from")
    if header is None:
        # Some write no author at all, and say who they are in the envelope.
        back = message.header("return-path")
        return Mark(back.line, False) if back and _DAEMON.match(back.text.strip("<> ")) else None
    author = message.from_[0] if message.from_ else None
    if author is None or "@" not in author.address:
        # "MAILER-DAEMON" without any address, or an empty one, as in the envelope (RFC 5321 section 4.5.5).
        empty = "<>" in header.text
        named = _DAEMON.match(header.text.strip("<> ") + "@") or _NAME.search(header.text[:200])
        return Mark(header.line, bool(named)) if named or empty else None
    if _DAEMON.match(author.address):
        return Mark(header.line, True)
    if _SYSTEM.match(author.address) or _NAME.search((author.name or header.text)[:200]):
        return Mark(header.line, False)
    return None
