"""The long-running processes: everything in one (`relent up`), or the web and the turns apart (`web`, `work`).

Nothing is forked: a database connection carried over a fork corrupts an SQLite file. One process, many threads.
"""

import fcntl
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from relent import clock
from relent.flows import bulk_enrolling, sessions, upkeep, wake, workflows
from relent.workers import engine, watch, web_server
from relent.workers.engine import taking

log = logging.getLogger(__name__)

_FINISH_WITHIN = 6.0  # seconds for all services together
_UPKEEP_EVERY = 3600.0  # seconds
_WORKFLOWS_EVERY = 1.0  # seconds between two questions to the index of what is due
_RUNS_AT_A_TIME = 10  # so that a worker that is told to end does so soon
_CLOSE_IDLE_EVERY = 20.0  # seconds


class AlreadyAtWork(Exception):
    """Another process takes the turns of this SQLite database."""


@dataclass(frozen=True)
class Service:
    """Something that runs in its own thread until its ``stop`` is set."""

    name: str
    run: Callable[[threading.Event], None]


def run_together(services: Sequence[Service], stop: threading.Event) -> int:
    """Run ``services`` until ``stop`` is set or one of them breaks; return the exit code. Finishes within seconds."""
    broken: list[str] = []

    def serve(service: Service) -> None:
        try:
            service.run(stop)
        except Exception:
            log.exception("%s broke", service.name)
        if not stop.is_set():
            broken.append(service.name)
            stop.set()

    taking.ending.clear()
    threads = [threading.Thread(target=serve, args=(one,), name=one.name, daemon=True) for one in services]
    for thread in threads:
        thread.start()
    while not stop.wait(1.0):
        pass  # a wait without a limit would keep Python from handling signals on some systems
    taking.ending.set()
    deadline = time.monotonic() + _FINISH_WITHIN
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    connections.close_all()
    for service in broken:
        log.critical("%s ended by itself, so everything ends", service)
    return 1 if broken else 0


def web() -> Service:
    """Return the service that answers web requests; it listens from now on. Raises web_server.AddressInUse."""
    if settings.ON_POSTGRESQL:
        wake.listener = engine.for_this_install().request_turn
    return Service("web", web_server.WebServer().run)


def turns(chosen: engine.Engine | None = None) -> list[Service]:
    """Return the services that take turns, watch mailboxes and tidy up; flows wake the engine from now on.

    ``chosen`` is the engine, by default the one for this install.
    """
    taking.release_leftovers(starting=True)
    chosen = chosen or engine.for_this_install()
    wake.listener = chosen.request_turn
    return [
        Service("turns", chosen.run),
        Service("watch", watch.Watch(chosen.request_turn).run),
        Service("workflows", _run_workflows),
        Service("upkeep", _keep_up),
    ]


def _run_workflows(stop: threading.Event) -> None:
    """Run what workflows and wishes to enroll many have to do, apart from the turns: a webhook's server may take its
    time.

    Any number of processes may do so, for a run is claimed by one of them.
    """
    while not stop.is_set():
        ran = 0
        try:
            ran = workflows.run_due(clock.now(), _RUNS_AT_A_TIME) + bulk_enrolling.run_due(clock.now())
        except Exception:
            log.exception("workflows could not be run; it is tried again")
            connections.close_all()  # the next try opens a fresh one
        if not ran:
            stop.wait(_WORKFLOWS_EVERY)
    connections.close_all()


def _keep_up(stop: threading.Event) -> None:
    """Tidy up each hour, and close mail connections that nobody uses any more as soon as that shows."""
    next_upkeep = time.monotonic()
    while not stop.is_set():
        try:
            sessions.close_idle()
            if time.monotonic() >= next_upkeep:
                next_upkeep = time.monotonic() + _UPKEEP_EVERY
                upkeep.run(clock.now())
        except Exception:
            log.exception("tidying up failed; it is tried again in an hour")
        connections.close_all()
        stop.wait(_CLOSE_IDLE_EVERY)
    sessions.close_all()


def stop_on_signals(stop: threading.Event) -> None:
    """Set ``stop`` on SIGTERM and SIGINT; a second one ends the process at once."""

    def handle(number: int, _: FrameType | None) -> None:
        if stop.is_set():
            os._exit(128 + number)
        stop.set()

    signal.signal(signal.SIGTERM, handle)
    signal.signal(signal.SIGINT, handle)


@contextmanager
def alone() -> Iterator[None]:
    """Make sure that no other process takes the turns of this SQLite database. Raises AlreadyAtWork.

    The lock ends with the process, however it ends. On PostgreSQL any number of processes may work.
    """
    if settings.ON_POSTGRESQL:
        yield
        return
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.DATA_DIR / "work.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyAtWork(str(settings.DATA_DIR)) from error
        yield


def migrate() -> int:
    """Bring the database up to date; return how many migrations that took."""
    if not settings.ON_POSTGRESQL:
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    executor = MigrationExecutor(connection)
    pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if pending:
        call_command("migrate", interactive=False, verbosity=0)
    return pending
