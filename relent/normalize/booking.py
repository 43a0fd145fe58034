"""What a scheduler's webhook tells of a booking: Cal.com (payload version 2021-10-20, templated ones too) and Calendly
(webhook version 2)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from relent.normalize import booking_links
from relent.terms import addresses

_MOST_PEOPLE = 100
_LONGEST = 500


class Heard(StrEnum):
    """What happened to the booking. ``OTHER``: nothing that concerns us, such as a request that waits for the host."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """A report. ``uid`` is the scheduler's name for the booking, ``replaces`` that of the one it takes the place of.
    Addresses are canonical; ``hosts`` are those of the people met. ``link`` is the name of the page it was booked on,
    where the report tells; ``token`` is what our link carried. ``claimed_at`` is when it says that it was made."""

    heard: Heard
    uid: str = ""
    replaces: str = ""
    title: str = ""
    place: str = ""
    starts: datetime | None = None
    ends: datetime | None = None
    hosts: tuple[str, ...] = ()
    booked_by: str = ""
    attendees: tuple[str, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    link: str = ""
    token: str = ""
    claimed_at: datetime | None = None


class Unreadable(ValueError):
    """The report is no JSON object, or does not say which booking it is about."""


_CALCOM = {
    "BOOKING_CREATED": Heard.BOOKED,
    "BOOKING_RESCHEDULED": Heard.BOOKED,
    "BOOKING_CANCELLED": Heard.CANCELLED,
    "BOOKING_REJECTED": Heard.CANCELLED,
}
_CALENDLY = {"invitee.created": Heard.BOOKED, "invitee.canceled": Heard.CANCELLED}


def calcom(raw: bytes) -> Booking:
    """Read a report of Cal.com's. The account may have changed its form by a template: what is not where it belongs is
    looked for one level higher, and what is nowhere is left empty. Raises Unreadable."""
    whole = _object(raw)
    body = _dict(whole.get("payload")) or whole
    heard = _CALCOM.get(_text(whole.get("triggerEvent")) or _text(body.get("triggerEvent")), Heard.OTHER)
    if heard is Heard.OTHER:
        return Booking(heard=heard)
    uid = _text(body.get("uid")) or _text(body.get("bookingUid")) or _text(body.get("bookingId"))
    people = list(_people(body.get("attendees"))) or list(_people([_answers(body)]))
    host = _dict(body.get("organizer")) or {"email": body.get("organizerEmail")}
    hosts = [*_people([host]), *_people(_dict(body.get("team")).get("members"))]
    return Booking(
        heard=heard,
        uid=_required(uid),
        replaces=_text(body.get("rescheduleUid")),
        title=_text(body.get("title")) or _text(body.get("eventTitle")),
        place=_text(body.get("location")),
        starts=_moment(body.get("startTime") or body.get("rescheduleStartTime")),
        ends=_moment(body.get("endTime") or body.get("rescheduleEndTime")),
        hosts=tuple(dict.fromkeys(address for address, _ in hosts)),
        booked_by=people[0][0] if people else "",
        attendees=tuple(dict.fromkeys(address for address, _ in people)),
        names=dict(people),
        link=_calcom_link(body, host),
        token=_text(_dict(body.get("metadata")).get("seq")),
        claimed_at=_moment(whole.get("createdAt")),
    )


def calendly(raw: bytes) -> Booking:
    """Read a report of Calendly's. One invitee has one of them; who was added as a guest is invited as well. A
    rescheduled booking is canceled and made anew, with another name. Raises Unreadable."""
    whole = _object(raw)
    heard = _CALENDLY.get(_text(whole.get("event")), Heard.OTHER)
    if heard is Heard.OTHER:
        return Booking(heard=heard)
    body = _dict(whole.get("payload"))
    event = _dict(body.get("scheduled_event"))
    members = [{"email": _dict(one).get("user_email")} for one in _list(event.get("event_memberships"))]
    guests = list(_people(event.get("event_guests")))
    invitee = list(_people([body]))
    return Booking(
        heard=heard,
        uid=_required(_text(body.get("uri"))),
        replaces=_text(body.get("old_invitee")),
        title=_text(event.get("name")),
        place=_text(_dict(event.get("location")).get("location")),
        starts=_moment(event.get("start_time")),
        ends=_moment(event.get("end_time")),
        hosts=tuple(dict.fromkeys(address for address, _ in _people(members))),
        booked_by=invitee[0][0] if invitee else "",
        attendees=tuple(dict.fromkeys(address for address, _ in [*invitee, *guests])),
        names=dict(invitee),
        token=_text(_dict(body.get("tracking")).get("utm_content")),
        claimed_at=_moment(body.get("created_at")) or _moment(whole.get("created_at")),
    )


def _calcom_link(body: dict[str, Any], host: dict[str, Any]) -> str:
    """The page's address is told in parts: where the booker runs, whose page, and which kind of meeting."""
    base = _text(body.get("bookerUrl")) or "https://cal.com"
    user = _text(host.get("username")) or _text(_dict(body.get("team")).get("slug"))
    slug = _text(body.get("type")) or _text(body.get("eventTypeSlug"))
    return booking_links.normalized(f"{base}/{user}/{slug}") if user and slug else ""


def _answers(body: dict[str, Any]) -> dict[str, Any]:
    """Who booked, as the form's answers say, ``{"email": {"value": …}}``, or a template's flat names."""
    answers = _dict(body.get("responses"))
    told = {name: _dict(answers.get(name)).get("value", answers.get(name)) for name in ("email", "name")}
    flat = {name: body.get(name) or body.get(f"attendee{name.title()}") for name in told}
    return {name: told[name] or flat[name] for name in told}


def _people(found: Any) -> Iterator[tuple[str, str]]:
    for one in _list(found)[:_MOST_PEOPLE]:
        address = addresses.canonical(_text(_dict(one).get("email")))
        if "@" in address.strip("@") and len(address) <= 320:
            yield address, _text(_dict(one).get("name"))


def _object(raw: bytes) -> dict[str, Any]:
    try:
        whole = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Unreadable("no JSON") from error
    if not isinstance(whole, dict):
        raise Unreadable("no JSON object")
    return whole


def _required(uid: str) -> str:
    if not uid:
        raise Unreadable("no booking is named")
    return uid


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).replace("\x00", "").strip()[:_LONGEST]


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(_text(value))
    except ValueError:
        return None
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return None
