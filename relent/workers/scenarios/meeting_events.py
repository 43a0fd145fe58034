"""The meetings of a story, as each source tells of them."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from relent.flows import meeting_links, meetings
from relent.records import models
from relent.terms import addresses
from relent.terms.meetings import MeetingSource
from relent.workers.scenarios.story import Event
from relent.workers.scenarios.world import StoryError, World

# Where a story does not say: a meeting takes place the next day, and takes half an hour.
_AHEAD, _LENGTH = timedelta(days=1), timedelta(minutes=30)


def _meeting(world: World, event: Event) -> None:
    fields = event.fields
    page = _page(world, fields.get("link", ""))
    met = _users_among(world, [*fields.get("hosts", []), *([fields["host"]] if "host" in fields else [])])
    hosts = met or ([page.user] if page else [])
    declined = _users_among(world, fields.get("declined_by", []))
    booked_by = world.addresses([fields["booked_by"]])[0] if "booked_by" in fields else ""
    associated = fields.get("associated", [])
    starts = fields.get("starts", event.at + _AHEAD)
    # The same meeting told again is a later version of it.
    world.meetings[fields["id"]] = meetings.log(
        meetings.Signal(
            source=MeetingSource(fields["source"]),
            uid=f"{fields['id']}@{world.scenario.id}",
            starts_at=starts,
            ends_at=starts + _LENGTH,
            title=fields["id"],
            hosts=frozenset(user.pk for user in hosts),
            declined=frozenset(user.pk for user in declined),
            attendees=world.addresses(fields.get("attendees", [])),
            booked_by=booked_by,
            link=_name_of(fields.get("link", "")),
            contact_ids=frozenset(world.contacts[name].pk for name in associated if name in world.contacts),
            deal_ids=frozenset(world.deals[name].pk for name in associated if name in world.deals),
            claimed_at=fields.get("logged_at"),
            page=page,
            sequence_number=1 if fields["id"] in world.meetings else 0,
        ),
        event.at,
    )


def _associate_meeting(world: World, event: Event) -> None:
    meeting = world.meetings[event.fields["id"]]
    meetings.associate(meeting.pk, world.contacts[event.fields["contact"]], event.at)


def _cancel_meeting(world: World, event: Event) -> None:
    meetings.cancel(world.meetings[event.fields["id"]].pk, event.at)


HANDLERS: dict[str, Callable[[World, Event], None]] = {
    "meeting": _meeting,
    "associate_meeting": _associate_meeting,
    "cancel_meeting": _cancel_meeting,
}


def _users_among(world: World, parties: Iterable[str]) -> list[models.User]:
    """The users whom names or addresses mean; an address of somebody else's is no host of ours."""
    found: list[models.User] = []
    for party in parties:
        name = party if party in world.users else _owner_of(world, party)
        if name in world.mailboxes and name not in world.users:
            raise StoryError(f"nobody can be met at the shared mailbox {name}")
        if name in world.users:
            found.append(world.users[name])
    return found


def _owner_of(world: World, address: str) -> str:
    wanted = addresses.canonical(address)
    for name, fields in world.scenario.part("users").items():
        if wanted in {addresses.canonical(each) for each in (fields["email"], *fields.get("aliases", []))}:
            return name
    return address


def _page(world: World, link: str) -> models.BookingPage | None:
    slug = _name_of(link)
    return next((page for page in world.pages.values() if page.slug == slug), None)


def _name_of(link: str) -> str:
    """The name under which a link is known: its slug, or its address as it stands in a mail."""
    return meeting_links.found_in(link)[0] if meeting_links.found_in(link) else link.lower()
