"""The dates of what a running enrollment has ahead of it, for the pages; changes nothing."""

from datetime import datetime

from relent.decide import schedule
from relent.records import facts, models
from relent.terms.states import DeliveryState


def dates(enrollment: models.Enrollment) -> dict[int, datetime]:
    """Return when each step that is not planned yet would run, by position, if nothing stops it, every task is done as
    soon as it is made, and what is due leaves on time. Steps behind or at the planned one are left out."""
    latest = enrollment.deliveries.defer("raw").order_by("-position").first()
    if latest is None or latest.state in {DeliveryState.CANCELLED, DeliveryState.REFUSED}:
        return {}
    calendar = facts.calendar_of(enrollment)
    at = latest.sent_at or latest.ended_at or latest.due_at
    found: dict[int, datetime] = {}
    for step in enrollment.version.steps.filter(position__gt=latest.position):
        at = schedule.after(at, step.delay, calendar)
        found[step.position] = at
    return found
