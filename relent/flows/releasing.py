"""Letting go on what stood still for one reason: not where another one was met meanwhile that nobody has answered."""

from datetime import datetime

from relent.decide import reviews as rules
from relent.flows import planning
from relent.records import models
from relent.terms.reasons import HoldReason, PauseReason
from relent.terms.reviews import ReviewKind
from relent.terms.states import OPEN, EnrollmentState


def release(enrollment_id: int, now: datetime, reason: str) -> bool:
    """Let an enrollment go on that stands still for ``reason``, unless another question about it is open: then it
    stands still for that. Return whether it goes on."""
    enrollment = planning.lock(enrollment_id)
    if enrollment.state not in OPEN or enrollment.reason != reason:
        return False
    other = _asked_about(enrollment, *rules.WAITS_FOR_AN_ANSWER)
    if other is not None:
        if other != reason:
            _stand_still_for(enrollment, other)
        return False
    return planning.go_on(enrollment_id, now, from_state=EnrollmentState(enrollment.state), reason=reason)


def take_up(enrollment_id: int, now: datetime, reason: str) -> bool:
    """As ``release``, where nobody has said of this one that it goes on: a user's pause from before is in force again.
    Return whether it no longer stands still for ``reason``."""
    enrollment = planning.lock(enrollment_id)
    if enrollment.state != EnrollmentState.HELD or enrollment.reason != reason:
        return False
    if enrollment.paused_at is not None and _asked_about(enrollment, *rules.WAITS_FOR_AN_ANSWER) is None:
        _stand_still_for(enrollment, PauseReason.BY_USER)
    else:
        release(enrollment_id, now, reason)
    return True


def is_over(enrollment: models.Enrollment, now: datetime) -> bool:
    """Let an enrollment go on, its row locked, whose pause or hold has run out, whether or not its own question was
    answered; unless another one waits for an answer. Return whether it goes on."""
    kinds = [kind for kind in rules.WAITS_FOR_AN_ANSWER if kind not in rules.ENDS_BY_ITSELF]
    other = _asked_about(enrollment, *kinds)
    if other is not None:
        _stand_still_for(enrollment, other)
        return False
    state = EnrollmentState(enrollment.state)
    return planning.go_on(enrollment.pk, now, from_state=state, reason=enrollment.reason)


def _asked_about(enrollment: models.Enrollment, *kinds: ReviewKind) -> HoldReason | PauseReason | None:
    """Return what the oldest open question of these kinds makes the enrollment stand still for."""
    asked = models.ReviewItem.objects.open().filter(enrollment_id=enrollment.pk, kind__in=kinds)
    kind = asked.order_by("pk").values_list("kind", flat=True).first()
    return rules.STANDS_STILL_FOR[ReviewKind(kind)] if kind is not None else None


def _stand_still_for(enrollment: models.Enrollment, other: HoldReason | PauseReason) -> None:
    state = EnrollmentState.HELD if isinstance(other, HoldReason) else EnrollmentState.PAUSED
    models.Enrollment.objects.filter(pk=enrollment.pk, reason=enrollment.reason).update(
        state=state, reason=other, paused_until=None
    )
