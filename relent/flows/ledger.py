"""The decision ledger's and the timeline's only writer."""

import re
from dataclasses import dataclass
from datetime import datetime

from relent.decide.verdicts import Verdict
from relent.records import models
from relent.terms.events import SURE, AnyEvent, Event, Evidence, MailEvent, MeetingBooked
from relent.terms.evidence import Confidence
from relent.terms.history import Action, TimelineKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Where a decision comes from: the event, and the mail or the user behind it. ``overrule`` is set where a user
    judged a mail otherwise, so that it is decided anew."""

    event: AnyEvent
    item: models.InboundItem | None = None
    actor: models.User | None = None
    overrule: models.Overrule | None = None


def event_name(event: Event) -> str:
    """Return the event's class in snake case: ``person_wrote``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(event).__name__).lower()


def write(
    enrollment: models.Enrollment,
    cause: Cause,
    verdict: Verdict,
    now: datetime,
    *,
    applied: bool,
    other_profile: dict[str, list[str]],
) -> models.Decision:
    """Write one line: what ``cause`` meant for ``enrollment``, whether it changed it, and what another profile says."""
    line = _line(enrollment, cause, verdict, now, applied=applied, other_profile=other_profile)
    line.save(force_insert=True)
    return line


def write_all(
    decided: list[tuple[models.Enrollment, Cause, Verdict, dict[str, list[str]]]], ended: set[int], now: datetime
) -> None:
    """Write a line for each of many decisions, and on the timelines of those that ``ended`` by it."""
    lines = models.Decision.objects.bulk_create(
        _line(row, cause, verdict, now, applied=row.pk in ended, other_profile=other)
        for row, cause, verdict, other in decided
    )
    models.TimelineEntry.objects.bulk_create(
        models.TimelineEntry(
            contact_id=row.contact_id,
            at=now,
            kind=TimelineKind.UNENROLLED,
            reason=line.reason,
            enrollment=row,
            decision=line,
            item_id=line.item_id,
        )
        for (row, _, _, _), line in zip(decided, lines, strict=True)
        if line.applied
    )


def _line(
    enrollment: models.Enrollment,
    cause: Cause,
    verdict: Verdict,
    now: datetime,
    *,
    applied: bool,
    other_profile: dict[str, list[str]],
) -> models.Decision:
    return models.Decision(
        enrollment=enrollment,
        item=cause.item,
        meeting_id=cause.event.meeting_id if isinstance(cause.event, MeetingBooked) else None,
        actor=cause.actor,
        overrule=cause.overrule,
        event=event_name(cause.event),
        event_at=cause.event.at,
        decided_at=now,
        verdict=verdict.action,
        reason=verdict.reason,
        rule=verdict.rule,
        applied=applied,
        confidence=_certainty(cause.event, verdict),
        evidence=as_pairs(verdict.evidence),
        other_profile=other_profile,
    )


def _certainty(event: AnyEvent, verdict: Verdict) -> str:
    """A decision is no surer than the reading that it rests on."""
    doubtful = isinstance(event, MailEvent) and event.confidence < SURE
    return Confidence.DOUBTFUL.value if doubtful else verdict.confidence


def as_pairs(evidence: tuple[Evidence, ...]) -> list[list[str]]:
    """Return evidence as it is stored: ``[kind, seen]`` pairs."""
    return [[one.kind, one.seen] for one in evidence]


def tell(
    enrollment: models.Enrollment,
    kind: TimelineKind,
    at: datetime,
    *,
    reason: str = "",
    decision: models.Decision | None = None,
    delivery: models.Delivery | None = None,
    actor: models.User | None = None,
) -> None:
    """Add an entry about ``enrollment`` to its contact's timeline."""
    models.TimelineEntry.objects.create(
        contact_id=enrollment.contact_id,
        at=at,
        kind=kind,
        reason=reason,
        enrollment=enrollment,
        decision=decision,
        delivery=delivery,
        item=decision.item if decision else None,
        actor=actor or (decision.actor if decision else None),
    )


_TOLD = {
    Action.UNENROLL: TimelineKind.UNENROLLED,
    Action.PAUSE: TimelineKind.PAUSED,
    Action.HOLD: TimelineKind.HELD,
}


def tell_decision(
    enrollment: models.Enrollment, line: models.Decision, verdict: Verdict, now: datetime, *, applied: bool
) -> None:
    """Add what a decision means to the contact's timeline: the mail behind it, and what it changed."""
    if line.item_id is not None and line.overrule_id is None:
        tell(enrollment, TimelineKind.MAIL_RECEIVED, line.event_at, reason=line.reason, decision=line)
    if applied and verdict.action in _TOLD:
        tell(enrollment, _TOLD[verdict.action], now, reason=line.reason, decision=line)
