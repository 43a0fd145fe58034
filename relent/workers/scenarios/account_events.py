"""What happens to the account of a story: its users, its records, its sequences and its settings."""

from collections.abc import Callable

from relent.flows import deleting, enrolling, merging, removing, sequences, workflows
from relent.flows.permissions import NotAllowed
from relent.terms.reasons import Refusal
from relent.workers.scenarios import filling
from relent.workers.scenarios.refusals import Refused
from relent.workers.scenarios.story import Event
from relent.workers.scenarios.world import StoryError, World


def _set(world: World, event: Event) -> None:
    fields = event.fields
    if "contact" in fields:
        filling.change_contact(world, fields["contact"], fields, event.at)
    elif "sequence" in fields:
        filling.change_sequence(world, fields["sequence"], fields, event.at)
    elif "company" in fields:
        filling.change_company(world, fields["company"], fields)
    else:
        filling.save_settings(world, fields["settings"], event.at)


def _delete(world: World, event: Event) -> None:
    fields, by = event.fields, world.administrator
    if "contact" in fields:
        deleting.delete_contact(world.contacts[fields["contact"]], by, event.at)
    elif "user" in fields:
        world.somebody_left = True
        removing.remove_user(world.users[fields["user"]], by, event.at)
    else:
        sequence = world.sequences[fields["sequence"]]
        try:
            sequences.delete(sequence, by, event.at, override=fields.get("override", False))
        except sequences.ActiveEnrollments as refusal:
            raise Refused(Refusal.ACTIVE_ENROLLMENTS, str(refusal)) from refusal


def _restore(world: World, event: Event) -> None:
    if not deleting.restore_contact(world.contacts[event.fields["contact"]], world.administrator, event.at):
        raise StoryError(f"{event.fields['contact']} cannot be restored: it is not deleted")


def _downgrade(world: World, event: Event) -> None:
    world.somebody_left = True
    removing.downgrade(world.users[event.fields["user"]], world.administrator, event.at)


def _transfer(world: World, event: Event) -> None:
    sequence, to = world.sequences[event.fields["sequence"]], world.users[event.fields["to"]]
    try:
        sequences.transfer(sequence, to, world.administrator, event.at)
    except removing.CannotTakeOver as refusal:
        raise Refused(Refusal.NOT_ALLOWED, str(refusal)) from refusal


def _merge(world: World, event: Event) -> None:
    if "companies" in event.fields:
        survivor, loser = (world.companies[name] for name in event.fields["companies"])
        merging.merge_companies(survivor, loser, world.administrator, event.at)
        return
    kept, gone = event.fields["contacts"]
    with world.merging(kept, gone):
        merging.merge_contacts(world.contacts[kept], world.contacts[gone], world.administrator, event.at)


def _workflow(world: World, event: Event) -> None:
    fields = event.fields
    if "unenroll" in fields:
        workflows.unenroll_contact(world.contacts[fields["unenroll"]], event.at)
        return
    asked = fields["enroll"]
    contact, sequence = world.contacts[asked["contact"]], world.sequences[asked["sequence"]]
    world.has_workflows = True
    try:
        workflows.enroll_contact(contact, sequence, world.users[asked["by"]], event.at)
    except enrolling.EnrollmentRefused as refusal:
        raise Refused(refusal.code, refusal.detail) from refusal


def _not_allowed(act: Callable[[World, Event], None]) -> Callable[[World, Event], None]:
    def acting(world: World, event: Event) -> None:
        try:
            act(world, event)
        except NotAllowed as refusal:
            raise Refused(Refusal.NOT_ALLOWED, str(refusal)) from refusal

    return acting


HANDLERS: dict[str, Callable[[World, Event], None]] = {
    "set": _set,
    "delete": _not_allowed(_delete),
    "restore": _not_allowed(_restore),
    "downgrade": _not_allowed(_downgrade),
    "transfer": _not_allowed(_transfer),
    "merge": _not_allowed(_merge),
    "workflow": _not_allowed(_workflow),
}
