from dataclasses import replace
from datetime import timedelta

import pytest

from relent.transports.base import Account, TransportError
from relent.transports.imap import ImapTransport
from relent.transports.imap_reader import ImapReader
from tests.servers import ground
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.smtp_sink import SmtpSink
from tests.transports.conftest import Reading, mail

pytestmark = pytest.mark.integration


def outcome(account: Account) -> list[tuple[str, bool]]:
    return [(check.part, check.ok) for check in ImapTransport(account).check()]


@pytest.fixture
def both(account: Account, sink: SmtpSink) -> Account:
    """An account with a way to read and a way to send."""
    sink.password = PASSWORD
    return replace(account, options=account.options | sink.options())


def test_a_wrong_password_is_permanent_and_names_the_part(account: Account) -> None:
    with pytest.raises(TransportError, match=r"did not let .* sign in: .*AUTHENTICATIONFAILED") as told:
        ImapReader(replace(account, secrets={"password": "wrong"}))
    assert (told.value.permanent, told.value.part) == (True, "imap.sign_in")


def test_a_password_outside_ascii_is_given_as_utf8(account: Account) -> None:
    with pytest.raises(TransportError, match="AUTHENTICATIONFAILED"):
        ImapReader(replace(account, secrets={"password": "秘密"}))


def test_a_token_signs_in_by_xoauth2(dovecot: Dovecot, dana: str) -> None:
    account = Account(dana, dovecot.options(auth="xoauth2"), {"access_token": dovecot.token(dana)})
    dovecot.deliver(dana, mail("One"))
    reading = Reading(ImapReader(account))
    assert reading.subjects() == [("INBOX", "One")]
    reading.reader.close()


def test_a_token_that_has_ended_is_permanent(dovecot: Dovecot, dana: str) -> None:
    old = dovecot.token(dana, timedelta(hours=-1))
    with pytest.raises(TransportError) as told:
        ImapReader(Account(dana, dovecot.options(auth="xoauth2"), {"access_token": old}))
    assert (told.value.permanent, told.value.part) == (True, "imap.sign_in")


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_encryption_works_with_an_own_authority(tls: str, dovecot: Dovecot, dana: str) -> None:
    port = {"tls": dovecot.imaps, "starttls": dovecot.imap}[tls]
    options = dovecot.options(imap_tls=tls, imap_port=str(port), ca_file=str(dovecot.ca))
    reading = Reading(ImapReader(Account(dana, options, {"password": PASSWORD})))
    dovecot.deliver(dana, mail("One"))
    assert reading.subjects() == [("INBOX", "One")]
    dovecot.deliver(dana, mail("Two"))
    assert reading.reader.alive()
    assert reading.subjects() == [("INBOX", "Two")]
    reading.reader.close()


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_a_certificate_by_a_stranger_is_not_accepted(tls: str, dovecot: Dovecot, dana: str) -> None:
    port = {"tls": dovecot.imaps, "starttls": dovecot.imap}[tls]
    with pytest.raises(TransportError, match=r"certificate .* was not accepted") as told:
        ImapReader(Account(dana, dovecot.options(imap_tls=tls, imap_port=str(port)), {"password": PASSWORD}))
    assert (told.value.permanent, told.value.part) == (True, "imap.encrypt")


def test_a_check_of_a_good_account_names_every_part(both: Account) -> None:
    parts = ["imap.connect", "imap.encrypt", "imap.sign_in", "imap.folders"]
    parts += ["smtp.connect", "smtp.encrypt", "smtp.sign_in", "smtp.send"]
    assert outcome(both) == [(part, True) for part in parts]


@pytest.mark.parametrize(
    ("changed", "part"),
    [
        ({"imap_host": ""}, "imap.options"),
        ({"imap_port": "many"}, "imap.options"),
        ({"imap_tls": "ssl"}, "imap.options"),
        ({"imap_host": "nowhere.test"}, "imap.connect"),
        ({"imap_port": "CLOSED"}, "imap.connect"),
        ({"imap_tls": "tls"}, "imap.encrypt"),
        ({"imap_tls": "starttls", "ca_file": "/nonexistent"}, "imap.encrypt"),
        ({"username": "dana\r\n"}, "imap.sign_in"),
    ],
)
def test_a_check_names_the_imap_part_that_fails_and_still_tries_smtp(
    changed: dict[str, str], part: str, both: Account
) -> None:
    closed = str(ground.free_ports(1)[0])
    changed = {name: closed if value == "CLOSED" else value for name, value in changed.items()}
    found = outcome(replace(both, options=both.options | changed))
    assert [name for name, ok in found if not ok] == [part]
    assert found[-1] == ("smtp.send", True)


@pytest.mark.parametrize(
    ("changed", "part"),
    [
        ({"smtp_host": ""}, "smtp.options"),
        ({"smtp_host": "nowhere.test"}, "smtp.connect"),
        ({"smtp_tls": "tls"}, "smtp.encrypt"),
        ({"smtp_tls": "starttls"}, "smtp.encrypt"),
    ],
)
def test_a_check_names_the_smtp_part_that_fails(changed: dict[str, str], part: str, both: Account) -> None:
    found = outcome(replace(both, options=both.options | changed))
    assert [name for name, ok in found if not ok] == [part]


def test_a_check_says_that_the_sender_is_refused(both: Account, sink: SmtpSink) -> None:
    sink.mail_reply = "553 5.7.1 Not your address"
    last = ImapTransport(both).check()[-1]
    assert (last.part, last.ok) == ("smtp.send", False)
    assert "553 5.7.1 Not your address" in last.detail


def test_an_account_does_not_show_its_secrets(account: Account) -> None:
    assert PASSWORD not in repr(account)
