import pytest

from relent.transports import providers
from relent.transports.base import Account
from relent.transports.imap_reader import ImapReader
from tests.servers.bad_imap import BadImap
from tests.transports.conftest import Reading, mail


@pytest.mark.parametrize(
    ("options", "provider"),
    [
        ({"imap_host": "imap.gmail.com"}, "gmail"),
        ({"imap_host": "outlook.office365.com"}, "microsoft"),
        ({"imap_host": "OUTLOOK.OFFICE365.COM."}, "microsoft"),
        ({"imap_host": "imap-mail.outlook.com"}, "microsoft"),
        ({"imap_host": "mail.us.example"}, "imap"),
        ({"imap_host": "notgmail.com"}, "imap"),
        ({"imap_host": "mail.us.example", "provider": "google"}, "gmail"),
        ({"provider": "microsoft"}, "microsoft"),
        ({}, "imap"),
    ],
)
def test_the_provider_is_stated_or_known_by_its_server(options: dict[str, str], provider: str) -> None:
    assert providers.of(options) == provider


def threads_read(server: BadImap) -> list[str]:
    reading = Reading(ImapReader(Account("dana@us.example", server.options(), {"password": "any"})))
    server.mails.append(mail("Two"))
    try:
        return [fetched.thread for _, fetched in reading.new()]
    finally:
        reading.reader.close()


@pytest.mark.integration
def test_a_server_that_knows_conversations_says_which(bad_imap: BadImap) -> None:
    bad_imap.capabilities += " X-GM-EXT-1"
    assert set(threads_read(bad_imap)) == {"1278455344230334865"}


@pytest.mark.integration
def test_a_server_that_knows_none_is_not_asked(bad_imap: BadImap) -> None:
    assert set(threads_read(bad_imap)) == {""}
