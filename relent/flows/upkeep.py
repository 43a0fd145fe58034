"""Housekeeping: what is kept no longer than it should be, what was cut short, and what nobody took over in time."""

from datetime import datetime, timedelta

from django.conf import settings

from relent.flows import removing, sequences
from relent.mail import skeleton
from relent.records import models

_AT_A_TIME = 500
_OWN = "own_copy_seen"


def run(now: datetime) -> int:
    """Finish what was begun, end what was abandoned, and tidy up; return how many originals were dropped."""
    sequences.finish_deletions(now)
    removing.carry_on(now)
    removing.end_abandoned(now)
    dropped = _drop_originals(now)
    _drop_texts(now)
    return dropped


def _drop_originals(now: datetime) -> int:
    """Drop the original bytes of received mails that are older than the retention setting; return how many.

    What they can be judged by again stays, their headers and text, and so does what was decided and on what evidence.
    """
    dropped = 0
    while settings.KEEP_RAW_DAYS:
        # In small portions: no lock is held for long, however much has piled up.
        old = models.InboundItem.objects.filter(raw__isnull=False, received_at__lt=_before(now, settings.KEEP_RAW_DAYS))
        ids = list(old.values_list("pk", flat=True)[:_AT_A_TIME])
        if not ids:
            break
        for pk in ids:
            dropped += _drop_original(pk)
    return dropped


def _before(now: datetime, days: int) -> datetime:
    return now - timedelta(days=days)


def _drop_original(pk: int) -> int:
    """One at a time: an original can be large. Of our own mail nothing stays: nobody asks who wrote it."""
    dropped = models.InboundItem.objects.filter(pk=pk, raw__isnull=False)
    item = dropped.first()
    if item is None or item.raw is None:
        return 0  # another worker was first
    if item.kind == _OWN:
        return dropped.update(raw=None, text="")
    return dropped.update(raw=None, headers=skeleton.of(item.raw))


def _drop_texts(now: datetime) -> None:
    """Drop also what mails could be judged by again, where the account keeps that only for a time."""
    while settings.KEEP_HEADERS_DAYS:
        before = _before(now, settings.KEEP_HEADERS_DAYS)
        old = models.InboundItem.objects.filter(headers__isnull=False, received_at__lt=before)
        ids = list(old.values_list("pk", flat=True)[:_AT_A_TIME])
        if not ids:
            break
        models.InboundItem.objects.filter(pk__in=ids).update(headers=None, text="", spans=[])
