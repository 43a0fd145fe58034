"""Fills a story's database from ``given``, and changes what ``given`` listed: the fields are the same."""

from datetime import datetime, timedelta
from typing import Any

from relent.flows import contacts as contact_flows
from relent.flows import unsubscribing
from relent.records import models
from relent.terms import addresses
from relent.terms.workflows import Comparison, WorkflowAction, WorkflowTrigger
from relent.workers.scenarios import sequences
from relent.workers.scenarios.world import World

# A meeting link given to a user leads to a page on which any time can be booked: the story says when they meet.
_ANY_TIME = {str(day): [[0, 24 * 60]] for day in range(7)}
# A mailbox that is in order needs no routine reading: it is read at every event that concerns it.
_NO_ROUTINE = timedelta(days=3650)
_CONTACT_FIELDS = {"contact", "email", "name", "company", "additional_emails", "owner", "time_zone", "opted_out"}


def fill(world: World) -> None:
    """Make everything that ``given`` lists, as of a while before the story."""
    scenario, since = world.scenario, world.before
    for name, fields in scenario.part("users").items():
        _add_user(world, name, fields)
    for name, fields in scenario.part("shared_mailboxes").items():
        _add_mailbox(world, name, fields["email"], None, "imap")
    save_settings(world, scenario.settings, since)
    for name, fields in scenario.part("companies").items():
        world.companies[name] = models.Company.objects.create(name=fields.get("name", name), created_at=since)
    for name, fields in scenario.part("companies").items():
        change_company(world, name, fields)
    for name, fields in scenario.part("contacts").items():
        world.contacts[name] = models.Contact.objects.create(created_at=since)
        _save_contact(world, name, fields, since)
    for name, fields in scenario.part("deals").items():
        _add_deal(world, name, fields)
    for name, fields in scenario.part("sequences").items():
        world.sequences[name] = models.Sequence.objects.create(name=name, created_at=since)
        change_sequence(world, name, fields, since)
    for name, fields in scenario.part("workflows").items():
        _add_workflow(world, name, fields)


def save_settings(world: World, overrides: dict[str, Any], since: datetime) -> None:
    """Save the account's settings: the ones that hold, changed by ``overrides``."""
    held = models.AccountSettings.objects.at(since).overrides
    models.AccountSettings.objects.create(since=since, profile=world.scenario.profile, overrides={**held, **overrides})


def change_company(world: World, name: str, fields: dict[str, Any]) -> None:
    """Save the given fields of a company."""
    row = world.companies[name]
    row.name, row.domain = fields.get("name", row.name), fields.get("domain", row.domain)
    if "parent" in fields:
        row.parent = world.companies[fields["parent"]]
    row.save()


def change_contact(world: World, name: str, fields: dict[str, Any], at: datetime) -> None:
    """Save the given fields of a contact, as a user does on its page; what held before ``at`` stays as history."""
    row = world.contacts[name]
    row.refresh_from_db()
    with contact_flows.noticing_changes(row, at):
        _save_contact(world, name, {key: value for key, value in fields.items() if key != "opted_out"}, at)
    if fields.get("opted_out"):
        unsubscribing.elsewhere(row, "record", at)
    for key in fields.keys() - _CONTACT_FIELDS:
        contact_flows.set_property(row.pk, key, "" if fields[key] is None else str(fields[key]), at)
    row.refresh_from_db()


def change_sequence(world: World, name: str, fields: dict[str, Any], at: datetime) -> None:
    """Save the given fields of a sequence; new steps or settings make a new version."""
    row = world.sequences[name]
    if "owner" in fields:
        row.owner = world.users[fields["owner"]]
    if "shared_with" in fields:
        row.private = fields["shared_with"] == "private"
    row.save()
    if "steps" in fields or "settings" in fields:
        sequences.save(row, fields, at)


def _save_contact(world: World, name: str, fields: dict[str, Any], at: datetime) -> None:
    row = world.contacts[name]
    if "name" in fields:
        row.first_name, _, row.last_name = fields["name"].partition(" ")
    if "owner" in fields:
        row.owner = world.users[fields["owner"]]
    row.time_zone = fields.get("time_zone", row.time_zone)
    row.save()
    if "company" in fields:
        row.work_at([world.companies[each] for each in fields["company"]], at)
    if "email" in fields:
        _move(row, fields["email"], at)
    if "additional_emails" in fields:
        _have(row, fields["additional_emails"], at)
    if fields.get("opted_out"):
        unsubscribing.opt_out(row.email, "record", at)


def _move(row: models.Contact, written: str, at: datetime) -> None:
    """Give a contact a new primary address; the one before stays as a former one."""
    address = addresses.canonical(written)
    held = models.ContactAddress.objects.filter(contact=row)
    held.filter(primary=True).exclude(address=address).update(primary=False, until=at)
    if not held.filter(address=address).update(primary=True, until=None):
        models.ContactAddress.objects.create(contact=row, address=address, primary=True, since=at)


def _have(row: models.Contact, written: list[str], at: datetime) -> None:
    """Give a contact these further addresses; those that it had before stay as former ones."""
    wanted = [addresses.canonical(address) for address in written]
    held = models.ContactAddress.objects.filter(contact=row)
    held.filter(primary=False, until__isnull=True).exclude(address__in=wanted).update(until=at)
    for address in wanted:
        if not held.filter(address=address).update(until=None):
            models.ContactAddress.objects.create(contact=row, address=address, since=at)


def _add_user(world: World, name: str, fields: dict[str, Any]) -> None:
    user = models.User.objects.create(
        email=addresses.canonical(fields["email"]),
        password="!",  # noqa: S106  # Django's mark for an account that cannot sign in
        name=name,
        role=fields.get("role", "rep"),
        team=fields.get("team", ""),
        time_zone=fields.get("time_zone", "UTC"),
        created_at=world.before,
    )
    world.users[name] = user
    for alias in fields.get("aliases", []):
        models.UserAddress.objects.create(user=user, address=addresses.canonical(alias))
    if fields.get("mailbox", "imap") != "none":
        _add_mailbox(world, name, fields["email"], user, fields.get("mailbox", "imap"))
    if "meeting_link" in fields:
        world.pages[name] = models.BookingPage.objects.create(
            user=user,
            slug=fields["meeting_link"].lower(),
            title=f"Meet {name}",
            hours=_ANY_TIME,
            created_at=world.before,
        )


def _add_mailbox(world: World, name: str, address: str, user: models.User | None, provider: str) -> None:
    # The server files the copies of what is sent: so a mail that left is found in Sent, whoever died meanwhile.
    options = {"world": world.name, "sent_copies": "server", "provider": provider}
    mailbox = models.Mailbox.objects.create(
        user=user,
        address=address.lower(),
        kind="memory",
        options=options,
        connected_at=world.before,
        state_since=world.before,
        # It is empty, and has been read to its end.
        read_through=world.now,
        next_read_at=world.now + _NO_ROUTINE,
    )
    models.MailboxFolder.objects.bulk_create(
        models.MailboxFolder(mailbox=mailbox, name=folder, role=role, cursor=cursor)
        for folder, role, cursor in world.folders_of(mailbox)
    )
    world.mailboxes[name] = mailbox


def _add_deal(world: World, name: str, fields: dict[str, Any]) -> None:
    deal = models.Deal.objects.create(name=fields.get("name", name), created_at=world.before)
    deal.contacts.set([world.contacts[contact] for contact in fields.get("contacts", [])])
    world.deals[name] = deal


def _add_workflow(world: World, name: str, fields: dict[str, Any]) -> None:
    """A workflow of several properties is started by the first of them, and asks for the others."""
    wanted = [(key, _as_property(world, key, value)) for key, value in fields.get("property", {}).items()]
    first, others = wanted[:1], wanted[1:]
    action: dict[str, Any] = {"do": WorkflowAction.UNENROLL.value}
    owner = next(iter(world.users.values()), None)
    if fields["do"] != "unenroll":
        sequence = world.sequences[fields["do"]["enroll"]]
        owner = sequence.owner
        action = {"do": WorkflowAction.ENROLL.value, "sequence": sequence.pk}
    models.Workflow.objects.create(
        name=name,
        enabled=True,
        trigger=WorkflowTrigger(fields["on"]),
        options={"property": first[0][0], "value": first[0][1]} if first else {},
        conditions=[{"property": key, "compare": Comparison.IS.value, "value": value} for key, value in others],
        actions=[action],
        owner=owner,
        created_at=world.before,
        changed_at=world.before,
    )


def _as_property(world: World, name: str, value: Any) -> str:
    """The text that a property holds where a story names a user or a company."""
    if name == "owner" and value in world.users:
        return world.users[value].email
    if name == "company" and value in world.companies:
        return world.companies[value].name
    return "" if value is None else str(value)
