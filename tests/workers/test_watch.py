"""The watchers: mail wakes a turn at once; a lost connection backs off and asks for a reading."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from relent.records import models
from relent.workers import watch
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def watching(requests: list[int]) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=watch.Watch(requests.append).run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)
        assert not thread.is_alive()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it did not happen within 30 s"
        time.sleep(0.01)


def test_a_watched_mailbox_is_read_once_before_the_wait(cast: Cast) -> None:
    requests: list[int] = []
    with watching(requests):
        until(lambda: requests == [cast.mailbox.pk])
        time.sleep(0.5)
    assert requests == [cast.mailbox.pk]


def test_new_mail_requests_a_turn_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "_WAIT", 3600.0)  # so that nothing but the mail ends the wait
    requests: list[int] = []
    with watching(requests):
        until(lambda: len(requests) == 1)
        cast.deliver(cast.write())
        until(lambda: len(requests) == 2)


def test_a_disconnected_mailbox_is_left_and_a_connected_one_watched_again(cast: Cast) -> None:
    requests: list[int] = []
    with watching(requests):
        until(lambda: len(requests) == 1)
        models.Mailbox.objects.update(state="disconnected")
        until(lambda: not [thread for thread in threading.enumerate() if thread.name == f"watch-{cast.mailbox.pk}"])
        models.Mailbox.objects.update(state="connected")
        until(lambda: len(requests) == 2)


def test_a_mailbox_that_cannot_be_reached_asks_for_a_reading_which_will_say_so(cast: Cast, tmp_path: Path) -> None:
    models.Mailbox.objects.update(kind="maildir", options={"maildir": str(tmp_path / "nowhere")})
    requests: list[int] = []
    with watching(requests):
        until(lambda: len(requests) >= 2)
    assert set(requests) == {cast.mailbox.pk}
