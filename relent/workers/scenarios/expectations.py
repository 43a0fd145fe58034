"""Checks what must be true at the end of a story. Each check yields what is not, one sentence each."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from relent.records import models
from relent.terms.states import DeliveryState, TaskState
from relent.workers.scenarios.story import EnrollmentRef, Expectation
from relent.workers.scenarios.telling import Telling


def failures(telling: Telling, expectation: Expectation) -> Iterator[str]:
    """Yield every way in which ``expectation`` is not met."""
    for failure in _CHECKS[expectation.kind](telling, expectation.fields):
        yield f"line {expectation.line}: {failure}"


def _enrollment(telling: Telling, fields: dict[str, Any]) -> Iterator[str]:
    ref: EnrollmentRef = fields["enrollment"]
    if "count" in fields:
        count = len(telling.world.enrollments(ref.contact, ref.sequence))
        yield from _equal(f"{ref} count", count, fields["count"])
    if fields.keys() <= {"enrollment", "count"}:
        return
    row = telling.world.enrollment(ref)
    if row is None:
        yield f"{ref} was never enrolled"
        return
    seen = {"state": row.state, "reason": row.reason, "credited_to": row.credited_step, "step": _step(row)}
    for name, value in seen.items():
        if name in fields and not (name == "reason" and _same_reason(row, fields[name])):
            yield from _equal(f"{ref} {name}", value, fields[name])
    if "paused_until" in fields:
        yield from _paused_until(ref, row, fields["paused_until"])


def _same_reason(row: models.Enrollment, wanted: str) -> bool:
    """Whether an open enrollment is paused or held for what would also be a reason to end it, and has that name."""
    return row.reason in (f"{wanted}_pause", f"{wanted}_hold")


def _step(row: models.Enrollment) -> int:
    """The last step that was executed; 0 before the first."""
    done = models.Delivery.objects.filter(enrollment=row, state__in=[DeliveryState.SENT, DeliveryState.OPENED])
    return max(done.values_list("position", flat=True), default=0)


def _paused_until(ref: EnrollmentRef, row: models.Enrollment, wanted: date | datetime) -> Iterator[str]:
    until: Any = row.paused_until
    zone = row.mailbox.user.time_zone if row.mailbox.user else "UTC"
    if until is not None and not isinstance(wanted, datetime):
        until = until.astimezone(ZoneInfo(zone)).date()
    yield from _equal(f"{ref} paused_until", until, wanted)


def _sent(telling: Telling, fields: dict[str, Any]) -> Iterator[str]:
    ref = fields["sent"]
    steps = [mail.step for mail in telling.mails_of(ref)]
    if "steps" in fields:
        yield from _equal(f"{ref} sent steps", steps, fields["steps"])
    if "count" in fields:
        yield from _equal(f"{ref} sent mails", len(steps), fields["count"])


def _never_sent_after(telling: Telling, fields: dict[str, Any]) -> Iterator[str]:
    number, ref = fields["never_sent_after"], fields["enrollment"]
    late = [mail.step for mail in telling.mails_of(ref) if mail.index >= telling.mark(number).sent_before]
    if late:
        yield f"{ref} sent step {', '.join(map(str, late))} at or after event {number}"


def _review(telling: Telling, fields: dict[str, Any]) -> Iterator[str]:
    kinds = list(models.ReviewItem.objects.open().order_by("pk").values_list("kind", flat=True))
    wanted = fields["review"]
    if "count" in wanted and len(kinds) != wanted["count"]:
        yield f"open items in the review queue are {len(kinds)} ({', '.join(kinds)}), not {wanted['count']}"
    if "kinds" in wanted:
        yield from _equal("kinds of open items", sorted(kinds), sorted(wanted["kinds"]))


def _suppressed(telling: Telling, fields: dict[str, Any]) -> Iterator[str]:
    found = models.Suppression.objects.holding_for([fields["suppressed"]]).exists()
    yield from _equal(f"{fields['suppressed']} suppressed", found, fields["is"])


def _decision(telling: Telling, fields: dict[str, Any]) -> Iterator[str]:
    wanted = fields["decision"]
    ref, number = wanted["enrollment"], wanted["event"]
    row = telling.world.enrollment(ref)
    lines = telling.decisions(number, row) if row else []
    what = f"decision on event {number} for {ref}"
    if not lines:
        yield f"there is no {what}"
        return
    seen = [f"{line.verdict} {line.reason} {line.other_profile or ''}".strip() for line in lines]
    if not any(_fits(line, wanted) for line in lines):
        asked = ", ".join(f"{key} {value}" for key, value in wanted.items() if key not in ("event", "enrollment"))
        yield f"{what} is {'; '.join(seen)}, not {asked}"


def _fits(line: models.Decision, wanted: dict[str, Any]) -> bool:
    return (
        wanted.get("verdict", line.verdict) == line.verdict
        and wanted.get("reason", line.reason) == line.reason
        and wanted.get("would_differ_in", next(iter(line.other_profile), None)) in {*line.other_profile, None}
    )


def _metrics(telling: Telling, fields: dict[str, Any]) -> Iterator[str]:
    counted = telling.metrics(fields["metrics"])
    for name, wanted in fields.items():
        if name == "metrics":
            continue
        yield from _equal(f"metrics {fields['metrics']} {name}", counted[name], wanted)


def _contact(telling: Telling, fields: dict[str, Any]) -> Iterator[str]:
    name = fields["contact"]
    seen = telling.contact(name)
    for key, wanted in fields.items():
        if key != "contact":
            yield from _equal(f"{name} {key}", seen.get(key), wanted)


def _timeline(telling: Telling, fields: dict[str, Any]) -> Iterator[str]:
    entries = models.TimelineEntry.objects.filter(contact=telling.world.contacts[fields["timeline"]]).order_by("pk")
    seen = [code for pair in entries.values_list("kind", "reason") for code in pair if code]
    if fields["contains"] not in seen:
        yield f"the timeline of {fields['timeline']} has no {fields['contains']}: {', '.join(seen)}"


def _tasks(telling: Telling, fields: dict[str, Any]) -> Iterator[str]:
    found = models.Task.objects.filter(contact=telling.world.contacts[fields["tasks"]])
    if "open" in fields:
        count = found.filter(state=TaskState.OPEN).count()
        yield from _equal(f"{fields['tasks']} open tasks", count, fields["open"])
    if "labelled" in fields:
        labels = [label for label in found.values_list("label", flat=True) if label]
        wanted = fields["labelled"]
        met = len(labels) == wanted if isinstance(wanted, int) else wanted in labels
        if not met:
            yield f"{fields['tasks']} tasks are labelled {', '.join(labels) or 'nothing'}, not {wanted}"


_CHECKS: dict[str, Callable[[Telling, dict[str, Any]], Iterator[str]]] = {
    "enrollment": _enrollment,
    "sent": _sent,
    "never_sent_after": _never_sent_after,
    "review": _review,
    "suppressed": _suppressed,
    "decision": _decision,
    "metrics": _metrics,
    "contact": _contact,
    "timeline": _timeline,
    "tasks": _tasks,
}


def _equal(what: str, seen: Any, wanted: Any) -> Iterator[str]:
    if seen != wanted:
        yield f"{what} is {_shown(seen)}, not {_shown(wanted)}"


def _shown(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return "nothing" if value in (None, "") else str(value)
