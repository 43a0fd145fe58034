"""The embedded engine: threads of one process, one turn per mailbox at a time."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from relent.workers.engine import embedded
from relent.workers.engine.backoff import Backoff
from relent.workers.engine.embedded import EmbeddedEngine


def nothing_wanted() -> list[int]:
    return []


@contextmanager
def running(take: Callable[[int], bool], wanted: Callable[[], list[int]] = nothing_wanted) -> Iterator[EmbeddedEngine]:
    with running_here(EmbeddedEngine(take, wanted, threads=4, backoff=Backoff(first=0.05))) as engine:
        yield engine


@contextmanager
def running_here(engine: EmbeddedEngine) -> Iterator[EmbeddedEngine]:
    stop = threading.Event()
    thread = threading.Thread(target=engine.run, args=(stop,))
    thread.start()
    try:
        yield engine
    finally:
        stop.set()
        thread.join(30)
        assert not thread.is_alive()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it did not happen within 30 s"
        time.sleep(0.005)


def until_idle(engine: EmbeddedEngine) -> None:
    """Wait until no turn is in hand and then none is queued; a turn queues what follows it as it leaves the hand."""
    until(lambda: not engine._in_hand and not engine._queued)


class Turns:
    """Counts turns, and how many of one mailbox were ever taken at once."""

    def __init__(self) -> None:
        self.taken: Counter[int] = Counter()
        self.at_once: Counter[int] = Counter()
        self.most_at_once = 0
        self.lock = threading.Lock()

    def take(self, mailbox_id: int) -> bool:
        with self.lock:
            self.at_once[mailbox_id] += 1
            self.most_at_once = max(self.most_at_once, self.at_once[mailbox_id])
        self.last(mailbox_id)
        with self.lock:
            self.at_once[mailbox_id] -= 1
            self.taken[mailbox_id] += 1
        return False

    def last(self, mailbox_id: int) -> None:
        """Take some time, in which another thread may do something."""
        time.sleep(0.001)


class LongTurns(Turns):
    """Turns that last until they are told to end."""

    def __init__(self) -> None:
        super().__init__()
        self.may_end = threading.Event()

    def last(self, mailbox_id: int) -> None:
        assert self.may_end.wait(30)


def test_a_requested_turn_is_taken_once() -> None:
    turns = Turns()
    with running(turns.take) as engine:
        engine.request_turn(1)
        until(lambda: turns.taken[1] > 0)
        until_idle(engine)
    assert turns.taken == {1: 1}


def test_a_mailbox_is_never_in_two_threads_however_often_it_is_requested() -> None:
    turns = Turns()

    def hammer(engine: EmbeddedEngine) -> None:
        for number in range(2000):
            engine.request_turn(number % 3)

    with running(turns.take) as engine:
        hammers = [threading.Thread(target=hammer, args=(engine,)) for _ in range(4)]
        for thread in hammers:
            thread.start()
        for thread in hammers:
            thread.join()
        until(lambda: len(turns.taken) == 3)
    assert turns.most_at_once == 1


def test_several_mailboxes_take_their_turns_at_the_same_time() -> None:
    meeting = threading.Barrier(3, timeout=30)
    met: set[int] = set()

    def take(mailbox_id: int) -> bool:
        meeting.wait()  # raises when the other two do not come
        met.add(mailbox_id)
        return False

    with running(take) as engine:
        for mailbox_id in range(3):
            engine.request_turn(mailbox_id)
        until(lambda: met == {0, 1, 2})


def test_requests_during_a_turn_lead_to_one_more_turn() -> None:
    turns = LongTurns()
    with running(turns.take) as engine:
        engine.request_turn(1)
        until(lambda: turns.at_once[1] == 1)
        for _ in range(50):
            engine.request_turn(1)
        turns.may_end.set()
        until(lambda: turns.taken[1] > 1)
        until_idle(engine)
    assert turns.taken[1] == 2


def test_requests_before_a_turn_are_one_turn() -> None:
    turns = Turns()
    engine = EmbeddedEngine(turns.take, nothing_wanted, threads=2)
    for _ in range(50):
        engine.request_turn(1)
    with running_here(engine):
        until(lambda: turns.taken[1] > 0)
        until_idle(engine)
    assert turns.taken[1] == 1


def test_what_is_wanted_takes_its_turn_without_a_request() -> None:
    turns = Turns()
    with running(turns.take, lambda: [7]):
        until(lambda: turns.taken[7] > 0)
    assert turns.taken[7] > 0


def test_a_turn_that_fails_is_logged_with_its_mailbox_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    attempts: list[int] = []

    def take(mailbox_id: int) -> bool:
        attempts.append(mailbox_id)
        if len(attempts) == 1:
            raise RuntimeError("the disk is full")
        return False

    with caplog.at_level(logging.ERROR), running(take) as engine:
        engine.request_turn(5)
        until(lambda: len(attempts) == 2)
    assert "mailbox 5" in caplog.text


def test_a_failing_mailbox_does_not_keep_others_from_their_turns(caplog: pytest.LogCaptureFixture) -> None:
    turns = Turns()

    def take(mailbox_id: int) -> bool:
        if mailbox_id == 1:
            raise RuntimeError("never works")
        return turns.take(mailbox_id)

    with running(take) as engine:
        engine.request_turn(1)
        for mailbox_id in range(2, 30):
            engine.request_turn(mailbox_id)
        until(lambda: len(turns.taken) == 28)
    assert 1 not in turns.taken


def test_a_mailbox_backs_off_longer_after_each_failure() -> None:
    backoff = Backoff(first=1, longest=5)
    assert [backoff.failed(1) for _ in range(4)] == [1, 2, 4, 5]


def test_a_good_turn_ends_the_backing_off() -> None:
    backoff = Backoff()
    backoff.failed(1)
    backoff.went_well(1)
    assert backoff.remaining(1) == 0


def test_a_busy_mailbox_is_tried_again() -> None:
    attempts: list[int] = []

    def take(mailbox_id: int) -> bool:
        attempts.append(mailbox_id)
        return len(attempts) < 3

    with running(take) as engine:
        engine.request_turn(1)
        until(lambda: len(attempts) == 3)
    assert len(attempts) == 3


def test_the_scheduler_survives_a_database_that_cannot_be_asked(caplog: pytest.LogCaptureFixture) -> None:
    answers = iter([RuntimeError("no database"), RuntimeError("no database")])
    turns = Turns()

    def wanted() -> list[int]:
        for error in answers:
            raise error
        return [3]

    with running(turns.take, wanted):
        until(lambda: turns.taken[3] > 0)
    assert "cannot find out" in caplog.text


def test_a_stop_waits_for_the_turn_in_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "_FINISH_WITHIN", 30.0)  # however slow this machine is
    turns, stop = LongTurns(), threading.Event()
    engine = EmbeddedEngine(turns.take, nothing_wanted, threads=4)
    process = threading.Thread(target=engine.run, args=(stop,))
    process.start()
    engine.request_turn(1)
    until(lambda: turns.at_once[1] == 1)
    stop.set()
    until(lambda: engine._closing)
    assert process.is_alive()
    turns.may_end.set()
    process.join(30)
    assert not process.is_alive()
    assert turns.taken[1] == 1
