"""What has not left yet, and is changed for one contact: the text of a mail, or when it may leave."""

from datetime import datetime
from enum import Enum

from django.db import transaction

from relent.flows import auditing, permissions, planning, rendering, wake
from relent.mail import templates
from relent.records import models
from relent.terms.reasons import WaitReason
from relent.terms.states import DeliveryState
from relent.terms.steps import StepKind

_MAY_CHANGE = [DeliveryState.PLANNED, DeliveryState.PARKED]


class Edited(Enum):
    """What became of an edit."""

    SAVED = "saved"
    # A reason to stop, or the sending, got there first. The text is kept where the mail was cancelled; it is not sent.
    KEPT_AS_DRAFT = "kept_as_draft"
    TOO_LATE = "too_late"


class Unusable(ValueError):
    """The text cannot be sent: ``problems`` say why, as sentences or names of tokens without a value."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@transaction.atomic
def edit(delivery_id: int, by: models.User, now: datetime, *, subject: str, body: str) -> Edited:
    """Give the pending mail of one contact a text of its own; the sequence stays as it is.

    Where the contact answered meanwhile, the mail is cancelled: the edit is kept with it as a draft, and never sent.
    An empty text takes the step's again. Raises NotAllowed, also where ``by`` may not send from the mailbox that it
    leaves from, and Unusable where the text could not be sent.
    """
    delivery = _locked(delivery_id, by)
    if not permissions.may_send_from(by, delivery.mailbox):
        raise permissions.NotAllowed(f"{by} may not write for {delivery.mailbox}")
    check(delivery, subject, body)
    own = {"own_subject": subject[:300], "own_body": body, "edited_by": by}
    mails = models.Delivery.objects.filter(pk=delivery.pk, kind=StepKind.EMAIL)
    if mails.filter(state__in=_MAY_CHANGE).update(**own):
        auditing.note(by, "delivery.edited", f"delivery:{delivery.pk}", now)
        return Edited.SAVED
    if mails.filter(state=DeliveryState.CANCELLED).update(**own):
        auditing.note(by, "delivery.draft_kept", f"delivery:{delivery.pk}", now)
        return Edited.KEPT_AS_DRAFT
    return Edited.TOO_LATE


@transaction.atomic
def move(delivery_id: int, by: models.User, now: datetime, due_at: datetime) -> bool:
    """Let a planned step fall due at ``due_at``, or at once where that is past. Return whether it was still planned.

    It leaves then as every mail does: within the window and the limits, after the mailboxes were read. Raises
    NotAllowed.
    """
    delivery = _locked(delivery_id, by)
    moved = models.Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.PLANNED).update(
        due_at=max(due_at, now), waits_for=""
    )
    if moved:
        auditing.note(by, "delivery.moved", f"delivery:{delivery.pk}", now, due_at=max(due_at, now).isoformat())
        wake.request_turn(delivery.mailbox_id)
    return bool(moved)


def limit_changed(user: models.User, now: datetime) -> int:
    """Look anew at the mails that an old limit of ``user`` put off; return how many."""
    put_off = models.Delivery.objects.filter(
        enrollment__enrolled_by=user, state=DeliveryState.PLANNED, waits_for=WaitReason.USER_LIMIT, due_at__gt=now
    )
    found = list(put_off.values_list("pk", "mailbox_id"))
    moved = models.Delivery.objects.filter(pk__in=[pk for pk, _ in found], state=DeliveryState.PLANNED).update(
        due_at=now, waits_for=""
    )
    for mailbox_id in {mailbox_id for _, mailbox_id in found}:
        wake.request_turn(mailbox_id)
    return moved


def check(delivery: models.Delivery, subject: str, body: str) -> None:
    """Raise Unusable where a mail with this text could not be sent to the contact."""
    faults = [*templates.problems(subject), *templates.problems(body)]
    faults += rendering.missing_in([subject, body], delivery.enrollment)
    if faults:
        raise Unusable(faults)


def _locked(delivery_id: int, by: models.User) -> models.Delivery:
    delivery = models.Delivery.objects.defer("raw").get(pk=delivery_id)
    enrollment = planning.lock(delivery.enrollment_id)
    permissions.require_contact(by, enrollment.contact)
    return models.Delivery.objects.select_related(
        "step", "mailbox", "enrollment__contact__company", "enrollment__enrolled_by", "enrollment__mailbox__user"
    ).get(pk=delivery_id)
