"""What it means for an enrollment that a record which it needs is gone: sequence, owner, enrolling user, contact."""

from typing import assert_never

from relent.decide.policy import Policy
from relent.decide.verdicts import Verdict
from relent.terms.events import (
    AccountEvent,
    ContactDeleted,
    ContactMerged,
    CreatorRemoved,
    EnrollerRemoved,
    SequenceDeleted,
)
from relent.terms.history import Action
from relent.terms.reasons import EndReason, HoldReason
from relent.terms.reviews import ReviewKind


def decide(event: AccountEvent, policy: Policy) -> Verdict:
    """Return what ``event`` means. Where somebody else can take over, it waits for that first."""
    match event:
        case SequenceDeleted():
            return _end(EndReason.SEQUENCE_DELETED, "sequence_deleted")
        case CreatorRemoved() if policy["creator_removed"] == "hold":
            return _hold(HoldReason.CREATOR_REMOVED, "creator_removed.hold")
        case CreatorRemoved():
            return _end(EndReason.CREATOR_REMOVED, "creator_removed")
        case EnrollerRemoved(waited=False):
            return _hold(HoldReason.ENROLLER_REMOVED, "enroller_removed.hold")
        case EnrollerRemoved():
            return _end(EndReason.ENROLLER_REMOVED, "enroller_removed.nobody_took_over")
        case ContactDeleted():
            return _end(EndReason.CONTACT_DELETED, "contact_deleted")
        case ContactMerged():
            return _end(EndReason.MERGED, "contact_merged", ReviewKind.MERGED if event.ask else None)
        case _:
            assert_never(event)


def _hold(reason: HoldReason, rule: str) -> Verdict:
    return Verdict(action=Action.HOLD, reason=reason, rule=rule)


def _end(reason: EndReason, rule: str, review: ReviewKind | None = None) -> Verdict:
    return Verdict(action=Action.UNENROLL, reason=reason, rule=rule, review=review)
