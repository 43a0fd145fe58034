from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from relent.transports.base import Account, SendRefused, SendUncertain, TransportError
from relent.transports.imap_reader import ImapReader
from relent.transports.smtp import SmtpSender
from tests.servers import ground
from tests.servers.certificates import make
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.smtp_sink import SmtpSink
from tests.transports.conftest import Reading, mail

pytestmark = pytest.mark.integration

DANA, ANN = "dana@us.example", "ann@acme.example"


def sender_to(sink: SmtpSink, **changed: str) -> SmtpSender:
    return SmtpSender(Account(DANA, sink.options() | changed, {"password": sink.password}))


@pytest.fixture
def sender(sink: SmtpSink) -> Iterator[SmtpSender]:
    sender = sender_to(sink)
    yield sender
    sender.close()


def test_a_mail_arrives_byte_for_byte(sink: SmtpSink, sender: SmtpSender) -> None:
    raw = b"Subject: Dots\r\n\r\n.one\r\n..two\r\n.\r\nthree\r\n"
    assert sender.send(DANA, ANN, raw) == "250 2.0.0 Taken"
    ((taken),) = sink.mails
    assert (taken.envelope_from, taken.recipient, taken.raw) == (DANA, ANN, raw)


def test_line_ends_become_those_of_mail(sink: SmtpSink, sender: SmtpSender) -> None:
    sender.send(DANA, ANN, b"Subject: One\n\nno end")
    assert sink.mails[0].raw == b"Subject: One\r\n\r\nno end\r\n"


def test_one_connection_serves_many_mails(sink: SmtpSink, sender: SmtpSender) -> None:
    for number in range(5):
        sender.send(DANA, ANN, mail(f"Mail {number}"))
    assert (len(sink.mails), sink.connections) == (5, 1)


def test_a_connection_that_died_in_idle_is_opened_anew(sink: SmtpSink, sender: SmtpSender) -> None:
    sender.send(DANA, ANN, mail("One"))
    assert sender._connection is not None
    sink.drop_connections()
    ground.until(sender._connection.has_ended, "The end of the connection")
    sender.send(DANA, ANN, mail("Two"))
    assert (len(sink.mails), sink.connections) == (2, 2)


def test_a_refused_recipient_is_about_the_address(sink: SmtpSink, sender: SmtpSender) -> None:
    sink.refusals[ANN] = "550 5.1.1 Unknown"
    with pytest.raises(SendRefused, match=r"refused RCPT TO: 550 5.1.1 Unknown") as told:
        sender.send(DANA, ANN, mail("One"))
    refused = told.value
    assert (refused.code, refused.status, refused.recipient_refused, refused.permanent) == (550, "5.1.1", True, True)


def test_after_a_refusal_the_connection_serves_the_next_mail(sink: SmtpSink, sender: SmtpSender) -> None:
    sink.refusals[ANN] = "451 4.7.1 Greylisted"
    with pytest.raises(SendRefused) as told:
        sender.send(DANA, ANN, mail("One"))
    assert not told.value.permanent
    sender.send(DANA, "bob@acme.example", mail("Two"))
    assert (len(sink.mails), sink.connections) == (1, 1)


@pytest.mark.parametrize(("where", "code"), [("mail_reply", 452), ("data_reply", 554)])
def test_a_refused_sender_or_mail_is_not_about_the_address(
    where: str, code: int, sink: SmtpSink, sender: SmtpSender
) -> None:
    setattr(sink, where, f"{code} No")
    with pytest.raises(SendRefused) as told:
        sender.send(DANA, ANN, mail("One"))
    assert (told.value.code, told.value.status, told.value.recipient_refused) == (code, "", False)


@pytest.mark.parametrize("fault", ["drop_after_dot", "lose_after_dot", "hang_after_dot"])
def test_silence_after_the_final_dot_is_uncertain(fault: str, sink: SmtpSink) -> None:
    sink.fault = fault
    with closing(sender_to(sink, smtp_data_timeout="0.5")) as sender, pytest.raises(SendUncertain):
        sender.send(DANA, ANN, mail("One"))
    if fault == "lose_after_dot":
        assert sink.mails == []
    else:
        ground.until(lambda: len(sink.mails) == 1, "The mail")


@pytest.mark.parametrize("fault", ["drop_on_mail", "hang_on_mail", "drop_in_data"])
def test_a_failure_before_the_final_dot_is_certain(fault: str, sink: SmtpSink) -> None:
    sink.fault = fault
    brief = {"read_timeout": "0.4", "command_timeout": "1"} if fault == "hang_on_mail" else {}
    with closing(sender_to(sink, **brief)) as sender, pytest.raises(TransportError) as told:
        sender.send(DANA, ANN, mail("One", body="x" * 20_000_000))
    assert not isinstance(told.value, SendRefused | SendUncertain)
    assert (sink.mails, told.value.permanent) == ([], False)


def test_after_a_failure_the_next_mail_gets_a_new_connection(sink: SmtpSink, sender: SmtpSender) -> None:
    sink.fault = "drop_on_mail"
    with pytest.raises(TransportError):
        sender.send(DANA, ANN, mail("One"))
    sink.clear_faults()
    sender.send(DANA, ANN, mail("One"))
    assert len(sink.mails) == 1


def test_a_server_that_thinks_for_a_while_is_waited_for(sink: SmtpSink) -> None:
    sink.delay = 3.5
    sender = sender_to(sink, read_timeout="3", smtp_data_timeout="60")
    sender.send(DANA, ANN, mail("One"))
    sender.close()
    assert len(sink.mails) == 1


def test_a_password_signs_in_and_a_wrong_one_is_permanent(sink: SmtpSink) -> None:
    sink.password = PASSWORD
    sender = sender_to(sink)
    sender.send(DANA, ANN, mail("One"))
    sender.close()
    wrong = SmtpSender(Account(DANA, sink.options(), {"password": "wrong"}))
    with pytest.raises(TransportError, match=r"did not let dana@us\.example sign in: 535") as told:
        wrong.send(DANA, ANN, mail("Two"))
    assert (told.value.part, told.value.permanent, len(sink.mails)) == ("smtp.sign_in", True, 1)


def test_a_token_signs_in_by_xoauth2_and_a_wrong_one_is_permanent(sink: SmtpSink) -> None:
    sink.tokens.add("good")
    for token in ("good", "bad"):
        sender = SmtpSender(Account(DANA, sink.options(auth="xoauth2"), {"access_token": token}))
        if token == "bad":
            with pytest.raises(TransportError) as told:
                sender.send(DANA, ANN, mail("Two"))
            assert (told.value.part, told.value.permanent) == ("smtp.sign_in", True)
        else:
            sender.send(DANA, ANN, mail("One"))
        sender.close()
    assert len(sink.mails) == 1


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_a_mail_goes_over_an_encrypted_connection(tls: str, dovecot: Dovecot) -> None:
    certificate = replace(make(dovecot.directory / "mail"))
    sink = SmtpSink(certificate=certificate, implicit_tls=tls == "tls")
    sender = sender_to(sink, smtp_tls=tls, ca_file=str(certificate.ca))
    for about in ("One", "Two"):
        sender.send(DANA, ANN, mail(about))
    sender.close()
    sink.stop()
    assert (len(sink.mails), sink.connections) == (2, 1)


def test_an_address_outside_ascii_needs_smtputf8() -> None:
    for utf8 in (True, False):
        sink = SmtpSink(utf8=utf8)
        sender = sender_to(sink)
        if utf8:
            sender.send(DANA, "安@acme.example", mail("One"))
        else:
            with pytest.raises(SendRefused, match="SMTPUTF8") as told:
                sender.send(DANA, "安@acme.example", mail("One"))
            assert (told.value.status, told.value.recipient_refused) == ("5.6.7", True)
        sender.close()
        sink.stop()
        assert len(sink.mails) == utf8


def test_an_address_that_would_be_a_command_is_refused(sink: SmtpSink, sender: SmtpSender) -> None:
    with pytest.raises(SendRefused) as told:
        sender.send(DANA, "ann@acme.example>\r\nRCPT TO:<eve@evil.test", mail("One"))
    assert (told.value.status, sink.mails) == ("5.1.3", [])


def test_a_mail_outside_ascii_goes_as_8bitmime(sink: SmtpSink, sender: SmtpSender) -> None:
    raw = "Subject: One\r\n\r\nこんにちは\r\n".encode()
    sender.send(DANA, ANN, raw)
    assert sink.mails[0].raw == raw


def test_what_the_sink_takes_is_delivered_and_filed(dovecot: Dovecot, dana: str) -> None:
    sink = SmtpSink(dovecot=dovecot, file_copies=True, local_domains=("us.example",))
    sender = sender_to(sink)
    sender.send(dana, ANN, mail("Out"))
    sender.send("ann@acme.example", dana, mail("In"))
    sender.close()
    sink.stop()
    reading = Reading(
        ImapReader(Account(dana, dovecot.options(), {"password": PASSWORD})), datetime(2020, 1, 1, tzinfo=UTC)
    )
    assert reading.subjects() == [("INBOX", "In"), ("Sent", "Out")]
    reading.reader.close()
