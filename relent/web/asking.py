"""A question of the review queue as it is put to a person: what was seen, what happens meanwhile, and what to press."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from relent.flows import explaining, permissions, reviewing
from relent.records.models import InboundItem, ReviewItem, User
from relent.terms.evidence import EvidenceKind
from relent.terms.reviews import ReviewAnswer, ReviewKind
from relent.terms.states import EnrollmentState
from relent.web import attention

# What an answer says to one question only.
_SAID: dict[tuple[ReviewKind, ReviewAnswer], Promise] = {
    (ReviewKind.RETURN_DATE, ReviewAnswer.DISMISS): _("The date is right"),
    (ReviewKind.RETURN_DATE, ReviewAnswer.GO_ON): _("Go on now"),
    (ReviewKind.SAME_ADDRESS, ReviewAnswer.DISMISS): _("They are two"),
    (ReviewKind.MERGED, ReviewAnswer.DISMISS): _("Yes, it was right"),
    (ReviewKind.LOOP, ReviewAnswer.DISMISS): _("It is meant"),
    (ReviewKind.BOUNCE_DOUBTED, ReviewAnswer.DISMISS): _("It does not"),
    (ReviewKind.ADDRESS_CHANGED, ReviewAnswer.DISMISS): _("It is not"),
    (ReviewKind.ASKED_TO_STOP, ReviewAnswer.DISMISS): _("No, only this time"),
    (ReviewKind.PLANNED_MEETING, ReviewAnswer.GO_ON): _("Start it"),
    (ReviewKind.SENDER_REFUSED, ReviewAnswer.GO_ON): _("Send again"),
}
_WHO_WROTE = {ReviewKind.LOOKS_AUTOMATIC, ReviewKind.LOOKS_HUMAN}
# What an answer needs besides the click.
_NEEDS = {
    ReviewAnswer.ATTACH: ("address",),
    ReviewAnswer.CREATE_CONTACT: ("address", "name"),
    ReviewAnswer.BACK_ON: ("returns_on",),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A button; ``needs`` names the fields of its small form."""

    value: str
    label: str
    ends: bool
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with everything its card shows. ``elsewhere`` are links to where it can be settled. ``passages`` are
    the words of its mail, those marked on which the judgement rests."""

    item: ReviewItem
    question: str
    answers: list[Answer]
    address: str
    meanwhile: str
    elsewhere: list[tuple[str, str]]
    error: str = ""
    passages: Sequence[explaining.Passage] = ()

    @property
    def offers(self) -> bool:
        """Whether all that one answer needs is known: its form is shown at once."""
        return bool(self.item.proposal.get("address")) and sum(bool(one.needs) for one in self.answers) == 1

    @property
    def about_who_wrote(self) -> bool:
        """Whether it is asked if a person wrote the mail, or a machine."""
        return self.item.kind in _WHO_WROTE

    @property
    def seen(self) -> list[list[str]]:
        """What speaks for the judgement, besides the words that are marked in the text."""
        told = {EvidenceKind.RULE, EvidenceKind.TEXT} if self.passages else {EvidenceKind.RULE}
        return [[kind, seen] for kind, seen in (self.item.item.evidence if self.item.item else ()) if kind not in told]


def cards(items: Iterable[ReviewItem], user: User) -> list[Asked]:
    """Return the card of each item."""
    rows = list(items)
    boxes = {row.item.mailbox_id for row in rows if row.item is not None}
    readable = set(attention.mailboxes_of(user).filter(pk__in=boxes).values_list("pk", flat=True))
    return [card(row, user, may_read=row.item is not None and row.item.mailbox_id in readable) for row in rows]


def card(row: ReviewItem, user: User, *, may_read: bool, error: str = "") -> Asked:
    """Return one card. The mail's text is shown only to who sees the mailbox that it lies in."""
    kind = ReviewKind(row.kind)
    text = row.item.text if row.item is not None and may_read else ""
    return Asked(
        item=row,
        question=kind.say(get_language() or "en"),
        answers=[_answer(kind, answer) for answer in reviewing.answers_to(row)],
        address=reviewing.proposed(row),
        meanwhile=_meanwhile(row),
        elsewhere=_elsewhere(row, kind, user),
        error=error,
        passages=passages(row.item) if row.item is not None and text else (),
    )


def _answer(kind: ReviewKind, answer: ReviewAnswer) -> Answer:
    own = _SAID.get((kind, answer))
    label = str(own) if own is not None else answer.say(get_language() or "en")
    return Answer(answer.value, label, answer is ReviewAnswer.UNENROLL, _NEEDS.get(answer, ()))


def passages(item: InboundItem) -> list[explaining.Passage]:
    """Return the words of a mail, harmless to show, without the empty lines at its end."""
    return _shown(explaining.passages(item.text, item.spans))


def written(text: str) -> list[explaining.Passage]:
    """Return what the sender wrote in a text, and apart from it what else stands there, harmless to show."""
    return _shown(explaining.passages(text))


def _shown(pieces: list[explaining.Passage]) -> list[explaining.Passage]:
    found = [replace(one, text=_visible(one.text)) for one in pieces]
    while found and not found[-1].text.strip():
        found.pop()
    return [*found[:-1], replace(found[-1], text=found[-1].text.rstrip())] if found else []


def _visible(text: str) -> str:
    """Leave out what would write over its surroundings: control and formatting characters (Unicode Cc, Cf)."""
    return "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cf"})


def _meanwhile(row: ReviewItem) -> str:
    if row.enrollment is None:
        return ""
    match row.enrollment.state:
        case EnrollmentState.HELD | EnrollmentState.PAUSED if row.enrollment.paused_until is not None:
            return gettext("Nothing is sent meanwhile. Without an answer it goes on by itself:")
        case EnrollmentState.HELD | EnrollmentState.PAUSED:
            return gettext("Nothing is sent until somebody answers.")
        case EnrollmentState.SCHEDULED | EnrollmentState.ACTIVE:
            return gettext("The sequence goes on meanwhile.")
        case _:
            return gettext("The enrollment is over: nothing is sent.")


def _elsewhere(row: ReviewItem, kind: ReviewKind, user: User) -> list[tuple[str, str]]:
    links: list[tuple[str, Any]] = []
    match kind:
        case ReviewKind.SAME_ADDRESS if row.contact_id is not None:
            other = row.proposal.get("other", "")
            merge = f"{reverse('contact-merge', args=[row.contact_id])}?other={other}"
            links = [(merge, gettext("Compare and merge"))]
        case ReviewKind.OWNER_GONE if row.sequence is not None and permissions.may_edit(user, row.sequence):
            links = [(reverse("sequence-transfer", args=[row.sequence_id]), gettext("Transfer the sequence"))]
        case ReviewKind.SENDER_GONE if user.is_super_admin and str(row.proposal.get("user", "")).isdecimal():
            links = [(reverse("user-leave", args=[row.proposal["user"], "hand-over"]), gettext("Hand over"))]
        case ReviewKind.MERGED if row.enrollment is not None:
            links = [(reverse("enrollment-undo", args=[row.enrollment_id]), gettext("Undo the end"))]
        case ReviewKind.SENDER_REFUSED if row.mailbox_id is not None:
            links = [(reverse("mailbox", args=[row.mailbox_id]), gettext("Open the mailbox"))]
        case ReviewKind.COMPLAINT if permissions.leads_team(user):
            links = [(f"{reverse('suppression-add')}", gettext("Block an address"))]
        case _:
            pass
    return links
