"""Rows into facts: the only file that knows both. What it returns is what was true at the moment it is asked about."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from relent.decide import policy, suppression
from relent.decide.facts import (
    Calendar,
    SendFacts,
    StepFacts,
)
from relent.decide.policy import Policy
from relent.records import models
from relent.terms.reasons import Refusal
from relent.terms.states import DeliveryState
from relent.terms.steps import FollowUpDays, StepKind, ZoneOf

# A mail in one of these states may be in the contact's hands.
_MAY_HAVE_LEFT = [DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.REFUSED]


def policy_at(moment: datetime) -> Policy:
    """Return the account's policy as it was at ``moment``."""
    saved = models.AccountSettings.objects.at(moment)
    return policy.of(saved.profile, saved.overrides)


def identities(user_ids: Sequence[int]) -> frozenset[str]:
    """Return every address of the users: the one they sign in with, their aliases, and their mailboxes'."""
    return frozenset(
        (
            *models.User.objects.filter(pk__in=user_ids).values_list("email", flat=True),
            *models.UserAddress.objects.filter(user__in=user_ids).values_list("address", flat=True),
            *models.Mailbox.objects.filter(user__in=user_ids).values_list("address", flat=True),
        )
    )


class OwnAddresses:
    """The addresses whose mail, found in ``mailbox``, is our own, asked for one at a time."""

    def __init__(self, mailbox: models.Mailbox) -> None:
        owner = mailbox.user
        self._of_mailbox = {mailbox.address} | ({owner.email} if owner else set())
        self._asked: dict[object, bool] = {}  # a mail's sender is looked at more than once

    def __contains__(self, address: object) -> bool:
        if address in self._of_mailbox:
            return True
        if address not in self._asked:
            self._asked[address] = address in users_among([str(address)])
        return self._asked[address]


class OwnMessageIds:
    """The Message-IDs of our own mails, ours or those that the provider gave them, asked for one at a time."""

    def __contains__(self, message_id: object) -> bool:
        named = Q(message_id=message_id) | Q(provider_message_id=message_id)
        return bool(message_id) and models.Delivery.objects.filter(named).exists()


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
    user = row.enrolled_by
    return SendFacts(
        delivery_id=delivery.pk,
        claimed_at=delivery.claimed_at,
        is_first=_is_by_hand(delivery) or (delivery.position == row.start_step and row.start_at <= row.enrolled_at),
        calendar=calendar_of(row),
        no_mail_before=row.no_mail_before,
        read_through=read_through,
        freshness=timedelta(seconds=settings.FRESHNESS_SECONDS) + reading_took,
        sent=sent_of_mailbox(mailbox, now),
        daily_limit=mailbox.daily_limit,
        minute_limit=mailbox.minute_limit,
        spacing=timedelta(seconds=mailbox.spacing),
        user_sent=sent_of_user(user, now),
        user_limit=user.daily_limit,
        company_stop=models.CompanyStop.objects.under_way_for(row.contact_id).exists(),
        warm_up_from=mailbox.warm_up_from,
        suppression=suppression_of(row.address),
    )


def _is_by_hand(delivery: models.Delivery) -> bool:
    """Whether a user wrote and sent the mail of a task: it goes when the user says."""
    return delivery.step.kind == StepKind.TASK


def sent_of_mailbox(mailbox: models.Mailbox, now: datetime) -> tuple[datetime, ...]:
    """Return when the latest mails of ``mailbox`` in 24 hours left, newest first: as many as its limit counts."""
    sent = models.Delivery.objects.filter(mailbox=mailbox)
    return _in_a_day(sent, mailbox.daily_limit, now)


def sent_of_user(user: models.User, now: datetime) -> tuple[datetime, ...]:
    """Return when the latest mails of ``user`` in 24 hours left, from whichever mailbox, newest first."""
    sent = models.Delivery.objects.filter(user=user)
    return _in_a_day(sent, user.daily_limit, now)


def _in_a_day(sent: QuerySet[models.Delivery], limit: int, now: datetime) -> tuple[datetime, ...]:
    latest = sent.filter(sent_at__gt=now - timedelta(days=1)).order_by("-sent_at")
    return tuple(at for at in latest.values_list("sent_at", flat=True)[: max(limit, 1)] if at is not None)


def mailboxes_in_scope(row: models.Enrollment, scope: str) -> list[models.Mailbox]:
    """Return the mailboxes that must be read before a mail of the enrollment leaves, the sending one first.

    Replies in the thread come to the sending mailbox whatever the scope of "you" is, and to those that sent before it.
    """
    others = models.Mailbox.objects.in_use().exclude(pk=row.mailbox_id).order_by("pk")
    if scope != "any_connected_user":
        left = models.Delivery.objects.filter(enrollment_id__in=row.lineage(), state__in=_MAY_HAVE_LEFT)
        others = others.filter(Q(user=row.enrolled_by_id) | Q(pk__in=list(left.values_list("mailbox_id", flat=True))))
    return [row.mailbox, *others]


def users_among(written: Iterable[str]) -> frozenset[str]:
    """Return those of the ``written`` addresses that belong to a user or to a mailbox of ours."""
    written = list(written)[:200]
    users = models.User.objects.filter(email__in=written, is_active=True).values_list("email", flat=True)
    aliases = models.UserAddress.objects.filter(address__in=written).values_list("address", flat=True)
    mailboxes = models.Mailbox.objects.filter(address__in=written).values_list("address", flat=True)
    return frozenset(users.union(aliases, mailboxes)) if written else frozenset()


def shared_among(written: Iterable[str]) -> frozenset[str]:
    """Return those of the ``written`` addresses that are shared mailboxes."""
    shared = models.Mailbox.objects.in_use().filter(user__isnull=True, address__in=list(written)[:200])
    return frozenset(shared.values_list("address", flat=True))
