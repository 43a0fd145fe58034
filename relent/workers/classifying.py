"""Several processes that judge mails side by side, a bounded number at a time: an archive is larger than memory.

Imported by processes that set no Django up: nothing here needs it.
"""

import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context

from relent.flows import classifying
from relent.flows.classifying import Judged, Mail, Terms, Unreadable

# What one process is handed at a time. A process takes about as long to start as it takes to judge a few of these.
_MOST_MAILS = 100
_MOST_BYTES = 4 * 1024 * 1024
_WORTH_A_PROCESS = 4
_AHEAD = 3  # batches per process that are read, judged, or waiting for those before them

Found = Iterable[Mail | Unreadable]


def judged(found: Found, jobs: int, terms: Terms) -> Iterator[Judged | Unreadable]:
    """Judge every mail in up to ``jobs`` processes; yield what came of each, in the order they were found in."""
    batches = _batches(found)
    first = [batch for _, batch in zip(range(_WORTH_A_PROCESS), batches, strict=False)]
    if jobs <= 1 or len(first) < _WORTH_A_PROCESS:
        for batch in first:
            yield from judge_batch(batch, terms)
        for batch in batches:
            yield from judge_batch(batch, terms)
        return
    # Spawned, not forked: no process may hold what another has opened.
    with ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_leave_interrupts) as pool:
        waiting: deque[Future[list[Judged | Unreadable]]] = deque()
        try:
            for more in (first, batches):
                for batch in more:
                    waiting.append(pool.submit(judge_batch, batch, terms))
                    if len(waiting) >= jobs * _AHEAD:
                        yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def judge_batch(batch: Iterable[Mail | Unreadable], terms: Terms) -> list[Judged | Unreadable]:
    """Judge some mails; what could not be read is passed on in its place."""
    return [classifying.judge_mail(one, terms) if isinstance(one, Mail) else one for one in batch]


def _batches(found: Found) -> Iterator[list[Mail | Unreadable]]:
    batch: list[Mail | Unreadable] = []
    held = 0
    for one in found:
        batch.append(one)
        held += one.size if isinstance(one, Mail) else 0
        if len(batch) >= _MOST_MAILS or held >= _MOST_BYTES:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def _leave_interrupts() -> None:
    """Ctrl-C is for the process that has started this one, which ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
