"""Waiting for new mail in an IMAP INBOX: by IDLE (RFC 2177), else by asking every now and then."""

import threading
import time

from relent.transports.base import Account, TransportError
from relent.transports.imap_client import BoundedImap
from relent.transports.imap_session import Session

_PART = "imap.watch"

# RFC 2177 asks to issue IDLE anew within 29 minutes; many routers and providers forget a silent connection sooner.
_REISSUE = 9 * 60.0

# How often a server without IDLE is asked, in seconds.
_POLL = 15.0


class ImapWatcher:
    """A MailWatcher on INBOX. IDLE runs from the opening on, also between waits, so nothing is missed in between.

    What came before the opening is not reported: read once after opening a watcher.
    """

    def __init__(self, account: Account) -> None:
        self._session = Session(account)
        self._closing = threading.Event()
        self._busy = threading.Lock()
        self._idles = self._session.has("IDLE")
        self._poll = float(account.options.get("poll_seconds") or _POLL)
        self._reissue = float(account.options.get("idle_seconds") or _REISSUE)
        with self._session.asking(_PART, "open INBOX") as client:
            self._count = int(client.select_folder("INBOX", readonly=True)[b"EXISTS"])
            self._stream = client.imap.stream
        self._news = False
        self._asked_at = time.monotonic()
        if self._idles:
            self._start()

    def wait(self, seconds: float) -> bool:
        ends = time.monotonic() + seconds
        with self._busy:
            try:
                while not self._news and not self._closing.is_set() and (left := ends - time.monotonic()) > 0:
                    self._step(left)
            except TransportError:
                if not self._closing.is_set():
                    raise
            finally:
                if self._closing.is_set():
                    self._session.close()
            news, self._news = self._news, False
            return news and not self._closing.is_set()

    def close(self) -> None:
        self._closing.set()
        self._session.interrupt()
        # Where another thread waits, it has been woken and closes the connection itself.
        if self._busy.acquire(blocking=False):
            self._session.close()
            self._busy.release()

    def _step(self, left: float) -> None:
        """Wait for one sign of life, or until the server must be asked again."""
        due = self._asked_at + (self._reissue if self._idles else self._poll) - time.monotonic()
        if due <= 0:
            self._ask_again()
        elif self._stream.wait(min(left, due)) and not self._closing.is_set():
            with self._session.asking(_PART, "watch INBOX") as client:
                client.imap.next_untagged()
                self._look(client.imap)

    def _ask_again(self) -> None:
        with self._session.asking(_PART, "watch INBOX") as client:
            if self._idles:
                client.imap.end_idle()
            else:
                client.imap.noop()
            self._look(client.imap)
        self._asked_at = time.monotonic()
        if self._idles:
            self._start()

    def _start(self) -> None:
        with self._session.asking(_PART, "watch INBOX") as client:
            client.imap.start_idle()
            self._look(client.imap)

    def _look(self, imap: BoundedImap) -> None:
        """Take in the counts that the server sent: only more mails are news, flags and deletions are not."""
        responses = imap.untagged_responses
        # Their order is lost where both came at once: the lower count may wake once too often, never too seldom.
        self._count -= (expunged := len(responses.pop("EXPUNGE", [])))
        for said in responses.pop("EXISTS", []):
            count = int(said if isinstance(said, bytes) else said[0])
            self._news |= count > self._count
            self._count = count - expunged
        responses.clear()
