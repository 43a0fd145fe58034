"""A row of the tables of unenrollment, and what its outcomes are written with."""

from dataclasses import dataclass, field
from typing import Any

from relent.decide import policy, unenrollment
from relent.decide.facts import EnrollmentFacts
from relent.decide.matching import DIRECT, Connection
from relent.terms.events import AnyEvent
from relent.terms.history import Action
from relent.terms.reasons import EndReason, HoldReason, KeepReason, PauseReason
from relent.terms.reviews import ReviewKind
from tests.decide.given import ENROLLMENT

Outcome = tuple[Action, Any, str, ReviewKind | None]


def kept(reason: KeepReason, rule: str, asks: ReviewKind | None = None) -> Outcome:
    return (Action.KEEP, reason, rule, asks)


def paused(reason: PauseReason, rule: str, asks: ReviewKind | None = None) -> Outcome:
    return (Action.PAUSE, reason, rule, asks)


def held(reason: HoldReason, rule: str, asks: ReviewKind | None = None) -> Outcome:
    return (Action.HOLD, reason, rule, asks)


def ended(reason: EndReason, rule: str, asks: ReviewKind | None = None) -> Outcome:
    return (Action.UNENROLL, reason, rule, asks)


@dataclass(frozen=True)
class Row:
    """One row: what happened, to whom, and what follows; under the strict profile too, where that differs."""

    sentence: str
    event: AnyEvent
    connection: Connection
    safe: Outcome
    strict: Outcome | None = None
    enrollment: EnrollmentFacts = ENROLLMENT
    settings: dict[str, Any] = field(default_factory=dict)

    def expected(self, profile: str) -> Outcome:
        return self.strict if self.strict and profile == policy.STRICT else self.safe

    def outcome(self, profile: str) -> Outcome:
        verdict = unenrollment.decide(self.event, self.connection, self.enrollment, policy.of(profile, self.settings))
        return (verdict.action, verdict.reason, verdict.rule, verdict.review)


def ordered(sentence: str, event: AnyEvent, safe: Outcome, strict: Outcome | None = None, **differing: Any) -> Row:
    """A row of an event that names its enrollment itself."""
    return Row(sentence, event, DIRECT, safe, strict, **differing)
