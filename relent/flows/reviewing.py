"""Carrying out what a person answers to a question of the review queue."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from relent.decide import reviews as rules
from relent.flows import (
    apply,
    auditing,
    consequences,
    ledger,
    overruling,
    pausing,
    permissions,
    planning,
    releasing,
    removing,
    reviews,
    settling,
    unsubscribing,
    workflows,
)
from relent.flows.ledger import Cause
from relent.flows.permissions import NotAllowed
from relent.records import models
from relent.terms import addresses
from relent.terms.events import UnenrolledByHand
from relent.terms.history import TimelineKind
from relent.terms.reasons import HoldReason, Refusal
from relent.terms.reviews import ReviewAnswer, ReviewKind, Wrote
from relent.terms.roles import Role
from relent.terms.states import DeliveryState, EnrollmentState


class NoSuchAnswer(ValueError):
    """The question does not allow this answer, or it was answered before."""


class BadAnswer(ValueError):
    """What the answer needs is missing or cannot be used: an address, or a day that is still to come."""


def answers_to(item: models.ReviewItem) -> tuple[ReviewAnswer, ...]:
    """Return what a person may answer to ``item``."""
    return rules.ANSWERS[ReviewKind(item.kind)]


def may_answer(user: models.User, item: models.ReviewItem) -> bool:
    """Whether ``user`` may answer: who may communicate with its contact, whose mailbox or sequence it is about, or who
    looks after the team."""
    if not user.is_active:
        return False
    if item.contact is not None:
        return permissions.may_contact(user, item.contact)
    if item.mailbox is not None:
        return permissions.may_send_from(user, item.mailbox)
    return user.role != Role.REP


@transaction.atomic
def answer(item_id: int, answer: ReviewAnswer, by: models.User, now: datetime, **data: Any) -> None:
    """Record ``by``'s decision and let the enrollment go on or end by it. ``data`` may hold the ``address`` to add, or
    the ``name`` of a new contact, where they differ from what was proposed, and the day on which the contact
    ``returns_on``.

    Raises NotAllowed, NoSuchAnswer, BadAnswer, and overruling.CannotOverrule.
    """
    _lock_what_it_is_about(item_id)
    item = models.ReviewItem.objects.select_for_update(of=("self",)).get(pk=item_id)
    if not may_answer(by, item):
        raise NotAllowed(f"{by} may not answer {item.pk}")
    if answer not in answers_to(item) or not reviews.close(item, answer, by, now):
        raise NoSuchAnswer(answer)
    auditing.note(by, "review.answered", f"review:{item.pk}", now, question=item.kind, answer=answer)
    _ANSWERS[answer](item, by, now, data)


def _lock_what_it_is_about(item_id: int) -> None:
    """Before the question itself, as whoever reads a mail does: mail, enrollment, question."""
    asked = models.ReviewItem.objects.get(pk=item_id)
    if asked.item_id is not None and asked.kind in overruling.ABOUT_WHO_WROTE:
        overruling.lock(asked.item_id)
    elif asked.enrollment_id is not None:
        planning.lock(asked.enrollment_id)


def _go_on(item: models.ReviewItem, by: models.User, now: datetime, data: dict[str, Any]) -> None:
    if item.kind == ReviewKind.LOOP:
        workflows.go_on(item.proposal["run"], now)
        return
    if item.kind == ReviewKind.SENDER_REFUSED:
        _send_again(item, now)
        return
    stands_still = rules.STANDS_STILL_FOR.get(ReviewKind(item.kind))
    if item.enrollment_id is not None and stands_still is not None:
        release(item.enrollment_id, now, stands_still)


@transaction.atomic
def release(enrollment_id: int, now: datetime, reason: str) -> bool:
    """Let an enrollment go on that stands still for ``reason``, unless another question about it is open, or nobody is
    left to send its mails: then it stands still for that. Return whether it goes on."""
    went = releasing.release(enrollment_id, now, reason)
    return went and not removing.hold_if_nobody_sends(enrollment_id, now)


@transaction.atomic
def let_go_on(enrollment_id: int, by: models.User, now: datetime) -> bool:
    """Let a held enrollment go on about which no question is open. Return whether it does: not what waits for its
    mailbox, or for somebody to take over. Raises NotAllowed."""
    enrollment = planning.lock(enrollment_id)
    permissions.require_contact(by, enrollment.contact)
    if enrollment.state != EnrollmentState.HELD or enrollment.reason not in RELEASED_BY_HAND:
        return False
    auditing.note(by, "enrollment.released", f"enrollment:{enrollment.pk}", now, reason=enrollment.reason)
    return release(enrollment_id, now, enrollment.reason)


# The others end with what they wait for: a mailbox that can be read, a user who takes over, a server that takes mail.
RELEASED_BY_HAND = frozenset(reason for reason in rules.STANDS_STILL_FOR.values() if reason != HoldReason.SENT_UNKNOWN)


def _send_again(item: models.ReviewItem, now: datetime) -> None:
    """Servers may take the mailbox's mails again: everything that it held goes on."""
    assert item.mailbox_id is not None
    models.Mailbox.objects.filter(pk=item.mailbox_id).update(refused_since=None)
    held = models.Enrollment.objects.filter(
        mailbox_id=item.mailbox_id, state=EnrollmentState.HELD, reason=HoldReason.SENDER_REFUSED
    )
    for enrollment_id in held.values_list("pk", flat=True):
        release(enrollment_id, now, HoldReason.SENDER_REFUSED)


def _unenroll(item: models.ReviewItem, by: models.User, now: datetime, data: dict[str, Any]) -> None:
    assert item.enrollment_id is not None
    enrollment = planning.lock(item.enrollment_id)
    event = UnenrolledByHand(at=now, enrollment_id=enrollment.pk, user_id=by.pk, surface="review")
    apply.direct(enrollment, Cause(event=event, actor=by), now)


def _settle(left: bool) -> "_Carry":
    def carry(item: models.ReviewItem, by: models.User, now: datetime, data: dict[str, Any]) -> None:
        unknown = models.Delivery.objects.filter(enrollment=item.enrollment_id, state=DeliveryState.UNKNOWN).first()
        if unknown is not None and left:
            settling.it_left(unknown, unknown.sending_at or now, now)
        elif unknown is not None:
            settling.it_did_not_leave(unknown, now)

    return carry


def _attach(item: models.ReviewItem, by: models.User, now: datetime, data: dict[str, Any]) -> None:
    """From now on, mail from the address is the contact's."""
    assert item.contact_id is not None
    address = _address(item, data)
    row, is_new = models.ContactAddress.objects.get_or_create(
        contact_id=item.contact_id, address=address, defaults={"since": now}
    )
    if not is_new:
        models.ContactAddress.objects.filter(pk=row.pk).update(until=None)
    models.TimelineEntry.objects.create(
        contact_id=item.contact_id, at=now, kind=TimelineKind.ADDRESS_ADDED, actor=by, item_id=item.item_id
    )
    _go_on(item, by, now, data)


def _create_contact(item: models.ReviewItem, by: models.User, now: datetime, data: dict[str, Any]) -> None:
    """Somebody else of the same company. Nobody is enrolled by this."""
    address = _address(item, data)
    if models.ContactAddress.objects.filter(address=address, contact__deleted_at__isnull=True).exists():
        raise BadAnswer(f"{address} stands on a contact already")
    first, _, last = str(data.get("name") or "").partition(" ")
    contact = models.Contact.objects.create(first_name=first[:100], last_name=last[:100], owner=by, created_at=now)
    models.ContactAddress.objects.create(contact=contact, address=address, primary=True, since=now)
    if item.contact is not None and item.contact.company is not None:
        contact.work_at([item.contact.company], now)
    _go_on(item, by, now, data)


def proposed(item: models.ReviewItem) -> str:
    """Return the address that an answer would add; an empty string where none is known."""
    return str(item.proposal.get("address") or (item.item.sender if item.item else ""))


def _address(item: models.ReviewItem, data: dict[str, Any]) -> str:
    address = addresses.canonical(data.get("address") or proposed(item))
    try:
        validate_email(address)
    except ValidationError:
        raise BadAnswer(f"{address!r} is no mail address") from None
    return address


def _back_on(item: models.ReviewItem, by: models.User, now: datetime, data: dict[str, Any]) -> None:
    day = data.get("returns_on")
    assert item.enrollment_id is not None
    if not isinstance(day, date) or not pausing.until_return(item.enrollment_id, day, now):
        raise BadAnswer(f"{day} is no day to wait for")


def _lift(item: models.ReviewItem, by: models.User, now: datetime, data: dict[str, Any]) -> None:
    """The address works after all: it may be mailed again. The enrollment stays over; undoing it is another step."""
    assert item.enrollment is not None
    if consequences.lift(item.enrollment.address, Refusal.PREVIOUSLY_BOUNCED, "the contact has answered", now, by):
        ledger.tell(item.enrollment, TimelineKind.RESUBSCRIBED, now, reason=Refusal.PREVIOUSLY_BOUNCED, actor=by)


def _opt_out(item: models.ReviewItem, by: models.User, now: datetime, data: dict[str, Any]) -> None:
    """In words is as good as by the link; only that a person had to read them."""
    assert item.contact is not None
    unsubscribing.elsewhere(item.contact, f"review:{item.pk}", now, by=by)


def _nothing(item: models.ReviewItem, by: models.User, now: datetime, data: dict[str, Any]) -> None:
    """The answer is the whole of it."""


def _it_was(said: Wrote) -> "_Carry":
    """Who wrote a mail: where the rules had said so already, nothing more follows."""

    def carry(item: models.ReviewItem, by: models.User, now: datetime, data: dict[str, Any]) -> None:
        assert item.item is not None
        if overruling.as_judged(item.item) is said:
            overruling.confirm(item.item, said, by, now)
        else:
            overruling.overrule(item.item.pk, said, by, now)

    return carry


_Carry = Callable[[models.ReviewItem, models.User, datetime, dict[str, Any]], None]
_ANSWERS: dict[ReviewAnswer, _Carry] = {
    ReviewAnswer.GO_ON: _go_on,
    ReviewAnswer.UNENROLL: _unenroll,
    ReviewAnswer.LEFT: _settle(left=True),
    ReviewAnswer.NOT_LEFT: _settle(left=False),
    ReviewAnswer.ATTACH: _attach,
    ReviewAnswer.CREATE_CONTACT: _create_contact,
    ReviewAnswer.BACK_ON: _back_on,
    ReviewAnswer.OPT_OUT: _opt_out,
    ReviewAnswer.LIFT: _lift,
    ReviewAnswer.IT_WAS_A_PERSON: _it_was(Wrote.PERSON),
    ReviewAnswer.IT_WAS_AUTOMATIC: _it_was(Wrote.AUTOMATIC),
    ReviewAnswer.DISMISS: _nothing,
}
