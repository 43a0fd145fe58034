"""Rows into facts: the only file that knows both. What it returns is what was true at the moment it is asked about."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from relent.decide import policy, suppression
from relent.decide.facts import (
    ActorFacts,
    Calendar,
    EnrollmentFacts,
    SendFacts,
    SentMail,
    StepFacts,
    Workplaces,
)
from relent.decide.policy import Policy
from relent.records import models
from relent.terms import addresses
from relent.terms.events import MailEvent, PersonWrote
from relent.terms.evidence import EvidenceKind
from relent.terms.reasons import EndReason, Refusal
from relent.terms.states import DeliveryState, EnrollmentState, TaskState
from relent.terms.steps import FollowUpDays, StepKind, TaskKind, Trigger, ZoneOf

# A mail in one of these states may be in the contact's hands.
_MAY_HAVE_LEFT = [DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.REFUSED]


def policy_at(moment: datetime) -> Policy:
    """Return the account's policy as it was at ``moment``."""
    saved = models.AccountSettings.objects.at(moment)
    return policy.of(saved.profile, saved.overrides)


def concerned_by(event: MailEvent) -> list[models.Enrollment]:
    """Return the enrollments that a mail could be about: those whose mail or thread it names, ended ones too; those of
    a contact whom its sender's address, or an alias of it by provider rule, belongs to, where they were open when it
    came; and, of a sender whom nobody knows, those of the same domain. Ordered by id."""
    keys = {addresses.mailbox_key(address) for address in (event.sender, event.sent_for) if address}
    ids = event.refers_to[:200]
    named = Q(message_id__in=ids) | Q(provider_message_id__in=[i for i in ids if i])
    if event.thread:
        named |= Q(thread=event.thread)
    by_mail = models.Delivery.objects.filter(named).values("enrollment_id") if ids or event.thread else []
    was_open = models.Enrollment.objects.open_at(event.at)
    by_address = was_open.filter(Q(address_key__in=keys) | Q(contact__addresses__key__in=keys)).values("id")
    found = Q(id__in=by_mail) | Q(id__in=by_address)
    domain = addresses.domain(event.sender)
    if isinstance(event, PersonWrote) and domain and not addresses.is_free_mail(domain):
        found |= Q(id__in=models.Enrollment.objects.open().filter(address_domain=domain).values("id"))
    rows = models.Enrollment.objects.filter(found)
    return list(rows.select_related("version", "enrolled_by", "mailbox__user", "contact").order_by("id"))


def actor(sender: str, event_at: datetime, refers_to: Iterable[str] = ()) -> ActorFacts:
    """Return who ``sender`` is among the contacts, where they worked at ``event_at``, and whose sequences' mails they
    answered."""
    key = addresses.mailbox_key(sender)
    contacts = frozenset(
        models.Contact.objects.present().filter(addresses__key=key).values_list("pk", flat=True) if key else ()
    )
    named = models.Delivery.objects.filter(message_id__in=list(refers_to)[:200])
    return ActorFacts(
        contact_ids=contacts,
        workplaces=workplaces(contacts, event_at),
        sequence_ids=frozenset(named.values_list("enrollment__sequence_id", flat=True)),
    )


def workplaces(contact_ids: Iterable[int], moment: datetime) -> Workplaces:
    """Return the companies with which the contacts were associated at ``moment``."""
    found = models.ContactCompany.objects.at(moment).filter(contact_id__in=list(contact_ids)).select_related("company")
    kept = [row for row in found if not addresses.is_free_mail(row.company.domain)]
    return Workplaces(
        primary=frozenset(_survivor(row.company) for row in kept if row.primary),
        every=frozenset(_survivor(row.company) for row in kept),
    )


def _survivor(company: models.Company) -> int:
    """A company that was merged away since then counts as the one that stayed."""
    return company.merged_into_id or company.pk


def enrollment(row: models.Enrollment, event_at: datetime, recipients: Iterable[str] = ()) -> EnrollmentFacts:
    """Return the facts of one enrollment at ``event_at``. Of the account's addresses only those among ``recipients``
    are loaded: nothing else is asked of them."""
    others = models.ContactAddress.objects.filter(contact_id=row.contact_id, since__lte=event_at)
    held = [(address, until) for address, until in others.values_list("address", "until") if address != row.address]
    triggers = triggers_at(row, event_at)
    written = list(recipients)
    shared = _shared_among(written)
    return EnrollmentFacts(
        id=row.pk,
        contact_id=row.contact_id,
        sequence_id=row.sequence_id,
        state=EnrollmentState(row.state),
        ended_for=EndReason(row.reason) if row.state == EnrollmentState.UNENROLLED else None,
        enrolled_at=row.enrolled_at,
        address=row.address,
        other_addresses=frozenset(address for address, until in held if until is None or until > event_at),
        former_addresses=frozenset(address for address, until in held if until is not None and until <= event_at),
        workplaces=workplaces([row.contact_id], event_at),
        enroller_id=row.enrolled_by_id,
        sender_id=row.mailbox.user_id,
        enroller_addresses=identities([row.enrolled_by_id]),
        sender_addresses=_sender_identities(row.mailbox),
        any_user_addresses=_users_among(written) - shared,
        shared_addresses=shared,
        sent=sent_mails(row),
        reply_trigger=Trigger(triggers.reply_trigger),
        meeting_trigger=Trigger(triggers.meeting_trigger),
        same_company=triggers.same_company,
        mail_task_open=_mail_task_is_open(row),
        time_zone=calendar_of(row).time_zone,
        soft_bounces=_mails_that_bounced_softly(row),
    )


def triggers_at(row: models.Enrollment, moment: datetime) -> models.SequenceVersion:
    """Return the version whose triggers hold for the enrollment at ``moment``: the last one saved by then, or the one
    it is pinned to where changes concern new enrollments only."""
    if policy_at(moment)["trigger_changes"] == "new_only":
        return row.version
    saved = models.SequenceVersion.objects.filter(sequence_id=row.sequence_id, saved_at__lte=moment)
    return saved.order_by("-saved_at", "-number").first() or row.version


def sent_mails(row: models.Enrollment) -> tuple[SentMail, ...]:
    """Return the enrollment's mails that left, or may have, in the order of their steps."""
    left = models.Delivery.objects.filter(enrollment=row, message_id__isnull=False, state__in=_MAY_HAVE_LEFT)
    links: dict[int, set[str]] = {}
    for delivery_id, link in models.DeliveryLink.objects.filter(delivery__in=left).values_list("delivery_id", "link"):
        links.setdefault(delivery_id, set()).add(link)
    columns = ("pk", "position", "message_id", "provider_message_id", "recipient", "thread")
    return tuple(
        SentMail(
            position=position,
            message_ids=frozenset({message_id or "", provider_id} - {""}),
            recipient=recipient,
            thread=thread,
            links=frozenset(links.get(pk, ())),
        )
        for pk, position, message_id, provider_id, recipient, thread in left.order_by("position").values_list(*columns)
    )


def _mail_task_is_open(row: models.Enrollment) -> bool:
    return models.Task.objects.filter(delivery__enrollment=row, kind=TaskKind.EMAIL, state=TaskState.OPEN).exists()


def _mails_that_bounced_softly(row: models.Enrollment) -> int:
    """Several reports may come about one mail: mails are counted, not reports."""
    reports = models.Decision.objects.filter(enrollment=row, rule__startswith="bounce.soft")
    return len(
        {
            seen
            for evidence in reports.values_list("evidence", flat=True)
            for kind, seen in evidence
            if kind == EvidenceKind.NAMES_OURS
        }
    )


def identities(user_ids: Sequence[int]) -> frozenset[str]:
    """Return every address of the users: the one they sign in with, their aliases, and their mailboxes'."""
    return frozenset(
        (
            *models.User.objects.filter(pk__in=user_ids).values_list("email", flat=True),
            *models.UserAddress.objects.filter(user__in=user_ids).values_list("address", flat=True),
            *models.Mailbox.objects.filter(user__in=user_ids).values_list("address", flat=True),
        )
    )


def own_among(mailbox: models.Mailbox, written: Iterable[str]) -> frozenset[str]:
    """Return the addresses whose mail, found in ``mailbox``, is our own: its user's, and those of any user among
    ``written``."""
    return _sender_identities(mailbox) | _users_among(written)


class OwnMessageIds:
    """The Message-IDs of our own mails, asked for one at a time."""

    def __contains__(self, message_id: object) -> bool:
        return models.Delivery.objects.filter(message_id=message_id).exists()


def calendar_of(row: models.Enrollment) -> Calendar:
    """Return when the enrollment's version sends, in the sender's or the contact's time zone."""
    version = row.version
    sender_zone = row.mailbox.user.time_zone if row.mailbox.user else "UTC"
    zone = row.contact.time_zone if version.zone_of == ZoneOf.CONTACT and row.contact.time_zone else sender_zone
    return Calendar(
        days=FollowUpDays(version.follow_up_days),
        window_start=version.window_start,
        window_end=version.window_end,
        time_zone=zone,
    )


def steps_of(version: models.SequenceVersion) -> tuple[StepFacts, ...]:
    """Return the version's steps in order."""
    return tuple(
        StepFacts(
            position=step.position,
            kind=StepKind(step.kind),
            delay=step.delay,
            waits=step.kind == StepKind.TASK and step.wait,
        )
        for step in version.steps.all()
    )


def suppression_of(address: str) -> Refusal | None:
    """Return the code under which ``address`` may not be mailed, if any."""
    return suppression.strongest(models.Suppression.objects.holding_for([address]).values_list("code", flat=True))


def sending(
    delivery: models.Delivery, now: datetime, read_through: datetime | None, reading_took: timedelta
) -> SendFacts:
    """Return what is known of a claimed mail.

    ``read_through`` is the oldest reading in scope, ``reading_took`` how long it took to read them all.
    """
    row, mailbox = delivery.enrollment, delivery.mailbox
    assert delivery.claimed_at is not None
    latest = (
        models.Delivery.objects.filter(mailbox=mailbox, sent_at__gt=now - timedelta(days=1))
        .order_by("-sent_at")
        .values_list("sent_at", flat=True)[: max(mailbox.daily_limit, 1)]
    )
    return SendFacts(
        delivery_id=delivery.pk,
        claimed_at=delivery.claimed_at,
        is_first=delivery.position == row.start_step and row.start_at <= row.enrolled_at,
        calendar=calendar_of(row),
        no_mail_before=row.no_mail_before,
        read_through=read_through,
        freshness=timedelta(seconds=settings.FRESHNESS_SECONDS) + reading_took,
        sent=tuple(sent for sent in latest if sent is not None),
        daily_limit=mailbox.daily_limit,
        minute_limit=mailbox.minute_limit,
        spacing=timedelta(seconds=mailbox.spacing),
        suppression=suppression_of(row.address),
    )


def mailboxes_in_scope(row: models.Enrollment, scope: str) -> list[models.Mailbox]:
    """Return the mailboxes that must be read before a mail of the enrollment leaves, the sending one first.

    Replies in the thread come to the sending mailbox whatever the scope of "you" is.
    """
    others = models.Mailbox.objects.in_use().exclude(pk=row.mailbox_id).order_by("pk")
    if scope != "any_connected_user":
        others = others.filter(user=row.enrolled_by_id)
    return [row.mailbox, *others]


def _shared_among(written: list[str]) -> frozenset[str]:
    shared = models.Mailbox.objects.in_use().filter(user__isnull=True, address__in=written[:200])
    return frozenset(shared.values_list("address", flat=True))


def _sender_identities(mailbox: models.Mailbox) -> frozenset[str]:
    return identities([mailbox.user_id] if mailbox.user_id else []) | {mailbox.address}


def _users_among(recipients: Iterable[str]) -> frozenset[str]:
    written = list(recipients)[:200]
    return frozenset(
        (
            *models.User.objects.filter(email__in=written, is_active=True).values_list("email", flat=True),
            *models.UserAddress.objects.filter(address__in=written).values_list("address", flat=True),
            *models.Mailbox.objects.filter(address__in=written).values_list("address", flat=True),
        )
    )
