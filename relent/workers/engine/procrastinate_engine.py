"""The engine over many machines: Procrastinate, on PostgreSQL. It is handed due turns only, never future ones.

A turn is a job with two locks of its mailbox: the queueing lock keeps a second one from being queued, the lock keeps
two from running at once. Procrastinate's claim costs what is queued, which is why nothing with a later time ever is.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import procrastinate
from django.conf import settings
from django.db import connection, connections, transaction
from procrastinate import exceptions, jobs
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.utils import connector_params

from relent.workers.engine import taking
from relent.workers.engine.backoff import Backoff
from relent.workers.engine.embedded import LOOK_EVERY

log = logging.getLogger(__name__)

_TASK = "take_turn"
_QUEUE = "turns"
_FINISH_WITHIN = 4.0  # seconds that the turns in hand are given at the end
_RESCUE_EVERY = 5.0  # seconds between two searches for jobs of dead workers


class ProcrastinateEngine:
    """Defers turns through Django's own connection, and works on them with a connection pool of its own.

    ``silence`` is how many seconds a worker may miss its heartbeat before its turns are given to others.
    """

    def __init__(
        self,
        take: Callable[[int], bool] = taking.take,
        wanted: Callable[[], list[int]] = taking.wanted,
        *,
        threads: int | None = None,
        silence: float = 30.0,
    ) -> None:
        self._take, self._wanted = take, wanted
        self._threads = max(1, threads or settings.TURN_THREADS)
        self._silence = silence
        self._backoff = Backoff()
        self._again: set[int] = set()  # turns to request once their backoff is over

    def request_turn(self, mailbox_id: int) -> None:
        """Queue a turn of the mailbox, unless one is queued already."""
        key = f"mailbox:{mailbox_id}"
        job = django_app.configure_task(_TASK, queue=_QUEUE, lock=key, queueing_lock=key)
        try:
            with transaction.atomic():  # a savepoint: a lock that is taken must not spoil the caller's transaction
                job.defer(mailbox_id=mailbox_id)
        except exceptions.AlreadyEnqueued:
            log.debug("a turn of mailbox %s is queued already", mailbox_id)

    def run(self, stop: threading.Event) -> None:
        """Sweep what is due into the queue and work on the queue, until ``stop``."""
        sweeper = threading.Thread(target=self._sweep, args=(stop,), name="sweeper", daemon=True)
        sweeper.start()
        try:
            while not stop.is_set():
                self._work_until_broken(stop)
        finally:
            sweeper.join(_FINISH_WITHIN)

    def _sweep(self, stop: threading.Event) -> None:
        while not stop.wait(LOOK_EVERY):
            try:
                for mailbox_id in {*self._wanted(), *self._again}:
                    if not self._backoff.remaining(mailbox_id):
                        self._again.discard(mailbox_id)
                        self.request_turn(mailbox_id)
            except Exception:
                log.exception("cannot find out which mailboxes want a turn")
                connection.close()  # the next look opens a fresh one
        connections.close_all()

    def _work_until_broken(self, stop: threading.Event) -> None:
        try:
            asyncio.run(self._work(stop))
        except Exception:
            log.exception("the worker broke off; it starts again")
            stop.wait(_FINISH_WITHIN)

    async def _work(self, stop: threading.Event) -> None:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(self._threads, thread_name_prefix="turns"))
        app = self._app()
        async with app.open_async():
            worker = asyncio.create_task(
                app.run_worker_async(
                    queues=[_QUEUE],
                    concurrency=self._threads,
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=_FINISH_WITHIN,
                    update_heartbeat_interval=self._silence / 3,
                    stalled_worker_timeout=self._silence,
                    delete_jobs="always",
                )
            )
            await self._accompany(worker, app, stop)

    def _app(self) -> procrastinate.App:
        """Return an app with its own pool: the one of Django defers in Django's transactions, and cannot work."""
        app = procrastinate.App(connector=procrastinate.PsycopgConnector(kwargs=connector_params()))
        app.task(name=_TASK, queue=_QUEUE)(self._take_one)
        return app

    async def _accompany(self, worker: "asyncio.Task[None]", app: procrastinate.App, stop: threading.Event) -> None:
        """Rescue jobs now and then while the worker works; end it when ``stop`` is set."""
        next_rescue = 0.0
        clock = asyncio.get_running_loop().time
        while not stop.is_set() and not worker.done():
            if clock() >= next_rescue:
                await self._rescue(app)
                next_rescue = clock() + min(_RESCUE_EVERY, self._silence)
            await asyncio.wait({worker}, timeout=0.2)
        if not worker.done():
            worker.cancel()
        try:
            await worker
        except asyncio.CancelledError:
            log.debug("the worker has stopped")

    async def _rescue(self, app: procrastinate.App) -> None:
        """Give the turns of workers that died back to the queue; their locks would hold the mailboxes for ever."""
        for job in await app.job_manager.get_stalled_jobs(queue=_QUEUE, seconds_since_heartbeat=self._silence):
            if job.id is None:
                continue
            log.warning("the worker of a turn of mailbox %s died; another one takes it", job.task_kwargs["mailbox_id"])
            # Not retry_job: its queueing lock may have been taken since, and a second queued turn is not needed.
            await app.job_manager.finish_job_by_id_async(job.id, jobs.Status.FAILED, delete_job=True)
            await asyncio.to_thread(_free_mailboxes_of_the_dead)
            self._again.add(int(str(job.task_kwargs["mailbox_id"])))

    def _take_one(self, mailbox_id: int) -> None:
        """Take one turn, in a thread of the pool."""
        if self._backoff.remaining(mailbox_id):
            self._again.add(mailbox_id)
            return
        try:
            if self._take(mailbox_id):
                self._backoff.postpone(mailbox_id)
                self._again.add(mailbox_id)
            else:
                self._backoff.went_well(mailbox_id)
        except Exception:
            self._again.add(mailbox_id)
            wait = self._backoff.failed(mailbox_id)
            log.exception("the turn of mailbox %s failed; it is left alone for %.0f s", mailbox_id, wait)
        finally:
            connections.close_all()  # the thread may not be used again before the database ends the connection


def _free_mailboxes_of_the_dead() -> None:
    try:
        taking.release_leftovers(starting=False)
    finally:
        connections.close_all()
