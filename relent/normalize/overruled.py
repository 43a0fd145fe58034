"""What a mail tells once a person has said who wrote it: the same mail, at the same time, with nothing left to doubt.

What follows is then decided as for any mail of that kind.
"""

from dataclasses import fields, replace
from typing import Any

from relent.mail.message import Message
from relent.mail.notes import auto_reply, notice
from relent.terms.events import (
    AutoReplied,
    Bounced,
    CalendarMailed,
    Evidence,
    ListMailed,
    MailEvent,
    PersonWrote,
    ReceiptReturned,
)
from relent.terms.evidence import EvidenceKind

Automatic = AutoReplied | Bounced | CalendarMailed | ListMailed | ReceiptReturned


def by_a_person(event: MailEvent, message: Message, said_by: str) -> PersonWrote:
    """Return ``event`` as what a person wrote in ``message``; ``said_by`` names who says so."""
    if isinstance(event, PersonWrote):
        return replace(event, confidence=1.0, evidence=_seen(event, said_by))
    asked = notice.asks_to_stop(notice.said(message))
    return PersonWrote(**_common(event, said_by), asks_to_stop=bool(asked))


def automatic(event: MailEvent, message: Message, said_by: str) -> Automatic:
    """Return ``event`` as what a machine sent. What a machine sent by the rules too stays what it is: a bounce is no
    less one. What they take for a person's is an automatic reply: an absence where ``message`` says so or names its
    end, or whatever its words are; one that says nothing where they are none. ``said_by`` names who says so."""
    if isinstance(event, Automatic):
        return replace(event, confidence=1.0, evidence=_seen(event, said_by))
    reply = auto_reply.told(message, event.at.date())
    return AutoReplied(
        **_common(event, said_by),
        kind=reply.kind,
        dialect=reply.dialect,
        returns_on=reply.returns_on,
        doubtful_return=reply.doubtful_return,
        replacement=reply.replacement,
    )


def _common(event: MailEvent, said_by: str) -> dict[str, Any]:
    shared = {field.name: getattr(event, field.name) for field in fields(MailEvent)}
    return {**shared, "confidence": 1.0, "evidence": _seen(event, said_by)}


def _seen(event: MailEvent, said_by: str) -> tuple[Evidence, ...]:
    return (Evidence(EvidenceKind.PERSON, said_by), *event.evidence)
