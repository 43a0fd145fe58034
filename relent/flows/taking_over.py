"""Somebody takes over what another user has: sequences, contacts, and the mails still to come."""

from dataclasses import dataclass
from datetime import datetime

from relent.flows import auditing, permissions, removing, sequences
from relent.records import models


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """Who gets what of a user who leaves; what nobody is named for stays where it is. ``contacts_to_everybody`` leaves
    the contacts without an owner."""

    sequences_to: models.User | None = None
    contacts_to: models.User | None = None
    contacts_to_everybody: bool = False
    mailbox: models.Mailbox | None = None


def hand_over(user: models.User, to: HandOver, by: models.User, now: datetime) -> None:
    """Hand over what ``user`` has. What is held because they are gone goes on. Raises NotAllowed and
    removing.CannotTakeOver; nothing is handed over then."""
    permissions.require_super_admin(by)
    if to.sequences_to is not None:
        removing.require_taker(to.sequences_to)
    if to.mailbox is not None:
        running = removing.run_in_the_name_of(user).order_by("pk")
        removing.reassign(list(running.values_list("pk", flat=True)), to.mailbox, by, now)
    if to.sequences_to is not None:
        for sequence in models.Sequence.objects.present().filter(owner=user):
            sequences.transfer(sequence, to.sequences_to, by, now)
    if to.contacts_to is not None or to.contacts_to_everybody:
        moved = models.Contact.objects.filter(owner=user).update(owner=to.contacts_to)
        heir = to.contacts_to.pk if to.contacts_to else None
        auditing.note(by, "contacts.transferred", f"user:{user.pk}", now, to=heir, number=moved)
