"""Schedulers of somebody else's, Cal.com and Calendly: bookings that they report by signed webhooks.

A report is believed where its signature holds, and told again it changes nothing. One whose host is nobody of ours is
kept all the same: the link may have stood in a mail of ours, and a person can see it.
"""

import logging
import secrets
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from relent.flows import auditing, meeting_links, meetings
from relent.flows.permissions import NotAllowed
from relent.normalize import booking, booking_links, signatures
from relent.normalize.booking import Booking, Heard
from relent.records import models, people
from relent.terms.meetings import MeetingSource, SchedulerKind

log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What came of a report."""

    TAKEN = "taken"
    NOT_OURS = "not_ours"
    REFUSED = "refused"
    UNREADABLE = "unreadable"


def receive(kind: SchedulerKind, token: str, signature: str, raw: bytes, now: datetime) -> Outcome:
    """Take a report to the address of ``token``. ``signature`` is its header as it came, ``raw`` its body as it came;
    neither is written to a log."""
    scheduler = models.Scheduler.objects.filter(kind=kind, token=token).first()
    if scheduler is None:
        return Outcome.NOT_OURS
    if not _holds(scheduler, signature, raw, now):
        models.Scheduler.objects.filter(pk=scheduler.pk).update(refused_at=now)
        log.warning("a report of %s was refused: its signature does not hold", kind)
        return Outcome.REFUSED
    try:
        told = booking.calcom(raw) if kind is SchedulerKind.CALCOM else booking.calendly(raw)
    except booking.Unreadable as error:
        log.warning("a report of %s cannot be read: %s", kind, error)
        return Outcome.UNREADABLE
    with transaction.atomic():
        models.Scheduler.objects.filter(pk=scheduler.pk).update(accepted_at=now)
        _take(kind, told, now)
    return Outcome.TAKEN


def connect(kind: SchedulerKind, by: models.User, now: datetime) -> models.Scheduler:
    """Return the scheduler, with an address to report to; nothing is accepted before it has a secret. Raises
    NotAllowed."""
    _require_super_admin(by)
    made = {"token": secrets.token_urlsafe(24), "changed_at": now}
    scheduler, is_new = models.Scheduler.objects.get_or_create(kind=kind, defaults=made)
    if is_new:
        auditing.note(by, "scheduler.connected", f"scheduler:{kind}", now)
    return scheduler


def save(kind: SchedulerKind, secret: str, hosts: str, by: models.User, now: datetime) -> None:
    """Store what signs the reports (left as it is where ``secret`` is empty), and under which further host names it
    runs. Raises NotAllowed."""
    scheduler = connect(kind, by, now)
    scheduler.hosts = " ".join(dict.fromkeys(booking_links.normalized(_web(host)) for host in hosts.split()))[:500]
    scheduler.changed_at = now
    if secret:
        scheduler.secrets = {"secret": secret}
    scheduler.save(update_fields=["hosts", "changed_at", "secrets"])
    auditing.note(by, "scheduler.saved", f"scheduler:{kind}", now, new_secret=bool(secret))


def disconnect(kind: SchedulerKind, by: models.User, now: datetime) -> None:
    """Take no more reports; what was reported stays. Raises NotAllowed."""
    _require_super_admin(by)
    if models.Scheduler.objects.filter(kind=kind).delete()[0]:
        auditing.note(by, "scheduler.disconnected", f"scheduler:{kind}", now)


def _require_super_admin(by: models.User) -> None:
    if not by.is_super_admin:
        raise NotAllowed(f"{by} may not change the account's schedulers")


def _web(host: str) -> str:
    return host if "://" in host else f"https://{host}"


def _holds(scheduler: models.Scheduler, signature: str, raw: bytes, now: datetime) -> bool:
    secret = scheduler.secrets.get("secret", "")
    if scheduler.kind == SchedulerKind.CALENDLY:
        return signatures.calendly_holds(signature, raw, secret, now)
    return signatures.calcom_holds(signature, raw, secret)


def _take(kind: SchedulerKind, told: Booking, now: datetime) -> None:
    match told.heard:
        case Heard.BOOKED:
            if told.replaces:
                _cancel(kind, told.replaces, now)
            meetings.log(_signal(kind, told, now), now)
        case Heard.CANCELLED:
            # One of a booking that we were never told of is about nothing of ours.
            _cancel(kind, told.uid, now)
        case Heard.OTHER:
            pass


def _cancel(kind: SchedulerKind, uid: str, now: datetime) -> None:
    found = models.Meeting.objects.filter(source=MeetingSource.LINK, uid=_name(kind, uid)).first()
    if found is not None:
        meetings.cancel(found.pk, now)


def _signal(kind: SchedulerKind, told: Booking, now: datetime) -> meetings.Signal:
    starts = told.starts or now
    return meetings.Signal(
        source=MeetingSource.LINK,
        uid=_name(kind, told.uid),
        starts_at=starts,
        ends_at=told.ends or starts,
        title=told.title,
        place=told.place,
        hosts=frozenset(people.users_at(told.hosts).values()),
        attendees=told.attendees,
        names=tuple(told.names.items()),
        booked_by=told.booked_by,
        organizer=told.hosts[0] if told.hosts else "",
        link=_link(kind, told),
        claimed_at=told.claimed_at,
    )


def _name(kind: SchedulerKind, uid: str) -> str:
    return f"{kind}:{uid}"


def _link(kind: SchedulerKind, told: Booking) -> str:
    """The link that was used. The enrollment that our link carried says in whose mails to look for it: Calendly names
    no page, and Cal.com's may be spelled in several ways."""
    enrollment = meeting_links.enrollment_of(told.token) if told.token else None
    if enrollment is None:
        return told.link
    sent = models.DeliveryLink.objects.filter(delivery__enrollment=enrollment).order_by("pk")
    links = [link for link in sent.values_list("link", flat=True) if meeting_links.is_at(link, kind)]
    return told.link if told.link in links or not links else links[-1]
