"""Meetings as users handle them: logged or scheduled on a contact's record, associated, and called off."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from relent.flows import auditing, booking, meetings, permissions
from relent.flows.permissions import NotAllowed
from relent.records import models
from relent.records.models.meeting import MeetingQuerySet
from relent.terms import addresses
from relent.terms.meetings import MeetingSource
from relent.terms.roles import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A meeting that a user writes down: one to come, or one that has taken place. Moments are aware; ``attendees`` are
    further addresses, ``contacts`` and ``deals`` the records that it is logged on."""

    starts_at: datetime
    ends_at: datetime
    title: str
    contacts: tuple[models.Contact, ...]
    hosts: tuple[models.User, ...]
    place: str = ""
    attendees: tuple[str, ...] = ()
    deals: tuple[models.Deal, ...] = ()


def log(plan: Plan, by: models.User, now: datetime) -> models.Meeting:
    """Log or schedule a meeting. Raises NotAllowed where ``by`` may not communicate with one of its contacts."""
    for contact in plan.contacts:
        permissions.require_contact(by, contact)
    signal = meetings.Signal(
        source=MeetingSource.RECORD,
        uid=f"{secrets.token_hex(16)}@{addresses.domain(by.email)}",
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        title=plan.title,
        place=plan.place,
        hosts=frozenset(host.pk for host in plan.hosts),
        attendees=plan.attendees,
        contact_ids=frozenset(contact.pk for contact in plan.contacts),
        deal_ids=frozenset(deal.pk for deal in plan.deals),
        logged_by=by,
    )
    return meetings.log(signal, now)


def associate(meeting: models.Meeting, contact: models.Contact, by: models.User, now: datetime) -> bool:
    """Associate ``contact`` with a meeting that is there. Return whether that is new. Raises NotAllowed."""
    permissions.require_contact(by, contact)
    if not visible_to(by).filter(pk=meeting.pk).exists():
        raise NotAllowed(f"{by} does not see meeting {meeting.pk}")
    return meetings.associate(meeting.pk, contact, now, by)


def cancel(meeting: models.Meeting, by: models.User, now: datetime) -> bool:
    """Call a meeting off; who booked it here is told by mail. Return whether that is new. Raises NotAllowed."""
    if not may_cancel(meeting, by):
        raise NotAllowed(f"{by} may not cancel meeting {meeting.pk}")
    done = booking.cancel(meeting.pk, now, by)
    if done:
        auditing.note(by, "meeting.cancelled", f"meeting:{meeting.pk}", now)
    return done


def may_cancel(meeting: models.Meeting, by: models.User) -> bool:
    """Whether ``by`` may call the meeting off: its hosts, who logged it, and super admins."""
    if not by.is_active:
        return False
    hosts = any(host.user_id == by.pk and not host.declined for host in meeting.hosts.all())
    return hosts or meeting.logged_by_id == by.pk or by.is_super_admin


def visible_to(user: models.User) -> MeetingQuerySet:
    """Return the meetings that ``user`` sees: a rep those they host or logged, and those on records they see."""
    if user.role != Role.REP:
        return models.Meeting.objects.all()
    hosted = models.MeetingHost.objects.filter(user=user).values("meeting")
    seen = models.Contact.objects.visible_to(user)
    on_record = models.MeetingAssociation.objects.filter(contact__in=seen).values("meeting")
    return models.Meeting.objects.filter(Q(pk__in=hosted) | Q(logged_by=user) | Q(pk__in=on_record))


def deals_of(contacts: Iterable[models.Contact], user: models.User) -> QuerySet[models.Deal]:
    """Return the deals of the contacts that ``user`` sees."""
    found = models.Deal.objects.visible_to(user).filter(contacts__in=list(contacts))
    return found.distinct().order_by("name", "pk")
