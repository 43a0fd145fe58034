"""The engine over many machines: Procrastinate on PostgreSQL."""

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def engine_with(take: Callable[[int], bool], wanted: Callable[[], list[int]] = list, silence: float = 30) -> Any:
    from relent.workers.engine.procrastinate_engine import ProcrastinateEngine  # an installed app on PostgreSQL only

    return ProcrastinateEngine(take, wanted, threads=4, silence=silence)


@contextmanager
def running(engine: Any) -> Iterator[Any]:
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
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it did not happen within 60 s"
        time.sleep(0.01)


@pytest.fixture(autouse=True)
def no_jobs() -> None:
    """Start with an empty queue: Procrastinate's own tables are not emptied with the others."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        return int(cursor.fetchone()[0])


class Turns:
    """Counts turns, and how many of one mailbox were ever taken at once."""

    def __init__(self, lasting: float = 0.001, *, may_end: threading.Event | None = None) -> None:
        self.lasting, self.may_end = lasting, may_end
        self.taken: Counter[int] = Counter()
        self.at_once: Counter[int] = Counter()
        self.most_at_once = 0
        self.lock = threading.Lock()

    def take(self, mailbox_id: int) -> bool:
        with self.lock:
            self.at_once[mailbox_id] += 1
            self.most_at_once = max(self.most_at_once, self.at_once[mailbox_id])
        time.sleep(self.lasting)
        assert self.may_end is None or self.may_end.wait(30)
        with self.lock:
            self.at_once[mailbox_id] -= 1
            self.taken[mailbox_id] += 1
        return False


def test_a_requested_turn_is_taken_and_leaves_no_job_behind() -> None:
    turns = Turns()
    with running(engine_with(turns.take)) as engine:
        engine.request_turn(1)
        until(lambda: turns.taken[1] > 0 and not jobs())
    assert (turns.taken, jobs()) == ({1: 1}, 0)


def test_a_second_request_for_a_queued_turn_is_normal() -> None:
    engine = engine_with(Turns().take)
    engine.request_turn(1)
    engine.request_turn(1)
    assert jobs() == 1


def test_a_second_request_does_not_spoil_the_transaction_it_is_made_in() -> None:
    engine = engine_with(Turns().take)
    with transaction.atomic():
        engine.request_turn(1)
        engine.request_turn(1)
        engine.request_turn(2)
    assert jobs() == 2


def test_a_request_is_undone_with_its_transaction() -> None:
    engine = engine_with(Turns().take)
    with transaction.atomic():
        engine.request_turn(1)
        transaction.set_rollback(True)
    assert jobs() == 0


def test_two_engines_never_take_one_mailbox_at_once() -> None:
    turns = Turns(lasting=0.02)
    with running(engine_with(turns.take)) as one, running(engine_with(turns.take)) as other:
        for number in range(100):
            (one if number % 2 else other).request_turn(number % 2)
        until(lambda: turns.taken[0] > 0 and turns.taken[1] > 0 and not jobs())
    assert turns.most_at_once == 1


def test_a_request_during_a_turn_leads_to_one_more() -> None:
    turns = Turns(may_end=(may_end := threading.Event()))
    with running(engine_with(turns.take)) as engine:
        engine.request_turn(1)
        until(lambda: turns.at_once[1] == 1)
        engine.request_turn(1)
        engine.request_turn(1)
        assert jobs() == 2
        may_end.set()
        until(lambda: turns.taken[1] > 1 and not jobs())
    assert turns.taken[1] == 2


def test_the_sweeper_queues_what_is_due_and_nothing_with_a_later_time() -> None:
    turns = Turns()
    with running(engine_with(turns.take, wanted=lambda: [4])):
        until(lambda: turns.taken[4] > 0)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE scheduled_at IS NOT NULL")
            assert cursor.fetchone() == (0,)


def test_a_turn_that_fails_is_tried_again() -> None:
    attempts: list[int] = []

    def take(mailbox_id: int) -> bool:
        attempts.append(mailbox_id)
        if len(attempts) == 1:
            raise RuntimeError("the disk is full")
        return False

    with running(engine_with(take)) as engine:
        engine.request_turn(1)
        until(lambda: len(attempts) == 2)
    assert attempts == [1, 1]


_HANGS = """
import sys, threading, time
from django.conf import settings
from tests import settings as _
import django
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from relent.workers.engine.procrastinate_engine import ProcrastinateEngine

def take(mailbox_id):
    print("taken", flush=True)
    time.sleep(600)

ProcrastinateEngine(take, list, threads=1, silence=2).run(threading.Event())
"""


def test_the_turn_of_a_killed_worker_is_taken_by_another() -> None:
    engine_with(Turns().take).request_turn(9)
    database = str(connection.settings_dict["NAME"])
    with subprocess.Popen([sys.executable, "-c", _HANGS, database], stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        said = worker.stdout.readline()
        worker.kill()
    assert said == b"taken\n"
    turns = Turns()
    with running(engine_with(turns.take, silence=2)):
        until(lambda: turns.taken[9] > 0)
