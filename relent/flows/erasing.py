"""Erasing what tells who somebody is. What was decided, why, and every count stays; of an address its mark stays."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from relent.records import models
from relent.terms.reviews import ReviewAnswer

_AT_A_TIME = 200


def erase(contact: models.Contact, now: datetime) -> None:
    """Erase the content of everything that is about ``contact``. Called with its row locked and nothing of it open."""
    models.AccountKey.objects.make(now)
    held = set(contact.addresses.values_list("address", flat=True))
    held |= set(contact.enrollments.values_list("address", flat=True))
    marks = models.AccountKey.objects.marks(address for address in held if not address.startswith(models.ERASED))
    nothing: dict[str, Any] = {
        "first_name": "",
        "last_name": "",
        "company": None,
        "time_zone": "",
        "properties": {},
        "erased_at": now,
    }
    models.Contact.objects.filter(pk=contact.pk).update(deleted_at=contact.deleted_at or now, **nothing)
    models.Contact.objects.filter(merged_into=contact).update(**nothing)
    for address, mark in marks.items():
        _mark_address(contact, address, mark)
    _mails(contact, marks)
    _meetings(contact, marks)
    _rest(contact, now)


def forget_if_erased(item: models.InboundItem) -> bool:
    """Keep nothing of a mail whose sender was erased before it was read: its consequences stay. Return whether that is
    so."""
    marks = models.AccountKey.objects.marks([item.sender]) if item.sender else {}
    erased = models.ContactAddress.objects.filter(address__in=marks.values(), contact__erased_at__isnull=False)
    if not erased.exists():
        return False
    _forget(models.InboundItem.objects.filter(pk=item.pk), marks)
    return True


def _mark_address(contact: models.Contact, address: str, mark: str) -> None:
    contact.addresses.filter(address=address).update(address=mark, key=mark, primary=False)
    contact.enrollments.filter(address=address).update(address=mark, address_key=mark, address_domain="")
    others = models.ContactAddress.objects.filter(address=address, contact__erased_at__isnull=True)
    if others.exists():
        return  # somebody else's too: the reason not to mail it stays with them
    there = models.Suppression.objects.filter(address=mark, lifted_at__isnull=True).values("code")
    models.Suppression.objects.filter(address=address).exclude(code__in=list(there)).update(address=mark)


def _mails(contact: models.Contact, marks: dict[str, str]) -> None:
    of_theirs = models.Delivery.objects.filter(enrollment__contact=contact)
    models.DeliveryLink.objects.filter(delivery__in=of_theirs).delete()
    models.Delivery.objects.filter(pk__in=of_theirs.values("pk")).update(
        recipient="", subject="", own_subject="", own_body="", answer="", raw=None
    )
    models.Enrollment.objects.filter(contact=contact).update(own_steps={})
    about = models.Decision.objects.filter(enrollment__contact=contact)
    _forget_evidence(about, marks)
    # What concerned others too is somebody else's mail, as a colleague's that stopped the whole company.
    of_others = models.Decision.objects.exclude(enrollment__contact=contact).filter(item__isnull=False).values("item")
    only_theirs = Q(pk__in=about.filter(item__isnull=False).values("item")) & ~Q(pk__in=of_others)
    copies = Q(message_id__in=of_theirs.filter(message_id__isnull=False).values("message_id"))
    _forget(models.InboundItem.objects.filter(Q(sender__in=marks) | only_theirs | copies), marks)


def _forget(items: QuerySet[models.InboundItem], marks: dict[str, str]) -> None:
    ids = list(items.values_list("pk", flat=True))
    for start in range(0, len(ids), _AT_A_TIME):
        some = models.InboundItem.objects.filter(pk__in=ids[start : start + _AT_A_TIME])
        for pk, sender in some.values_list("pk", "sender"):
            models.InboundItem.objects.filter(pk=pk).update(sender=marks.get(sender, ""))
        some.update(
            subject="",
            message_id="",
            text="",
            evidence=[],
            spans=[],
            defects=[],
            malformed=False,
            raw=None,
            headers=None,
        )
        models.Overrule.objects.filter(item__in=some).update(note="")
        _forget_evidence(models.Decision.objects.filter(item__in=some), marks)


def _forget_evidence(decisions: QuerySet[models.Decision], marks: dict[str, str]) -> None:
    """The one change that a line of the ledger ever sees: what was seen gives way to the mark, its kind stays."""
    mark = next(iter(marks.values()), models.ERASED)
    for pk, evidence in list(decisions.values_list("pk", "evidence")):
        models.Decision.objects.filter(pk=pk).update(evidence=[[kind, mark] for kind, _ in evidence])


def _meetings(contact: models.Contact, marks: Iterable[str]) -> None:
    addresses = list(marks)
    models.MeetingAttendee.objects.filter(address__in=addresses).delete()
    models.Meeting.objects.filter(booked_by__in=addresses).update(booked_by="")
    only_theirs = models.Meeting.objects.filter(associations__contact=contact).exclude(
        pk__in=models.MeetingAssociation.objects.exclude(contact=contact).exclude(contact=None).values("meeting")
    )
    models.Meeting.objects.filter(pk__in=list(only_theirs.values_list("pk", flat=True))).update(title="", place="")


def _rest(contact: models.Contact, now: datetime) -> None:
    models.Task.objects.filter(contact=contact).update(subject="", body="")
    models.Notification.objects.filter(contact=contact).delete()
    models.ListMember.objects.filter(contact=contact).delete()
    models.WorkflowRun.objects.filter(contact=contact).update(steps=[])
    models.CompanyStop.objects.filter(actor=contact, done_at__isnull=False).update(event={})
    asked = models.ReviewItem.objects.filter(Q(contact=contact) | Q(enrollment__contact=contact))
    asked_ids = list(asked.values_list("pk", flat=True))
    models.ReviewItem.objects.filter(pk__in=asked_ids).update(proposal={})
    models.ReviewItem.objects.open().filter(pk__in=asked_ids).update(closed_at=now, answer=ReviewAnswer.DISMISS)
    models.AuditEntry.objects.filter(subject=f"contact:{contact.pk}").update(detail={})
    contact.deals.clear()
    models.ContactCompany.objects.filter(contact=contact).delete()
