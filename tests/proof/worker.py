"""A worker that is made to be killed: `python -m tests.proof.worker`, told by lines on its standard input.

Starting Python and Django takes a second, and a few hundred workers are wanted. So this process loads everything, opens
nothing, and stands by; each ``go POINT`` makes one worker of it by a fork. A fork is safe here, and here only, because
there is neither a database connection nor a thread nor a socket to be carried over, which is checked each time.

``go POINT`` answers the worker's process id; it ends by itself, by POINT (one of POINTS, or ``-`` for none), or is
killed by whoever asked. ``end`` waits for its end and answers its exit status; until then its id is nobody else's.
"""

import importlib
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any

import django

# Where a worker can kill itself: (module, name of the function or method, before or after the call).
POINTS = {
    "claimed": ("relent.flows.outbound", "claim", "after"),
    "read": ("relent.flows.inbound", "read", "after"),
    "rendered": ("relent.flows.rendering", "mail", "after"),
    "sending": ("relent.flows.outbound", "_begin", "after"),
    "envelope": ("relent.transports.smtp", "SmtpSender._data", "before"),
    "handed over": ("relent.transports.smtp", "SmtpSender._data", "after"),
    "not written down": ("relent.flows.handover", "_sent", "before"),
    "written down": ("relent.flows.handover", "_sent", "after"),
    "copy filed": ("relent.flows.handover", "_file_copy", "after"),
    "batch stored": ("relent.flows.inbound", "_take_in", "after"),
    "found out": ("relent.flows.handover", "find_out", "after"),
}

# Between them they ask for whatever a judgement loads.
NOTE = b"From: ann@acme.example\nSubject: Re: Hello\n\nI am out of the office until Monday, 30 November."
REPLY = b"From: ann@acme.example\nIn-Reply-To: <a@us.example>\nSubject: Re: Hello\n\nPlease call me."


def main() -> None:
    """Stand by, and make workers until the standard input ends."""
    django.setup()
    from django.db import connections

    import relent.workers.engine.taking  # noqa: F401  # everything that a turn needs is loaded before the first fork
    from relent.normalize import judgement

    for mail in (NOTE, REPLY):
        judgement.judge(mail)  # phrases and names of days are loaded by the first mail that asks for them
    print("ready", flush=True)
    worker = 0
    for line in sys.stdin:
        word, _, point = line.strip().partition(" ")
        if word == "go":
            assert threading.active_count() == 1
            assert all(known.connection is None for known in connections.all(initialized_only=True))
            worker = os.fork()
            if worker == 0:
                _work(point)
            print(worker, flush=True)
        elif word == "end":
            print(os.waitpid(worker, 0)[1], flush=True)


def _work(point: str) -> None:
    """Take turns as long as any is wanted, as an engine does, then end."""
    from django.db import connections

    from relent.flows import sessions
    from relent.workers.engine import taking

    status = 1
    try:
        if point != "-":
            _die_at(*POINTS[point])
        taking.release_leftovers(starting=True)
        while mailboxes := taking.wanted():
            for mailbox_id in mailboxes:
                taking.take(mailbox_id)
        status = 0
    except Exception:
        traceback.print_exc()
    finally:
        sessions.close_all()
        connections.close_all()
        sys.stderr.flush()
        os._exit(status)


def _die_at(module: str, name: str, when: str) -> None:
    *path, last = name.split(".")
    owner: Any = importlib.import_module(module)
    for part in path:
        owner = getattr(owner, part)
    act: Callable[..., object] = getattr(owner, last)

    def deadly(*args: object, **kwargs: object) -> None:
        if when == "after":
            act(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, last, deadly)


if __name__ == "__main__":
    main()
