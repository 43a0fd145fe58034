"""May this contact be enrolled? Every fault is named, so that one look is enough to mend them all; and what a sensible
person would want to know first is said."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from relent.terms.cautions import Caution
from relent.terms.reasons import Refusal

# A mail of the contact that is no older is worth a warning: whoever wrote this lately waits for an answer, not for a
# sequence.
PRIOR_CONTACT_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrollFacts:
    """What is known of a wish to enroll. ``missing_tokens`` have neither a value nor a fallback.

    ``starts`` is when the first step would run. ``last_ended`` is when the contact's latest enrollment ended,
    ``last_touched`` when a user last wrote or called by hand; ``cooldown`` and ``touch_cooldown`` must lie between
    them and the start. ``over_limit_until``: the sender may send no more until then (only where the first step is a
    mail). ``wrote_at`` is when the contact last wrote, ``meeting_at`` when the next meeting with the contact is.
    """

    may_use_sequences: bool
    may_see: bool
    may_use_mailbox: bool
    mailbox_connected: bool
    has_step: bool
    address: str
    suppression: Refusal | None
    open_enrollments: int
    exclusive: bool
    missing_tokens: tuple[str, ...] = ()
    starts: datetime | None = None
    only_once: bool = False
    was_in_sequence: bool = False
    runs_in_sequence: bool = False
    last_ended: datetime | None = None
    cooldown: timedelta = timedelta()
    last_touched: datetime | None = None
    touch_cooldown: timedelta = timedelta()
    over_limit_until: datetime | None = None
    wrote_at: datetime | None = None
    meeting_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason to refuse, what it is about, and the moment from which it does not hold any more, if there is one."""

    code: Refusal
    detail: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Warned:
    """Something to know before enrolling, and when it happened or will."""

    caution: Caution
    at: datetime


def faults(facts: EnrollFacts) -> tuple[Fault, ...]:
    """Return every reason to refuse, what the user cannot mend first; empty where the contact may be enrolled."""
    found: list[Fault] = []
    if not (facts.may_use_sequences and facts.may_see and facts.may_use_mailbox):
        found.append(Fault(Refusal.NOT_ALLOWED))
    if facts.suppression is not None:
        found.append(Fault(facts.suppression, facts.address))
    # Twice in one sequence would be every mail of it twice, also where several sequences at a time are allowed.
    if facts.runs_in_sequence or (facts.exclusive and facts.open_enrollments):
        found.append(Fault(Refusal.ALREADY_ENROLLED))
    if facts.only_once and facts.was_in_sequence:
        found.append(Fault(Refusal.ENROLLED_BEFORE))
    if not facts.address:
        found.append(Fault(Refusal.NO_ADDRESS))
    if not facts.has_step:
        found.append(Fault(Refusal.NO_STEPS))
    if not facts.mailbox_connected:
        found.append(Fault(Refusal.NO_MAILBOX))
    if facts.missing_tokens:
        found.append(Fault(Refusal.MISSING_TOKEN, ", ".join(facts.missing_tokens)))
    return (*found, *_not_yet(facts))


def warnings(facts: EnrollFacts, now: datetime) -> tuple[Warned, ...]:
    """Return what a sensible person would want to know before enrolling at ``now``."""
    found: list[Warned] = []
    if facts.wrote_at is not None and now - facts.wrote_at <= timedelta(days=PRIOR_CONTACT_DAYS):
        found.append(Warned(Caution.PRIOR_CONTACT, facts.wrote_at))
    if facts.meeting_at is not None:
        found.append(Warned(Caution.PLANNED_MEETING, facts.meeting_at))
    return tuple(found)


def _not_yet(facts: EnrollFacts) -> list[Fault]:
    """What another day mends: a cool-down that lasts, and a sender who may send no more today."""
    if facts.starts is None:
        return []
    rests = [
        before + needed
        for before, needed in ((facts.last_ended, facts.cooldown), (facts.last_touched, facts.touch_cooldown))
        if before is not None and needed
    ]
    found: list[Fault] = []
    if rests and max(rests) > facts.starts:
        found.append(Fault(Refusal.COOLING_DOWN, until=max(rests)))
    if facts.over_limit_until is not None and facts.over_limit_until > facts.starts:
        found.append(Fault(Refusal.OVER_LIMIT, until=facts.over_limit_until))
    return found
