"""Open connections kept between turns, one process's own. A connection is used by one holder at a time."""

import os
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, TypeVar

from relent.transports import registry
from relent.transports.base import Account, MailReader, MailSender, SendRefused


class _Closable(Protocol):
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class _Kept:
    connection: _Closable
    kind: str
    account: Account
    since: float


_C = TypeVar("_C", bound=_Closable)


class Pool:
    """Keeps readers and senders by mailbox id, for at most ``idle`` seconds of disuse. Thread-safe."""

    def __init__(self, idle: float = 60.0) -> None:
        self._idle = idle
        self._kept: dict[tuple[str, Hashable], _Kept] = {}
        self._lock = threading.Lock()
        self._process = os.getpid()

    @contextmanager
    def reader(self, mailbox: Hashable, kind: str, account: Account) -> Iterator[MailReader]:
        """Lend a reader; it is closed where the block raises, kept otherwise."""
        open_one = registry.open_transport(kind, account).reader
        with self._lent(("reader", mailbox), kind, account, open_one, lambda kept: kept.alive()) as lent:
            yield lent

    @contextmanager
    def sender(self, mailbox: Hashable, kind: str, account: Account) -> Iterator[MailSender]:
        """Lend a sender, likewise; a sender opens its connection anew by itself where that has died."""
        open_one = registry.open_transport(kind, account).sender
        with self._lent(("sender", mailbox), kind, account, open_one, lambda _: True) as lent:
            yield lent

    def close_idle(self) -> None:
        """Close what nobody has used for long; to be called now and then."""
        now = time.monotonic()
        with self._lock:
            old = [key for key, kept in self._kept.items() if now - kept.since > self._idle]
            closing = [self._kept.pop(key) for key in old]
        for kept in closing:
            kept.connection.close()

    def close_all(self) -> None:
        """Close everything that is not lent."""
        with self._lock:
            closing = list(self._kept.values())
            self._kept.clear()
        for kept in closing:
            kept.connection.close()

    @contextmanager
    def _lent(
        self,
        key: tuple[str, Hashable],
        kind: str,
        account: Account,
        open_one: Callable[[], _C],
        usable: Callable[[_C], bool],
    ) -> Iterator[_C]:
        connection = self._taken(key, kind, account, usable) or open_one()
        try:
            yield connection
        except SendRefused:
            # The server said no to one mail, and the connection is as good as before.
            self._keep(key, _Kept(connection, kind, account, time.monotonic()))
            raise
        except BaseException:
            # Also where the failure had nothing to do with the connection: in what state it is, nobody knows.
            connection.close()
            raise
        self._keep(key, _Kept(connection, kind, account, time.monotonic()))

    def _keep(self, key: tuple[str, Hashable], kept: _Kept) -> None:
        with self._lock:
            replaced = self._kept.pop(key, None)
            self._kept[key] = kept
        if replaced is not None:
            replaced.connection.close()

    def _taken(self, key: tuple[str, Hashable], kind: str, account: Account, usable: Callable[[_C], bool]) -> _C | None:
        with self._lock:
            if self._process != os.getpid():
                # A forked child shares its parent's sockets: it may neither use them nor say goodbye on them.
                self._process = os.getpid()
                self._kept = {}
            kept = self._kept.pop(key, None)
        if kept is None:
            return None
        connection: _C = kept.connection  # type: ignore[assignment]  # what the same key was put in with
        young = time.monotonic() - kept.since <= self._idle
        if young and (kept.kind, kept.account) == (kind, account) and usable(connection):
            return connection
        connection.close()
        return None
