"""An IMAP server that hangs, breaks off, lies or talks nonsense: each is said within the timeout, none is believed."""

from collections.abc import Callable

import pytest

from relent.transports.base import Account, TransportError
from relent.transports.imap_reader import ImapReader
from relent.transports.imap_session import Session
from tests.servers.bad_imap import IMPATIENT, BadImap
from tests.transports.conftest import Reading, lose_patience, mail

pytestmark = pytest.mark.integration


def test_the_server_without_a_fault_is_read(bad_imap: BadImap, bad_reading: Reading) -> None:
    bad_imap.mails.append(mail("Two"))
    assert bad_reading.subjects() == [("INBOX", "Two")]
    assert bad_reading.subjects() == []


@pytest.mark.parametrize("command", ["LIST", "STATUS", "EXAMINE", "SEARCH", "FETCH"])
@pytest.mark.parametrize("kind", ["hang", "drop", "bye", "garbage", "trickle", "flood", "no"])
def test_a_fault_at_any_command_is_told_in_time(
    kind: str, command: str, bad_imap: BadImap, bad_reading: Reading
) -> None:
    bad_imap.mails.append(mail("Two"))
    bad_imap.fault = f"{kind}:{command}"
    lose_patience(bad_reading.reader._session)
    with pytest.raises(TransportError) as told:
        bad_reading.new()
    assert not bad_imap.let_go, "the reader waited for as long as the server liked"
    assert f"127.0.0.1:{bad_imap.port}" in str(told.value)
    assert not bad_reading.reader.alive()


@pytest.mark.parametrize("kind", ["hang", "drop", "bye", "garbage", "trickle", "flood"])
@pytest.mark.parametrize(("command", "part"), [("GREETING", "imap.connect"), ("LOGIN", "imap.sign_in")])
def test_a_fault_while_signing_in_names_the_part(
    kind: str, command: str, part: str, bad_imap: BadImap, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sign_in_briefly(session: Session, sign_in: Callable[[Session], None] = Session._sign_in) -> None:
        lose_patience(session)
        sign_in(session)

    bad_imap.fault = f"{kind}:{command}"
    monkeypatch.setattr(Session, "_sign_in", sign_in_briefly)
    options = bad_imap.options(**(IMPATIENT if command == "GREETING" else {}))
    with pytest.raises(TransportError) as told:
        ImapReader(Account("dana@us.example", options, {"password": "any"}))
    assert not bad_imap.let_go, "the reader waited for as long as the server liked"
    assert told.value.part == part
    assert not told.value.permanent


def test_a_next_uid_that_goes_back_is_a_lie(bad_imap: BadImap, bad_reading: Reading) -> None:
    bad_imap.fault = "uidnext_back"
    with pytest.raises(TransportError, match="went back from 2 to 1"):
        bad_reading.new()


def test_more_mails_than_can_be_had_are_a_lie(bad_imap: BadImap, bad_reading: Reading) -> None:
    bad_imap.fault = "ghost"
    with pytest.raises(TransportError, match="2 mails, and does not show the last one"):
        bad_reading.new()


def test_more_mails_than_can_be_had_beside_a_new_one_are_a_lie(bad_imap: BadImap, bad_reading: Reading) -> None:
    bad_imap.mails.append(mail("Two"))
    bad_imap.fault = "ghost"
    with pytest.raises(TransportError, match="1 of the last are not shown"):
        bad_reading.new()


def test_a_mail_that_search_hides_is_a_lie(bad_imap: BadImap, bad_reading: Reading) -> None:
    bad_imap.mails.append(mail("Two"))
    bad_imap.fault = "hide"
    with pytest.raises(TransportError, match="a mail with UID 2, and does not find it"):
        bad_reading.new()


def test_a_mail_that_fetch_omits_is_a_lie(bad_imap: BadImap, bad_reading: Reading) -> None:
    bad_imap.mails.append(mail("Two"))
    bad_imap.fault = "omit"
    with pytest.raises(TransportError, match="a search shows the mail with UID 2, and it cannot be had"):
        bad_reading.new()


def test_mails_nobody_asked_for_are_ignored(bad_imap: BadImap, bad_reading: Reading) -> None:
    bad_imap.mails.append(mail("Two"))
    bad_imap.fault = "unasked"
    assert bad_reading.subjects() == [("INBOX", "Two")]


@pytest.mark.parametrize(
    ("fault", "said"), [("half", "broke off"), ("huge", "announced 99999999999 bytes"), ("nil", "cannot be had")]
)
def test_a_mail_that_does_not_come_whole_is_told(
    fault: str, said: str, bad_imap: BadImap, bad_reading: Reading
) -> None:
    bad_imap.mails.append(mail("Two"))
    bad_imap.fault = fault
    with pytest.raises(TransportError, match=said):
        bad_reading.new()


def test_a_changed_uidvalidity_is_read_from_the_start(bad_imap: BadImap, bad_reading: Reading) -> None:
    bad_imap.uidvalidity += 1
    assert bad_reading.subjects() == [("INBOX", "One")]


def test_a_full_mailbox_is_told_and_needs_a_person(bad_imap: BadImap, bad_reading: Reading) -> None:
    bad_imap.fault = "full"
    with pytest.raises(TransportError, match=r"is full: .*Quota exceeded") as told:
        bad_reading.reader.store_sent(mail("Two"), bad_reading.since)
    assert told.value.permanent
