"""Short labels for codes that `terms` explains in whole sentences: what a chip, a tab or a column head says."""

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from relent.flows import letting_go
from relent.records.models import Overrule
from relent.terms import evidence, history, reasons, reviews, states, workflows
from relent.terms.classifier import ClassifierFault
from relent.terms.sentences import Said

LABELS = {
    "scheduled": _("Scheduled"),
    "active": _("Active"),
    "paused": _("Paused"),
    "held": _("Held"),
    "finished": _("Finished"),
    "unenrolled": _("Unenrolled"),
    "planned": _("Planned"),
    "parked": _("On hold"),
    "claimed": _("Checking mailboxes"),
    "sending": _("Sending"),
    "sent": _("Sent"),
    "opened": _("Task created"),
    "cancelled": _("Cancelled"),
    "refused": _("Refused"),
    "unknown": _("Unknown"),
    "connected": _("Connected"),
    "unreadable": _("Unreadable"),
    "disconnected": _("Disconnected"),
    "open": _("Open"),
    "done": _("Done"),
    "keep": _("Stays enrolled"),
    "pause": _("Pauses"),
    "hold": _("Is held"),
    "unenroll": _("Is unenrolled"),
    "person_wrote": _("Mail from a person"),
    "auto_replied": _("Automatic reply"),
    "bounced": _("Bounce"),
    "complained": _("Spam complaint"),
    "receipt_returned": _("Receipt"),
    "calendar_mailed": _("Calendar mail"),
    "list_mailed": _("List mail"),
    "own_copy_seen": _("Own copy"),
    "person_forwarded": _("Forwarded mail"),
    "unsubscribe_mailed": _("Unsubscribed by mail"),
    "unsubscribed": _("Unsubscribed"),
    "unenrolled_by_hand": _("Unenrolled by hand"),
    "send_failed": _("Sending failed"),
    "not_met": _("Not met"),
    "queued": _("Waiting"),
    "skipped": _("Skipped"),
    "failed": _("Failed"),
    "loop": _("Loop"),
    "let_go": _("Let go"),
    "rep": _("Rep"),
    "manager": _("Manager"),
    "super_admin": _("Super admin"),
    "safe": _("Safe"),
    "hubspot-strict": _("HubSpot strict"),
    "imap": _("IMAP and SMTP"),
    "maildir": _("Maildir and SMTP"),
    "memory": _("In memory (for tests)"),
}

_QUESTIONS = {
    "sent_unknown": _("Left or not"),
    "soft_bounces": _("Repeated bounces"),
    "unsure_sender": _("Sender unsure"),
    "same_domain": _("Same domain"),
    "shared_mailbox": _("Shared mailbox"),
    "forwarded": _("Passed on"),
    "sender_follow_up": _("Written by hand"),
    "return_date": _("Day of return"),
    "replacement": _("Has left"),
    "new_address": _("New address"),
    "address_changed": _("Address changed"),
    "asked_to_stop": _("Asked to stop"),
    "bounce_doubted": _("Bounce doubted"),
    "planned_meeting": _("Meeting planned"),
    "declined_host": _("Host declined"),
    "booked_by_another": _("Booked by another"),
    "merged": _("Merged"),
    "owner_gone": _("No owner"),
    "sender_gone": _("Sender gone"),
    "sender_refused": _("Sender refused"),
    "loop": _("Loop"),
    "same_address": _("Same address"),
    "looks_automatic": _("Looks automatic"),
    "looks_human": _("Looks human"),
    "complaint": _("Complaint"),
}

PARTS = {
    "imap.connect": _("Reaching the IMAP server"),
    "imap.encrypt": _("Encryption of the IMAP server"),
    "imap.sign_in": _("Signing in to the IMAP server"),
    "imap.folders": _("Reading the folders"),
    "smtp.connect": _("Reaching the SMTP server"),
    "smtp.encrypt": _("Encryption of the SMTP server"),
    "smtp.sign_in": _("Signing in to the SMTP server"),
    "smtp.send": _("Sending"),
    "maildir": _("Reading the Maildir"),
}

_SENTENCES: dict[str, type[Said]] = {
    "enrollment": states.EnrollmentState,
    "delivery": states.DeliveryState,
    "mailbox": states.MailboxState,
    "timeline": history.TimelineKind,
    "verdict": history.Action,
    "trigger": workflows.WorkflowTrigger,
    "action": workflows.WorkflowAction,
    "comparison": workflows.Comparison,
    "run": workflows.RunState,
    "outcome": workflows.StepOutcome,
    "question": reviews.ReviewKind,
    "answer": reviews.ReviewAnswer,
    "confidence": evidence.Confidence,
    "wrote": reviews.Wrote,
    "followed": reviews.Followed,
}


def label(code: str) -> str:
    """Return the short label of ``code``; the code itself where it has none."""
    return str(LABELS.get(code, code))


def about(question: str) -> str:
    """Return in a word or two what a question of the review queue is about."""
    return str(_QUESTIONS[question])


def kind(code: str) -> str:
    """Return the label of a received mail's kind; “unreadable” means another thing of a mailbox."""
    return gettext("Malformed mail") if code in {"unreadable", "malformed"} else label(code)


def part(code: str) -> str:
    """Return what a part of a connection test is called: ``imap.sign_in`` is signing in to the IMAP server."""
    return str(PARTS.get(code, code))


def sentence(code: str, vocabulary: str) -> str:
    """Return what the member ``code`` of a vocabulary says, in the visitor's language."""
    try:
        return _SENTENCES[vocabulary](code).say(get_language() or "en")
    except ValueError:
        return code


def reason(code: str) -> str:
    """Return the sentence of the reason ``code``, in the visitor's language; an empty one for no code."""
    return reasons.sentence(code, get_language() or "en") if code else ""


def notice(code: str) -> str:
    """Return what a notification's code says: a question of the review queue, or a reason."""
    return reviews.ReviewKind(code).say(get_language() or "en") if code in list(reviews.ReviewKind) else reason(code)


def followed(code: str) -> str:
    """Return what followed for an enrollment when a judgement was overruled, or why its end could not be undone."""
    if code in list(reviews.Followed):
        return sentence(code, "followed")
    return gettext("It stays stopped, for it cannot be undone: %(why)s") % {"why": reason(code)}


def overruled(row: Overrule) -> str:
    """Return a person's word on a mail and all that followed, each sentence once."""
    said = [sentence(row.said, "wrote"), *(followed(code) for _, code in row.followed)]
    said += [f"{sentence(one.kind, 'timeline')} {done(one.reason)}".strip() for one in letting_go.told(row)]
    return " ".join(dict.fromkeys(said))


def done(codes: str) -> str:
    """Return what a workflow did, by the codes of its actions, which commas part."""
    return " · ".join(sentence(code, "action") for code in codes.split(",") if code)


def classifier(fault: ClassifierFault | None, *, heard: bool) -> str:
    """Return whether a text classifier is heard besides the rules, or why not."""
    if fault is not None:
        return fault.say(get_language() or "en")
    if heard:
        return gettext("A text classifier is heard too. It may ask you about a reply; it decides nothing.")
    return gettext("The rules judge alone. RELENT_CLASSIFIER may name a text classifier that you have trained.")


def step_code(code: str) -> str:
    """Return what the code of a workflow's line says: a loop rule, a fault, a refusal, or a web server's status."""
    for vocabulary in (workflows.LoopRule, workflows.StepFault):
        if code in list(vocabulary):
            return vocabulary(code).say(get_language() or "en")
    return f"HTTP {code}" if code.isdecimal() else reason(code)


def choices(vocabulary: type[Said]) -> list[tuple[str, str]]:
    """Return ``(code, sentence)`` pairs for a form field, in the visitor's language."""
    return [(member.value, member.say(get_language() or "en")) for member in vocabulary]


def evidence_kind(code: str) -> str:
    """Return where a piece of evidence was seen."""
    return evidence.label(code, get_language() or "en")
