"""What can happen to an enrollment, one frozen class per thing. An event is a fact: it decides nothing."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from relent.terms.meetings import MeetingSource


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was seen, as it was seen: ``Evidence("header", "Auto-Submitted: auto-replied")``. ``span`` says
    where words stand in the text of the mail, in characters: from the first to after the last."""

    kind: str
    seen: str
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Base of all events. ``at`` is when it happened by the clock of a machine we trust (for mail, the receiving
    server's), never the sender's own claim; it decides which settings and associations apply."""

    at: datetime
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MailEvent(Event):
    """Base of what a mail in one of our mailboxes tells.

    ``sender`` and ``recipients`` are canonical addresses. ``refers_to`` holds the Message-IDs (without angle brackets)
    of In-Reply-To first, then of References and of any returned headers. ``authenticated`` is the receiving server's
    verdict on the sender (RFC 8601), ``None`` where it gave none. ``confidence`` says how sure it is that the mail is
    what it was read as, from 0.5 (as likely as not) to 1; below ``SURE`` a person should look. ``sent_for`` is the
    address in ``Sender:`` where it differs from ``From:`` (RFC 5322 section 3.6.2): an assistant writes for somebody.
    ``thread`` is the provider's own id of the conversation, ``read_at_provider`` whose mailbox it lay in (``gmail``,
    ``microsoft``, ``imap``).
    """

    sender: str
    sent_for: str = ""
    recipients: tuple[str, ...] = ()
    refers_to: tuple[str, ...] = ()
    thread: str = ""
    subject: str = ""
    authenticated: bool | None = None
    read_at_provider: str = ""
    confidence: float = 1.0


SURE = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonWrote(MailEvent):
    """A person wrote, in answer or anew. Which of the two it is, matching finds out. ``asks_to_stop``: in words, to be
    mailed no more. ``reaction``: one picture instead of words. ``confidence`` below ``SURE``: it may have been a
    machine."""

    asks_to_stop: bool = False
    reaction: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonForwarded(MailEvent):
    """A user of ours, ``forwarded_by``, passed on a mail that ``sender`` wrote: evidence at second hand."""

    forwarded_by: str


class AutoReplyKind(StrEnum):
    """What an automatic reply says."""

    OUT_OF_OFFICE = "out_of_office"
    LEFT_COMPANY = "left_company"
    ADDRESS_CHANGED = "address_changed"
    ACKNOWLEDGEMENT = "acknowledgement"
    CHALLENGE = "challenge"
    NOT_MONITORED = "not_monitored"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoReplied(MailEvent):
    """A machine answered. ``dialect`` names whose: ``gmail``, ``exchange`` or ``rfc3834``. ``returns_on`` is the day of
    return that the text states, where it states one. ``doubtful_return`` asks a person to look: the day can be read in
    two ways, lies too far off to be relied on, or the absence has no stated end. ``replacement`` is the address that
    the text names in place of somebody who has left, or that the sender has moved to."""

    kind: AutoReplyKind
    dialect: str
    returns_on: date | None = None
    doubtful_return: bool = False
    replacement: str = ""


class BounceKind(StrEnum):
    """What a delivery report says of the recipient's address."""

    HARD = "hard"
    SOFT = "soft"
    DELAYED = "delayed"
    POLICY = "policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What a report says of one recipient. ``address`` is the one that was written to, as far as the report knows it.
    ``action`` is ``failed`` or ``delayed`` (RFC 3464 section 2.3.3), ``status`` the enhanced status code (RFC 3463),
    empty where the report gives none, ``diagnostic`` what the refusing server said."""

    address: str
    kind: BounceKind
    status: str = ""
    diagnostic: str = ""

    @property
    def action(self) -> str:
        return "delayed" if self.kind is BounceKind.DELAYED else "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounced(MailEvent):
    """A mail to ``failed_recipient`` was not delivered, or is late (RFC 3464). ``kind`` and ``status`` are those of
    this recipient; ``failures`` are all that the report names."""

    kind: BounceKind
    failed_recipient: str
    status: str = ""
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Complained(MailEvent):
    """A recipient marked a mail as spam (RFC 5965). ``complainant`` is empty where the report hides it."""

    complainant: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptReturned(MailEvent):
    """A receipt: somebody's mail program displayed or deleted a mail (RFC 8098), or a server delivered or relayed it
    (RFC 3464). ``disposition`` is what became of the mail, one of these four words; empty where it is not said."""

    disposition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What a calendar mail says of one event (RFC 5545, RFC 6047). Addresses are canonical; ``answer`` is the sender's
    PARTSTAT in upper case, empty where there is none. ``starts`` and ``ends`` are aware; ``None`` where unreadable.
    ``sequence`` is the event's revision (RFC 5545 section 3.8.7.4)."""

    uid: str
    organizer: str = ""
    attendees: tuple[str, ...] = ()
    answer: str = ""
    starts: datetime | None = None
    ends: datetime | None = None
    title: str = ""
    sequence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarMailed(MailEvent):
    """Calendar mail (RFC 6047) without a word by hand. ``method`` is its iTIP method in upper case."""

    method: str
    invitation: Invitation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMailed(MailEvent):
    """Mail through a list or in bulk (RFC 2919, RFC 2369)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCopySeen(MailEvent):
    """A mail that one of our users sent, seen in a mailbox. ``message_id`` is its own, ``token`` the unsubscribe token
    of ours that it carries, empty where it carries none. ``by_hand``: no mail of a sequence, the user wrote it."""

    message_id: str
    token: str = ""
    by_hand: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsubscribeMailed(MailEvent):
    """A mail program asked for no more mail by the ``token`` that stands in a mail of ours (RFC 2369). Whose it is, the
    token says, and not the sender."""

    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingBooked(Event):
    """A meeting became known. ``at`` is the moment that counts for a contact: when it was logged, or when the contact
    was associated with it, if that came later; ``logged_at`` is when it was logged, by our clock.

    ``hosts`` are the users met, ``declined`` those among them who declined. ``attendees`` are canonical addresses,
    ``booked_by`` the address that booked it (for ``source`` ``link``), ``link`` the link it was booked through.
    ``contact_ids`` are the contacts it is associated with.
    """

    meeting_id: int
    source: MeetingSource
    logged_at: datetime
    starts: datetime
    hosts: frozenset[int] = frozenset()
    declined: frozenset[int] = frozenset()
    attendees: frozenset[str] = frozenset()
    contact_ids: frozenset[int] = frozenset()
    booked_by: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribed(Event):
    """The recipient of ``enrollment_id`` asked for no more mail; ``via`` is ``link``, ``one_click``, ``mailto``, or
    ``elsewhere`` where it was another system that was told. ``everything``: not only one-to-one mail."""

    enrollment_id: int
    via: str
    everything: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UnenrolledByHand(Event):
    """User ``user_id`` took the contact out, on ``surface`` (record, summary, bulk, …)."""

    enrollment_id: int
    user_id: int
    surface: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendFailed(Event):
    """The mail server refused a mail of the enrollment for good, or it may no longer be sent (``code``, a Refusal).
    ``bounce``: the recipient's address is at fault; ``ours``: our reputation or content is (5.7.x of RFC 3463)."""

    enrollment_id: int
    code: str
    bounce: bool = False
    ours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UnenrolledByWorkflow(Event):
    """Workflow ``workflow_id`` took the contact out; ``embedded`` where it belongs to the sequence itself."""

    enrollment_id: int
    workflow_id: int
    embedded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceDeleted(Event):
    """The sequence of ``enrollment_id`` was deleted."""

    enrollment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatorRemoved(Event):
    """The owner of the sequence was removed, or lost the permission to use sequences."""

    enrollment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrollerRemoved(Event):
    """The user who enrolled, or whose mailbox sends, was removed; ``waited`` where nobody took over in time."""

    enrollment_id: int
    waited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDeleted(Event):
    """The contact's record was deleted or erased."""

    enrollment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactMerged(Event):
    """The contact's record was merged with another whose enrollment goes on; ``ask`` where a person should look."""

    enrollment_id: int
    ask: bool = False


AnyMailEvent = (
    PersonWrote
    | PersonForwarded
    | AutoReplied
    | Bounced
    | Complained
    | ReceiptReturned
    | CalendarMailed
    | ListMailed
    | OwnCopySeen
)
AccountEvent = SequenceDeleted | CreatorRemoved | EnrollerRemoved | ContactDeleted | ContactMerged
AnyEvent = (
    AnyMailEvent | MeetingBooked | Unsubscribed | UnenrolledByHand | UnenrolledByWorkflow | SendFailed | AccountEvent
)
