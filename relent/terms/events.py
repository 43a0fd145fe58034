"""What can happen to an enrollment, one frozen class per thing. An event is a fact: it decides nothing."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was seen, as it was seen: ``Evidence("header", "Auto-Submitted: auto-replied")``."""

    kind: str
    seen: str


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
    verdict on the sender (RFC 8601), ``None`` where it gave none.
    """

    sender: str
    recipients: tuple[str, ...] = ()
    refers_to: tuple[str, ...] = ()
    subject: str = ""
    authenticated: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonWrote(MailEvent):
    """A person wrote, in answer or anew. Which of the two it is, matching finds out."""


class AutoReplyKind(StrEnum):
    """What an automatic reply says."""

    OUT_OF_OFFICE = "out_of_office"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoReplied(MailEvent):
    """A machine answered. ``dialect`` names whose: ``gmail``, ``exchange`` or ``rfc3834``. ``returns_on`` is the day of
    return that the text states, where it states one. ``doubtful_return`` asks a person to look: the day can be read in
    two ways, lies too far off to be relied on, or the absence has no stated end."""

    kind: AutoReplyKind
    dialect: str
    returns_on: date | None = None
    doubtful_return: bool = False


class BounceKind(StrEnum):
    """What a delivery report says of the recipient's address."""

    HARD = "hard"
    SOFT = "soft"
    DELAYED = "delayed"
    POLICY = "policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounced(MailEvent):
    """A mail to ``failed_recipient`` was not delivered, or is late (RFC 3464). ``status`` is the enhanced status code
    (RFC 3463), empty where the report gives none."""

    kind: BounceKind
    failed_recipient: str
    status: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Complained(MailEvent):
    """A recipient marked a mail as spam (RFC 5965). ``complainant`` is empty where the report hides it."""

    complainant: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptReturned(MailEvent):
    """A receipt (RFC 8098): somebody's mail program displayed or deleted a mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarMailed(MailEvent):
    """Calendar mail (RFC 6047). ``method`` is its iTIP method in upper case."""

    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMailed(MailEvent):
    """Mail through a list or in bulk (RFC 2919, RFC 2369)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCopySeen(MailEvent):
    """A mail that one of our users sent, seen in a mailbox. ``message_id`` is its own."""

    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribed(Event):
    """The recipient of ``enrollment_id`` asked for no more mail; ``via`` is ``link``, ``one_click`` or ``mailto``."""

    enrollment_id: int
    via: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnenrolledByHand(Event):
    """User ``user_id`` took the contact out, on ``surface`` (record, summary, bulk, …)."""

    enrollment_id: int
    user_id: int
    surface: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendFailed(Event):
    """The mail server refused a mail of the enrollment for good, or it may no longer be sent (``code``, a Refusal)."""

    enrollment_id: int
    code: str
    bounce: bool = False


AnyMailEvent = (
    PersonWrote | AutoReplied | Bounced | Complained | ReceiptReturned | CalendarMailed | ListMailed | OwnCopySeen
)
AnyEvent = AnyMailEvent | Unsubscribed | UnenrolledByHand | SendFailed
