"""What a mail is, in the words that a report or a table of figures uses.

An event says what happened to an enrollment; a judgement says the same of the mail alone: what kind of mail it is, how
sure that is, and what it was read from.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from relent.mail import clocks, language
from relent.mail import message as mail
from relent.mail.message import Message
from relent.normalize import witness
from relent.normalize.arrival import Ours, Place
from relent.normalize.message import Reading, read
from relent.normalize.witness import Weights
from relent.terms.events import (
    AutoReplied,
    Bounced,
    BounceKind,
    CalendarMailed,
    Complained,
    Evidence,
    ListMailed,
    OwnCopySeen,
    PersonForwarded,
    PersonWrote,
    ReceiptReturned,
    UnsubscribeMailed,
)

OWN, BOUNCE, RECEIPT, COMPLAINT, CALENDAR = "own", "bounce", "receipt", "complaint", "calendar"
UNSUBSCRIBE, AUTO_REPLY, LIST, REPLY = "unsubscribe", "auto_reply", "list", "reply"

# Arrived where neither the mail nor anybody else knows when: a day of return with no year is then of no use.
_UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Recipient:
    """What a mail says of one address. ``action`` is what became of a mail to it (RFC 3464 section 2.3.3), or what its
    owner answered to an invitation (RFC 5545 section 3.2.12, in lower case); ``status`` is the enhanced status code
    (RFC 3463). Either is empty where the mail does not say."""

    address: str
    action: str = ""
    status: str = ""


@dataclass(frozen=True)
class Judgement:
    """What a mail is.

    ``kind`` is own, bounce, receipt, complaint, calendar, unsubscribe, auto_reply, list or reply; ``subkind`` what sort
    of it, empty where there are none. ``severity`` of a bounce is hard, soft or delayed. ``returns_on`` is the day of
    return and ``replacement`` the address named in place of the sender's, as an automatic reply states them.
    """

    message: Message
    kind: str
    subkind: str = ""
    severity: str = ""
    confidence: float = 1.0
    returns_on: date | None = None
    replacement: str = ""
    recipients: tuple[Recipient, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    @cached_property
    def language(self) -> str:
        """The language of what the sender wrote, ISO 639-1; empty where there is nothing to tell it by."""
        return language.of(self.message)

    def as_json(self, *, language: str | None = None) -> dict[str, Any]:
        """Return what ``relent classify --json`` prints of a mail, but for the file. ``language``: to say this instead
        of telling it, which takes longer than all the rest."""
        return {
            "kind": self.kind,
            "subkind": self.subkind,
            "severity": self.severity,
            "confidence": round(self.confidence, 3),
            "language": self.language if language is None else language,
            "returns_on": self.returns_on.isoformat() if self.returns_on else None,
            "recipients": [
                {"address": one.address, "action": one.action, "status": one.status} for one in self.recipients
            ],
            "evidence": [
                {"kind": str(one.kind), "seen": one.seen, "start": start, "end": end}
                for one in self.evidence
                for start, end in (one.span or (None, None),)
            ],
        }


def judge(
    raw: bytes,
    at: datetime | None = None,
    ours: Ours | None = None,
    size: int | None = None,
    classifier: Weights | None = None,
) -> Judgement:
    """Judge one mail; whatever the bytes, there is a judgement.

    ``at`` is when it arrived, for a mail that does not say so itself; ``size`` is the mail's where ``raw`` was cut;
    ``classifier`` is heard as a further witness.
    """
    message = mail.parse(raw, size)
    arrived = clocks.arrived(message) or at or _UNKNOWN
    event = read(message, Place(at=arrived), ours or Ours())
    return of(witness.heard(event, message, classifier) if classifier else event, message)


def of(event: Reading, message: Message) -> Judgement:
    """Return the judgement that ``event``, which was read from ``message``, stands for."""
    said = _SAYS[type(event)](event)
    evidence = event.evidence
    if replacement := said.get("replacement", ""):
        evidence = (*evidence, Evidence("replacement", replacement))
    return Judgement(message=message, confidence=event.confidence, evidence=evidence, **said)


def _own(_event: OwnCopySeen) -> dict[str, Any]:
    return {"kind": OWN}


def _bounced(event: Bounced) -> dict[str, Any]:
    # A refusal by policy says nothing of the address: it may be written to when the policy changes.
    severity = BounceKind.SOFT if event.kind is BounceKind.POLICY else event.kind
    return {
        "kind": BOUNCE,
        "subkind": event.kind.value,
        "severity": severity.value,
        "recipients": tuple(_failed(event)),
    }


def _failed(event: Bounced) -> Iterator[Recipient]:
    for failure in event.failures:
        yield Recipient(failure.address, failure.action, failure.status)
    if not event.failures and (event.failed_recipient or event.status):
        action = "delayed" if event.kind is BounceKind.DELAYED else "failed"
        yield Recipient(event.failed_recipient, action, event.status)


def _receipt(event: ReceiptReturned) -> dict[str, Any]:
    return {"kind": RECEIPT, "subkind": event.disposition}


def _complaint(event: Complained) -> dict[str, Any]:
    return {"kind": COMPLAINT, "recipients": (Recipient(event.complainant),) if event.complainant else ()}


def _calendar(event: CalendarMailed) -> dict[str, Any]:
    answered = event.invitation.answer.lower() if event.invitation and event.method == "REPLY" else ""
    return {
        "kind": CALENDAR,
        "subkind": event.method.lower(),
        "recipients": (Recipient(event.sender, answered),) if answered else (),
    }


def _unsubscribe(_event: UnsubscribeMailed) -> dict[str, Any]:
    return {"kind": UNSUBSCRIBE, "subkind": "token"}


def _auto_reply(event: AutoReplied) -> dict[str, Any]:
    return {
        "kind": AUTO_REPLY,
        "subkind": event.kind.value,
        "returns_on": event.returns_on,
        "replacement": event.replacement,
    }


def _list(_event: ListMailed) -> dict[str, Any]:
    return {"kind": LIST}


def _reply(event: PersonWrote) -> dict[str, Any]:
    if event.asks_to_stop:
        return {"kind": UNSUBSCRIBE, "subkind": "words"}
    return {"kind": REPLY, "subkind": "reaction" if event.reaction else ""}


def _forwarded(_event: PersonForwarded) -> dict[str, Any]:
    return {"kind": REPLY, "subkind": "forwarded"}


_SAYS: dict[type[Reading], Callable[..., dict[str, Any]]] = {
    OwnCopySeen: _own,
    Bounced: _bounced,
    ReceiptReturned: _receipt,
    Complained: _complaint,
    CalendarMailed: _calendar,
    UnsubscribeMailed: _unsubscribe,
    AutoReplied: _auto_reply,
    ListMailed: _list,
    PersonWrote: _reply,
    PersonForwarded: _forwarded,
}
