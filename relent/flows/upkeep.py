"""Housekeeping: what is kept no longer than it should be."""

from datetime import datetime, timedelta

from django.conf import settings

from relent.records import models

_AT_A_TIME = 500


def run(now: datetime) -> int:
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
