"""Why: the ledger's lines as a person reads them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from django.db.models import QuerySet

from relent.mail import quoting
from relent.mail.notes import signature
from relent.records import models


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the ledger.

    ``meeting`` names the meeting that it is about, with its time in UTC; ``confidence``, ``verdict`` and ``reason`` are
    codes of ``terms``; ``other_profile`` maps a profile's name to the verdict and reason
    that it would have given, where they differ.
    """

    event_at: datetime
    decided_at: datetime
    contact: str
    sequence: str
    event: str
    subject: str
    meeting: str
    confidence: str
    verdict: str
    reason: str
    rule: str
    applied: bool
    evidence: list[tuple[str, str]]
    other_profile: dict[str, list[str]]


def contact(row: models.Contact) -> list[Line]:
    """Return every decision about the contact's enrollments, oldest first."""
    return [_line(one) for one in _decisions().filter(enrollment__contact=row).order_by("pk")]


def message(message_id: str) -> list[Line]:
    """Return every decision on the received mail with this Message-ID (with or without angle brackets)."""
    return [_line(one) for one in _decisions().filter(item__message_id=message_id.strip("<>")).order_by("pk")]


def decision(row: models.Decision) -> Line:
    """Return one decision's line."""
    return _line(_decisions().get(pk=row.pk))


_SHORT_QUOTATION = 2  # line ends within it


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a mail's text. ``seen``: the judgement rests on these words. ``own``: the sender wrote them, and no
    mail program put them there as quotation or signature."""

    text: str
    seen: bool
    own: bool

    @property
    def folds(self) -> bool:
        """Whether nobody need see it at first: quotation of some length, on which nothing rests."""
        return not self.own and not self.seen and self.text.strip().count("\n") >= _SHORT_QUOTATION


def passages(text: str, spans: Iterable[tuple[int, int]] = ()) -> list[Passage]:
    """Return the text of a received mail, in pieces from first to last; a judgement rests on those at ``spans``."""
    signed = signature.begins(text)
    own = [(start, end + 1) for start, end in quoting.own(text).spans if start < signed]  # with the line's end
    seen = [(start, end) for start, end in spans]
    edges = sorted({0, len(text), *(min(edge, len(text)) for span in (*own, *seen) for edge in span)})
    found: list[Passage] = []
    for start, end in pairwise(edges):
        piece = Passage(text[start:end], _within(start, seen), _within(start, own))
        blank = not piece.text.strip() and not piece.seen  # the line's end belongs to what it ends
        if found and (blank or (piece.seen, piece.own) == (found[-1].seen, found[-1].own)):
            found[-1] = replace(found[-1], text=found[-1].text + piece.text)
        else:
            found.append(piece)
    return found


def _within(place: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def _decisions() -> QuerySet[models.Decision]:
    return models.Decision.objects.select_related("enrollment__contact", "enrollment__sequence", "item", "meeting")


def _line(row: models.Decision) -> Line:
    return Line(
        event_at=row.event_at,
        decided_at=row.decided_at,
        contact=str(row.enrollment.contact),
        sequence=row.enrollment.sequence.name,
        event=row.event,
        subject=row.item.subject if row.item else "",
        meeting=_meeting(row.meeting),
        confidence=row.confidence,
        verdict=row.verdict,
        reason=row.reason,
        rule=row.rule,
        applied=row.applied,
        evidence=[(kind, seen) for kind, seen in row.evidence],
        other_profile=row.other_profile,
    )


def _meeting(row: models.Meeting | None) -> str:
    return f"{row.title or f'#{row.pk}'} ({row.starts_at:%Y-%m-%d %H:%M} UTC)" if row else ""
