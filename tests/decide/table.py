"""A row of the tables of unenrollment, and what its outcomes are written with."""

from dataclasses import dataclass, field
from typing import Any

from relent.decide import policy, unenrollment
from relent.decide.facts import EnrollmentFacts
from relent.decide.matching import Connection
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

    def expected(self) -> tuple[Outcome, ...]:
        """What follows under each profile."""
        return (self.safe, self.strict or self.safe)

    def outcomes(self) -> tuple[Outcome, ...]:
        """What is decided under each profile."""
        assert policy.PROFILES == (policy.SAFE, policy.STRICT)
        return tuple(self._decided(profile) for profile in policy.PROFILES)

    def _decided(self, profile: str) -> Outcome:
        rules = policy.of(profile, self.settings)
        verdict = unenrollment.decide(self.event, self.connection, self.enrollment, rules)
        return (verdict.action, verdict.reason, verdict.rule, verdict.review)
