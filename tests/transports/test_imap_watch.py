from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from relent.transports import imap_watch
from relent.transports.base import Account, TransportError
from relent.transports.imap_watch import ImapWatcher
from tests.servers import ground
from tests.servers.bad_imap import BadImap
from tests.servers.dovecot import Dovecot
from tests.transports.conftest import Waiting, mail

pytestmark = pytest.mark.integration


@pytest.fixture
def watcher(account: Account) -> Iterator[ImapWatcher]:
    watcher = ImapWatcher(account)
    yield watcher
    watcher.close()


def bad(server: BadImap, **options: str) -> ImapWatcher:
    return ImapWatcher(Account("dana@us.example", server.options(**options), {"password": "any"}))


def test_a_mail_ends_the_wait(dovecot: Dovecot, dana: str, watcher: ImapWatcher) -> None:
    waiting = Waiting(watcher)
    ground.until(watcher._busy.locked, "The wait")
    dovecot.deliver(dana, mail("One"))
    assert waiting.end() == [True]


def test_a_quiet_mailbox_is_waited_for_as_long_as_asked(watcher: ImapWatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, waits = [0.0], []

    def nothing_comes(seconds: float) -> bool:
        waits.append(seconds)
        clock[0] += seconds
        return False

    watcher._asked_at = 0.0
    monkeypatch.setattr(imap_watch, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    monkeypatch.setattr(watcher._stream, "wait", nothing_comes)
    assert not watcher.wait(25)
    assert waits == [25]


def test_a_mail_between_two_waits_is_not_missed(dovecot: Dovecot, dana: str, watcher: ImapWatcher) -> None:
    assert not watcher.wait(0.1)
    dovecot.deliver(dana, mail("One"))
    ground.until(lambda: watcher._stream.wait(0), "The news")
    assert watcher.wait(60)
    assert not watcher.wait(0.7)


def test_flags_and_deletions_are_no_news(dovecot: Dovecot, dana: str, account: Account) -> None:
    dovecot.deliver(dana, mail("One"))
    watcher = ImapWatcher(account)
    with dovecot.client(dana) as client:
        client.select_folder("INBOX")
        client.add_flags([1], ["\\Seen"])
        client.delete_messages([1])
        client.expunge()
    assert not watcher.wait(1.2)
    dovecot.deliver(dana, mail("Two"))
    assert watcher.wait(60)
    watcher.close()


def test_idle_is_issued_anew_and_still_wakes(dovecot: Dovecot, dana: str, account: Account) -> None:
    account.options["idle_seconds"] = "0.2"
    watcher = ImapWatcher(account)
    assert not watcher.wait(0.7)
    dovecot.deliver(dana, mail("One"))
    assert watcher.wait(60)
    watcher.close()


def test_closing_from_another_thread_ends_the_wait(watcher: ImapWatcher) -> None:
    waiting = Waiting(watcher)
    ground.until(watcher._busy.locked, "The wait")
    watcher.close()
    assert waiting.end() == [False]


def test_a_server_without_idle_is_asked(bad_imap: BadImap) -> None:
    bad_imap.capabilities = "IMAP4rev1"
    watcher = bad(bad_imap, poll_seconds="0.1")
    assert not watcher.wait(0.3)
    bad_imap.mails.append(mail("Two"))
    assert watcher.wait(60)
    watcher.close()


def test_a_lost_connection_is_told(bad_imap: BadImap) -> None:
    watcher = bad(bad_imap, idle_seconds="0.1")
    bad_imap.fault = "drop:IDLE"
    with pytest.raises(TransportError, match="broke off"):
        watcher.wait(60)
