"""What people and machines of the playground write: whole mails, as their programs would send them."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from relent.playground.maildirs import Received
from relent.playground.sample import Person


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail ready to be handed in. An empty ``sender`` is that of a bounce."""

    sender: str
    recipient: str
    raw: bytes


Writer = Callable[[Person, Received, datetime], Letter]


def reply(person: Person, original: Received, now: datetime) -> Letter:
    """The person answers in the thread."""
    return _answer(person, original, now, person.address)


def reply_from_elsewhere(person: Person, original: Received, now: datetime) -> Letter:
    """The person answers in the thread, from the phone with the private address."""
    return _answer(person, original, now, person.elsewhere)


def colleague_replies(person: Person, original: Received, now: datetime) -> Letter:
    """A colleague answers the forwarded mail: a new subject line, and the thread named by References alone."""
    message = _written(person.colleague, person.colleague_address, original, now)
    message["Subject"] = f"Fwd: {_subject(original)}"
    message["References"] = _all_references(original)
    japanese = person.language == "ja"
    message.set_content(
        f"はじめまして。{person.name}から転送を受けました。\nこの件は私が担当しますので、来週お電話いたします。\n\n{person.colleague}\n"
        if japanese
        else f"Hello,\n\n{person.first_name} passed your mail on to me. Benches are my department; let us talk on "
        f"Thursday.\n\n{person.colleague}\n"
    )
    return _letter(message, person.colleague_address)


def out_of_office_gmail(person: Person, original: Received, now: datetime) -> Letter:
    """The vacation responder of Gmail: RFC 3834's header beside Gmail's own."""
    back = now + timedelta(days=7)
    message = _written(person.name, person.address, original, now)
    message["Subject"] = f"Out of office Re: {_subject(original)}"
    _in_thread(message, original)
    message["Auto-Submitted"] = "auto-replied"
    message["X-Autoreply"] = "yes"
    message["Precedence"] = "bulk"
    message.set_content(
        f"Thank you for your mail. I am away and will be back on {back:%B} {back.day}, {back.year}. "
        "I do not read mail until then.\n\n" + person.name + "\n"
    )
    return _letter(message, "")


def out_of_office_exchange(person: Person, original: Received, now: datetime) -> Letter:
    """An automatic reply of Exchange: its own header lines, no Auto-Submitted from older servers, HTML beside text."""
    back = now + timedelta(days=7)
    message = _written(person.name, person.address, original, now)
    message["Subject"] = f"Automatic reply: {_subject(original)}"
    _in_thread(message, original)
    message["X-Auto-Response-Suppress"] = "All"
    message["X-MS-Exchange-Inbox-Rules-Loop"] = person.address
    message["Auto-Submitted"] = "auto-generated"
    message["Thread-Topic"] = _subject(original)
    text = f"I am out of the office until {back.day} {back:%B} {back.year}. In urgent cases please call our front desk."
    message.set_content(f"{text}\n")
    message.add_alternative(f"<html><body><p>{text}</p></body></html>\n", subtype="html")
    return _letter(message, "")


def out_of_office_japanese(person: Person, original: Received, now: datetime) -> Letter:
    """A Japanese absence note in ISO-2022-JP, as mail servers in Japan still write it."""
    back = now + timedelta(days=7)
    message = _written(person.name, person.address, original, now)
    message["Subject"] = f"【自動返信】不在のお知らせ Re: {_subject(original)}"
    _in_thread(message, original)
    message["Auto-Submitted"] = "auto-replied (vacation)"
    message["Precedence"] = "auto_reply"
    message.set_content(
        f"お世話になっております。{person.name}です。\n\n"
        f"誠に勝手ながら、{back.month}月{back.day}日まで休暇をいただいております。\n"
        "ご連絡は休暇明けに順次対応いたします。\n",
        charset="iso-2022-jp",
        cte="7bit",
    )
    return _letter(message, "")


def bounce(person: Person, original: Received, now: datetime) -> Letter:
    """The person's server reports that the mail could not be delivered after all (RFC 3464)."""
    server = f"mx.{person.address.partition('@')[2]}"
    rep = _rep(original)
    boundary = f"={secrets.token_hex(12)}"
    head = (
        f"From: Mail Delivery System <MAILER-DAEMON@{server}>\n"
        f"To: {rep}\n"
        f"Date: {format_datetime(now)}\n"
        f"Message-ID: {_fresh_id(server)}\n"
        "Subject: Undelivered Mail Returned to Sender\n"
        "Auto-Submitted: auto-replied\n"
        "MIME-Version: 1.0\n"
        f'Content-Type: multipart/report; report-type=delivery-status;\n\tboundary="{boundary}"\n'
    )
    told = (
        "Content-Type: text/plain; charset=us-ascii\n\n"
        f"This is the mail system at {server}.\n\nYour message could not be delivered to <{person.address}>:\n"
        "the mailbox does not exist (any more).\n"
    )
    status = (
        "Content-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; {server}\nArrival-Date: {format_datetime(original.at)}\n\n"
        f"Final-Recipient: rfc822; {person.address}\nAction: failed\nStatus: 5.1.1\n"
        f"Diagnostic-Code: smtp; 550 5.1.1 <{person.address}>: user unknown\n"
    )
    returned = f"Content-Type: text/rfc822-headers\n\n{_headers(original)}"
    parts = "".join(f"\n--{boundary}\n{part}" for part in (told, status, returned))
    text = f"{head}{parts}\n--{boundary}--\n"
    return Letter("", rep, text.replace("\n", "\r\n").encode("ascii", "replace"))


def _answer(person: Person, original: Received, now: datetime, address: str) -> Letter:
    message = _written(person.name, address, original, now)
    subject = _subject(original)
    message["Subject"] = subject if subject.lower().startswith("re:") else f"Re: {subject}"
    _in_thread(message, original)
    quoted = "".join(f"> {line}\n" for line in original.text.splitlines())
    if person.language == "ja":
        text = f"Dana様\n\nご連絡ありがとうございます。来週の火曜日でしたら時間が取れます。\n\n{person.last_name}\n\n"
        quoted = f"{original.at:%Y/%m/%d %H:%M} Dana Diaz <{_rep(original)}>:\n{quoted}"
    else:
        text = f"Hi Dana,\n\nTuesday next week works for me. Shall we say ten o'clock?\n\n{person.first_name}\n\n"
        quoted = f"On {original.at:%a, %d %b %Y at %H:%M}, Dana Diaz <{_rep(original)}> wrote:\n{quoted}"
    message.set_content(text + quoted)
    return _letter(message, address)


def _written(name: str, address: str, original: Received, now: datetime) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(display_name=name, addr_spec=address)
    message["To"] = _rep(original)
    message["Date"] = now
    message["Message-ID"] = _fresh_id(address.partition("@")[2])
    return message


def _fresh_id(domain: str) -> str:
    return f"<{secrets.token_hex(12)}@{domain}>"


def _in_thread(message: EmailMessage, original: Received) -> None:
    message["In-Reply-To"] = _message_id(original)
    message["References"] = _all_references(original)


def _all_references(original: Received) -> str:
    """The thread so far and the mail itself (RFC 5322 section 3.6.4)."""
    return f"{original.message.get('References', '')} {_message_id(original)}".strip()


def _message_id(original: Received) -> str:
    return str(original.message["Message-ID"]).strip()


def _subject(original: Received) -> str:
    return str(original.message["Subject"] or "")


def _rep(original: Received) -> str:
    """Where an answer goes: the sender of the mail."""
    return parseaddr(str(original.message["Reply-To"] or original.message["From"]))[1]


def _headers(original: Received) -> str:
    """The header of the returned mail as it stands, folded and encoded."""
    raw = original.message.as_bytes(policy=SMTP.clone(linesep="\n", cte_type="7bit"))
    return raw.partition(b"\n\n")[0].decode("ascii", "replace") + "\n"


def _letter(message: EmailMessage, sender: str) -> Letter:
    return Letter(sender, str(message["To"]), message.as_bytes())
