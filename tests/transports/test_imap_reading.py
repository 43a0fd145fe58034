import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from relent.transports.base import Account, Folder, FolderRole
from relent.transports.imap_reader import ImapReader
from tests.servers.dovecot import Dovecot
from tests.transports.conftest import Reading, mail, subject

pytestmark = pytest.mark.integration

INBOX = Folder("INBOX", FolderRole.INBOX)


def test_new_mail_is_read_once(dovecot: Dovecot, dana: str, reading: Reading) -> None:
    dovecot.deliver(dana, mail("One"))
    assert reading.subjects() == [("INBOX", "One")]
    assert reading.subjects() == []


def test_a_kept_connection_sees_each_later_mail(dovecot: Dovecot, dana: str, reading: Reading) -> None:
    for about in ("One", "Two", "Three"):
        dovecot.deliver(dana, mail(about))
        assert reading.subjects() == [("INBOX", about)]
    assert reading.subjects() == []


def test_a_cursor_serves_another_connection(dovecot: Dovecot, dana: str, account: Account, reading: Reading) -> None:
    dovecot.deliver(dana, mail("One"))
    reading.subjects()
    dovecot.deliver(dana, mail("Two"))
    reading.reader.close()
    reading.reader = ImapReader(account)
    assert reading.subjects() == [("INBOX", "Two")]


def test_the_time_is_the_servers_and_in_utc(dovecot: Dovecot, dana: str, reading: Reading) -> None:
    a_second = timedelta(seconds=1)  # IMAP knows whole seconds only
    begun = datetime.now(UTC)
    dovecot.deliver(dana, mail("One"))
    ended = datetime.now(UTC)
    ((_, found),) = reading.new()
    assert found.received_at.utcoffset() == timedelta(0)
    assert begun - a_second <= found.received_at <= ended + a_second
    assert found.size == len(found.raw)


def test_sent_and_junk_are_known_by_special_use_and_drafts_are_left_out(reading: Reading) -> None:
    assert [(folder.name, folder.role) for folder in reading.reader.folders()] == [
        ("INBOX", FolderRole.INBOX),
        ("Sent", FolderRole.SENT),
        ("Junk", FolderRole.SPAM),
        ("Trash", FolderRole.TRASH),
    ]


def test_a_folder_with_a_japanese_name_is_read(dovecot: Dovecot, dana: str, reading: Reading) -> None:
    with dovecot.client(dana) as client:
        client.create_folder("取引先/2026")
        client.append("取引先/2026", mail("One"))
    assert reading.subjects() == [("取引先/2026", "One")]


def test_a_mail_that_was_moved_before_it_was_read_is_met(dovecot: Dovecot, dana: str, reading: Reading) -> None:
    reading.subjects()
    dovecot.deliver(dana, mail("One"))
    with dovecot.client(dana) as client:
        client.select_folder("INBOX")
        client.move([1], "Trash")
    assert reading.subjects() == [("Trash", "One")]


def test_a_mail_that_is_moved_while_the_folders_are_read_is_met(dovecot: Dovecot, dana: str, reading: Reading) -> None:
    reading.subjects()
    dovecot.deliver(dana, mail("One"))
    dovecot.deliver(dana, mail("Two"))
    folders = reading.reader.folders()
    with dovecot.client(dana) as client:
        client.select_folder("INBOX")
        client.move([1], "Trash")
    found = [
        (folder.name, subject(found.raw))
        for folder in folders
        for batch in reading.reader.fetch_new(folder, reading.cursors[folder.name], reading.since)
        for found in batch.mails
    ]
    assert found == [("INBOX", "Two"), ("Trash", "One")]


def test_a_folder_made_anew_is_read_from_its_start(dovecot: Dovecot, dana: str, reading: Reading) -> None:
    with dovecot.client(dana) as client:
        client.create_folder("Clients")
        for about in ("One", "Two"):
            client.append("Clients", mail(about))
        assert reading.subjects() == [("Clients", "One"), ("Clients", "Two")]
        client.delete_folder("Clients")
        time.sleep(1.1)  # Dovecot's UIDVALIDITY is a time in seconds
        client.create_folder("Clients")
        client.append("Clients", mail("Three"))
    assert reading.subjects() == [("Clients", "Three")]


def test_a_first_reading_begins_at_the_time_asked_for(
    dovecot: Dovecot, dana: str, reading: Reading, days_ago: Callable[[int], datetime]
) -> None:
    with dovecot.client(dana) as client:
        for about, age in (("Old", 30), ("Just before", 3), ("New", 1)):
            client.append("INBOX", mail(about), msg_time=days_ago(age))
    reading.since = days_ago(2)
    assert reading.subjects() == [("INBOX", "New")]
    assert reading.subjects() == []


def test_deleted_mails_are_no_reason_to_stop(dovecot: Dovecot, dana: str, reading: Reading) -> None:
    for about in ("One", "Two", "Three"):
        dovecot.deliver(dana, mail(about))
    reading.subjects()
    dovecot.deliver(dana, mail("Four"))
    dovecot.deliver(dana, mail("Five"))
    with dovecot.client(dana) as client:
        client.select_folder("INBOX")
        client.delete_messages([1, 3, 4])
        client.expunge()
    assert reading.subjects() == [("INBOX", "Five")]


def test_a_mail_deleted_while_it_is_read_is_left_out(dovecot: Dovecot, dana: str, reading: Reading) -> None:
    for about in ("One", "Two", "Three"):
        dovecot.deliver(dana, mail(about, body="x" * 5_000_000))
    batches = reading.reader.fetch_new(INBOX, "", reading.since)
    first = next(batches)
    with dovecot.client(dana) as client:
        client.select_folder("INBOX")
        client.delete_messages([2])
        client.expunge()
    found = [subject(found.raw) for batch in (first, *batches) for found in batch.mails]
    assert found == ["One", "Three"]


def test_batches_are_bounded_and_each_has_a_cursor_to_go_on_from(dovecot: Dovecot, dana: str, reading: Reading) -> None:
    with dovecot.client(dana) as client:
        for number in range(230):
            client.append("INBOX", mail(f"Mail {number}"))
    batches = list(reading.reader.fetch_new(INBOX, "", reading.since))
    assert [len(batch.mails) for batch in batches] == [100, 100, 30]
    again = list(reading.reader.fetch_new(INBOX, batches[1].cursor, reading.since))
    assert [len(batch.mails) for batch in again] == [30]


def test_a_mail_over_the_size_limit_is_cut(dovecot: Dovecot, dana: str, account: Account) -> None:
    limited = Account(dana, account.options | {"mail_size_limit": "1000"}, account.secrets)
    reading = Reading(ImapReader(limited))
    dovecot.deliver(dana, mail("Small"))
    dovecot.deliver(dana, mail("Large", body="x" * 5000))
    small, large = (found for _, found in reading.new())
    reading.reader.close()
    assert subject(small.raw) == "Small"
    assert small.size == len(small.raw)
    assert subject(large.raw) == "Large"
    assert (len(large.raw), large.size > 5000) == (1000, True)


def test_reading_marks_nothing_as_read(dovecot: Dovecot, dana: str, reading: Reading) -> None:
    dovecot.deliver(dana, mail("One"))
    reading.subjects()
    with dovecot.client(dana) as client:
        client.select_folder("INBOX")
        assert b"\\Seen" not in client.get_flags([1])[1]


def test_a_lost_connection_makes_the_reader_unusable(dovecot: Dovecot, dana: str, reading: Reading) -> None:
    assert reading.reader.alive()
    reading.reader.close()
    assert not reading.reader.alive()
