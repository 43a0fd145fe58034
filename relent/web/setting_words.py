"""What the values of the account's settings mean, in a few words."""

from django.utils.translation import gettext_lazy as _

# Where a value means something of its own in one setting, it stands under both.
VALUES = {
    "enroller": _("Only who enrolled"),
    "sender_or_enroller": _("Who enrolled, and whose mailbox sends"),
    "any_connected_user": _("Every connected user"),
    "enroller_or_sender": _("Who enrolled, and whose mailbox sends"),
    "primary": _("The primary company"),
    "company_scope:any": _("Every company"),
    "pause": _("Pauses"),
    "stays": _("Changes nothing"),
    "as_ooo": _("As any out-of-office reply"),
    "unenrolls": _("Unenrolls"),
    "google": _("Google"),
    "google,microsoft,caldav": _("Google, Microsoft, CalDAV"),
    "hold": _("Holds until a person decides"),
    "review": _("Asks a person"),
    "counts": _("Counts"),
    "refused_at_send": _("The next mail is refused"),
    "ends": _("Ends the enrollment"),
    "queue": _("Waits for room"),
    "skip": _("Is skipped"),
    "true": _("Yes"),
    "false": _("No"),
    "reenroll:any": _("Any number of times"),
    "once": _("Once"),
    "running": _("Running ones too"),
    "new_only": _("New ones only"),
}


def value(setting: str, code: str) -> str:
    """Return what the value ``code`` of a setting means; the code itself where it is a number."""
    return str(VALUES.get(f"{setting}:{code}") or VALUES.get(code) or code)
