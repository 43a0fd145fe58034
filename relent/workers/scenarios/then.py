"""The grammar of ``then``: what must be true at the end."""

from datetime import date
from typing import Any

from relent.terms.history import Action
from relent.terms.reasons import EndReason, HoldReason, PauseReason
from relent.terms.states import EnrollmentState
from relent.workers.scenarios import nodes
from relent.workers.scenarios.names import Names
from relent.workers.scenarios.nodes import Shape, Value
from relent.workers.scenarios.nodes import fields as shape_of
from relent.workers.scenarios.story import Expectation

PROFILES = ("safe", "hubspot-strict")
COUNTERS = (
    "contacts", "enrolled", "engaged", "opened", "clicked", "replied", "meetingsBooked", "bounced", "unsubscribed",
    "noResponse", "associatedDeals", "dealsClosed", "totalRevenue",
)  # fmt: skip


def expectations(value: Value, names: Names, events: int) -> tuple[Expectation, ...]:
    """Read the whole of ``then``; ``events`` is how many events there are to refer to."""
    shapes = _shapes(names, events)
    found = [_expectation(item, shapes) for item in nodes.items(value)]
    if not found:
        raise value.fault("needs at least one expectation")
    return tuple(found)


def _expectation(item: Value, shapes: dict[str, Shape]) -> Expectation:
    keys = nodes.entries(item)
    # `never_sent_after` comes before `enrollment`, which it names too.
    kind = next((kind for kind in shapes if kind in keys), None)
    if kind is None:
        entry = next(iter(keys.values()), item)
        raise entry.fault(f"unknown key; expectations are: {', '.join(shapes)}")
    return Expectation(kind=kind, fields=shapes[kind](item), line=item.line)


def _shapes(names: Names, events: int) -> dict[str, Shape]:
    contact, sequence = names.shape("contacts"), names.shape("sequences")
    reasons = nodes.one_of(*EndReason, *PauseReason, *HoldReason)
    state = {
        "state": nodes.one_of(*EnrollmentState),
        "reason": reasons,
        "paused_until": _day_or_instant,
        "credited_to": nodes.whole(1),
        "step": nodes.whole(0),
        "count": nodes.whole(0),
    }
    number = _event_number(events)
    decision = shape_of(
        {"event": number, "enrollment": names.enrollment},
        {"verdict": nodes.one_of(*Action), "reason": nodes.text, "would_differ_in": nodes.one_of(*PROFILES)},
    )
    return {
        "never_sent_after": shape_of({"never_sent_after": number, "enrollment": names.enrollment}),
        "enrollment": shape_of({"enrollment": names.enrollment}, state),
        "sent": shape_of(
            {"sent": names.enrollment}, {"steps": nodes.sequence(nodes.whole(1)), "count": nodes.whole(0)}
        ),
        "review": shape_of({"review": shape_of({}, {"count": nodes.whole(0), "kinds": nodes.sequence(nodes.text)})}),
        "suppressed": shape_of({"suppressed": nodes.address, "is": nodes.flag}),
        "decision": shape_of({"decision": decision}),
        "metrics": shape_of({"metrics": sequence}, dict.fromkeys(COUNTERS, _number)),
        "contact": _any_property(contact),
        "timeline": shape_of({"timeline": contact, "contains": nodes.text}),
        "tasks": shape_of({"tasks": contact}, {"open": nodes.whole(0), "labelled": nodes.anything}),
    }


def _event_number(events: int) -> Shape:
    def read(value: Value) -> int:
        number: int = nodes.whole(1)(value)
        if number > events:
            raise value.fault(f"there are only {events} events")
        return number

    return read


def _any_property(contact: Shape) -> Shape:
    def read(value: Value) -> dict[str, Any]:
        found = nodes.entries(value)
        return {key: (contact if key == "contact" else nodes.anything)(entry) for key, entry in found.items()}

    return read


def _day_or_instant(value: Value) -> Any:
    try:
        return date.fromisoformat(value.written)
    except ValueError:
        return nodes.instant(value)


def _number(value: Value) -> int | float:
    number = nodes.anything(value)
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise value.fault(f"must be a number, not {value.kind}")
    return number
