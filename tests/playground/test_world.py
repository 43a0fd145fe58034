"""The world: its server, its mailboxes, its people and the door into the demo."""

import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from pytest_django import Settings

from relent.playground import entrance, maildirs, people, sample, world
from relent.playground.maildirs import Received
from tests.servers import ground

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANN = sample.PEOPLE[0]


@pytest.fixture
def port(tmp_path: Path, settings: Settings) -> Iterator[int]:
    """A running server with Ann's mailbox; the value is its port."""
    settings.PLAYGROUND_DIR = str(tmp_path)
    maildirs.create(ANN.address)
    (free,) = ground.free_ports(1)
    server = world.World(free)
    server.start()
    yield free
    server.stop()


def received() -> Received:
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"], mail["To"] = "Dana Diaz <dana@us.example>", ANN.address
    mail["Subject"], mail["Message-ID"] = "A quieter workshop", "<one@us.example>"
    mail["List-Unsubscribe"] = "<http://127.0.0.1:1/u/x>, <mailto:stop@us.example>"
    mail.set_content("Hello Ann")
    return Received(NOW, mail)


def written(writer: people.Writer) -> EmailMessage:
    return message_from_bytes(writer(ANN, received(), NOW).raw, policy=policy.default)


def test_a_mail_to_a_known_address_lies_in_its_mailbox(port: int) -> None:
    world.hand_in(port, "dana@us.example", ANN.address, b"Subject: Hello\r\n\r\nHi")
    assert [mail.message["Subject"] for mail in maildirs.mails(ANN.address)] == ["Hello"]


def test_a_mail_to_an_unknown_address_is_refused_for_good(port: int) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        world.hand_in(port, "dana@us.example", "nobody@acme.example", b"Subject: Hello\r\n\r\nHi")
    code, said = refused.value.recipients["nobody@acme.example"]
    assert code == 550
    assert said.startswith(b"5.1.1")


def test_a_mail_bears_the_time_of_the_demo(port: int, tmp_path: Path, settings: Settings) -> None:
    settings.CLOCK_FILE = str(tmp_path / "clock")
    Path(settings.CLOCK_FILE).write_text("864000")
    world.hand_in(port, "dana@us.example", ANN.address, b"Subject: Hello\r\n\r\nHi")
    assert (maildirs.mails(ANN.address)[0].at - datetime.now(UTC)).days >= 9


def test_a_reply_names_the_mail_that_it_answers() -> None:
    assert written(people.reply)["In-Reply-To"] == "<one@us.example>"


def test_a_colleague_refers_to_the_thread_by_references_only() -> None:
    mail = written(people.colleague_replies)
    assert mail["In-Reply-To"] is None
    assert mail["References"] == "<one@us.example>"
    assert mail["From"].addresses[0].addr_spec == "bob@acme.example"


def test_the_other_address_is_not_the_contacts() -> None:
    assert ANN.address not in written(people.reply_from_elsewhere)["From"]


def test_a_bounce_is_a_delivery_report_about_the_contact() -> None:
    report = written(people.bounce)
    assert report.get_content_type() == "multipart/report"
    status = next(part for part in report.walk() if part.get_content_type() == "message/delivery-status")
    assert f"rfc822; {ANN.address}" in status.as_string()
    assert "Message-ID: <one@us.example>" in report.as_string()


def test_a_bounce_has_no_sender_to_answer() -> None:
    assert people.bounce(ANN, received(), NOW).sender == ""


def test_the_japanese_absence_note_is_written_in_its_old_charset() -> None:
    letter = people.out_of_office_japanese(ANN, received(), NOW)
    assert b"iso-2022-jp" in letter.raw
    assert "休暇" in written(people.out_of_office_japanese).get_content()


def test_the_link_for_one_click_is_found_beside_the_mail_address() -> None:
    assert received().link == "http://127.0.0.1:1/u/x"


def test_the_entrance_opens_once() -> None:
    token = entrance.open_once()
    assert entrance.admits(token, "127.0.0.1")
    assert not entrance.admits(token, "127.0.0.1")


def test_the_entrance_stays_shut_for_others() -> None:
    token = entrance.open_once()
    assert not entrance.admits(token, "192.0.2.1")
    assert not entrance.admits("", "127.0.0.1")
