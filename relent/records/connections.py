"""Whom an event could concern: the enrollments to look at, and who acted. ``decide.matching`` says how they belong."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from relent.decide.facts import ActorFacts
from relent.decide.policy import Policy
from relent.records import enrollment_facts, models
from relent.terms import addresses
from relent.terms.events import MailEvent, MeetingBooked, PersonWrote


def concerned_by(event: MailEvent, actor: ActorFacts | None = None) -> list[models.Enrollment]:
    """Return the enrollments that a mail could be about: those whose mail or thread it names, ended ones too; those of
    a contact whom its sender's address, or an alias of it by provider rule, belongs to, where they were open when it
    came; and, of a sender whom nobody knows, those of the same domain. ``actor`` is the sender, where that is known.
    Ordered by id."""
    # Ids are asked for one kind at a time, each by its index: asked for at once, every enrollment would be looked at.
    keys = {addresses.mailbox_key(address) for address in (event.sender, event.sent_for) if address}
    by_mail = set(_answered(event.refers_to[:200], event.thread).values_list("enrollment_id", flat=True))
    was_open = models.Enrollment.objects.open_at(event.at)
    contacts = list(models.ContactAddress.objects.filter(key__in=keys).values_list("contact_id", flat=True))
    by_address = was_open.filter(Q(address_key__in=keys) | Q(contact_id__in=contacts))
    ids = by_mail | set(by_address.values_list("pk", flat=True))
    if taken_up := _successors(by_mail):
        ids |= set(was_open.filter(pk__in=taken_up).values_list("pk", flat=True))
    domain = addresses.domain(event.sender)
    if isinstance(event, PersonWrote) and domain and not addresses.is_free_mail(domain) and not _is_known(event, actor):
        of_domain = models.Enrollment.objects.open().filter(ended_at__isnull=True, address_domain=domain)
        ids |= set(of_domain.values_list("pk", flat=True))
    rows = models.Enrollment.objects.filter(pk__in=ids)
    return list(rows.select_related(*enrollment_facts.RELATED).order_by("id")) if ids else []


def _successors(enrollment_ids: set[int]) -> set[int]:
    """Return the enrollments that took these up again, however often they were."""
    found: set[int] = set()
    current = enrollment_ids
    while current:
        heirs = models.Enrollment.objects.filter(predecessor_id__in=current)
        current = set(heirs.values_list("pk", flat=True)) - found
        found |= current
    return found


def _is_known(event: MailEvent, actor: ActorFacts | None) -> bool:
    if actor is not None:
        return bool(actor.contact_ids)
    key = addresses.mailbox_key(event.sender)
    return models.Contact.objects.present().filter(addresses__key=key).exists()


def _answered(ids: Sequence[str], thread: str) -> QuerySet[models.Delivery]:
    """The mails of ours that a mail with these references, in this conversation, answers."""
    named = Q(message_id__in=ids) | Q(provider_message_id__in=[one for one in ids if one])
    if thread:
        named |= Q(thread=thread)
    return models.Delivery.objects.filter(named) if ids or thread else models.Delivery.objects.none()


def actor(sender: str, event_at: datetime, refers_to: Iterable[str] = (), thread: str = "") -> ActorFacts:
    """Return who ``sender`` is among the contacts, where they worked at ``event_at``, and whose sequences' mails they
    answered: by the Message-ID that we or the provider gave, or in the provider's ``thread``."""
    key = addresses.mailbox_key(sender)
    contacts = frozenset(
        models.Contact.objects.present().filter(addresses__key=key).values_list("pk", flat=True) if key else ()
    )
    answered = _answered(list(refers_to)[:200], thread)
    return ActorFacts(
        contact_ids=contacts,
        workplaces=enrollment_facts.workplaces_together(contacts, event_at),
        sequence_ids=frozenset(answered.values_list("enrollment__sequence_id", flat=True)),
    )


def actor_of_meeting(event: MeetingBooked) -> ActorFacts:
    """Return the contacts who have, or booked, a meeting, and where they worked when it became known."""
    keys = {addresses.mailbox_key(address) for address in (event.booked_by, *event.attendees) if address}
    by_address = models.Contact.objects.present().filter(addresses__key__in=keys)
    contacts = event.contact_ids | frozenset(by_address.values_list("pk", flat=True))
    return ActorFacts(contact_ids=contacts, workplaces=enrollment_facts.workplaces_together(contacts, event.at))


def own_enrollments(event: MeetingBooked, actor: ActorFacts) -> list[models.Enrollment]:
    """Return the enrollments of those whose meeting it is, where they were open when it became known."""
    keys = {addresses.mailbox_key(address) for address in (event.booked_by, *event.attendees) if address}
    theirs = Q(contact_id__in=actor.contact_ids) | Q(address_key__in=keys)
    was_open = models.Enrollment.objects.open_at(event.at).filter(theirs)
    return list(was_open.select_related(*enrollment_facts.RELATED).order_by("id"))


def carrying_the_link(event: MeetingBooked, actor: ActorFacts) -> list[models.Enrollment]:
    """Return the open enrollments of others in whose mails the booked link stood: of the booker's colleagues, and of
    those who share the booker's mail domain. Somebody passed the link on."""
    if not event.link:
        return []
    domain = addresses.domain(event.booked_by) if event.booked_by else ""
    near = Q(contact_id__in=_contacts_at(actor.workplaces.every, event.at, primary=False))
    if domain and not addresses.is_free_mail(domain):
        near |= Q(address_domain=domain)
    carried = models.DeliveryLink.objects.filter(delivery__enrollment=OuterRef("pk"), link=event.link)
    found = models.Enrollment.objects.open().filter(near).exclude(contact_id__in=actor.contact_ids)
    return list(found.filter(Exists(carried)).select_related(*enrollment_facts.RELATED).order_by("id"))


def colleagues_of(
    actor: ActorFacts, sequence_ids: Iterable[int], event_at: datetime, policy: Policy, *, then: bool = False
) -> QuerySet[models.Enrollment]:
    """Return the open enrollments, in the sequences, of those who worked at the actor's companies at ``event_at``;
    ``then``: those that were open at that time."""
    primary = policy["company_scope"] != "any"
    companies = actor.workplaces.primary if primary else actor.workplaces.every
    at_company = _contacts_at(companies, event_at, primary=primary)
    candidates = models.Enrollment.objects.open_at(event_at) if then else models.Enrollment.objects.open()
    found = candidates.filter(sequence_id__in=list(sequence_ids), contact_id__in=at_company)
    return found.exclude(contact_id__in=actor.contact_ids)


def _contacts_at(companies: Iterable[int], moment: datetime, *, primary: bool) -> QuerySet[models.ContactCompany]:
    rows = models.ContactCompany.objects.at(moment).filter(company_id__in=list(companies))
    return (rows.filter(primary=True) if primary else rows).values("contact_id")  # type: ignore[return-value]  # ids only
