"""A meeting as a calendar object: what an invitation by mail carries (RFC 5545, RFC 5546, RFC 6047), and a download."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

_AROUND = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody in a meeting."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """A meeting to tell calendars of. All moments are aware; ``time_zone`` is the IANA zone in which its times are
    written, ``stamp`` when this version of it was made, ``sequence`` the number of the version."""

    uid: str
    title: str
    starts: datetime
    ends: datetime
    time_zone: str
    stamp: datetime
    organizer: Party
    guests: tuple[Party, ...]
    place: str = ""
    about: str = ""
    sequence: int = 0


def calendar(invite: Invite, method: str) -> bytes:
    """Return the meeting as ``text/calendar``. ``method`` is ``REQUEST``, ``CANCEL``, or ``PUBLISH`` for a download."""
    event = Event()
    zone = ZoneInfo(invite.time_zone)
    event.add("uid", invite.uid)
    event.add("dtstamp", invite.stamp)
    event.add("sequence", invite.sequence)
    event.add("dtstart", invite.starts.astimezone(zone))
    event.add("dtend", invite.ends.astimezone(zone))
    event.add("summary", invite.title)
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    if invite.place:
        event.add("location", invite.place)
    if invite.about:
        event.add("description", invite.about)
    event.add("organizer", _party(invite.organizer))
    for guest in invite.guests:
        attendee = _party(guest)
        attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
        attendee.params["PARTSTAT"] = vText("ACCEPTED")
        event.add("attendee", attendee)
    whole = Calendar()
    whole.add("prodid", "-//Relent//Relent//EN")
    whole.add("version", "2.0")
    whole.add("method", method)
    whole.add_component(event)
    # The years around it are enough; all of them would make the mail ten times as long.
    whole.add_missing_timezones(invite.starts.date() - _AROUND, invite.ends.date() + _AROUND)
    return bytes(whole.to_ical())


def _party(party: Party) -> vCalAddress:
    address = vCalAddress(f"mailto:{party.address}")
    if party.name:
        address.params["CN"] = vText(party.name)
    return address
