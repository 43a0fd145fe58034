"""What the core is told. Each class holds what was true at the time of the event, and nothing else."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from relent.terms.reasons import Refusal
from relent.terms.states import EnrollmentState
from relent.terms.steps import FollowUpDays, StepKind, Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMail:
    """A mail of an enrollment that left, or may have. ``message_ids`` are without angle brackets."""

    position: int
    message_ids: frozenset[str]
    recipient: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrollmentFacts:
    """One enrollment as it stood when the event happened.

    ``address`` is the enrolled address, ``other_addresses`` the contact's further ones. ``enroller_addresses`` and
    ``sender_addresses`` are all addresses of the enrolling user and of the user whose mailbox sends.
    ``soft_bounces`` counts the mails of this enrollment that failed for passing reasons so far.
    """

    id: int
    contact_id: int
    state: EnrollmentState
    enrolled_at: datetime
    address: str
    other_addresses: frozenset[str] = frozenset()
    enroller_addresses: frozenset[str] = frozenset()
    sender_addresses: frozenset[str] = frozenset()
    any_user_addresses: frozenset[str] = frozenset()
    sent: tuple[SentMail, ...] = ()
    reply_trigger: Trigger = Trigger.CONTACT
    time_zone: str = "UTC"
    soft_bounces: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFacts:
    """One step of a version; see ``records.Step``."""

    position: int
    kind: StepKind
    delay: timedelta
    waits: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """When a sequence sends: on which days, and between which minutes of the day in which IANA time zone."""

    days: FollowUpDays
    window_start: int
    window_end: int
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendFacts:
    """What is known when a claimed mail is about to be handed over.

    ``is_first`` is true for the first step of an enrollment that started at once: weekdays and window bind the later
    ones. ``read_through`` is the oldest reading among the mailboxes in scope, ``None`` where one cannot be read.
    ``sent`` holds the instants of the mailbox's latest mails, newest first, at least ``daily_limit`` of them where
    there are as many in 24 hours.
    """

    delivery_id: int
    claimed_at: datetime
    is_first: bool
    calendar: Calendar
    no_mail_before: datetime | None
    read_through: datetime | None
    freshness: timedelta
    sent: tuple[datetime, ...] = ()
    daily_limit: int
    minute_limit: int
    spacing: timedelta
    suppression: Refusal | None = None
