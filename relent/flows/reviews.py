"""Opening and closing the questions of the review queue. Their answers are carried out in ``reviewing``."""

from datetime import datetime
from typing import Any

from relent.records import models
from relent.terms.history import TimelineKind
from relent.terms.reviews import ReviewAnswer, ReviewKind


def open_item(kind: ReviewKind, key: str, now: datetime, **about: Any) -> models.ReviewItem | None:
    """Ask a person. ``about`` names the rows it is about (``contact``, ``enrollment``, ``item``, ``meeting``, …) and
    the ``proposal``. Return the new item; ``None`` where the same was asked before, whatever became of it."""
    enrollment = about.get("enrollment")
    if enrollment is not None:
        about.setdefault("contact_id", enrollment.contact_id)
    models.ReviewItem.objects.bulk_create(
        [models.ReviewItem(kind=kind, key=f"{kind}:{key}", opened_at=now, **about)], ignore_conflicts=True
    )
    item = models.ReviewItem.objects.get(key=f"{kind}:{key}")
    if item.opened_at != now or item.closed_at is not None:
        return None
    if item.contact_id is not None:
        models.TimelineEntry.objects.create(
            contact_id=item.contact_id,
            at=now,
            kind=TimelineKind.REVIEW_OPENED,
            reason=kind,
            enrollment_id=item.enrollment_id,
            decision_id=item.decision_id,
            item_id=item.item_id,
        )
    return item


def close(item: models.ReviewItem, answer: ReviewAnswer, by: models.User | None, now: datetime) -> bool:
    """Note the answer to an open question. Return whether it was still open."""
    closed = models.ReviewItem.objects.filter(pk=item.pk, closed_at__isnull=True).update(
        closed_at=now, closed_by=by, answer=answer
    )
    if closed and by is not None and item.contact_id is not None:
        models.TimelineEntry.objects.create(
            contact_id=item.contact_id,
            at=now,
            kind=TimelineKind.REVIEW_ANSWERED,
            reason=answer,
            enrollment_id=item.enrollment_id,
            decision_id=item.decision_id,
            actor=by,
        )
    return bool(closed)


def close_moot(enrollment_id: int, now: datetime, *kinds: ReviewKind) -> None:
    """Close the questions of these kinds about an enrollment: what happened meanwhile has answered them."""
    asked = models.ReviewItem.objects.open().filter(enrollment_id=enrollment_id, kind__in=kinds)
    asked.update(closed_at=now, answer=ReviewAnswer.DISMISS)
