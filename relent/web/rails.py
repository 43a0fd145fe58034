"""The steps of one enrollment as the record shows them: what left, what comes next, and what waits for what."""

from dataclasses import dataclass
from datetime import datetime

from relent.flows import forecast
from relent.records.models import Delivery, Enrollment, Step
from relent.terms.states import DeliveryState

_AHEAD = {DeliveryState.PLANNED, DeliveryState.PARKED, DeliveryState.CLAIMED, DeliveryState.SENDING}


@dataclass(frozen=True)
class Rung:
    """One step. ``state`` is the delivery's, ``next`` for the one ahead, or ``later`` for one not planned yet."""

    step: Step
    state: str
    at: datetime | None
    waits_for: str
    subject: str


def of(enrollment: Enrollment) -> list[Rung]:
    """Return the steps of ``enrollment`` from the one it started at."""
    deliveries = {delivery.position: delivery for delivery in enrollment.deliveries.defer("raw")}
    later = forecast.dates(enrollment)
    steps = enrollment.version.steps.filter(position__gte=enrollment.start_step)
    return [_rung(step, deliveries.get(step.position), later.get(step.position)) for step in steps]


def _rung(step: Step, delivery: Delivery | None, later: datetime | None) -> Rung:
    if delivery is None:
        return Rung(step, "later", later, "", step.subject)
    state = "next" if delivery.state in _AHEAD else str(delivery.state)
    return Rung(
        step, state, delivery.sent_at or later or delivery.due_at, delivery.waits_for, delivery.subject or step.subject
    )
