"""One event for many enrollments: each for itself, in portions. What is done stays done where it is cut short."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import QuerySet

from relent.flows import apply
from relent.flows.ledger import Cause
from relent.records import models
from relent.terms.events import AccountEvent

_AT_A_TIME = 200


def each(
    enrollments: QuerySet[models.Enrollment],
    event_of: Callable[[int], AccountEvent],
    by: models.User | None,
    now: datetime,
) -> int:
    """Apply to each of ``enrollments`` the event that ``event_of`` makes of its id; return how many it changed.

    No transaction spans two of them: a large account is not locked while it goes on.
    """
    after = changed = 0
    rows = enrollments.select_related("version", "mailbox__user", "contact", "enrolled_by").order_by("pk")
    while portion := list(rows.filter(pk__gt=after)[:_AT_A_TIME]):
        for row in portion:
            changed += apply.direct(row, Cause(event=event_of(row.pk), actor=by), now)
        after = portion[-1].pk
    return changed
