"""A delivery becomes a mail: tokens filled in, thread continued, unsubscribe link in place."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core import signing

from relent.flows import meeting_links
from relent.mail import compose, message_ids, templates, unsubscribe
from relent.records import models
from relent.terms import addresses, names
from relent.terms.states import DeliveryState
from relent.terms.steps import StepKind

_UNSUBSCRIBE = signing.Signer(salt="relent.unsubscribe")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A mail ready to leave. ``message_id`` is without angle brackets; ``links`` are the meeting links in it."""

    message_id: str
    subject: str
    recipient: str
    raw: bytes
    links: tuple[str, ...] = ()


def mail(delivery: models.Delivery, now: datetime) -> Rendered:
    """Render the mail of ``delivery``. Raises ``templates.MissingToken`` where a value is gone since the enrollment."""
    enrollment, mailbox = delivery.enrollment, delivery.mailbox
    values = token_values(enrollment.contact, enrollment.enrolled_by, mailbox, enrollment.pk)
    subject, body = own_subject(delivery), delivery.own_body or delivery.step.body
    written = (subject, body)
    values |= meeting_links.values(written, mailbox.user or enrollment.enrolled_by, enrollment.pk)
    text = meeting_links.signed(templates.render(body, values), enrollment.pk)
    thread = _thread(delivery)
    subject = f"Re: {_plain(thread[0].subject)}" if thread else templates.render(subject, values)
    message_id = message_ids.new(secrets.token_hex(16), addresses.domain(mailbox.address))
    draft = compose.Draft(
        sender_name=mailbox.display_name or (str(mailbox.user) if mailbox.user else ""),
        sender=mailbox.address,
        recipient=enrollment.address,
        recipient_name=enrollment.contact.name,
        subject=subject,
        text=text,
        date=now,
        message_id=message_id,
        # Whoever answers knows the mail by the name that the provider gave it.
        references=tuple(name for mail in thread if (name := mail.provider_message_id or mail.message_id)),
        unsubscribe_url=unsubscribe_url(enrollment.pk),
        unsubscribe_mailto=mailbox.address,
        unsubscribe_subject=unsubscribe.subject_for(_UNSUBSCRIBE.sign(str(enrollment.pk))),
    )
    return Rendered(
        message_id=message_id,
        subject=subject,
        recipient=enrollment.address,
        raw=compose.compose(draft),
        links=meeting_links.found_in(text),
    )


def own_subject(delivery: models.Delivery) -> str:
    """Return the subject that begins a new thread: the contact's own, the step's, or, where the mail that it should
    answer was left out by a later start, that of the mail which would have begun the thread."""
    if delivery.own_subject or delivery.step.subject:
        return delivery.own_subject or delivery.step.subject
    before = delivery.step.version.steps.filter(kind=StepKind.EMAIL, position__lt=delivery.position)
    return before.exclude(subject="").order_by("-position").values_list("subject", flat=True).first() or ""


def continues(delivery: models.Delivery) -> bool:
    """Whether the mail answers one before it: its step says so; one written for a task does where it has no subject."""
    if delivery.step.kind == StepKind.TASK:
        return not delivery.own_subject
    return delivery.step.threaded


def filled(text: str, values: dict[str, str]) -> str:
    """Return what a text reads for a contact; as it is written where a value is missing."""
    return text if templates.missing(text, values) else templates.render(text, values)


def missing_tokens(trial: models.Enrollment) -> tuple[str, ...]:
    """Return the tokens of the mails of an enrollment that is to be made (saved or not) that have neither a value nor a
    fallback for its contact."""
    written: list[str] = []
    for step in trial.version.steps.all():
        own = trial.own_steps.get(str(step.position), {})
        if step.kind == StepKind.EMAIL:
            written += (own.get("subject") or step.subject, own.get("body") or step.body)
    return missing_in(written, trial)


def missing_in(written: Sequence[str], trial: models.Enrollment) -> tuple[str, ...]:
    """Return the tokens in the texts ``written`` that have neither a value nor a fallback for the contact."""
    mailbox = trial.mailbox if trial.mailbox_id else None
    values = token_values(trial.contact, trial.enrolled_by, mailbox, 0)
    values |= meeting_links.values(written, mailbox.user if mailbox and mailbox.user else trial.enrolled_by, 0)
    return tuple(dict.fromkeys(name for text in written for name in templates.missing(text, values)))


def token_values(
    contact: models.Contact, by: models.User, mailbox: models.Mailbox | None, enrollment_id: int
) -> dict[str, str]:
    """Return what each token stands for; an empty value counts as missing."""
    company = contact.company
    values = {f"contact.{name}": str(value) for name, value in contact.properties.items()}
    values |= {
        "contact.name": names.full(contact.first_name, contact.last_name),
        "contact.first_name": contact.first_name,
        "contact.last_name": contact.last_name,
        "contact.email": contact.email,
        "company.name": company.name if company else "",
        "company.domain": company.domain if company else "",
        "sender.name": mailbox.display_name if mailbox and mailbox.display_name else by.name,
        "sender.email": mailbox.address if mailbox else by.email,
        "unsubscribe_link": unsubscribe_url(enrollment_id),
    }
    return values


def unsubscribe_url(enrollment_id: int) -> str:
    """Return the address that stands in the enrollment's mails. The token cannot be guessed and never runs out."""
    return f"{settings.PUBLIC_URL}/u/{_UNSUBSCRIBE.sign(str(enrollment_id))}"


def enrollment_of(token: str) -> int | None:
    """Return the enrollment that an unsubscribe token belongs to; ``None`` where we did not make it."""
    try:
        return int(_UNSUBSCRIBE.unsign(token))
    except (signing.BadSignature, ValueError):
        return None


class OwnTokens:
    """The unsubscribe tokens that we made."""

    def __contains__(self, token: object) -> bool:
        return enrollment_of(str(token)) is not None


def _thread(delivery: models.Delivery) -> list[models.Delivery]:
    """The mails that ``delivery`` continues, oldest first; none where it begins a thread of its own, as after another
    user took over: nobody can go on with a conversation in somebody else's mailbox."""
    if not continues(delivery):
        return []
    sent = models.Delivery.objects.filter(
        enrollment_id__in=delivery.enrollment.lineage(),
        mailbox=delivery.mailbox_id,
        position__lt=delivery.position,
        state=DeliveryState.SENT,
    )
    threads: dict[int, list[models.Delivery]] = {}
    latest: list[models.Delivery] = []
    for mail in sent.select_related("step").defer("raw").order_by("position"):
        latest = [*(_answered(mail, threads, latest) if continues(mail) else []), mail]
        threads[mail.position] = latest
    return _answered(delivery, threads, latest)


def _answered(
    mail: models.Delivery, threads: dict[int, list[models.Delivery]], latest: list[models.Delivery]
) -> list[models.Delivery]:
    """The thread up to the mail that the step names; up to the last one where it names none, or one that never left."""
    return threads.get(mail.step.thread_to or 0, latest)


def _plain(subject: str) -> str:
    return subject.removeprefix("Re: ")
