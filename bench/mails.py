"""A mix of mails such as a rep's mailbox gets, made here, the same in every run."""

import base64
import random
from email.message import EmailMessage

_WORDS = ("the", "we", "you", "offer", "price", "next week", "call", "team", "think", "about", "plan", "please", "more")


def mix(count: int, seed: int = 20261122) -> list[bytes]:
    """Return ``count`` mails: of ten, five answers, one of them in Japanese and one with HTML; two automatic replies;
    one bounce; one newsletter; and of twenty, one with an attachment of 200 KB."""
    dice = random.Random(seed)
    makers = [_answer, _answer, _answer, _japanese, _html, _out_of_office, _exchange, _bounce, _newsletter]
    made = []
    for number in range(count):
        maker = makers[number % 10] if number % 10 < 9 else (_attachment if number % 20 == 9 else _answer)
        mail = maker(dice, number)
        made.append(mail.as_bytes().replace(b"\n", b"\r\n"))
    return made


def large(size: int) -> bytes:
    """Return one answer of about ``size`` bytes, nearly all of them in four attachments."""
    dice = random.Random(20261122)
    mail = _html(dice, 1)
    for number in range(4):
        mail.add_attachment(dice.randbytes(size * 3 // 17), "application", "pdf", filename=f"offer-{number}.pdf")
    return mail.as_bytes().replace(b"\n", b"\r\n")


def sender(number: int) -> str:
    """Return who wrote the mail of this number."""
    return f"p{number}@acme.example"


def answered(number: int) -> str:
    """Return the Message-ID that the mail of this number answers."""
    return f"sent-{number}@us.example"


def _text(dice: random.Random, lines: int) -> str:
    return "\n".join(" ".join(dice.choices(_WORDS, k=11)) for _ in range(lines)) + "\n"


def _quoted(dice: random.Random, lines: int) -> str:
    said = "".join(f"> {line}\n" for line in _text(dice, lines).splitlines())
    return f"\nOn Mon, 2 Mar 2026 at 09:00, Dana Reed <dana@us.example> wrote:\n{said}"


def _base(number: int, subject: str) -> EmailMessage:
    mail = EmailMessage()
    for hop in range(4):
        way = f"from mx{hop}.acme.example by mx{hop + 1}.us.example with ESMTPS id {number}.{hop}"
        mail["Received"] = f"{way}; Mon, 02 Mar 2026 10:0{hop}:00 +0000"
    mail["DKIM-Signature"] = "v=1; a=rsa-sha256; d=acme.example; s=one; b=" + "kQ9x" * 64
    mail["From"], mail["To"], mail["Subject"] = f"Ann Archer <{sender(number)}>", "dana@us.example", subject
    mail["Date"], mail["Message-ID"] = "Mon, 02 Mar 2026 10:00:00 +0000", f"<{number}@acme.example>"
    mail["In-Reply-To"] = mail["References"] = f"<{answered(number)}>"
    return mail


def _answer(dice: random.Random, number: int) -> EmailMessage:
    mail = _base(number, "Re: Hello Ann")
    mail.set_content(_text(dice, dice.randint(1, 8)) + _quoted(dice, 25))
    return mail


def _japanese(dice: random.Random, number: int) -> EmailMessage:
    mail = _base(number, "Re: ご提案の件")
    mail.set_content("お世話になっております。来週の火曜日にお電話ください。\n" * 8, charset="iso-2022-jp")
    return mail


def _html(dice: random.Random, number: int) -> EmailMessage:
    mail = _answer(dice, number)
    rows = "".join(f"<p style='margin:0;font-family:Arial'>{line}</p>" for line in _text(dice, 40).splitlines())
    mail.add_alternative(
        f"<html><head><style>p {{color:#222}}</style></head><body>{rows}</body></html>", subtype="html"
    )
    return mail


def _out_of_office(dice: random.Random, number: int) -> EmailMessage:
    mail = _base(number, "Out of office: Hello Ann")
    mail["Auto-Submitted"], mail["Precedence"] = "auto-replied", "bulk"
    mail.set_content("I am away until 9 March 2026 and will answer then.\n")
    return mail


def _exchange(dice: random.Random, number: int) -> EmailMessage:
    mail = _base(number, "Automatic reply: Hello Ann")
    mail["X-Auto-Response-Suppress"], mail["Auto-Submitted"] = "All", "auto-generated"
    mail.set_content("Thank you for your message. I am out of the office this week.\n")
    return mail


def _bounce(dice: random.Random, number: int) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = "MAILER-DAEMON@mx.acme.example", "dana@us.example"
    mail["Subject"], mail["Message-ID"] = "Undelivered Mail Returned to Sender", f"<{number}@mx.acme.example>"
    mail["Date"], mail["Auto-Submitted"] = "Mon, 02 Mar 2026 10:00:00 +0000", "auto-replied"
    mail["Content-Type"] = 'multipart/report; report-type=delivery-status; boundary="=cut="'
    mail.set_payload(
        "--=cut=\nContent-Type: text/plain\n\nYour mail could not be delivered.\n"
        "--=cut=\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.acme.example\n\n"
        f"Final-Recipient: rfc822; {sender(number)}\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\n"
        f"--=cut=\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{answered(number)}>\nTo: {sender(number)}\n"
        "--=cut=--\n"
    )
    return mail


def _newsletter(dice: random.Random, number: int) -> EmailMessage:
    mail = _html(dice, number)
    del mail["In-Reply-To"], mail["References"]
    mail["List-Id"], mail["List-Unsubscribe"] = "<news.birch.example>", "<https://birch.example/u/1>"
    return mail


def _attachment(dice: random.Random, number: int) -> EmailMessage:
    mail = _answer(dice, number)
    mail.add_attachment(base64.b64encode(dice.randbytes(110_000)), "application", "pdf", filename="offer.pdf")
    return mail
