"""Taking one turn, for whichever engine calls: the clock is read here, and what happened is logged."""

import hashlib
import logging
import os
import platform
import threading

from relent import clock
from relent.flows import turn
from relent.records import models

log = logging.getLogger(__name__)

# The whole name counts: those of one cluster's machines often begin alike.
_MACHINE = hashlib.sha256(platform.node().encode()).hexdigest()[:16]

# Set when this process is told to end: a turn then finishes the mail in hand and gives the rest back.
ending = threading.Event()


def take(mailbox_id: int) -> bool:
    """Take one turn of the mailbox and say whether it is to be tried again soon, another worker having held it."""
    report = turn.take(mailbox_id, clock.now, holder(), ending.is_set)
    if report.error:
        log.warning("mailbox %s: %s", mailbox_id, report.error)
    elif report.read or report.executed:
        log.info("mailbox %s: read %s, executed %s", mailbox_id, report.read, report.executed)
    return report.busy and models.Mailbox.objects.in_use().filter(pk=mailbox_id).exists()


def wanted() -> list[int]:
    """Return the mailboxes that should take a turn now."""
    return turn.wanted(clock.now())


def holder() -> str:
    """Return this worker's name, at most 64 characters: machine, process and thread."""
    return f"{_MACHINE}:{os.getpid()}:{threading.get_ident() % 10**12}"


def release_leftovers(*, starting: bool) -> None:
    """Free the mailboxes that a killed process of this machine still seems to hold; otherwise their leases run out.

    Where this process is ``starting``, what bears its own number is left from an earlier one (in a container every
    process is the first).
    """
    held = models.Mailbox.objects.filter(holder__startswith=f"{_MACHINE}:")
    for mailbox_id, name in held.values_list("pk", "holder"):
        process = name.removeprefix(f"{_MACHINE}:").partition(":")[0]
        if not process.isdecimal():
            continue
        if (starting and int(process) == os.getpid()) or not _is_alive(int(process)):
            models.Mailbox.objects.filter(pk=mailbox_id, holder=name).update(holder="", held_until=None)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
