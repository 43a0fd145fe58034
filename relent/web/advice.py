"""What to do about a refusal: beside the reason that `terms` gives, the next step on these pages."""

from django.utils.translation import gettext_lazy as _

from relent.terms.reasons import Refusal

BY_CODE = {
    Refusal.ALREADY_ENROLLED: _("Unenroll the contact from the other sequence first, or wait until it has finished."),
    Refusal.MISSING_TOKEN: _("Fill in the value on the contact, or give the token a fallback in the sequence."),
    Refusal.UNSUBSCRIBED: _("Nothing can be sent. Only the contact can change this."),
    Refusal.UNSUBSCRIBED_PERSONAL: _("Nothing can be sent. Only the contact can change this."),
    Refusal.PREVIOUSLY_BOUNCED: _("Ask for a working address and save it as the contact's mail address."),
    Refusal.MARKED_AS_SPAM: _("Do not write again by sequence; call instead."),
    Refusal.BLOCKED_ADDRESS: _("Ask a super admin to lift the block if it is a mistake."),
    Refusal.NO_ADDRESS: _("Give the contact a mail address."),
    Refusal.NO_MAILBOX: _("Connect your mailbox under Mailboxes."),
    Refusal.NO_STEPS: _("Choose an earlier step, or add steps to the sequence."),
    Refusal.ENROLLED_BEFORE: _("Choose another sequence, or ask a super admin to change the account's settings."),
    Refusal.COOLING_DOWN: _("Choose a later start."),
    Refusal.OVER_LIMIT: _("Choose a later start, or another mailbox."),
    Refusal.CANNOT_BE_ENROLLED: _("Enroll this contact by itself."),
    Refusal.NOT_ALLOWED: _("Ask a super admin for a seat that may enroll, or choose one of your own mailboxes."),
}


def on(code: str) -> str:
    """Return what to do about the refusal ``code``; an empty string where there is nothing to do."""
    return str(BY_CODE.get(Refusal(code), "")) if code in set(Refusal) else ""
