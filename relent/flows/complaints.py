"""A report of abuse (RFC 5965) is about a person, not about one mail: nothing more is sent to them, from any sequence.

The mail that it names says who it is; where it names none, the complainant that the report shows, if we ever wrote to
them. A forged report must not switch a contact off: where neither holds, or the report failed authentication and names
no mail of ours, a person is asked.
"""

from collections.abc import Iterable
from datetime import datetime

from relent.decide.matching import Connection, Known
from relent.flows import apply, consequences, reviews
from relent.flows.concerns import Concern
from relent.flows.ledger import Cause
from relent.records import enrollment_facts, models
from relent.terms import addresses
from relent.terms.events import Complained, Evidence
from relent.terms.evidence import EvidenceKind
from relent.terms.history import TimelineKind
from relent.terms.reasons import Refusal
from relent.terms.reviews import ReviewKind
from relent.terms.states import DeliveryState


def follow(event: Complained, cause: Cause, concerned: Iterable[Concern], now: datetime) -> None:
    """Let a complaint reach what the mail that it names does not tell: ``concerned`` was decided before."""
    decided = {one.enrollment.pk for one in concerned}
    named = {one.enrollment.contact_id for one in concerned if one.connection.answers is not None}
    contacts = named or _those_we_wrote_to(event)
    if not contacts:
        mailbox = cause.item.mailbox if cause.item else None
        about = f"{cause.item.pk}" if cause.item else event.at.isoformat()
        proposal = {"address": event.complainant} if event.complainant else {}
        reviews.open_item(ReviewKind.COMPLAINT, about, now, item=cause.item, mailbox=mailbox, proposal=proposal)
        return
    evidence = (Evidence(EvidenceKind.REPORT, f"Complainant: {event.complainant or 'hidden'}"),)
    running = models.Enrollment.objects.open().filter(contact__in=contacts).exclude(pk__in=decided)
    rows = list(running.select_related(*enrollment_facts.RELATED).order_by("pk"))
    for row, known in zip(rows, enrollment_facts.of_all(rows, event.at) if rows else [], strict=True):
        connection = Connection(sender_known=Known.ENROLLED, evidence=evidence)
        apply.event(Concern(row, known, connection), cause, now)
    for contact in models.Contact.objects.filter(pk__in=contacts).order_by("pk"):
        _suppress(contact, cause, now)


def _those_we_wrote_to(event: Complained) -> set[int]:
    if not event.complainant or event.authenticated is False:
        return set()
    left = models.Delivery.objects.filter(
        enrollment__address_key=addresses.mailbox_key(event.complainant), state=DeliveryState.SENT
    )
    return set(left.values_list("enrollment__contact_id", flat=True))


def _suppress(contact: models.Contact, cause: Cause, now: datetime) -> None:
    """Suppress every address that the contact has now."""
    new = False
    for address in contact.addresses.filter(until__isnull=True).values_list("address", flat=True):
        held = models.Suppression.objects.holding_for([address]).filter(code=Refusal.MARKED_AS_SPAM)
        if not held.exists():
            consequences.suppress(address, Refusal.MARKED_AS_SPAM, "complaint", now)
            new = True
    if new:
        models.TimelineEntry.objects.create(
            contact=contact, at=now, kind=TimelineKind.SUPPRESSED, reason=Refusal.MARKED_AS_SPAM, item=cause.item
        )
