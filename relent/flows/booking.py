"""Relent's own booking pages: a visitor picks a time of a host's, and nobody else can have it.

A time is free where ``decide/availability.py`` says so. It is asked again while the host's row is locked, and the
meeting is written under the same lock: of two visitors who want the same time at once, one gets it.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import signing
from django.db import transaction

from relent.decide import availability
from relent.decide.availability import BookingRules, Span
from relent.flows import meeting_mails, meetings
from relent.flows.meeting_mails import Occasion
from relent.records import models
from relent.terms import addresses
from relent.terms.meetings import MeetingSource

_MEETING = signing.Signer(salt="relent.booked")
_DAY = timedelta(days=1)


class Taken(Exception):
    """The time is not free, or not any more."""


class Over(Exception):
    """The meeting was cancelled, or has taken place: it cannot be changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a visitor asks for. ``starts_at`` is aware; ``language`` and ``time_zone`` are those the visitor reads.
    ``once`` is a secret of the form that was filled in: by it the same form sent twice is known."""

    starts_at: datetime
    name: str
    email: str
    note: str = ""
    time_zone: str = "UTC"
    language: str = "en"
    once: str = ""


def page_at(slug: str) -> models.BookingPage | None:
    """Return the booking page that ``slug`` names, if it is switched on and its host is with us."""
    pages = models.BookingPage.objects.filter(slug=slug.lower(), active=True, user__is_active=True)
    return pages.select_related("user").first()


def rules_of(page: models.BookingPage) -> BookingRules:
    """Return how ``page`` may be booked."""
    hours = {int(day): tuple((int(start), int(end)) for start, end in spans) for day, spans in page.hours.items()}
    return BookingRules(
        time_zone=page.user.time_zone,
        hours=hours,
        minutes=page.minutes,
        buffer=page.buffer,
        notice=page.notice,
        horizon=page.horizon,
    )


def free_times(
    page: models.BookingPage, first: date, days: int, zone: str, now: datetime, *, moving: int | None = None
) -> list[datetime]:
    """Return the times that can be booked at ``now`` on ``days`` days from ``first`` on, days of the time zone
    ``zone``. ``moving`` is the meeting that is to be moved: its own time counts as free."""
    start = datetime.combine(first, time(), ZoneInfo(zone)).astimezone(UTC)
    end = datetime.combine(first + days * _DAY, time(), ZoneInfo(zone)).astimezone(UTC)
    within = Span(start, end)
    return availability.slots(rules_of(page), _busy(page, within, moving), now, within)


@transaction.atomic
def book(page_id: int, wish: Wish, now: datetime) -> models.Meeting:
    """Book ``wish`` and write the mails that tell of it. The same form sent twice is one meeting. Raises Taken."""
    page = _locked(page_id)
    booked_by = addresses.canonical(wish.email)
    uid = _uid(page, wish, booked_by)
    again = page.meetings.filter(uid=uid).first()
    if again is not None and again.cancelled_at is None:
        return again
    if again is not None:
        uid = _random_uid(page)
    if not page.active or not page.user.is_active or not _is_free(page, wish.starts_at, now):
        raise Taken
    signal = meetings.Signal(
        source=MeetingSource.LINK,
        uid=uid,
        starts_at=wish.starts_at,
        ends_at=wish.starts_at + timedelta(minutes=page.minutes),
        title=page.title,
        place=page.place,
        hosts=frozenset({page.user_id}),
        attendees=(booked_by,),
        names=((booked_by, wish.name),),
        booked_by=booked_by,
        organizer=meeting_mails.sender_of(page.user),
        link=page.slug,
        page=page,
        time_zone=wish.time_zone,
        language=wish.language,
    )
    meeting = meetings.log(signal, now)
    meeting_mails.write(meeting, page.user, Occasion(note=wish.note, manage=manage_url(meeting)), now)
    return meeting


@transaction.atomic
def move(meeting_id: int, starts_at: datetime, now: datetime) -> models.Meeting:
    """Move a booked meeting to another free time, and tell so. Raises Taken and Over."""
    page = _locked(models.Meeting.objects.values_list("page_id", flat=True).get(pk=meeting_id))
    meeting = models.Meeting.objects.select_for_update(of=("self",)).get(pk=meeting_id)
    if not may_change(meeting, now):
        raise Over
    if starts_at == meeting.starts_at:
        return meeting
    if not _is_free(page, starts_at, now, moving=meeting.pk):
        raise Taken
    length = meeting.ends_at - meeting.starts_at
    meeting.starts_at, meeting.ends_at = starts_at, starts_at + length
    meeting.sequence_number += 1
    meeting.save(update_fields=["starts_at", "ends_at", "sequence_number"])
    meeting_mails.write(meeting, page.user, Occasion(moved=True, manage=manage_url(meeting)), now)
    return meeting


@transaction.atomic
def cancel(meeting_id: int, now: datetime, by: models.User | None = None) -> bool:
    """Cancel a meeting, whatever told of it; where it was booked here, both sides are told by mail. Return whether that
    is new."""
    meeting = models.Meeting.objects.select_related("page__user").get(pk=meeting_id)
    if not meetings.cancel(meeting_id, now, by):
        return False
    if meeting.page is not None and meeting.booked_by:
        models.Meeting.objects.filter(pk=meeting_id).update(sequence_number=meeting.sequence_number + 1)
        meeting.refresh_from_db(fields=["sequence_number"])
        meeting_mails.write(meeting, meeting.page.user, Occasion(method="CANCEL"), now)
    return True


def may_change(meeting: models.Meeting, now: datetime) -> bool:
    """Whether whoever booked it may still move or cancel it."""
    return meeting.cancelled_at is None and meeting.starts_at > now and meeting.page_id is not None


def manage_url(meeting: models.Meeting) -> str:
    """Return the address at which whoever booked a meeting can move or cancel it. Its token cannot be guessed."""
    return f"{settings.PUBLIC_URL}/booked/{token_of(meeting)}"


def token_of(meeting: models.Meeting) -> str:
    """Return the token by which whoever booked a meeting is known."""
    return _MEETING.sign(str(meeting.pk))


def meeting_of(token: str) -> models.Meeting | None:
    """Return the meeting that a token was made for; ``None`` where we did not make it."""
    try:
        meeting_id = int(_MEETING.unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return models.Meeting.objects.select_related("page__user").filter(pk=meeting_id, page__isnull=False).first()


def calendar_file(meeting: models.Meeting, now: datetime) -> bytes:
    """Return a booked meeting as a calendar file (``text/calendar``)."""
    assert meeting.page is not None
    return meeting_mails.download(meeting, meeting.page.user, manage_url(meeting), now)


def _uid(page: models.BookingPage, wish: Wish, booked_by: str) -> str:
    """Return the meeting's identifier. An address and a time are no secret: who knows them learns nothing of the
    meeting by booking it again. The form's secret is one, and calendars are not told it."""
    if not wish.once:
        return _random_uid(page)
    told = "\n".join((str(page.pk), wish.once, booked_by, wish.starts_at.astimezone(UTC).isoformat()))
    return f"{hashlib.sha256(told.encode()).hexdigest()[:32]}@{addresses.domain(page.user.email)}"


def _random_uid(page: models.BookingPage) -> str:
    return f"{secrets.token_hex(16)}@{addresses.domain(page.user.email)}"


def _locked(page_id: int | None) -> models.BookingPage:
    """Return the page with its host's row locked: whatever else books this host waits."""
    page = models.BookingPage.objects.get(pk=page_id or 0)
    host = models.User.objects.select_for_update(of=("self",)).get(pk=page.user_id)
    # Read again: what was committed while we waited for the lock must be seen.
    page.refresh_from_db()
    page.user = host
    return page


def _is_free(page: models.BookingPage, starts_at: datetime, now: datetime, *, moving: int | None = None) -> bool:
    around = Span(starts_at, starts_at + timedelta(minutes=page.minutes))
    return availability.is_free(rules_of(page), _busy(page, around, moving), now, starts_at)


def _busy(page: models.BookingPage, within: Span, moving: int | None) -> Iterable[Span]:
    reach = timedelta(minutes=page.buffer + page.minutes)
    taken = models.Meeting.objects.standing().hosted_by(page.user).exclude(pk=moving or 0)
    spans = taken.between(within.start - reach, within.end + reach).values_list("starts_at", "ends_at")
    return [Span(start, end) for start, end in spans]
