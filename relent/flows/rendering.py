"""A delivery becomes a mail: tokens filled in, thread continued, unsubscribe link in place."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core import signing

from relent.flows import meeting_links
from relent.mail import compose, message_ids, templates
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
    written = (delivery.step.subject, delivery.step.body)
    values |= meeting_links.values(written, mailbox.user or enrollment.enrolled_by, enrollment.pk)
    text = meeting_links.signed(templates.render(delivery.step.body, values), enrollment.pk)
    thread = _thread(delivery) if delivery.step.threaded else []
    subject = f"Re: {_plain(thread[0].subject)}" if thread else templates.render(delivery.step.subject, values)
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
        references=tuple(mail.message_id for mail in thread if mail.message_id),
        unsubscribe_url=unsubscribe_url(enrollment.pk),
    )
    return Rendered(
        message_id=message_id,
        subject=subject,
        recipient=enrollment.address,
        raw=compose.compose(draft),
        links=meeting_links.found_in(text),
    )


def subject(step: models.Step, values: dict[str, str]) -> str:
    """Return what the step's subject reads for a contact; as it is written where a value is missing."""
    return step.subject if templates.missing(step.subject, values) else templates.render(step.subject, values)


def missing_tokens(
    version: models.SequenceVersion, contact: models.Contact, by: models.User, mailbox: models.Mailbox | None
) -> tuple[str, ...]:
    """Return the tokens of the version's mails that have neither a value nor a fallback for ``contact``."""
    written = [
        text for step in version.steps.all() if step.kind == StepKind.EMAIL for text in (step.subject, step.body)
    ]
    values = token_values(contact, by, mailbox, 0)
    values |= meeting_links.values(written, mailbox.user if mailbox and mailbox.user else by, 0)
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


def _thread(delivery: models.Delivery) -> list[models.Delivery]:
    """The enrollment's mails so far, oldest first, from where its present thread began."""
    sent = models.Delivery.objects.filter(
        enrollment_id=delivery.enrollment_id, position__lt=delivery.position, state=DeliveryState.SENT
    )
    thread: list[models.Delivery] = []
    for mail in sent.select_related("step").order_by("position"):
        if not mail.step.threaded:
            thread.clear()
        thread.append(mail)
    return thread


def _plain(subject: str) -> str:
    return subject.removeprefix("Re: ")
