"""What a command's arguments name: a contact, a sequence, a user, a mailbox."""

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from relent.records.models import Contact, Mailbox, Sequence, User
from relent.terms import addresses
from relent.terms.roles import Role


def contact(named: str) -> Contact:
    """Return the contact with this id or address. Raises CommandError where there is none, or more than one."""
    present = Contact.objects.present()
    if named.isdecimal():
        found = list(present.filter(pk=int(named)))
    else:
        found = list(present.filter(addresses__address=addresses.canonical(named)).distinct()[:2])
    if len(found) > 1:
        raise CommandError(_("%(named)s stands on several contacts: name one by its id.") % {"named": named})
    if not found:
        raise CommandError(_("There is no contact %(named)s.") % {"named": named})
    return found[0]


def sequence(named: str) -> Sequence:
    """Return the sequence with this id or name. Raises CommandError where there is none, or more than one."""
    present = Sequence.objects.present()
    found = list(present.filter(name=named)[:2])
    if not found and named.isdecimal():
        found = list(present.filter(pk=int(named)))
    if len(found) > 1:
        raise CommandError(_("Several sequences are called “%(named)s”: name one by its id.") % {"named": named})
    if not found:
        raise CommandError(_("There is no sequence “%(named)s”.") % {"named": named})
    return found[0]


def user(named: str) -> User:
    """Return the active user with this address; for an empty one the first super admin, who owns the machine.

    Raises CommandError.
    """
    active = User.objects.filter(is_active=True)
    found = active.filter(email=named.lower()) if named else active.filter(role=Role.SUPER_ADMIN)
    chosen = found.order_by("pk").first()
    if chosen is None:
        raise CommandError(_("There is no user %(named)s.") % {"named": named})
    return chosen


def mailbox(named: str) -> Mailbox:
    """Return the mailbox in use with this address. Raises CommandError."""
    chosen = Mailbox.objects.in_use().filter(address=addresses.canonical(named)).first()
    if chosen is None:
        raise CommandError(_("There is no mailbox %(named)s.") % {"named": named})
    return chosen
