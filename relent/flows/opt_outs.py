"""Working off a list of opt-outs: each row by itself, in portions, so that nothing waits for a long list, and one that
was cut short goes on where it stopped."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

from django.db import InterfaceError, OperationalError, transaction

from relent.flows import auditing, permissions, unsubscribing
from relent.normalize import opt_outs as lists
from relent.records import models

log = logging.getLogger(__name__)

PORTION = 200
# Bytes. A line of 30 makes that 300,000 addresses.
LARGEST = 10_000_000
_FAULTS_KEPT = 1000


class TooLarge(ValueError):
    """The file has more than ``LARGEST`` bytes."""


def start(name: str, content: bytes, by: models.User | None, now: datetime) -> models.OptOutImport:
    """Take in a list; nothing of it is done yet. ``by`` is nobody where somebody with a terminal imports it.

    Raises NotAllowed: reps may not; and TooLarge.
    """
    if by is not None:
        permissions.require_team_lead(by)
    if len(content) > LARGEST:
        raise TooLarge(name)
    total = sum(1 for _ in lists.rows(content))
    row = models.OptOutImport.objects.create(name=name[:200], by=by, started_at=now, content=content, total=total)
    auditing.note(by, "opt_outs.imported", f"import:{row.pk}", now, name=row.name, rows=total)
    return row


def portions(row: models.OptOutImport, clock: Callable[[], datetime]) -> Iterator[models.OptOutImport]:
    """Work off the whole list; yield it after each portion."""
    while row.ended_at is None:
        row = work_off(row.pk, clock())
        yield row


@transaction.atomic
def work_off(pk: int, now: datetime, portion: int = PORTION) -> models.OptOutImport:
    """Do the next rows of a list, and return it as it stands then. Two who do that at once do not do the same rows."""
    row = models.OptOutImport.objects.select_for_update(of=("self",)).get(pk=pk)
    if row.ended_at is not None:
        return row
    for one in islice(lists.rows(row.content or b""), row.position, row.position + portion):
        row.position += 1
        _take(row, one, now)
    if row.position >= row.total:
        row.ended_at, row.content = now, None
    row.save()
    return row


def _take(row: models.OptOutImport, one: lists.Row, now: datetime) -> None:
    try:
        new = bool(one.address) and _opt_out(one.address, row, now)
    except (OperationalError, InterfaceError):
        raise  # trouble of the database's own says nothing about the row: the portion is undone, and done again
    except Exception:
        log.exception("line %s of the opt-outs %s set aside", one.line, row.pk)
        one = lists.Row(one.line, "", one.written)
        new = False
    if not one.address:
        row.bad += 1
        row.faults = [*row.faults, [one.line, one.written]][:_FAULTS_KEPT]
    elif new:
        row.added += 1
    else:
        row.known += 1


@transaction.atomic
def _opt_out(address: str, row: models.OptOutImport, now: datetime) -> bool:
    return unsubscribing.opt_out(address, f"import:{row.pk}", now)
