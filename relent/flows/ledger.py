"""The decision ledger's and the timeline's only writer."""

import re
from dataclasses import dataclass
from datetime import datetime

from relent.decide.verdicts import Verdict
from relent.records import models
from relent.terms.events import AnyEvent, Evidence
from relent.terms.history import TimelineKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Where a decision comes from: the event, and the mail or the user behind it."""

    event: AnyEvent
    item: models.InboundItem | None = None
    actor: models.User | None = None


def event_name(event: AnyEvent) -> str:
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
    return models.Decision.objects.create(
        enrollment=enrollment,
        item=cause.item,
        actor=cause.actor,
        event=event_name(cause.event),
        event_at=cause.event.at,
        decided_at=now,
        verdict=verdict.action,
        reason=verdict.reason,
        rule=verdict.rule,
        applied=applied,
        confidence=verdict.confidence,
        evidence=as_pairs(verdict.evidence),
        other_profile=other_profile,
    )


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
