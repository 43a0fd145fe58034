import json
import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from relent.transports import maildir_scan
from relent.transports.base import Account, FolderRole, Found, TransportError
from relent.transports.maildir import MaildirReader, MaildirTransport, MaildirWatcher
from tests.transports.conftest import Reading, Waiting, mail, subject


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in ("", ".Sent", ".Junk", ".Drafts", ".&MFQwf3ux-", ".Clients"):
        for part in ("tmp", "new", "cur"):
            (tmp_path / folder / part).mkdir(parents=True)
    return tmp_path


@pytest.fixture
def account(root: Path) -> Account:
    return Account("dana@us.example", {"maildir": str(root)}, {})


@pytest.fixture
def reading(account: Account) -> Reading:
    return Reading(MaildirReader(account))


def put(root: Path, name: str, raw: bytes, folder: str = "", part: str = "new") -> Path:
    """Deliver as a mail server does: write in ``tmp``, then rename."""
    written = root / folder / "tmp" / name
    written.write_bytes(raw)
    return written.rename(root / folder / part / name)


def test_new_mail_is_read_once(root: Path, reading: Reading) -> None:
    put(root, "1.a.host", mail("One"))
    assert reading.subjects() == [("INBOX", "One")]
    assert reading.subjects() == []
    put(root, "2.a.host", mail("Two"))
    assert reading.subjects() == [("INBOX", "Two")]


def test_a_cursor_serves_another_reader(root: Path, account: Account, reading: Reading) -> None:
    put(root, "1.a.host", mail("One"))
    reading.subjects()
    put(root, "2.a.host", mail("Two"))
    reading.reader = MaildirReader(account)
    assert reading.subjects() == [("INBOX", "Two")]


def test_folders_have_the_names_and_roles_that_people_gave_them(reading: Reading) -> None:
    assert [(folder.name, folder.role) for folder in reading.reader.folders()] == [
        ("INBOX", FolderRole.INBOX),
        ("Clients", FolderRole.OTHER),
        ("Sent", FolderRole.SENT),
        ("Junk", FolderRole.SPAM),
        ("ごみ箱", FolderRole.TRASH),
    ]


def test_a_mail_marked_as_seen_is_not_read_again(root: Path, reading: Reading) -> None:
    file = put(root, "1.a.host", mail("One"))
    reading.subjects()
    file.rename(root / "cur" / "1.a.host:2,S")
    assert reading.subjects() == []


def test_an_unread_mail_that_was_moved_is_met_though_a_newer_one_was_read(root: Path, reading: Reading) -> None:
    older = put(root, "1.a.host", mail("One"))
    put(root, "2.a.host", mail("Two"), folder=".Clients")
    os.utime(older, (older.stat().st_mtime - 60,) * 2)
    clients = reading.reader.folders()[1]
    (batch,) = reading.reader.fetch_new(clients, "", reading.since)
    older.rename(root / ".Clients" / "cur" / "1.a.host:2,")
    (again,) = reading.reader.fetch_new(clients, batch.cursor, reading.since)
    assert [subject(found.raw) for found in again.mails] == ["One"]


def test_many_mails_of_the_same_moment_are_all_read(root: Path, reading: Reading) -> None:
    found = []
    for start in range(0, 500, 50):
        for number in range(start, start + 50):
            put(root, f"{number}.a.host", mail(f"Mail {number}"))
        found += [about for _, about in reading.subjects()]
    assert sorted(found) == sorted(f"Mail {number}" for number in range(500))


def test_mails_delivered_while_others_are_read_are_never_missed(root: Path, reading: Reading) -> None:
    writer = threading.Thread(target=lambda: [put(root, f"{n}.a.host", mail(f"Mail {n}")) for n in range(1000)])
    writer.start()
    found: set[str] = set()
    while writer.is_alive():
        found |= {about for _, about in reading.subjects()}
    found |= {about for _, about in reading.subjects()}
    assert len(found) == 1000


def test_a_cursor_stays_small(root: Path, reading: Reading) -> None:
    for number in range(5000):
        (root / "cur" / f"{number}.a.host:2,S").write_bytes(b"Subject: x\n\n")
    assert len(reading.subjects()) == 5000
    assert len(reading.cursors["INBOX"]) < 40_000
    assert reading.subjects() == []


def test_a_cursor_in_the_middle_goes_on_from_there(root: Path, account: Account, reading: Reading) -> None:
    for number in range(250):
        put(root, f"{number}.a.host", mail(f"Mail {number}"))
    inbox = reading.reader.folders()[0]
    first, *rest = reading.reader.fetch_new(inbox, "", reading.since)
    again = list(MaildirReader(account).fetch_new(inbox, first.cursor, reading.since))
    assert [len(batch.mails) for batch in (first, *rest)] == [100, 100, 50]
    assert [found for batch in again for found in batch.mails] == [found for batch in rest for found in batch.mails]


def test_a_clock_that_was_set_back_loses_nothing(root: Path, reading: Reading) -> None:
    put(root, "1.a.host", mail("One"))
    reading.subjects()
    said = json.loads(reading.cursors["INBOX"])
    reading.cursors["INBOX"] = json.dumps(said | {"floor": said["floor"] + 3600 * 10**9})
    put(root, "2.a.host", mail("Two"))
    assert ("INBOX", "Two") in reading.subjects()


def test_a_first_reading_begins_at_the_time_asked_for(root: Path, reading: Reading) -> None:
    old = put(root, "1.a.host", mail("Old"))
    os.utime(old, (old.stat().st_mtime - 86400,) * 2)
    new = put(root, "2.a.host", mail("New"))
    reading.since = datetime.fromtimestamp(new.stat().st_mtime, UTC) - timedelta(hours=1)
    assert reading.subjects() == [("INBOX", "New")]
    assert reading.subjects() == []


def test_the_time_is_the_files_in_utc(root: Path, reading: Reading) -> None:
    os.utime(put(root, "1.a.host", mail("One")), (1_700_000_000, 1_700_000_000))
    ((_, found),) = reading.new()
    assert found.received_at == datetime.fromtimestamp(1_700_000_000, UTC)


def test_reading_changes_no_file(root: Path, reading: Reading) -> None:
    put(root, "1.a.host", mail("One"))
    before = sorted(str(path) for path in root.rglob("*"))
    reading.subjects()
    assert sorted(str(path) for path in root.rglob("*")) == before


def test_an_unchanged_folder_is_not_listed_again(root: Path, reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    put(root, "1.a.host", mail("One"))
    reading.subjects()
    time.sleep(0.1)
    reading.subjects()
    monkeypatch.setattr(maildir_scan, "listed", lambda _: pytest.fail("listed"))
    assert reading.subjects() == []


def test_a_stored_copy_is_found_and_read(reading: Reading) -> None:
    reading.reader.store_sent(mail("One", "first"), datetime(2026, 1, 2, tzinfo=UTC))
    assert reading.reader.find_sent("first@acme.example") is Found.FOUND
    ((folder, found),) = reading.new()
    assert (folder, found.received_at, found.raw) == ("Sent", datetime(2026, 1, 2, tzinfo=UTC), mail("One", "first"))


@pytest.mark.parametrize(("copies", "found"), [("server", Found.ABSENT), ("relent", Found.UNKNOWN)])
def test_absence_proves_something_only_where_the_server_files_copies(
    copies: str, found: Found, account: Account
) -> None:
    account.options["sent_copies"] = copies
    assert MaildirReader(account).find_sent("first@acme.example") is found


def test_a_missing_sent_folder_is_created(root: Path, account: Account) -> None:
    account.options["sent_folder"] = ".Gesendet"
    for part in ("tmp", "new", "cur"):
        (root / ".Sent" / part).rmdir()
    MaildirReader(account).store_sent(mail("One"), datetime(2026, 1, 2, tzinfo=UTC))
    assert [path.name.endswith(":2,S") for path in (root / ".Gesendet" / "cur").iterdir()] == [True]


def test_a_path_without_a_maildir_is_permanent(tmp_path: Path) -> None:
    with pytest.raises(TransportError, match="is no Maildir") as told:
        MaildirReader(Account("dana@us.example", {"maildir": str(tmp_path / "none")}, {}))
    assert (told.value.permanent, told.value.part) == (True, "maildir")


def test_a_check_tells_the_maildir_and_the_way_out_apart(account: Account) -> None:
    found = [(check.part, check.ok) for check in MaildirTransport(account).check()]
    assert found == [("maildir", True), ("smtp.options", False)]


def made_long_ago(root: Path) -> None:
    """Make the folders older: a mail in the very tick of the clock in which they were made would not change them."""
    for part in [*root.rglob("new"), *root.rglob("cur")]:
        os.utime(part, (part.stat().st_mtime - 60,) * 2)


def test_a_mail_ends_the_wait(root: Path, account: Account) -> None:
    made_long_ago(root)
    watcher = MaildirWatcher(account)
    assert not watcher.wait(0.05)
    waiting = Waiting(watcher)
    put(root, "1.a.host", mail("One"), ".Junk")
    assert waiting.end() == [True]


def test_a_mail_before_the_wait_is_not_missed(root: Path, account: Account) -> None:
    made_long_ago(root)
    watcher = MaildirWatcher(account)
    put(root, "1.a.host", mail("One"))
    assert watcher.wait(0)


def test_closing_from_another_thread_ends_the_wait(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    account.options["poll_seconds"] = "3600"
    watcher, looked = MaildirWatcher(account), threading.Event()
    monkeypatch.setattr(watcher, "_look", lambda: looked.set() or watcher._times)
    waiting = Waiting(watcher)
    assert looked.wait(60)
    watcher.close()
    assert waiting.end() == [False]
