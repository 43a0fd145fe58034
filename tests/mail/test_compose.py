import email
import email.policy
from datetime import UTC, datetime
from typing import Any

import pytest

from relent.mail import compose, message
from relent.mail.compose import Draft


def draft(**changes: Any) -> Draft:
    said = {
        "sender": "dana@us.example",
        "sender_name": "Dana Doe",
        "recipient": "ann@acme.example",
        "subject": "Onboarding at Acme",
        "text": "Hi Ann,\n\nshall we talk? https://us.example/a?b=1&c=2\n\nDana",
        "date": datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
        "message_id": "step-1@us.example",
    }
    return Draft(**{**said, **changes})


def standard(raw: bytes) -> Any:
    """Read by the standard library, which we neither wrote nor use to compose."""
    return email.message_from_bytes(raw, policy=email.policy.default)


def text_of(raw: bytes) -> str:
    return str(standard(raw).get_body(("plain",)).get_content()).replace("\r\n", "\n")


def test_another_reader_finds_what_was_said() -> None:
    raw = compose.compose(draft())
    mail = standard(raw)
    assert (mail["From"], mail["To"]) == ("Dana Doe <dana@us.example>", "ann@acme.example")
    assert mail["Subject"] == "Onboarding at Acme"
    assert mail["Message-ID"] == "<step-1@us.example>"
    assert mail["Date"].datetime == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert text_of(raw) == draft().text
    assert '<a href="https://us.example/a?b=1&amp;c=2">' in mail.get_body(("html",)).get_content()


@pytest.mark.parametrize(
    "text", ["在庫管理のご相談です。\n\nよろしくお願いいたします。", "Grüße\n.\n..\nFrom me  \n\ttab", "x" * 5000]
)
def test_any_text_arrives_as_it_was_written(text: str) -> None:
    raw = compose.compose(draft(text=text))
    assert text_of(raw) == text
    assert message.parse(raw).text == text


def test_japanese_names_and_subjects_arrive() -> None:
    subject = "在庫管理のご相談について、長い件名がどのように折り返されるかを確かめます"
    raw = compose.compose(draft(subject=subject, sender_name="田中 さくら"))
    assert standard(raw)["Subject"] == message.parse(raw).subject == subject
    assert standard(raw)["From"].addresses[0].display_name == "田中 さくら"


@pytest.mark.parametrize("name", ['Doe, "Dana"', "a\\b", "=?utf-8?q?x?=", "O'Neil (US) <x>"])
def test_any_name_arrives_as_a_name(name: str) -> None:
    sender = standard(compose.compose(draft(sender_name=name)))["From"].addresses
    assert [(one.display_name, one.addr_spec) for one in sender] == [(name, "dana@us.example")]


def test_long_identifiers_stay_whole() -> None:
    thread = tuple(f"{number}{'x' * 120}@us.example" for number in range(9))
    mail = message.parse(compose.compose(draft(message_id="y" * 150, references=thread)))
    assert (mail.message_id, mail.references, mail.in_reply_to) == ("y" * 150, thread, thread[-1:])


def test_unsubscribing_is_offered_with_a_long_address_left_whole() -> None:
    url = f"https://us.example/u/{'z' * 200}"
    mail = message.parse(compose.compose(draft(unsubscribe_url=url)))
    assert mail.first("list-unsubscribe") == f"<{url}>"
    assert mail.first("list-unsubscribe-post") == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\x00", "\u2028", "\x85"])
@pytest.mark.parametrize("field", ["subject", "sender_name", "recipient_name"])
def test_no_value_adds_a_header(field: str, break_: str) -> None:
    raw = compose.compose(draft(**{field: f"Hi{break_}Bcc: eli@us.example"}))
    assert standard(raw)["Bcc"] is None
    assert message.parse(raw).header("bcc") is None


@pytest.mark.parametrize("field", ["sender", "recipient", "message_id"])
@pytest.mark.parametrize("value", ["", "a b@x.example\r\nBcc: eli@us.example", "<a@x.example>", "ann@acme.example\n"])
def test_what_is_no_address_or_identifier_is_refused(field: str, value: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        compose.compose(draft(**{field: value}))


def test_the_mail_is_fit_for_any_server() -> None:
    raw = compose.compose(draft(subject="件名 " * 40, text="本文 " * 1000, sender_name="名前 " * 30))
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_the_same_draft_gives_the_same_bytes() -> None:
    assert compose.compose(draft()) == compose.compose(draft())
