"""Booking a meeting, for visitors: no sign-in, in their language and time zone."""

import secrets
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from relent import clock
from relent.flows import booking, meeting_links
from relent.flows.booking import Over, Taken, Wish
from relent.records.models import BookingPage, Meeting
from relent.web import access, limits
from relent.web.forms import zones
from relent.web.forms.meetings import BookForm, moment, zone

DAYS = 7
BOOKINGS = 10
IN_SECONDS = 600


@dataclass(frozen=True)
class Choice:
    """A week of free times as the page shows it. ``earlier`` and ``later`` are the weeks beside it, where there are
    such; ``next_free`` is the next day with a free time, or else the first, where this week has none."""

    zone: str
    days: list[tuple[date, list[datetime]]]
    earlier: date | None
    later: date | None
    next_free: date | None


@access.public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def meet(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a week of free times; with ``at``, ask who books; on POST, book."""
    page = booking.page_at(slug)
    if page is None:
        raise Http404
    with timezone.override(zoneinfo.ZoneInfo(_zone(request, page))):
        at = moment(request.POST.get("at", request.GET.get("at", "")))
        if at is None:
            return _weeks(request, page)
        form = BookForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            done = _book(request, page, at, form)
            if done is not None:
                return done
        return _asked(request, page, at, form)


@access.public
@never_cache
@require_safe
def booked(request: HttpRequest, token: str) -> HttpResponse:
    """Show a booked meeting to whoever booked it."""
    meeting = _meeting(token)
    with timezone.override(zoneinfo.ZoneInfo(_zone_of(meeting))):
        context = _context(meeting, token)
        # Rendered here, and not lazily, since the zone holds inside this block only.
        return render(request, "web/public/booked.html", context)


@access.public
@never_cache
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Return a booked meeting as a calendar file."""
    file = booking.calendar_file(_meeting(token), clock.now())
    headers = {"Content-Disposition": 'attachment; filename="meeting.ics"'}
    return HttpResponse(file, content_type="text/calendar; charset=utf-8", headers=headers)


@access.public
@never_cache
@require_POST
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Cancel a booked meeting for whoever booked it."""
    meeting = _meeting(token)
    if booking.may_change(meeting, clock.now()):
        booking.cancel(meeting.pk, clock.now())
    return redirect("booked", token)


@access.public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, token: str) -> HttpResponse:
    """Show the times to which a booked meeting can be moved; on POST, move it."""
    meeting = _meeting(token)
    page = meeting.page
    assert page is not None
    if not booking.may_change(meeting, clock.now()):
        return redirect("booked", token)
    with timezone.override(zoneinfo.ZoneInfo(_zone(request, page, _zone_of(meeting)))):
        at = moment(request.POST.get("at", request.GET.get("at", "")))
        if request.method == "POST" and at is not None:
            return _move(request, meeting, token, at)
        context = {"meeting": meeting, "token": token, "at": at}
        return _weeks(request, page, moving=meeting.pk, context=context)


def _book(request: HttpRequest, page: BookingPage, at: datetime, form: BookForm) -> HttpResponse | None:
    """Book, and lead to the booked meeting; ``None`` where the form has to be shown again."""
    if limits.is_over(request, "booking", BOOKINGS, IN_SECONDS):
        form.add_error(None, _too_many())
        return None
    data = form.cleaned_data
    wish = Wish(
        starts_at=at,
        name=data["name"],
        email=data["email"],
        note=data["note"],
        time_zone=timezone.get_current_timezone_name(),
        language=(get_language() or "en")[:2],
        once=request.POST.get("once", "")[:64],
    )
    try:
        meeting = booking.book(page.pk, wish, clock.now())
    except Taken:
        return _weeks(request, page, context={"taken": True}, status=409)
    return redirect("booked", booking.token_of(meeting))


def _too_many() -> str:
    return gettext("Too many bookings from here. Wait ten minutes, then try again.")


def _move(request: HttpRequest, meeting: Meeting, token: str, at: datetime) -> HttpResponse:
    page = meeting.page
    assert page is not None
    if limits.is_over(request, "booking", BOOKINGS, IN_SECONDS):  # each move is told by mail
        context: dict[str, object] = {"meeting": meeting, "token": token, "refused": _too_many()}
        return _weeks(request, page, moving=meeting.pk, context=context, status=429)
    try:
        booking.move(meeting.pk, at, clock.now())
    except Over:
        pass  # the page says what became of it
    except Taken:
        context = {"meeting": meeting, "token": token, "taken": True}
        return _weeks(request, page, moving=meeting.pk, context=context, status=409)
    return redirect("booked", token)


def _asked(request: HttpRequest, page: BookingPage, at: datetime, form: BookForm) -> HttpResponse:
    ends, once = at + timedelta(minutes=page.minutes), request.POST.get("once") or secrets.token_urlsafe(24)
    context = {"page": page, "at": at, "ends": ends, "form": form, "once": once, **_zones()}
    return render(request, "web/public/meet_who.html", context, status=422 if form.errors else 200)


def _weeks(
    request: HttpRequest,
    page: BookingPage,
    *,
    moving: int | None = None,
    context: dict[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    choice = _choice(request, page, moving)
    shown = {"page": page, "choice": choice, **_zones(), **(context or {})}
    return render(request, "web/public/meet.html", shown, status=status)


def _choice(request: HttpRequest, page: BookingPage, moving: int | None) -> Choice:
    now, name = clock.now(), timezone.get_current_timezone_name()
    today = timezone.localdate(now)
    last = timezone.localdate(now + timedelta(days=page.horizon))
    first = min(max(_day(request.GET.get("from", ""), today), today), last)

    def free(start: date, days: int) -> list[datetime]:
        return booking.free_times(page, start, days, name, now, moving=moving)

    days = _by_day(free(first, DAYS))
    return Choice(
        zone=name,
        days=days,
        earlier=max(first - timedelta(days=DAYS), today) if first > today else None,
        later=first + timedelta(days=DAYS) if first + timedelta(days=DAYS) <= last else None,
        next_free=None
        if days
        else _next_free(free, first + timedelta(days=DAYS), last) or _next_free(free, today, last),
    )


def _next_free(free: Callable[[date, int], list[datetime]], day: date, last: date) -> date | None:
    """Return the first day from ``day`` to ``last`` with a free time."""
    while day <= last:
        found = free(day, DAYS)
        if found:
            return timezone.localdate(found[0])
        day += timedelta(days=DAYS)
    return None


def _by_day(times: list[datetime]) -> list[tuple[date, list[datetime]]]:
    return [(day, list(some)) for day, some in groupby(times, key=timezone.localdate)]


def _context(meeting: Meeting, token: str) -> dict[str, object]:
    return {
        "meeting": meeting,
        "page": meeting.page,
        "token": token,
        "may_change": booking.may_change(meeting, clock.now()),
        "mailed": meeting.mails.filter(recipient=meeting.booked_by).exists(),
        **_zones(),
    }


def _zones() -> dict[str, object]:
    return {"zones": zones.names(), "zone": timezone.get_current_timezone_name()}


def _meeting(token: str) -> Meeting:
    meeting = booking.meeting_of(token)
    if meeting is None:
        raise Http404
    return meeting


def _zone_of(meeting: Meeting) -> str:
    assert meeting.page is not None
    return zone(meeting.time_zone, meeting.page.user.time_zone)


def _zone(request: HttpRequest, page: BookingPage, otherwise: str = "") -> str:
    """The visitor's choice; else the zone of the contact whom the link was sent to; else the host's."""
    sent_to = meeting_links.enrollment_of(request.GET.get("e", ""))
    guess = otherwise or (sent_to.contact.time_zone if sent_to else "") or page.user.time_zone
    return zone(request.POST.get("zone", request.GET.get("zone", "")), zone(guess, "UTC"))


def _day(written: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return otherwise
