"""What a person may answer to each question of the review queue, and which questions make an enrollment stand still."""

from collections.abc import Mapping
from types import MappingProxyType

from relent.decide.verdicts import Verdict
from relent.terms.events import SURE, AnyEvent, AutoReplied, PersonWrote
from relent.terms.history import Action
from relent.terms.reasons import HoldReason, KeepReason, PauseReason
from relent.terms.reviews import ReviewAnswer, ReviewKind

_GO_ON_OR_END = (ReviewAnswer.GO_ON, ReviewAnswer.UNENROLL)

ANSWERS: Mapping[ReviewKind, tuple[ReviewAnswer, ...]] = MappingProxyType(
    {
        ReviewKind.SENT_UNKNOWN: (ReviewAnswer.LEFT, ReviewAnswer.NOT_LEFT, ReviewAnswer.UNENROLL),
        ReviewKind.SOFT_BOUNCES: _GO_ON_OR_END,
        ReviewKind.UNSURE_SENDER: _GO_ON_OR_END,
        ReviewKind.SAME_DOMAIN: (*_GO_ON_OR_END, ReviewAnswer.ATTACH, ReviewAnswer.CREATE_CONTACT),
        ReviewKind.SHARED_MAILBOX: _GO_ON_OR_END,
        ReviewKind.FORWARDED: _GO_ON_OR_END,
        ReviewKind.SENDER_FOLLOW_UP: _GO_ON_OR_END,
        ReviewKind.RETURN_DATE: (ReviewAnswer.DISMISS, ReviewAnswer.BACK_ON, *_GO_ON_OR_END),
        ReviewKind.REPLACEMENT: (ReviewAnswer.CREATE_CONTACT, ReviewAnswer.DISMISS),
        ReviewKind.NEW_ADDRESS: (ReviewAnswer.ATTACH, ReviewAnswer.CREATE_CONTACT, ReviewAnswer.DISMISS),
        ReviewKind.ADDRESS_CHANGED: (ReviewAnswer.ATTACH, ReviewAnswer.DISMISS),
        ReviewKind.ASKED_TO_STOP: (ReviewAnswer.OPT_OUT, ReviewAnswer.DISMISS),
        ReviewKind.BOUNCE_DOUBTED: (ReviewAnswer.LIFT, ReviewAnswer.DISMISS),
        ReviewKind.PLANNED_MEETING: _GO_ON_OR_END,
        ReviewKind.DECLINED_HOST: _GO_ON_OR_END,
        ReviewKind.BOOKED_BY_ANOTHER: _GO_ON_OR_END,
        ReviewKind.MERGED: (ReviewAnswer.DISMISS,),
        ReviewKind.OWNER_GONE: (ReviewAnswer.DISMISS,),
        ReviewKind.SENDER_GONE: (ReviewAnswer.DISMISS,),
        ReviewKind.SENDER_REFUSED: (ReviewAnswer.GO_ON,),
        ReviewKind.LOOP: (ReviewAnswer.GO_ON, ReviewAnswer.DISMISS),
        ReviewKind.SAME_ADDRESS: (ReviewAnswer.DISMISS,),
        ReviewKind.COMPLAINT: (ReviewAnswer.DISMISS,),
        ReviewKind.LOOKS_AUTOMATIC: (ReviewAnswer.IT_WAS_A_PERSON, ReviewAnswer.IT_WAS_AUTOMATIC),
        ReviewKind.LOOKS_HUMAN: (ReviewAnswer.IT_WAS_A_PERSON, ReviewAnswer.IT_WAS_AUTOMATIC),
    }
)

# The reason for which an enrollment stands still while the question is open.
STANDS_STILL_FOR: Mapping[ReviewKind, HoldReason | PauseReason] = MappingProxyType(
    {
        ReviewKind.SENT_UNKNOWN: HoldReason.SENT_UNKNOWN,
        ReviewKind.SOFT_BOUNCES: HoldReason.SOFT_BOUNCES,
        ReviewKind.UNSURE_SENDER: HoldReason.UNSURE_SENDER,
        ReviewKind.SAME_DOMAIN: HoldReason.SAME_DOMAIN,
        ReviewKind.SHARED_MAILBOX: HoldReason.SHARED_MAILBOX,
        ReviewKind.FORWARDED: HoldReason.FORWARDED,
        ReviewKind.SENDER_FOLLOW_UP: PauseReason.SENDER_FOLLOW_UP,
        ReviewKind.RETURN_DATE: PauseReason.OUT_OF_OFFICE,
        ReviewKind.PLANNED_MEETING: HoldReason.PLANNED_MEETING,
    }
)
# Those among them that only an answer ends: an absence ends by itself, whatever is asked about it.
WAITS_FOR_AN_ANSWER: tuple[ReviewKind, ...] = tuple(
    kind for kind, reason in STANDS_STILL_FOR.items() if reason is not PauseReason.OUT_OF_OFFICE
)
# Held for a working day at the most: it goes on then though nobody has answered.
ENDS_BY_ITSELF: tuple[ReviewKind, ...] = (ReviewKind.SAME_DOMAIN,)
# What becomes moot when the enrollment ends.
ONLY_WHILE_OPEN: tuple[ReviewKind, ...] = (
    *STANDS_STILL_FOR,
    ReviewKind.DECLINED_HOST,
    ReviewKind.BOOKED_BY_ANOTHER,
    ReviewKind.LOOKS_HUMAN,
)


def doubt(event: AnyEvent, verdict: Verdict) -> ReviewKind | None:
    """Return what to ask a person where a mail may not be what it was read as, and another reading would have meant
    something else for the enrollment: one that a doubtful reply has ended, or that a doubtful note has not."""
    if not isinstance(event, PersonWrote | AutoReplied) or event.confidence >= SURE:
        return None
    ended = verdict.action is Action.UNENROLL
    if isinstance(event, PersonWrote):
        return ReviewKind.LOOKS_AUTOMATIC if ended else None  # what is held for a reply asks already
    if ended or verdict.reason is KeepReason.BEFORE_ENROLLMENT:
        return None
    return ReviewKind.LOOKS_HUMAN
