"""What one of our users passes on, in the ways mail programs do it."""

import pytest

from relent.mail import forwarded, message
from tests.mail.letters import letter, mixed

USER = {"From": "Dana <dana@us.example>", "To": "eli@us.example", "Subject": "Fwd: Onboarding"}
ORIGINAL = (
    "From: Ann <Ann@acme.example>\nMessage-ID: <a-2@acme.example>\nIn-Reply-To: <step-1@us.example>\nSubject: Price?\n"
    "\nFrom: Bob <bob@acme.example>\n"
)
HEADERS = "From: Ann <ann@acme.example>\nDate: Mon, 2 Mar 2026\nSubject: Price?\nTo: Dana <dana@us.example>\n\nHello.\n"
OUTLOOK = (
    "From: Ann Example <ann@acme.example>\nSent: Monday, March 2, 2026 10:00\nTo: Dana\nSubject: Price?\n\nHello.\n"
)


def read(text: str, **headers: str) -> forwarded.Forwarded | None:
    utf8 = {"Content_Type": "text/plain; charset=utf-8"}
    return forwarded.read(message.parse(letter(text, **USER | utf8 | headers)))


def test_an_attached_mail_says_who_wrote_it_and_what_it_answers() -> None:
    found = forwarded.read(message.parse(mixed(("text/plain", "see"), ("message/rfc822", ORIGINAL), **USER)))
    assert found is not None
    assert (found.author, found.subject) == ("ann@acme.example", "Price?")
    assert found.refers_to == ("a-2@acme.example", "step-1@us.example")


@pytest.mark.parametrize(
    "text",
    [
        f"---------- Forwarded message ---------\n{HEADERS}",
        f"FYI, please answer.\n\n-- \nDana\n\n---------- Forwarded message ----------\n{HEADERS}",
        "---------- Forwarded message ---------\nFrom: *Ann* <ann@acme.example>\nSubject: Price?\n",
        "Begin forwarded message:\n\n> From: Ann <ann@acme.example>\n> Subject: Price?\n> \n> Hello.\n",
        "-------- Forwarded Message --------\nSubject: \tPrice?\nDate: \tMon\nFrom: \tAnn <ann@acme.example>\n\nHello.",
        f"Please see below.\n\n________________________________\n{OUTLOOK}",
        f"Please see below.\n\n{OUTLOOK}",
        f"-----Original Message-----\n{OUTLOOK}",
        "From: Ann Example [mailto:ann@acme.example]\nSent: Monday\nTo: Dana\nSubject: Price?\n\nHello.",
        "From: Ann Example\n<ann@acme.example>\nSent: Monday\nTo: Dana\nSubject: Price?\n\nHello.",
        "Von: Ann <ann@acme.example>\nGesendet: Montag\nAn: Dana\nBetreff: Price?\n\nHallo.",
        "-------- Weitergeleitete Nachricht --------\nBetreff: Price?\nVon: Ann <ann@acme.example>\n\nHallo.",
        "---------- Message transféré ---------\nDe : Ann <ann@acme.example>\nObjet : Price?\n",
        "---------- Mensaje reenviado ---------\nDe: Ann <ann@acme.example>\nAsunto: Price?\n",
        "-------- 転送メッセージ --------\n件名: Price?\n日付: 2026年3月2日\n差出人: Ann <ann@acme.example>\n",
        "差出人: Ann <ann@acme.example>\n送信日時: 2026年3月2日 10:00\n宛先: Dana\n件名: Price?\n\nこんにちは。",
        "ご確認ください。\n\n転送されたメッセージ:\n\n差出人: Ann <ann@acme.example>\n件名: Price?\n",
        "以下、転送いたします。\n\n差出人： ann@acme.example\n件名： Price?\n",
    ],
)
def test_an_inline_forward_names_its_author(text: str) -> None:
    found = read(text)
    assert found is not None
    assert (found.author, found.subject) == ("ann@acme.example", "Price?")


def test_html_is_read_as_its_text() -> None:
    page = (
        '<div>see</div><div class="q">---------- Forwarded message ---------<br>From: <b>Ann</b> '
        '<span>&lt;<a href="mailto:ann@acme.example">ann@acme.example</a>&gt;</span><br>Subject: Price?<br></div>'
    )
    found = read(page, Content_Type="text/html; charset=utf-8")
    assert found is not None
    assert found.author == "ann@acme.example"


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Sounds good.\n\nOn Mon, 2 Mar 2026, Ann <ann@acme.example> wrote:\n> Hello.\n", "Re: Price?"),
        (f"Sounds good.\n\n{OUTLOOK}", "Re: Price?"),
        (f"Sounds good.\n\n-----Original Message-----\n{OUTLOOK}", "AW: Price?"),
        (f"Sounds good.\n\n{OUTLOOK}\n---------- Forwarded message ---------\n{HEADERS}", "Re: Fwd: Price?"),
        (f"Thanks.\n\nOn Mon, Ann wrote:\n> ---------- Forwarded message ---------\n> {HEADERS}", "Re: Fwd: Price?"),
        (f"Thanks.\n> Hello\n\n---------- Forwarded message ---------\n{HEADERS}", "Re: Price?"),
        ("---------- Forwarded message ---------\nFrom: Ann\nSubject: Price?\n", "Fwd: Price?"),
        ("The forwarded message of Ann is lost.", "Fwd: Price?"),
        ("From: here it is easy.\nTo: you.", "Fwd: Price?"),
        ("", "Fwd: Price?"),
    ],
)
def test_an_answer_or_a_nameless_forward_passes_nothing_on(text: str, subject: str) -> None:
    assert read(text, Subject=subject) is None


def test_what_a_report_returns_was_passed_on_by_nobody() -> None:
    raw = mixed(("text/plain", "late"), ("message/rfc822", ORIGINAL), subtype="report", **USER)
    assert forwarded.read(message.parse(raw)) is None


def test_a_forward_from_within_the_thread_names_it() -> None:
    found = read(f"---------- Forwarded message ---------\n{HEADERS}", In_Reply_To="<a-2@acme.example>")
    assert found is not None
    assert found.refers_to == ("a-2@acme.example",)


def test_a_long_text_is_read_within_bounds() -> None:
    assert read("From: x\n: : : :\n" * 20_000) is None
