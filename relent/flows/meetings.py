"""Meetings: one table of signals, whatever told us of them, and one rule (``decide/meetings.py``).

A source turns what it heard into a ``Signal`` and calls ``log``. The same meeting told twice is one row; who joins it
later is decided about then, and nobody twice. The moment we learned of a meeting is what counts: what its source claims
is kept beside it, and decides nothing.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from relent.flows import apply, triggers
from relent.flows.ledger import Cause
from relent.records import models, people
from relent.terms import addresses
from relent.terms.events import CalendarMailed, Invitation, MeetingBooked
from relent.terms.history import TimelineKind
from relent.terms.meetings import MeetingSource
from relent.terms.workflows import WorkflowTrigger

_UID = 300
# Answers of somebody who means to come (RFC 5545 section 3.2.12).
_COMING = {"ACCEPTED", "TENTATIVE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """What a source told of a meeting; see ``records.Meeting``.

    ``hosts`` and ``declined`` are ids of users, ``attendees`` and ``booked_by`` addresses. ``names`` maps addresses to
    the names their owners gave. ``starts_at`` and ``ends_at`` are aware.
    """

    source: MeetingSource
    uid: str
    starts_at: datetime
    ends_at: datetime
    title: str = ""
    place: str = ""
    hosts: frozenset[int] = frozenset()
    declined: frozenset[int] = frozenset()
    attendees: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    booked_by: str = ""
    organizer: str = ""
    link: str = ""
    contact_ids: frozenset[int] = frozenset()
    deal_ids: frozenset[int] = frozenset()
    claimed_at: datetime | None = None
    logged_by: models.User | None = None
    page: models.BookingPage | None = None
    item: models.InboundItem | None = None
    time_zone: str = ""
    language: str = ""
    sequence_number: int = 0


@dataclass(frozen=True, slots=True)
class _Joined:
    """Who and what a signal added to its meeting."""

    hosts: frozenset[int]
    attendees: frozenset[str]
    contact_ids: frozenset[int]


@transaction.atomic
def log(signal: Signal, now: datetime) -> models.Meeting:
    """Write down a meeting that became known at ``now``, and decide what it means for the enrollments it concerns.

    Safe to repeat: the same ``source`` and ``uid`` is one row. A later version of it (a higher ``sequence_number``)
    moves its times; it starts no enrollment again.
    """
    meeting, event = record(signal, now)
    if event is not None:
        apply.meeting(event, Cause(event=event, item=signal.item, actor=signal.logged_by), now)
    return meeting


@transaction.atomic
def record(signal: Signal, now: datetime) -> tuple[models.Meeting, MeetingBooked | None]:
    """Write down a meeting as ``log`` does, and return what is to be decided; ``None`` where nothing is new."""
    uid = signal.uid if len(signal.uid) <= _UID else hashlib.sha256(signal.uid.encode()).hexdigest()
    found, is_new = models.Meeting.objects.get_or_create(source=signal.source, uid=uid, defaults=_columns(signal, now))
    meeting = models.Meeting.objects.select_for_update(of=("self",)).get(pk=found.pk)
    joined = _join(meeting, signal, now)
    if not is_new:
        _move(meeting, signal)
    if meeting.cancelled_at is not None:
        return meeting, None
    _tell(meeting, TimelineKind.MEETING_BOOKED, now, item=signal.item, actor=signal.logged_by)
    if is_new:
        return meeting, event_of(meeting)
    if joined.hosts:
        return meeting, replace(event_of(meeting), at=now, logged_at=now)
    if joined.attendees or joined.contact_ids:
        who_joined = replace(
            event_of(meeting), at=now, logged_at=now, attendees=joined.attendees, contact_ids=joined.contact_ids
        )
        return meeting, replace(who_joined, booked_by="") if meeting.booked_by not in joined.attendees else who_joined
    return meeting, None


@transaction.atomic
def associate(meeting_id: int, contact: models.Contact, now: datetime, by: models.User | None = None) -> bool:
    """Associate ``contact`` with a meeting that was logged earlier, and decide about the contact now: it counts where
    the meeting was logged while the contact was enrolled. Return whether that is new."""
    meeting = models.Meeting.objects.select_for_update(of=("self",)).get(pk=meeting_id)
    _, is_new = models.MeetingAssociation.objects.get_or_create(
        meeting=meeting, contact=contact, defaults={"since": now}
    )
    if not is_new or meeting.cancelled_at is not None:
        return is_new
    _tell(meeting, TimelineKind.MEETING_BOOKED, now, actor=by)
    event = replace(event_of(meeting), at=now, attendees=frozenset(), booked_by="", contact_ids=frozenset({contact.pk}))
    apply.meeting(event, Cause(event=event, actor=by), now)
    return True


@transaction.atomic
def cancel(meeting_id: int, now: datetime, by: models.User | None = None, sequence_number: int | None = None) -> bool:
    """Note that a meeting was cancelled. It starts nothing again. Return whether that is new."""
    standing = models.Meeting.objects.filter(pk=meeting_id, cancelled_at__isnull=True)
    if not standing.update(cancelled_at=now):
        return False
    meeting = models.Meeting.objects.get(pk=meeting_id)
    if sequence_number is not None and sequence_number > meeting.sequence_number:
        models.Meeting.objects.filter(pk=meeting_id).update(sequence_number=sequence_number)
    _tell(meeting, TimelineKind.MEETING_CANCELLED, now, actor=by)
    return True


def planned_for(contact: models.Contact, now: datetime) -> list[models.Meeting]:
    """Return the meetings with ``contact`` that are still to come, or under way, soonest first."""
    ahead = models.Meeting.objects.standing().of(contact).filter(ends_at__gt=now)
    return list(ahead.order_by("starts_at", "pk"))


@transaction.atomic
def from_mail(mail: CalendarMailed, item: models.InboundItem, now: datetime) -> MeetingBooked | None:
    """Read a calendar mail (RFC 6047): write down the meeting that it arranges, and return what is to be decided.

    An invitation of somebody else's to a user of ours is a meeting with that user, and an answer to an invitation of a
    user of ours, unless it declines, is one with its organizer; a proposal of another time (COUNTER) is such an answer.
    A cancelation by the other side cancels the meeting. ``None`` where nothing is to be decided: a declined invitation,
    one that was told already, or one that none of ours is part of. An invitation whose sender failed authentication
    arranges nothing.
    """
    told = mail.invitation
    if told is None or not told.uid:
        return None
    known = models.Meeting.objects.filter(uid=told.uid).order_by("pk").first()
    if mail.method == "CANCEL":
        _cancelled_by_mail(known, mail, now)
        return None
    ours = people.users_at([told.organizer, *told.attendees, *mail.recipients])
    if mail.method == "REQUEST" and told.organizer not in ours and mail.authenticated is not False:
        hosts = frozenset(ours[one] for one in told.attendees if one in ours) or frozenset(ours.values())
        others = {mail.sender, told.organizer, *told.attendees} - set(ours)
    elif mail.method == "COUNTER" or (mail.method == "REPLY" and told.answer in _COMING):
        hosts = frozenset({ours[told.organizer]}) if told.organizer in ours else frozenset()
        others = {mail.sender, *told.attendees} - set(ours)
    else:
        return None
    signal = _signal_of(mail, told, known) if hosts else None
    if signal is None:
        return None
    wanted = replace(signal, hosts=hosts, attendees=tuple(sorted(others - {""})), item=item)
    # Logged when the mail came, by the receiving server's clock, not when we came to read it.
    return record(wanted, mail.at)[1]


def _signal_of(mail: CalendarMailed, told: Invitation, known: models.Meeting | None) -> Signal | None:
    """An answer moves nothing: where the meeting is known its times stay. Without a readable time there is none."""
    if known is not None and mail.method != "REQUEST":
        starts, ends = known.starts_at, known.ends_at
    elif told.starts is not None:
        starts, ends = told.starts, told.ends or told.starts
    else:
        return None
    return Signal(
        source=MeetingSource(known.source) if known else MeetingSource.IMIP,
        uid=told.uid,
        starts_at=starts,
        ends_at=ends,
        title=told.title,
        organizer=told.organizer,
        sequence_number=told.sequence if mail.method == "REQUEST" else (known.sequence_number if known else 0),
    )


def _cancelled_by_mail(meeting: models.Meeting | None, mail: CalendarMailed, now: datetime) -> None:
    """Only who takes part in a meeting that came by mail can cancel it by mail, and no older word cancels a newer."""
    if meeting is None or meeting.source != MeetingSource.IMIP or mail.invitation is None:
        return
    its_own = mail.sender == meeting.organizer or meeting.attendees.filter(address=mail.sender).exists()
    if its_own and mail.invitation.sequence >= meeting.sequence_number:
        cancel(meeting.pk, now)


def event_of(meeting: models.Meeting) -> MeetingBooked:
    """Return a meeting as the core is told of it: at the moment it was logged, with everybody who is in it now."""
    hosts = list(meeting.hosts.values_list("user_id", "declined"))
    associated = meeting.associations.filter(contact__isnull=False).values_list("contact_id", flat=True)
    return MeetingBooked(
        at=meeting.logged_at,
        logged_at=meeting.logged_at,
        meeting_id=meeting.pk,
        source=MeetingSource(meeting.source),
        starts=meeting.starts_at,
        hosts=frozenset(user_id for user_id, _ in hosts),
        declined=frozenset(user_id for user_id, declined in hosts if declined),
        attendees=frozenset(meeting.attendees.values_list("address", flat=True)),
        contact_ids=frozenset(contact_id for contact_id in associated if contact_id is not None),
        booked_by=meeting.booked_by,
        link=meeting.link,
    )


def contacts_of(meeting: models.Meeting) -> list[models.Contact]:
    """Return the contacts that a meeting is associated with, that are invited to it, or that booked it."""
    keys = set(meeting.attendees.values_list("key", flat=True))
    keys |= {addresses.mailbox_key(meeting.booked_by)} if meeting.booked_by else set()
    # Told apart by id: the same address may stand on two records.
    known = models.ContactAddress.objects.filter(key__in=keys).values("contact")
    associated = meeting.associations.filter(contact__isnull=False).values("contact")
    return list(models.Contact.objects.present().filter(Q(pk__in=known) | Q(pk__in=associated)).order_by("pk"))


def _columns(signal: Signal, now: datetime) -> dict[str, object]:
    return {
        "title": _storable(signal.title, 300),
        "place": _storable(signal.place, 300),
        "starts_at": signal.starts_at,
        "ends_at": max(signal.starts_at, signal.ends_at),
        "logged_at": now,
        "claimed_at": signal.claimed_at,
        "logged_by": signal.logged_by,
        "page": signal.page,
        "link": signal.link[:300],
        "booked_by": addresses.canonical(signal.booked_by)[:320],
        "organizer": addresses.canonical(signal.organizer)[:320],
        "time_zone": signal.time_zone,
        "language": signal.language,
        "sequence_number": max(signal.sequence_number, 0),
        "item": signal.item,
    }


def _join(meeting: models.Meeting, signal: Signal, now: datetime) -> _Joined:
    """Add whom and what the meeting does not have yet, and return that."""
    before = dict(meeting.hosts.values_list("user_id", "declined"))
    for user_id in signal.hosts:
        models.MeetingHost.objects.update_or_create(
            meeting=meeting, user_id=user_id, defaults={"declined": user_id in signal.declined}
        )
    coming = signal.hosts - signal.declined
    named = {addresses.canonical(address): name for address, name in signal.names}
    invited = {addresses.canonical(address) for address in (*signal.attendees, signal.booked_by) if "@" in address}
    new = sorted(invited - set(meeting.attendees.values_list("address", flat=True)))
    for address in new:
        models.MeetingAttendee.objects.create(
            meeting=meeting, address=address[:320], name=_storable(named.get(address, ""), 200)
        )
    return _Joined(
        hosts=frozenset(user_id for user_id in coming if before.get(user_id, True)),
        attendees=frozenset(new),
        contact_ids=_associate(meeting, signal, now),
    )


def _associate(meeting: models.Meeting, signal: Signal, now: datetime) -> frozenset[int]:
    contacts = set(meeting.associations.filter(contact__isnull=False).values_list("contact_id", flat=True))
    deals = set(meeting.associations.filter(deal__isnull=False).values_list("deal_id", flat=True))
    added = sorted(signal.contact_ids - contacts)
    models.MeetingAssociation.objects.bulk_create(
        [
            *(models.MeetingAssociation(meeting=meeting, contact_id=pk, since=now) for pk in added),
            *(models.MeetingAssociation(meeting=meeting, deal_id=pk, since=now) for pk in signal.deal_ids - deals),
        ]
    )
    return frozenset(added)


def _move(meeting: models.Meeting, signal: Signal) -> None:
    """Take over the times of a version that is not older than ours; a later one of a cancelled meeting is on again."""
    if signal.sequence_number < meeting.sequence_number:
        return
    if meeting.cancelled_at is not None:
        if signal.sequence_number == meeting.sequence_number:
            return
        meeting.cancelled_at = None
    meeting.starts_at, meeting.ends_at = signal.starts_at, max(signal.starts_at, signal.ends_at)
    meeting.title = _storable(signal.title, 300) or meeting.title
    meeting.place = _storable(signal.place, 300) or meeting.place
    meeting.sequence_number = signal.sequence_number
    meeting.save(update_fields=["cancelled_at", "starts_at", "ends_at", "title", "place", "sequence_number"])


def _tell(
    meeting: models.Meeting,
    kind: TimelineKind,
    now: datetime,
    *,
    item: models.InboundItem | None = None,
    actor: models.User | None = None,
) -> None:
    """Add an entry to the timeline of each contact who is in the meeting, once."""
    told = set(models.TimelineEntry.objects.filter(meeting=meeting, kind=kind).values_list("contact_id", flat=True))
    for contact in contacts_of(meeting):
        if contact.pk in told:
            continue
        models.TimelineEntry.objects.create(contact=contact, at=now, kind=kind, actor=actor, item=item, meeting=meeting)
        # Of an enrolled contact the decision tells the workflows, and which enrollment it was.
        if kind is TimelineKind.MEETING_BOOKED and not contact.enrollments.open().exists():
            triggers.happened(WorkflowTrigger.MEETING, contact.pk, now, key=f"meeting:{meeting.pk}")


def _storable(text: str, length: int) -> str:
    # PostgreSQL stores no NUL, and no lone surrogates that a broken charset leaves behind.
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8").strip()[:length]
