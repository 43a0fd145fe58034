"""Housekeeping: what is kept no longer than it should be, what was cut short, and what nobody took over in time."""

from datetime import datetime, timedelta

from django.conf import settings

from relent.flows import removing, sequences
from relent.records import models

_AT_A_TIME = 500


def run(now: datetime) -> int:
    """Finish what was begun, end what was abandoned, and tidy up; return how many originals were dropped."""
    sequences.finish_deletions(now)
    removing.carry_on(now)
    removing.end_abandoned(now)
    return _drop_originals(now)


def _drop_originals(now: datetime) -> int:
    """Drop the original bytes of received mails that are older than the retention setting; return how many.

    What was decided, and on what evidence, stays.
    """
    if not settings.KEEP_RAW_DAYS:
        return 0
    before = now - timedelta(days=settings.KEEP_RAW_DAYS)
    dropped = 0
    while True:
        # In small portions: no lock is held for long, however much has piled up.
        old = models.InboundItem.objects.filter(raw__isnull=False, received_at__lt=before)
        ids = list(old.values_list("pk", flat=True)[:_AT_A_TIME])
        if not ids:
            return dropped
        dropped += models.InboundItem.objects.filter(pk__in=ids).update(raw=None, text="")
