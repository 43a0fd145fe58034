"""Backing off: a mailbox whose turn failed unexpectedly is left alone for a while, and longer each time."""

import threading
import time

_FIRST, _LONGEST = 1.0, 300.0  # seconds


class Backoff:
    """When each mailbox may be tried again, by the machine's monotonic clock. Thread-safe; forgotten at a restart."""

    def __init__(self, first: float = _FIRST, longest: float = _LONGEST) -> None:
        self._first, self._longest = first, longest
        self._failures: dict[int, int] = {}
        self._not_before: dict[int, float] = {}
        self._lock = threading.Lock()

    def failed(self, mailbox_id: int) -> float:
        """Note a failure; return for how many seconds the mailbox is now left alone."""
        with self._lock:
            failures = self._failures[mailbox_id] = self._failures.get(mailbox_id, 0) + 1
            wait = min(self._first * 2.0 ** min(failures - 1, 20), self._longest)
            self._not_before[mailbox_id] = time.monotonic() + wait
        return wait

    def postpone(self, mailbox_id: int) -> None:
        """Leave the mailbox alone for the shortest time: it did not fail, but was in other hands."""
        with self._lock:
            self._not_before[mailbox_id] = time.monotonic() + self._first

    def went_well(self, mailbox_id: int) -> None:
        """Forget earlier failures."""
        with self._lock:
            self._failures.pop(mailbox_id, None)
            self._not_before.pop(mailbox_id, None)

    def remaining(self, mailbox_id: int) -> float:
        """Return for how many more seconds the mailbox is left alone; zero where it may be tried."""
        with self._lock:
            return max(0.0, self._not_before.get(mailbox_id, 0.0) - time.monotonic())
