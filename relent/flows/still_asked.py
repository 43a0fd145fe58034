"""What nobody has answered of an enrollment, because its end came first, is asked of the one that takes it up again."""

from datetime import datetime

from django.db.models import Q, QuerySet

from relent.decide import reviews as rules
from relent.decide import unenrollment
from relent.flows import apply, reviews
from relent.records import facts, models
from relent.terms.history import Action
from relent.terms.reasons import HoldReason, PauseReason
from relent.terms.reviews import ReviewKind, Wrote

# Whether a mail left is asked of the enrollment that sent it; a meeting still to come holds whatever starts.
_ASKED_ANYWAY = {ReviewKind.SENT_UNKNOWN, ReviewKind.PLANNED_MEETING}
_KINDS = {rules.STANDS_STILL_FOR[kind]: kind for kind in rules.WAITS_FOR_AN_ANSWER if kind not in _ASKED_ANYWAY}


def ask_again(ended: models.Enrollment, successor: models.Enrollment, now: datetime) -> None:
    """Let ``successor`` stand still for what ``ended`` stood still for, or would have if it had not ended, and ask.

    A hold that ends by itself lasts no longer than it would have.
    """
    for line in _unanswered(ended):
        kind = _KINDS[_reason(line.reason)]
        until = None
        if kind in rules.ENDS_BY_ITSELF:
            until = unenrollment.a_working_day_after(line.event_at, facts.calendar_of(ended).time_zone)
        if until is None or until > now:
            apply.stand_still(successor, rules.STANDS_STILL_FOR[kind], until)
        about = line.item_id or f"decision {line.pk}"
        reviews.open_item(
            kind, f"{successor.pk}:{about}", now, enrollment=successor, item_id=line.item_id, decision=line
        )


def _reason(code: str) -> HoldReason | PauseReason:
    return HoldReason(code) if code in set(HoldReason) else PauseReason(code)


def _unanswered(ended: models.Enrollment) -> QuerySet[models.Decision]:
    """The decisions to stand still which the end made moot, or which came after it; none on what was automatic."""
    asked = models.ReviewItem.objects.filter(decision__enrollment=ended)
    moot = asked.filter(closed_by__isnull=True, closed_at=ended.ended_at)
    lines = models.Decision.objects.filter(
        enrollment=ended, verdict__in=[Action.HOLD, Action.PAUSE], reason__in=list(_KINDS)
    )
    came_after = Q(applied=False, decided_at__gte=ended.ended_at) & ~Q(pk__in=asked.values("decision"))
    automatic = Q(event="person_wrote", item__isnull=False, item__said=Wrote.AUTOMATIC)
    return lines.filter(Q(pk__in=moot.values("decision")) | came_after).exclude(automatic).order_by("pk")
