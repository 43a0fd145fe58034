"""When a contact was last written to or called by hand, last wrote, and is next met: what a wish to enroll looks at."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Max

from relent.records import models
from relent.terms import addresses
from relent.terms.history import TimelineKind
from relent.terms.states import DeliveryState, TaskState
from relent.terms.steps import StepKind, TaskKind

_TOUCHES = [TaskKind.CALL, TaskKind.EMAIL, TaskKind.LINKEDIN_MESSAGE]


def note(recipients: Iterable[str], item: models.InboundItem, by: int | None) -> int:
    """Write on the timeline of each contact among ``recipients`` that a user wrote to them by hand; return how many.

    The same mail may be seen in several mailboxes: it is told once.
    """
    keys = {addresses.mailbox_key(address) for address in recipients if address}
    contacts = models.Contact.objects.present().filter(addresses__key__in=keys).distinct()
    told = models.TimelineEntry.objects.filter(
        contact__in=contacts, kind=TimelineKind.WRITTEN_BY_HAND, item__message_id=item.message_id
    )
    known = set(told.values_list("contact_id", flat=True)) if item.message_id else set()
    rows = [
        models.TimelineEntry(
            contact=contact, at=item.received_at, kind=TimelineKind.WRITTEN_BY_HAND, item=item, actor_id=by
        )
        for contact in contacts
        if contact.pk not in known
    ]
    models.TimelineEntry.objects.bulk_create(rows)
    return len(rows)


def latest(contact: models.Contact) -> datetime | None:
    """Return when a user last wrote to the contact or called: a mail by hand, inside a sequence or not, or a task done
    that was one. The mails that sequences send by themselves are no touch."""
    by_hand = models.TimelineEntry.objects.filter(contact=contact, kind=TimelineKind.WRITTEN_BY_HAND)
    tasks = models.Task.objects.filter(contact=contact, state=TaskState.DONE, kind__in=_TOUCHES)
    mails = models.Delivery.objects.filter(
        enrollment__contact=contact, kind=StepKind.EMAIL, step__kind=StepKind.TASK, state=DeliveryState.SENT
    )
    found = (
        by_hand.aggregate(at=Max("at"))["at"],
        tasks.aggregate(at=Max("done_at"))["at"],
        mails.aggregate(at=Max("sent_at"))["at"],
    )
    return max((at for at in found if at is not None), default=None)


def wrote_at(contact: models.Contact) -> datetime | None:
    """Return when the contact last wrote a mail, to whichever of the account's mailboxes."""
    known = [address.address for address in contact.addresses.all()]
    wrote = models.InboundItem.objects.filter(sender__in=known).by_a_person()
    at: datetime | None = wrote.aggregate(at=Max("received_at"))["at"]
    return at


def meets_at(contact: models.Contact, now: datetime) -> datetime | None:
    """Return when the next meeting with the contact begins."""
    ahead = models.Meeting.objects.standing().of(contact).filter(starts_at__gt=now)
    return ahead.order_by("starts_at").values_list("starts_at", flat=True).first()
