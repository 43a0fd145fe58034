"""What a decision says."""

from dataclasses import dataclass
from datetime import datetime

from relent.terms.events import Evidence
from relent.terms.history import Action
from relent.terms.reasons import EndReason, HoldReason, KeepReason, PauseReason, Refusal, WaitReason
from relent.terms.reviews import ReviewKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What an event means for one enrollment, and why.

    ``rule`` names the row of the decision table. ``until`` is the end of a pause or of a hold; without it a person ends
    it. ``no_mail_before`` puts off the next mail without a pause. ``credited_step`` is the step whose mail was
    answered. ``suppress`` is the code under which the enrolled address may not be mailed any more. ``review`` asks a
    person, with ``proposal`` as the address that an answer would use. ``task`` is something for the rep to do by hand.
    """

    action: Action
    reason: EndReason | KeepReason | PauseReason | HoldReason
    rule: str
    evidence: tuple[Evidence, ...] = ()
    confidence: str = "certain"
    until: datetime | None = None
    no_mail_before: datetime | None = None
    credited_step: int | None = None
    suppress: Refusal | None = None
    review: ReviewKind | None = None
    proposal: str = ""
    task: KeepReason | None = None


@dataclass(frozen=True, slots=True)
class SendNow:
    """The mail may be handed over now."""


@dataclass(frozen=True, slots=True)
class SendLater:
    """The mail may not leave before ``at``."""

    at: datetime
    reason: WaitReason


@dataclass(frozen=True, slots=True)
class SendNever:
    """The mail may not leave at all; the enrollment ends with the code."""

    code: Refusal


SendVerdict = SendNow | SendLater | SendNever
