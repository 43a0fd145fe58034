"""Enrolling many at once. Each row is for itself: one that is refused, or that a fault of ours stops, ends no other.

The wish is written down first, then worked off in portions, by whoever comes first: the page that asked, a command, or
a worker. So nothing is lost where one of them dies, and nobody is enrolled twice.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Max

from relent.flows import auditing, enrolling
from relent.records import models
from relent.terms.reasons import Refusal

log = logging.getLogger(__name__)

# Three a minute and mailbox: so that many first mails leave as a person's would.
PACE = timedelta(seconds=20)
MOST_ROWS = 10_000
_AT_A_TIME = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """In what to enroll many, who wants it, and how; see ``enrolling.EnrollRequest``."""

    sequence: models.Sequence
    by: models.User
    mailbox: models.Mailbox | None = None
    start_step: int = 1
    start_at: datetime | None = None


@transaction.atomic
def begin(wish: Wish, contact_ids: Iterable[int], now: datetime) -> models.EnrollBatch:
    """Write down the wish, with one row for each contact, in the order given; nobody is enrolled yet."""
    batch = models.EnrollBatch.objects.create(
        sequence=wish.sequence,
        by=wish.by,
        mailbox=wish.mailbox,
        start_step=wish.start_step,
        start_at=wish.start_at,
        created_at=now,
    )
    once = list(dict.fromkeys(contact_ids))[:MOST_ROWS]
    models.EnrollRow.objects.bulk_create(
        (models.EnrollRow(batch=batch, contact_id=pk) for pk in once), batch_size=_AT_A_TIME * 10
    )
    auditing.note(wish.by, "enrollment.bulk", f"sequence:{wish.sequence.pk}", now, rows=len(once))
    return batch


def work(batch: models.EnrollBatch, now: datetime, at_most: int = _AT_A_TIME) -> bool:
    """Deal with the next rows of ``batch``; return whether none is left."""
    rows = list(models.EnrollRow.objects.filter(batch=batch, at__isnull=True).order_by("pk")[: at_most + 1])
    slot = _next_slot(batch, now)
    for row in rows[:at_most]:
        if _enroll(batch, row, slot, now):
            slot += PACE
    if len(rows) > at_most:
        return False
    models.EnrollBatch.objects.filter(pk=batch.pk, done_at__isnull=True).update(done_at=now)
    return True


def run_due(now: datetime) -> bool:
    """Deal with a portion of the oldest batch that is not done. Return whether there was one."""
    batch = (
        models.EnrollBatch.objects.filter(done_at__isnull=True)
        .select_related("sequence", "by", "mailbox")
        .order_by("pk")
        .first()
    )
    if batch is not None:
        work(batch, now)
    return batch is not None


def _enroll(batch: models.EnrollBatch, row: models.EnrollRow, slot: datetime, now: datetime) -> bool:
    """Enroll one row's contact and note what came of it. Return whether it was enrolled."""
    made: models.Enrollment | None = None
    code = detail = ""
    try:
        made = enrolling.enroll(
            enrolling.EnrollRequest(
                contact=models.Contact.objects.get(pk=row.contact_id),
                sequence=batch.sequence,
                by=batch.by,
                mailbox=batch.mailbox,
                start_step=batch.start_step,
                start_at=batch.start_at,
                paced_to=slot,
                request_id=f"batch-{batch.pk}-{row.pk}",
            ),
            now,
        )
    except enrolling.EnrollmentRefused as refused:
        code, detail = refused.code, refused.detail
    except (OperationalError, InterfaceError):
        raise  # not this row's fault: the rest is done later
    except Exception:
        log.exception("row %s of batch %s set aside", row.pk, batch.pk)
        code = Refusal.CANNOT_BE_ENROLLED
    models.EnrollRow.objects.filter(pk=row.pk, at__isnull=True).update(
        enrollment=made, code=code, detail=detail[:300], at=now
    )
    return made is not None


def _next_slot(batch: models.EnrollBatch, now: datetime) -> datetime:
    """Return when the next first mail may leave: one pace after the last that a batch has planned from this mailbox."""
    begins = max(batch.start_at or now, now)
    mailbox = batch.mailbox or batch.by.mailboxes.in_use().order_by("pk").first()
    if mailbox is None:
        return begins
    planned = models.Delivery.objects.ahead().filter(
        mailbox=mailbox,
        position=F("enrollment__start_step"),
        enrollment__request_id__startswith="batch-",
        due_at__gte=begins,
    )
    latest = planned.aggregate(at=Max("due_at"))["at"]
    return latest + PACE if latest else begins
