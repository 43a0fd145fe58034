"""How far the first-run wizard has come. What exists tells it, so that closing the browser loses nothing."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from relent.flows import auditing
from relent.records.models import AuditEntry, Contact, Enrollment, Mailbox, Sequence, User

FINISHED = "setup.finished"


@dataclass(frozen=True)
class Stage:
    """One step of the wizard: the name of its page, and what stands above the progress bar."""

    page: str
    label: str | Promise


STAGES = (
    Stage("welcome-account", _("Account")),
    Stage("welcome-mailbox", _("Mailbox")),
    Stage("welcome-sequence", _("Sequence")),
    Stage("welcome-contact", _("Contact")),
    Stage("welcome-enroll", _("Enroll")),
)


def done() -> set[str]:
    """Return the pages of the stages that are behind us."""
    exists = {
        "welcome-account": User.objects.exists(),
        "welcome-mailbox": Mailbox.objects.exists(),
        "welcome-sequence": Sequence.objects.present().exists(),
        "welcome-contact": Contact.objects.present().exists(),
        "welcome-enroll": Enrollment.objects.exists(),
    }
    return {page for page, there in exists.items() if there}


def is_finished() -> bool:
    """Whether the wizard was walked to its end, or left for good."""
    return AuditEntry.objects.filter(subject="account", action=FINISHED).exists()


def finish(user: User, now: datetime) -> None:
    """Close the wizard for good."""
    if not is_finished():
        auditing.note(user, FINISHED, "account", now)
