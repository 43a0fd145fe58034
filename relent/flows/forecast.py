"""The dates of what a running enrollment has ahead of it, for the pages; changes nothing."""

from datetime import datetime

from relent.decide import schedule
from relent.flows import planning
from relent.records import facts, models
from relent.terms.states import DeliveryState

_AHEAD = {DeliveryState.PLANNED, DeliveryState.PARKED}
_WITHOUT_FUTURE = {DeliveryState.CANCELLED, DeliveryState.REFUSED, DeliveryState.UNKNOWN}


def dates(enrollment: models.Enrollment) -> dict[int, datetime]:
    """Return when each step that has not run would run, by position: if nothing stops it, every task is done as soon as
    it is made, and what is due leaves on time. Empty where a person must decide first, or nothing is ahead."""
    latest = enrollment.deliveries.defer("raw").order_by("-position").first()
    if latest is None or latest.state in _WITHOUT_FUTURE:
        return {}
    calendar = facts.calendar_of(enrollment)
    at = latest.sent_at or latest.ended_at or latest.due_at
    found: dict[int, datetime] = {}
    if latest.state in _AHEAD:
        quiet_until = max(
            (moment for moment in (enrollment.paused_until, enrollment.no_mail_before) if moment), default=at
        )
        at = found[latest.position] = at if quiet_until <= at else schedule.not_before(at, quiet_until, calendar)
    for step in enrollment.version.steps.filter(position__gt=latest.position):
        at = schedule.after(at, planning.delay_of(enrollment, step), calendar)
        found[step.position] = at
    return found
