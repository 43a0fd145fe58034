"""Who may act on whom. The rule is one: whoever may communicate with a contact may stop what is sent to it, from any
sequence, also a private one."""

from django.db.models import Q, QuerySet

from relent.records import models
from relent.terms.roles import Role


class NotAllowed(Exception):
    """The user may not do this."""


def may_contact(user: models.User, contact: models.Contact) -> bool:
    """Whether ``user`` may communicate with ``contact``."""
    return user.is_active and models.Contact.objects.visible_to(user).filter(pk=contact.pk).exists()


def require_contact(user: models.User, contact: models.Contact) -> None:
    """Raise NotAllowed unless ``user`` may communicate with ``contact``."""
    if not may_contact(user, contact):
        raise NotAllowed(f"{user} may not communicate with {contact}")


def may_send_from(user: models.User, mailbox: models.Mailbox) -> bool:
    """Whether ``user`` may send from ``mailbox``: it is theirs, it is shared, it is of their team and they are its
    manager, or they are a super admin."""
    if mailbox.user_id in {user.pk, None} or user.is_super_admin:
        return True
    same_team = mailbox.user is not None and mailbox.user.team == user.team != ""
    return user.role == Role.MANAGER and same_team


def mailboxes_to_send_from(user: models.User) -> QuerySet[models.Mailbox]:
    """Return the mailboxes in use that ``may_send_from`` allows."""
    mailboxes = models.Mailbox.objects.in_use()
    if user.is_super_admin:
        return mailboxes
    allowed = Q(user=user) | Q(user__isnull=True)
    if user.role == Role.MANAGER and user.team:
        allowed |= Q(user__team=user.team)
    return mailboxes.filter(allowed)


def may_edit(user: models.User, sequence: models.Sequence) -> bool:
    """Whether ``user`` may change or delete ``sequence``: its owner, super admins, and managers where it is shared."""
    if user.is_super_admin or sequence.owner_id == user.pk:
        return user.is_active
    return user.is_active and user.role == Role.MANAGER and not sequence.private


def require_edit(user: models.User, sequence: models.Sequence) -> None:
    """Raise NotAllowed unless ``user`` may change or delete ``sequence``."""
    if not may_edit(user, sequence):
        raise NotAllowed(f"{user} may not change {sequence}")


def leads_team(user: models.User) -> bool:
    """Whether ``user`` looks after the team's work: managers and super admins."""
    return user.is_active and user.role != Role.REP


def require_team_lead(user: models.User) -> None:
    """Raise NotAllowed unless ``user`` looks after the team's work."""
    if not leads_team(user):
        raise NotAllowed(f"{user} is neither a manager nor a super admin")


def require_super_admin(user: models.User) -> None:
    """Raise NotAllowed unless ``user`` may do everything."""
    if not (user.is_active and user.is_super_admin):
        raise NotAllowed(f"{user} is no super admin")
