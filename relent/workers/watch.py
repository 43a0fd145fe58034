"""Watching mailboxes: one thread waits at each connected one, and asks for a turn as soon as mail may have arrived."""

import logging
import random
import threading
from collections.abc import Callable

from django.conf import settings
from django.db import connection, connections

from relent.flows import mailboxes
from relent.records import models
from relent.terms.states import MailboxState

log = logging.getLogger(__name__)

_LOOK_EVERY = 2.0  # seconds until a mailbox that was connected or disconnected is noticed
_WAIT = 25.0  # seconds of one wait, so that a stop is noticed even where closing does not wake it
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 300.0  # seconds before connecting anew
_FINISH_WITHIN = 2.0
_LEADER_LOCK = 0x52454C454E54  # any number that nothing else in the database locks


class Watch:
    """Keeps one watcher per mailbox in use. ``request_turn`` is told the mailbox whose mail is to be read.

    Where several processes work on one PostgreSQL, one of them watches, and another takes over when it ends.
    """

    def __init__(self, request_turn: Callable[[int], None]) -> None:
        self._request_turn = request_turn
        self._posts: dict[int, Post] = {}
        self._leads = not settings.ON_POSTGRESQL

    def run(self, stop: threading.Event) -> None:
        """Watch until ``stop``."""
        try:
            while not stop.is_set():
                self._look()
                stop.wait(_LOOK_EVERY)
        finally:
            self._leave(list(self._posts))
            connections.close_all()

    def _look(self) -> None:
        try:
            self._leads = self._leads or _take_the_lead()
            in_use = models.Mailbox.objects.in_use() if self._leads else models.Mailbox.objects.none()
            states = dict(in_use.values_list("pk", "state"))
        except Exception:
            log.exception("cannot find out which mailboxes are connected")
            connections.close_all()  # the next look opens a fresh one; the lead went with the old one
            self._leads = not settings.ON_POSTGRESQL
            return
        self._leave([mailbox_id for mailbox_id, post in self._posts.items() if mailbox_id not in states])
        for mailbox_id, state in states.items():
            if mailbox_id not in self._posts:
                self._posts[mailbox_id] = Post(mailbox_id, self._request_turn)
                self._posts[mailbox_id].start()
            self._posts[mailbox_id].mailbox_is(state)

    def _leave(self, mailbox_ids: list[int]) -> None:
        posts = [self._posts.pop(mailbox_id) for mailbox_id in mailbox_ids]
        for post in posts:
            post.end()
        for post in posts:
            post.join(_FINISH_WITHIN)


def _take_the_lead() -> bool:
    """Try to become the process that watches; the lock lasts as long as this thread's database connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LEADER_LOCK])
        return bool(cursor.fetchone()[0])


class Post(threading.Thread):
    """The thread that waits at one mailbox. A lost connection is opened anew after 1 s to 5 min."""

    def __init__(self, mailbox_id: int, request_turn: Callable[[int], None]) -> None:
        super().__init__(name=f"watch-{mailbox_id}", daemon=True)
        self._mailbox_id = mailbox_id
        self._request_turn = request_turn
        self._ended = threading.Event()
        self._hurry = threading.Event()  # ends the pause before connecting anew
        self._state = ""
        self._pause = _FIRST_PAUSE
        self._watcher: mailboxes.Watcher | None = None

    def mailbox_is(self, state: str) -> None:
        """Take note of the mailbox's state: one that can be read again is watched again at once."""
        if state == MailboxState.CONNECTED and self._state not in {"", state}:
            self._hurry.set()
        self._state = state

    def end(self) -> None:
        """Leave the post: the wait ends, and so does the thread."""
        self._ended.set()
        self._hurry.set()
        if watcher := self._watcher:
            watcher.close()

    def run(self) -> None:
        """Wait for mail until ended, through every loss of the connection."""
        try:
            while not self._ended.is_set():
                self._watch_once()
        finally:
            connections.close_all()

    def _watch_once(self) -> None:
        try:
            self._watch()
        except mailboxes.WatchLost as error:
            log.info("mailbox %s: the watch was lost: %s", self._mailbox_id, error)
        except Exception:
            log.exception("the watch of mailbox %s failed", self._mailbox_id)
        if self._ended.is_set():
            return
        self._request_turn(self._mailbox_id)  # the reading finds out whether the mailbox can be reached, and says so
        self._hurry.clear()
        self._hurry.wait(self._pause * random.uniform(0.7, 1.3))  # noqa: S311  # spreads reconnections; no secret
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)

    def _watch(self) -> None:
        self._watcher = watcher = mailboxes.watcher(self._mailbox_id)
        connections.close_all()  # the wait is long, and needs no database
        try:
            self._request_turn(self._mailbox_id)  # what arrived before the wait begins wakes nobody
            while not self._ended.is_set():
                if watcher.wait(_WAIT):
                    self._request_turn(self._mailbox_id)
                self._pause = _FIRST_PAUSE
        finally:
            self._watcher = None
            watcher.close()
