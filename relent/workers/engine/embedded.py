"""The engine inside one process: a bounded pool of threads and one scheduler. For SQLite."""

import logging
import threading
from collections.abc import Callable

from django.conf import settings
from django.db import connections

from relent.workers.engine import taking
from relent.workers.engine.backoff import Backoff

log = logging.getLogger(__name__)

LOOK_EVERY = 0.5  # seconds between two questions to the due index
_FINISH_WITHIN = 4.0  # seconds that a turn in hand is given at the end


class EmbeddedEngine:
    """Takes turns in ``threads`` threads (RELENT_TURN_THREADS).

    ``take`` takes the turn of one mailbox and returns whether to try again soon; ``wanted`` names the mailboxes whose
    turn has come.
    """

    def __init__(
        self,
        take: Callable[[int], bool] = taking.take,
        wanted: Callable[[], list[int]] = taking.wanted,
        *,
        threads: int | None = None,
        backoff: Backoff | None = None,
    ) -> None:
        self._take, self._wanted = take, wanted
        self._threads = max(1, threads or settings.TURN_THREADS)
        self._backoff = backoff or Backoff()
        self._changed = threading.Condition()
        self._queued: dict[int, None] = {}  # in the order of request; a mailbox stands here at most once
        self._in_hand: set[int] = set()
        self._closing = False

    def request_turn(self, mailbox_id: int) -> None:
        """Queue a turn of the mailbox, unless one is queued already."""
        with self._changed:
            self._queued.setdefault(mailbox_id)
            self._changed.notify()

    def run(self, stop: threading.Event) -> None:
        """Start the threads, and look each half second what is wanted, until ``stop``."""
        self._closing = False
        pool = [
            threading.Thread(target=self._work, name=f"turns-{number}", daemon=True) for number in range(self._threads)
        ]
        for thread in pool:
            thread.start()
        try:
            while not stop.wait(LOOK_EVERY):
                self._look()
        finally:
            connections.close_all()
            self._close(pool)

    def _look(self) -> None:
        try:
            for mailbox_id in self._wanted():
                self.request_turn(mailbox_id)
        except Exception:
            log.exception("cannot find out which mailboxes want a turn")
            connections.close_all()  # the next look opens a fresh one

    def _close(self, pool: list[threading.Thread]) -> None:
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        for thread in pool:
            thread.join(_FINISH_WITHIN)
        if any(thread.is_alive() for thread in pool):
            log.warning("a turn is still in hand; it is recovered at the next start")

    def _work(self) -> None:
        try:
            while (mailbox_id := self._next()) is not None:
                self._take_one(mailbox_id)
        finally:
            connections.close_all()

    def _next(self) -> int | None:
        """Wait for a mailbox that may take its turn, and take it in hand; ``None`` at the end."""
        with self._changed:
            while not self._closing:
                waits = {i: self._backoff.remaining(i) for i in self._queued if i not in self._in_hand}
                ready = next((i for i, wait in waits.items() if not wait), None)
                if ready is not None:
                    del self._queued[ready]
                    self._in_hand.add(ready)
                    return ready
                self._changed.wait(min(waits.values(), default=None))
            return None

    def _take_one(self, mailbox_id: int) -> None:
        again = False
        try:
            again = self._take(mailbox_id)
            if again:
                self._backoff.postpone(mailbox_id)
            else:
                self._backoff.went_well(mailbox_id)
        except Exception:
            again = True
            wait = self._backoff.failed(mailbox_id)
            log.exception("the turn of mailbox %s failed; it is left alone for %.0f s", mailbox_id, wait)
            connections.close_all()  # whatever state the failure left the connection in
        with self._changed:
            self._in_hand.discard(mailbox_id)
            if again:
                self._queued.setdefault(mailbox_id)
            self._changed.notify_all()
