"""One process that tells stories: several tell them side by side, each on a database of its own.

Imported by processes that have not set Django up yet: nothing here needs it before ``begin``.
"""

import gc
import logging
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from relent.workers.scenarios import environment
from relent.workers.scenarios.environment import Ground

# A process takes about as long to start as it takes to tell this many stories.
_WORTH_A_PROCESS = 8


@dataclass(frozen=True)
class Told:
    """What came of a file. ``fault`` says why it is no scenario; else no ``failures`` means passed."""

    file: Path
    id: str = ""
    failures: tuple[str, ...] = ()
    fault: str = ""


def tell_all(files: Sequence[Path], jobs: int, ground: Ground) -> Iterator[Told]:
    """Tell every story, in up to ``jobs`` processes; yield what came of each, in the order of ``files``."""
    processes = min(jobs, -(-len(files) // _WORTH_A_PROCESS))
    if processes <= 1:
        from relent.workers.scenarios import database

        database.make()
        yield from map(tell, files)
        return
    # Spawned, not forked: no process may hold the database connection of another.
    with ProcessPoolExecutor(processes, get_context("spawn"), initializer=begin, initargs=(ground,)) as pool:
        yield from pool.map(tell, files)


def begin(ground: Ground) -> None:
    """Set this process up."""
    environment.enter(ground)
    import django

    django.setup()
    from relent.workers.scenarios import database

    logging.disable(logging.ERROR)  # a story's failing servers are meant to fail
    database.make()
    gc.freeze()  # what is loaded now stays: it need not be looked through again


def tell(file: Path) -> Told:
    """Read one file and run its story."""
    from relent.workers.scenarios import loader, run
    from relent.workers.scenarios.nodes import NotAScenario

    try:
        scenario = loader.load(file)
    except NotAScenario as fault:
        return Told(file, fault=str(fault))
    return Told(file, scenario.id, run.run(scenario).failures)


def cores() -> int:
    """Return how many processes this one may keep busy."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
