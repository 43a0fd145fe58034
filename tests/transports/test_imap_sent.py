from dataclasses import replace

import pytest

from relent.transports.base import Account, Found
from relent.transports.imap_reader import ImapReader
from tests.servers.bad_imap import BadImap
from tests.servers.dovecot import Dovecot
from tests.transports.conftest import LONG_AGO, Reading, mail

pytestmark = pytest.mark.integration


@pytest.fixture
def filing(account: Account) -> ImapReader:
    """A reader of a mailbox whose server files copies of what is sent."""
    return ImapReader(replace(account, options=account.options | {"sent_copies": "server"}))


def test_a_stored_copy_is_found_read_and_dated(dovecot: Dovecot, dana: str, filing: ImapReader) -> None:
    filing.store_sent(mail("One", "first"), LONG_AGO)
    assert filing.find_sent("first@acme.example") is Found.FOUND
    with dovecot.client(dana) as client:
        client.select_folder("Sent")
        client.normalise_times = False
        ((_, answer),) = client.fetch([1], ["FLAGS", "INTERNALDATE"]).items()
    filing.close()
    assert b"\\Seen" in answer[b"FLAGS"]
    assert answer[b"INTERNALDATE"] == LONG_AGO


def test_a_mail_that_is_not_there_is_absent_where_the_server_files_copies(filing: ImapReader) -> None:
    filing.store_sent(mail("One", "first"), LONG_AGO)
    assert filing.find_sent("second@acme.example") is Found.ABSENT
    filing.close()


def test_its_absence_proves_nothing_where_the_server_files_no_copies(reading: Reading) -> None:
    assert reading.reader.find_sent("second@acme.example") is Found.UNKNOWN


def test_a_copy_is_read_as_new_after_it_was_searched_for(reading: Reading) -> None:
    reading.subjects()
    reading.reader.find_sent("first@acme.example")
    reading.reader.store_sent(mail("One", "first"), LONG_AGO)
    assert reading.subjects() == [("Sent", "One")]


def test_a_missing_sent_folder_is_created(dovecot: Dovecot, dana: str) -> None:
    server = BadImap([])
    server.list_sent = False
    reader = ImapReader(Account("dana@us.example", server.options(), {"password": "any"}))
    reader.store_sent(mail("One"), LONG_AGO)
    reader.close()
    server.stop()
    assert server.created == ["Sent"]
    assert server.appended == [mail("One")]


def test_a_copy_that_the_search_does_not_know_yet_is_found_among_the_newest(bad_imap: BadImap) -> None:
    bad_imap.appended.append(mail("One", "first"))
    bad_imap.fault = "hide"
    reader = ImapReader(Account("dana@us.example", bad_imap.options(), {"password": "any"}))
    assert reader.find_sent("first@acme.example") is Found.FOUND
    reader.close()
