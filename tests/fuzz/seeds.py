"""What the fuzzer starts from: short mails of every kind, the mails of the tests, and phrases of the phrase book."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from relent.mail.notes import phrase_data
from tests.mail.broken import SMALL
from tests.mail.letters import failed, letter, mixed, report

_CORPUS = Path(__file__).resolve().parent.parent / "corpus"
_LONGEST = 6000  # bytes; of what is longer, the beginning is a seed
# What servers add on the way is long, and nothing is judged by it.
_ADDED = re.compile(
    rb"^(?:received|dkim-signature|arc-[\w-]+|x-google-[\w-]+|x-ms-exchange-antispam[\w-]*|x-microsoft-[\w-]+|"
    rb"x-forefront-[\w-]+)[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*",
    re.IGNORECASE | re.MULTILINE,
)
_CHOICE = re.compile(r"([\[(])([^\[\]()]*)[\])]")
_ICALENDAR = (
    "BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:1@acme.example\nDTSTART;TZID=Europe/Berlin:20261124T100000\n"
    "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@acme.example\nCOMMENT:Later\nEND:VEVENT\nEND:VCALENDAR\n"
)
_QUOTED = "\n\nOn Mon, 2 Mar 2026 at 09:00, Dana <dana@us.example> wrote:\n> Hello Ann,\n> shall we talk?\n"
_OUTLOOK = "\n\n________________________________\nFrom: Dana\nSent: Monday\nTo: Ann\nSubject: Hello\n\nHello Ann,\n"
_RETURNED = "\n------ This is a copy of the message ------\n\nMessage-ID: <step-1@us.example>\nTo: ann@acme.example\n"
_HTML = "<html><style>p {color:red}</style><body><p>Yes.<br>Ann</p><blockquote>old</blockquote><!-- x --></body></html>"


@dataclass(frozen=True, slots=True)
class Stock:
    """``short`` and ``long`` mails with ``\\n`` as line end, ``phrases`` of automatic mail as text, and their
    ``subjects``."""

    short: tuple[bytes, ...]
    long: tuple[bytes, ...]
    phrases: tuple[bytes, ...]
    subjects: tuple[bytes, ...]


def stock() -> Stock:
    """Return what there is to start from; the same for the same files."""
    corpus = [path.read_bytes().replace(b"\r\n", b"\n") for path in sorted(_CORPUS.rglob("*.eml"))]
    trimmed = [_ADDED.sub(b"", raw)[:_LONGEST] for raw in corpus]
    made = [raw.replace(b"\r\n", b"\n") for raw in _made()]
    short = [*made, *SMALL.values(), *(raw for raw in trimmed if len(raw) <= 900)]
    return Stock(
        short=tuple(raw for raw in short if len(raw) < 4000),
        long=tuple([raw for raw in trimmed if len(raw) > 900] or made),
        phrases=tuple(_phrases()),
        subjects=tuple(_subjects()),
    )


def _made() -> Iterator[bytes]:
    yield from _persons()
    yield from _notes()
    yield from _reports()


def _persons() -> Iterator[bytes]:
    yield letter()
    yield letter("Yes, tomorrow." + _QUOTED, In_Reply_To="<step-1@us.example>", References="<a@b.example>")
    yield letter("No." + _OUTLOOK, Authentication_Results="mx.us.example; dkim=pass header.d=acme.example; spf=fail")
    yield letter(_HTML, Content_Type="text/html; charset=utf-8")
    yield mixed(("text/plain; charset=iso-8859-1", "Hi"), ("text/html", _HTML), subtype="alternative")
    yield letter(
        Subject="=?utf-8?b?5Zyo5bqr?= =?iso-2022-jp?B?GyRCIUobKEI=?=", List_Id="<x.example>", Precedence="bulk"
    )
    yield letter(Subject="unsubscribe 12:abcdefghijklmnopqrstuvwxyz", To="stop@us.example")
    yield letter("Please take me off your list.")
    yield mixed(("text/vnd.google.email-reaction+json", '{"emoji": "x", "version": 1}'), subtype="alternative")
    forwarded = "See below.\n\n---------- Forwarded message ---------\nFrom: Ann <ann@acme.example>\nDate: Mon\n\nHi\n"
    yield letter(forwarded, From="Dana <dana@us.example>", Subject="Fwd: Hello")
    yield mixed(("text/calendar; method=REPLY", _ICALENDAR))
    yield letter(_ICALENDAR, Content_Type="text/calendar; method=CANCEL; charset=utf-8")
    yield mixed(("text/plain", "Here."), ("application/pdf\nContent-Transfer-Encoding: base64", "JVBERi0xLjQK"))


def _notes() -> Iterator[bytes]:
    yield letter("I am out of the office until 30 November 2026.\n", Auto_Submitted="auto-replied (vacation)")
    yield letter("Ich bin bis zum 3.12.2026 nicht im Büro.", Subject="Abwesenheitsnotiz: Hallo", Return_Path="<>")
    yield letter("不在にしております。12月3日より出社いたします。", Subject="不在通知", X_Auto_Response_Suppress="All")
    japanese = letter("x", Content_Type="text/plain; charset=iso-2022-jp")
    yield japanese.replace(b"\r\n\r\nx", b"\r\n\r\n" + "本日は休業です。".encode("iso2022_jp"))
    yield letter("Ann has left. Please write to bob@acme.example.", Subject="Automatic reply: Hello")
    yield letter("Мы получили ваше письмо. Номер 12345.", From="no-reply@acme.example", X_Autoreply="yes")
    yield letter("Please confirm that you are a person: https://x.example/c/1", Precedence="auto_reply")


def _reports() -> Iterator[bytes]:
    yield report(failed("5.1.1", "550 5.1.1 no such user"))
    yield report(failed("4.4.1", action="delayed") + "\n" + failed("5.2.2", "552 mailbox full"))
    yield report("Final-Recipient: rfc822; ann@acme.example\nAction: failed\nStatus: 5.0.0\n\n", "Subject: x\n\nhi")
    disposition = (
        "Final-Recipient: rfc822; ann@acme.example\nDisposition: automatic-action/MDN-sent-automatically; read"
    )
    yield mixed(("text/plain", "Read."), ("message/disposition-notification", disposition), subtype="report")
    returned = "Message-ID: <step-1@us.example>\n\n"
    abuse = ("message/feedback-report", "Feedback-Type: abuse\nUser-Agent: x\nOriginal-Rcpt-To: <ann@acme.example>")
    yield mixed(abuse, ("message/rfc822", returned), subtype="report")
    daemon = "MAILER-DAEMON@mx.acme.example"
    yield letter("Hi. This is the qmail-send program at x.\n\n<ann@acme.example>:\nno user\n\n--- Below", From=daemon)
    yield letter("user unknown: ann@acme.example" + _RETURNED, From=daemon, X_Failed_Recipients="ann@acme.example")
    yield letter("<<< 550 mailbox unavailable\n554 5.0.0 Service unavailable", From=f"Mail System <{daemon}>")


def _phrases() -> Iterator[bytes]:
    dice = random.Random(1)
    for data in phrase_data.languages():
        for table in ("says", "unless"):
            for listed in data.get(table, {}).values():  # type: ignore[attr-defined]  # the table's form is its own
                for phrase in listed:
                    yield from (_spoken(dice, phrase).encode() for _ in range(2))


def _subjects() -> Iterator[bytes]:
    for data in phrase_data.languages():
        for row in data.get("subject", ()):  # type: ignore[attr-defined]
            if "before" in row:
                yield f"{row['before']}: ".encode()
            if "after" in row:
                yield f" [{row['after']}]".encode()
            if "whole" in row:
                yield row["whole"].encode()


def _spoken(dice: random.Random, phrase: str) -> str:
    """Return one way to say a phrase of the phrase book."""
    while found := _CHOICE.search(phrase):
        said = "" if found[1] == "[" and dice.random() < 0.5 else dice.choice(found[2].split("|"))
        phrase = phrase[: found.start()] + said + phrase[found.end() :]
    return phrase.replace("*", "").replace("...", dice.choice(("", "and more"))).replace("#", str(dice.randint(1, 99)))
