"""What an engine is: something that spreads turns over threads or machines, one at a time for each mailbox."""

import threading
from typing import Protocol


class Engine(Protocol):
    """Takes turns of mailboxes: when one is requested, and when `flows.turn` says that one is wanted.

    However often a turn is requested, at most one is queued per mailbox, and a mailbox is never in two hands at once. A
    request during a turn leads to one more turn after it, so nothing that arrived meanwhile is missed.
    """

    def request_turn(self, mailbox_id: int) -> None:
        """Ask for a turn of the mailbox as soon as possible; returns at once. Callable from any thread."""

    def run(self, stop: threading.Event) -> None:
        """Take turns until ``stop`` is set; then finish what is in hand and return."""
