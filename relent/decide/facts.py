"""What the core is told. Each class holds what was true at the time of the event, and nothing else."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from relent.terms.reasons import EndReason, Refusal
from relent.terms.states import EnrollmentState
from relent.terms.steps import FollowUpDays, StepKind, Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMail:
    """A mail of an enrollment that left, or may have. ``message_ids`` are without angle brackets: ours, and the one
    that the provider put in its place. ``thread`` is the provider's id of the conversation. ``links`` are the meeting
    links that stood in it. ``inherited``: it left in the enrollment that this one took up again."""

    position: int
    message_ids: frozenset[str]
    recipient: str
    thread: str = ""
    links: frozenset[str] = frozenset()
    inherited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplaces:
    """The companies of a contact by CRM association. Companies whose domain is a free-mail provider's are left out:
    they join nobody."""

    primary: frozenset[int] = frozenset()
    every: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorFacts:
    """Who acted, where it is one of our contacts: the ids of the records that hold the address, their companies at
    the time of the event, and the sequences in which what they did counts already (whose mail they answered, whose
    link they used)."""

    contact_ids: frozenset[int] = frozenset()
    workplaces: Workplaces = Workplaces()
    sequence_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrollmentFacts:
    """One enrollment as it stood when the event happened.

    ``address`` is the enrolled address, ``other_addresses`` the contact's further ones, ``former_addresses`` those that
    were taken off the record. ``enroller_addresses`` and ``sender_addresses`` are all addresses of the enrolling user
    (the first one, whoever owns the contact now) and of the user whose mailbox sends; ``any_user_addresses`` and
    ``shared_addresses`` are those among the event's recipients that belong to any user or to a shared mailbox.
    Triggers are those of the sequence as it was saved last before the event. ``enrolled_at`` is since when what happens
    counts: of one that took up another, since the other's end. ``ended_for`` is the end reason of one that has ended,
    ``reason_at`` when what gave it happened. ``mail_task_open``: the rep has a mail of the sequence to write by hand.
    ``soft_bounces`` counts the mails of this enrollment that failed for passing reasons so far.
    """

    id: int
    contact_id: int
    state: EnrollmentState
    enrolled_at: datetime
    address: str
    sequence_id: int = 0
    ended_for: EndReason | None = None
    reason_at: datetime | None = None
    other_addresses: frozenset[str] = frozenset()
    former_addresses: frozenset[str] = frozenset()
    workplaces: Workplaces = Workplaces()
    enroller_id: int = 0
    sender_id: int | None = None
    enroller_addresses: frozenset[str] = frozenset()
    sender_addresses: frozenset[str] = frozenset()
    any_user_addresses: frozenset[str] = frozenset()
    shared_addresses: frozenset[str] = frozenset()
    sent: tuple[SentMail, ...] = ()
    reply_trigger: Trigger = Trigger.CONTACT
    meeting_trigger: Trigger = Trigger.CONTACT
    same_company: bool = False
    mail_task_open: bool = False
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

    ``is_first`` is true for the first step of an enrollment that started at once, and for a mail that a user sends by
    hand: weekdays and window bind the others. ``read_through`` is the oldest reading among the mailboxes in scope,
    ``None`` where one cannot be read. ``sent`` holds the instants of the mailbox's latest mails, newest first, at least
    ``daily_limit`` of them where there are as many in 24 hours; ``user_sent`` the same for the user, over all
    mailboxes. From ``warm_up_from`` on the mailbox's limit grows from a few to ``daily_limit``. ``company_stop``: a
    colleague's reply or meeting is being dealt with.
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
    user_sent: tuple[datetime, ...] = ()
    user_limit: int | None = None
    warm_up_from: datetime | None = None
    company_stop: bool = False
    suppression: Refusal | None = None
