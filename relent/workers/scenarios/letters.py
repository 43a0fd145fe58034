"""Writes the mails of a story as bytes, the way the world's mail programs and servers write them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.header import Header
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime
from typing import Any

_CRLF = policy.compat32.clone(linesep="\r\n")


@dataclass(frozen=True, kw_only=True)
class Answered:
    """The mail that a letter answers: its Message-ID without angle brackets, its subject, and its bytes as sent."""

    message_id: str
    subject: str
    raw: bytes


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What stands on and in a mail. ``parts`` are dicts with ``type``, ``text`` and ``params``."""

    sender: str
    to: tuple[str, ...]
    message_id: str
    date: datetime
    received_at: datetime
    cc: tuple[str, ...] = ()
    subject: str | None = None
    text: str | None = None
    html: str | None = None
    parts: tuple[dict[str, Any], ...] = ()
    in_reply_to: Answered | None = None
    references: Answered | None = None
    headers: dict[str, str] = field(default_factory=dict)
    authentication: str = "none"
    return_path: str | None = None


def write(letter: Letter) -> bytes:
    """Return ``letter`` as a mail (RFC 5322), CRLF line ends."""
    mail = _body(letter)
    _address(mail, letter)
    answered = letter.in_reply_to or letter.references
    if letter.in_reply_to:
        mail["In-Reply-To"] = f"<{letter.in_reply_to.message_id}>"
    if answered:
        mail["References"] = " ".join((*_references(answered.raw), f"<{answered.message_id}>"))
    _set(mail, letter.headers)
    return mail.as_bytes(policy=_CRLF)


def arriving(raw: bytes, delivered_to: str) -> bytes:
    """Return ``raw`` with the line that the last server adds for the mailbox it files the mail into."""
    return f"Delivered-To: {delivered_to}\r\n".encode() + raw


def answering(raw: bytes, answered: Answered) -> bytes:
    """Return ``raw`` with its In-Reply-To and References replaced by ``answered``; the rest stays byte for byte."""
    head, gap, body = re.match(rb"(.*?)(\r?\n\r?\n|\Z)(.*)", raw, re.DOTALL).groups()  # type: ignore[union-attr]  # always fits
    kept = re.sub(rb"(?im)^(in-reply-to|references):[^\n]*\n(?:[ \t][^\n]*\n)*", b"", head + b"\n")
    reference = f"<{answered.message_id}>\r\n".encode()
    return b"In-Reply-To: " + reference + b"References: " + reference + kept.removesuffix(b"\n") + gap + body


# What each kind of machine puts on its automatic replies, beside the subject that the story gives.
AUTO_REPLY_HEADERS: dict[str, dict[str, str]] = {
    "gmail": {"Auto-Submitted": "auto-replied", "Precedence": "bulk", "X-Autoreply": "yes"},
    "exchange": {
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "X-MS-Exchange-Inbox-Rules-Loop": "{sender}",
        "X-MS-Exchange-Parent-Message-Id": "<{answered}>",
    },
    "rfc3834": {"Auto-Submitted": "auto-replied"},
    "subject_only": {},
    "plain": {},
}
AUTO_REPLY_HEADERS["exchange_null_sender"] = AUTO_REPLY_HEADERS["exchange"]


def auto_reply_headers(style: str, sender: str, answered: Answered | None) -> dict[str, str]:
    """Return the headers of an automatic reply in ``style``."""
    named = answered.message_id if answered else ""
    return {
        name: value.format(sender=sender, answered=named)
        for name, value in AUTO_REPLY_HEADERS[style].items()
        if answered or "{answered}" not in value
    }


@dataclass(frozen=True, kw_only=True)
class Report:
    """A delivery report (RFC 3464) about one recipient. ``returned`` is the mail that it is about, if it names one."""

    reporter: str
    to: str
    message_id: str
    at: datetime
    action: str
    status: str
    final_recipient: str
    original_recipient: str | None
    returned: bytes | None


def delivery_report(report: Report) -> bytes:
    """Return the multipart/report (RFC 6522) that a mail server sends."""
    mail = MIMEMultipart("report", report_type="delivery-status")
    mail["Return-Path"] = "<>"
    mail["From"] = f"Mail Delivery System <MAILER-DAEMON@{report.reporter}>"
    mail["To"] = report.to
    late = report.action == "delayed"
    mail["Subject"] = "Delivery Status Notification (Delay)" if late else "Undelivered Mail Returned to Sender"
    mail["Date"] = format_datetime(report.at)
    mail["Message-ID"] = f"<{report.message_id}>"
    mail["Auto-Submitted"] = "auto-replied"
    what = "has not been delivered yet; delivery goes on being tried" if late else "could not be delivered"
    mail.attach(MIMEText(f"Your mail to <{report.final_recipient}> {what}. Status: {report.status}\n"))
    status = MIMEBase("message", "delivery-status")
    status.attach(_block({"Reporting-MTA": f"dns; {report.reporter}", "Arrival-Date": format_datetime(report.at)}))
    status.attach(_block(_recipient(report)))
    mail.attach(status)
    if report.returned is not None:
        head = MIMEBase("text", "rfc822-headers")
        head.set_payload(re.split(rb"\r?\n\r?\n", report.returned)[0].decode("ascii", "replace") + "\r\n")
        mail.attach(head)
    return mail.as_bytes(policy=_CRLF)


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """A spam complaint (RFC 5965) about ``returned``; a ``redacted`` one hides who complains."""

    to: str
    message_id: str
    at: datetime
    complainant: str
    redacted: bool
    returned: bytes


def feedback_report(complaint: Complaint) -> bytes:
    """Return the report as a mailbox provider sends it."""
    provider = complaint.complainant.rpartition("@")[2]
    mail = MIMEMultipart("report", report_type="feedback-report")
    mail["From"] = f"Feedback Loop <feedback@{provider}>"
    mail["To"] = complaint.to
    mail["Subject"] = "Complaint about a mail from your domain"
    mail["Date"] = format_datetime(complaint.at)
    mail["Message-ID"] = f"<{complaint.message_id}>"
    mail.attach(MIMEText("A user reported the attached mail as spam.\n"))
    lines = {"Feedback-Type": "abuse", "User-Agent": "Feedback-Loop/1.0", "Version": "1"}
    returned = message_from_bytes(complaint.returned)
    if complaint.redacted:
        _set(returned, {"To": "redacted@invalid"})
        del returned["Delivered-To"]
    else:
        lines["Original-Rcpt-To"] = f"<{complaint.complainant}>"
    feedback = MIMEBase("message", "feedback-report")
    feedback.set_payload("".join(f"{name}: {value}\r\n" for name, value in lines.items()))
    original = MIMEBase("message", "rfc822")
    original.attach(returned)
    mail.attach(feedback)
    mail.attach(original)
    return mail.as_bytes(policy=_CRLF)


def _body(letter: Letter) -> Message:
    pieces: list[Message] = []
    if letter.text is not None or not (letter.html or letter.parts):
        pieces.append(_text(letter.text or "", "plain"))
    if letter.html is not None:
        pieces.append(_text(letter.html, "html"))
    if not letter.parts:
        return pieces[0] if len(pieces) == 1 else _multipart("alternative", pieces)
    pieces += [_part(part) for part in letter.parts]
    return _multipart("mixed", pieces)


def _text(text: str, subtype: str) -> Message:
    return MIMEText(text, subtype, "us-ascii" if text.isascii() else "utf-8")


def _part(part: dict[str, Any]) -> Message:
    main, _, sub = part["type"].partition("/")
    made = MIMEBase(main, sub or "plain", **part.get("params", {}))
    text = part.get("text", "")
    if main == "text" and not text.isascii():
        made.set_param("charset", "utf-8")
    made["Content-Transfer-Encoding"] = "7bit" if text.isascii() else "8bit"
    made.set_payload(text.encode("utf-8").decode("ascii", "surrogateescape"))
    return made


def _multipart(subtype: str, pieces: Iterable[Message]) -> Message:
    made = MIMEMultipart(subtype)
    for piece in pieces:
        made.attach(piece)
    return made


def _address(mail: Message, letter: Letter) -> None:
    if letter.return_path is not None:
        mail["Return-Path"] = f"<{letter.return_path}>"
    host = letter.sender.rpartition("@")[2]
    mail["Received"] = f"from mail.{host} by mx.receiver.example; {format_datetime(letter.received_at)}"
    if letter.authentication != "none":
        verdict = letter.authentication
        mail["Authentication-Results"] = (
            f"mx.receiver.example; spf={verdict} smtp.mailfrom={letter.sender}; dmarc={verdict} header.from={host}"
        )
    mail["From"] = letter.sender
    mail["To"] = ", ".join(letter.to)
    if letter.cc:
        mail["Cc"] = ", ".join(letter.cc)
    answered = letter.in_reply_to or letter.references
    subject = letter.subject if letter.subject is not None else (f"Re: {answered.subject}" if answered else "")
    mail["Subject"] = _encoded("Subject", subject)
    mail["Date"] = format_datetime(letter.date)
    mail["Message-ID"] = f"<{letter.message_id}>"


def _references(raw: bytes) -> list[str]:
    """The References of the answered mail: RFC 5322 section 3.6.4 has an answer repeat them."""
    return str(message_from_bytes(raw)["References"] or "").split()


def _recipient(report: Report) -> dict[str, str]:
    block = {}
    if report.original_recipient:
        block["Original-Recipient"] = f"rfc822; {report.original_recipient}"
    block["Final-Recipient"] = f"rfc822; {report.final_recipient}"
    block["Action"] = report.action
    block["Status"] = report.status
    smtp = {"4": 450, "5": 550}.get(report.status[0])
    if smtp and report.action == "failed":
        block["Diagnostic-Code"] = f"smtp; {smtp} {report.status} <{report.final_recipient}>: recipient refused"
    return block


def _block(lines: dict[str, str]) -> Message:
    block = Message()
    for name, value in lines.items():
        block[name] = value
    return block


def _set(mail: Message, headers: dict[str, str]) -> None:
    for name, value in headers.items():
        del mail[name]
        mail[name] = _encoded(name, value)


def _encoded(name: str, value: str) -> str:
    return value if value.isascii() else Header(value, "utf-8", header_name=name).encode()
