"""A mail as it arrived, with what its place and its sender make of it: what the tests of a judgement ask."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import islice
from typing import TypedDict

from relent.mail import authentication, clocks, message_ids
from relent.mail.bounces import dsn
from relent.mail.message import Message
from relent.mail.notes import auto_reply, notice
from relent.terms.events import Evidence
from relent.terms.evidence import EvidenceKind

_MOST_SEEN = 50  # pieces of evidence kept of one mail: a header may be repeated a thousand times


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a mail was found, and since when it lay there by the server's clock (``at``). ``thread`` is the provider's
    id of its conversation, ``provider`` whose mailbox it is (``gmail``, ``microsoft``, ``imap``)."""

    at: datetime
    is_sent: bool = False
    is_spam: bool = False
    thread: str = ""
    provider: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """What is our own, each asked by ``in``: the canonical addresses of our users, the Message-IDs of the mails we
    sent, the unsubscribe tokens we made."""

    addresses: Container[str] = frozenset()
    message_ids: Container[str] = frozenset()
    tokens: Container[str] = frozenset()


class Common(TypedDict):
    """What every event says of its mail; the fields of ``MailEvent``."""

    at: datetime
    evidence: tuple[Evidence, ...]
    sender: str
    sent_for: str
    recipients: tuple[str, ...]
    refers_to: tuple[str, ...]
    thread: str
    subject: str
    authenticated: bool | None
    read_at_provider: str


@dataclass(frozen=True)
class Arrival:
    """A mail, where it was found, and what is ours. What several tests ask of it is worked out once."""

    message: Message
    place: Place
    ours: Ours

    @cached_property
    def day(self) -> date:
        """The day on which it came, as the sender counts: it is the sender's "tomorrow" that is read."""
        return self.place.at.astimezone(clocks.zone(self.message)).date()

    @cached_property
    def speaks_up(self) -> bool:
        """Whether any phrase stands in it that could make it more than a person's usual mail."""
        return notice.speaks_up(self.message)

    @cached_property
    def weakly_automatic(self) -> auto_reply.AutoReply | None:
        """The automatic reply that it is by weak marks."""
        return auto_reply.read_weak(self.message, self.day) if auto_reply.weak_marks(self.message) else None

    def common(self, rule: str, seen: Iterable[Evidence], original_ids: tuple[str, ...] = ()) -> Common:
        """What every event says of its mail: that ``rule`` found it, by what was ``seen``. ``original_ids``: the mails
        that it tells of, beside those its header refers to."""
        message, place = self.message, self.place
        authenticated, line = authentication.read(message)
        agent = message.addresses("sender")[:1] if message.header("sender") else ()
        evidence = [Evidence(EvidenceKind.RULE, rule), *islice(seen, _MOST_SEEN)]
        if line:
            evidence.append(Evidence(EvidenceKind.AUTHENTICATION, line))
        if place.is_spam:
            evidence.append(Evidence(EvidenceKind.FOLDER, "spam"))
        return {
            "at": place.at,
            "evidence": tuple(evidence),
            "sender": message.sender,
            # Either may be the contact's: an assistant writes for somebody, or somebody has it written.
            "sent_for": next((one.address for one in agent if one.address != message.sender), ""),
            "recipients": message.recipients,
            "refers_to": tuple(dict.fromkeys((*refers_to(message), *original_ids))),
            "thread": place.thread,
            "subject": message.subject[:1000],
            "authenticated": authenticated,
            "read_at_provider": place.provider,
        }


def refers_to(message: Message) -> tuple[str, ...]:
    """Return the Message-IDs a mail refers to: In-Reply-To, then References, then those of returned headers, then the
    one that Exchange names as the parent of an automatic reply."""
    ids = [*message.in_reply_to, *message.references]
    report = dsn.read(message)
    ids += report.original_ids if report else dsn.returned(message)[0]
    ids += message_ids.parse(message.first("x-ms-exchange-parent-message-id"))
    return tuple(dict.fromkeys(ids))


def as_evidence(kind: str, lines: Iterable[str]) -> list[Evidence]:
    """Return each of ``lines`` as evidence, cut to what a page can show; empty ones are left out."""
    return [Evidence(kind, line[:500]) for line in lines if line]
