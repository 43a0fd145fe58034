import threading
import time
from collections.abc import Iterator

import pytest

from relent.transports.base import Account, TransportError
from relent.transports.imap_watch import ImapWatcher
from tests.servers.bad_imap import BadImap
from tests.servers.dovecot import Dovecot
from tests.transports.conftest import mail

pytestmark = pytest.mark.integration


@pytest.fixture
def watcher(account: Account) -> Iterator[ImapWatcher]:
    watcher = ImapWatcher(account)
    yield watcher
    watcher.close()


def bad(server: BadImap, **options: str) -> ImapWatcher:
    return ImapWatcher(Account("dana@us.example", server.options(**options), {"password": "any"}))


def test_a_mail_ends_the_wait_within_two_seconds(dovecot: Dovecot, dana: str, watcher: ImapWatcher) -> None:
    threading.Timer(0.2, dovecot.deliver, (dana, mail("One"))).start()
    begun = time.monotonic()
    assert watcher.wait(10)
    assert time.monotonic() - begun < 2


def test_a_quiet_mailbox_is_waited_for_no_longer_than_asked(watcher: ImapWatcher) -> None:
    begun = time.monotonic()
    assert not watcher.wait(0.3)
    assert 0.3 <= time.monotonic() - begun < 1


def test_a_mail_between_two_waits_is_not_missed(dovecot: Dovecot, dana: str, watcher: ImapWatcher) -> None:
    assert not watcher.wait(0.1)
    dovecot.deliver(dana, mail("One"))
    time.sleep(0.7)
    assert watcher.wait(0.1)
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
    assert watcher.wait(5)
    watcher.close()


def test_idle_is_issued_anew_and_still_wakes(dovecot: Dovecot, dana: str, account: Account) -> None:
    account.options["idle_seconds"] = "0.2"
    watcher = ImapWatcher(account)
    assert not watcher.wait(0.7)
    dovecot.deliver(dana, mail("One"))
    assert watcher.wait(5)
    watcher.close()


def test_closing_from_another_thread_ends_the_wait(watcher: ImapWatcher) -> None:
    threading.Timer(0.2, watcher.close).start()
    begun = time.monotonic()
    assert not watcher.wait(10)
    assert time.monotonic() - begun < 1


def test_a_server_without_idle_is_asked(bad_imap: BadImap) -> None:
    bad_imap.capabilities = "IMAP4rev1"
    watcher = bad(bad_imap, poll_seconds="0.1")
    assert not watcher.wait(0.3)
    bad_imap.mails.append(mail("Two"))
    assert watcher.wait(2)
    watcher.close()


def test_a_lost_connection_is_told(bad_imap: BadImap) -> None:
    watcher = bad(bad_imap, idle_seconds="0.1")
    bad_imap.fault = "drop:IDLE"
    with pytest.raises(TransportError, match="broke off"):
        watcher.wait(2)
