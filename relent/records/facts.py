"""Rows into facts: the only file that knows both. What it returns is what was true at the moment it is asked about."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from relent.decide import policy, suppression
from relent.decide.facts import Calendar, EnrollmentFacts, SendFacts, SentMail, StepFacts
from relent.decide.policy import Policy
from relent.records import models
from relent.terms import addresses
from relent.terms.events import MailEvent
from relent.terms.evidence import EvidenceKind
from relent.terms.reasons import Refusal
from relent.terms.states import DeliveryState, EnrollmentState
from relent.terms.steps import FollowUpDays, StepKind, Trigger, ZoneOf

# A mail in one of these states may be in the contact's hands.
_MAY_HAVE_LEFT = [DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.REFUSED]


def policy_at(moment: datetime) -> Policy:
    """Return the account's policy as it was at ``moment``."""
    saved = models.AccountSettings.objects.at(moment)
    return policy.of(saved.profile, saved.overrides)


def concerned_by(event: MailEvent) -> list[models.Enrollment]:
    """Return the enrollments that a mail could be about: those whose mail it names, ended ones too, and the open ones
    of a contact whom its sender's address, or an alias of it by provider rule, belongs to. Ordered by id."""
    key = addresses.mailbox_key(event.sender)
    named = models.Delivery.objects.filter(message_id__in=event.refers_to[:200]).values("enrollment_id")
    open_ones = models.Enrollment.objects.open()
    by_address = open_ones.filter(Q(address_key=key) | Q(contact__addresses__key=key)).values("id")
    found = models.Enrollment.objects.filter(Q(id__in=named) | Q(id__in=by_address))
    return list(found.select_related("version", "enrolled_by", "mailbox", "contact").order_by("id"))


def enrollment(row: models.Enrollment, event_at: datetime, recipients: Iterable[str] = ()) -> EnrollmentFacts:
    """Return the facts of one enrollment at ``event_at``. Of the account's addresses only those among ``recipients``
    are loaded: nothing else is asked of them."""
    sent = models.Delivery.objects.filter(enrollment=row, message_id__isnull=False, state__in=_MAY_HAVE_LEFT)
    others = models.ContactAddress.objects.filter(contact_id=row.contact_id, since__lte=event_at)
    return EnrollmentFacts(
        id=row.pk,
        contact_id=row.contact_id,
        state=EnrollmentState(row.state),
        enrolled_at=row.enrolled_at,
        address=row.address,
        other_addresses=frozenset(others.values_list("address", flat=True)) - {row.address},
        enroller_addresses=identities([row.enrolled_by_id]),
        sender_addresses=_sender_identities(row.mailbox),
        any_user_addresses=_users_among(recipients),
        sent=tuple(
            SentMail(position=position, message_ids=frozenset({message_id}), recipient=recipient)
            for position, message_id, recipient in sent.values_list("position", "message_id", "recipient")
            if message_id
        ),
        reply_trigger=Trigger(row.version.reply_trigger),
        time_zone=calendar_of(row).time_zone,
        soft_bounces=_mails_that_bounced_softly(row),
    )


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
