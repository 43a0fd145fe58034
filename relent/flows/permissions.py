"""Who may act on whom. The rule is one: whoever may communicate with a contact may stop what is sent to it, from any
sequence, also a private one."""

from relent.records import models


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
    """Whether ``user`` may send from ``mailbox``: it is theirs, it is shared, or they are a super admin."""
    return mailbox.user_id in {user.pk, None} or user.is_super_admin
