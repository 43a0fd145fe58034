"""What arrives by mail in a story, and what servers and recipients do with ours."""

import re
from collections.abc import Callable
from datetime import datetime
from email import message_from_bytes

from relent.flows import unsubscribing
from relent.records import models
from relent.workers.scenarios import letters
from relent.workers.scenarios.letters import Complaint, Letter, Report
from relent.workers.scenarios.story import Event
from relent.workers.scenarios.world import Arrival, NotSupported, StoryError, World

# Names that mean the spam folder, whatever the story calls it.
_SPAM = {"spam", "junk", "junk email", "[gmail]/spam"}


def _mail(world: World, event: Event) -> None:
    fields = event.fields
    received_at = fields.get("received_at", event.at)
    letter = Letter(
        sender=world.addresses([fields["from"]])[0],
        to=world.addresses(fields["to"]),
        cc=world.addresses(fields.get("cc", [])),
        message_id=_message_id(world, event, fields["from"]),
        date=fields.get("date", received_at),
        received_at=received_at,
        subject=fields.get("subject"),
        text=fields.get("text"),
        html=fields.get("html"),
        parts=tuple(fields.get("parts", [])),
        in_reply_to=world.answered(fields.get("answers")),
        references=world.answered(fields.get("references_only")),
        headers=fields.get("headers", {}),
        authentication=fields.get("authentication", "none"),
    )
    reached = fields.get("delivered_to") or [*fields["to"], *fields.get("cc", [])]
    thread = world.thread(fields["thread"]) if "thread" in fields else ""
    _deliver(world, reached, letters.write(letter), received_at, fields.get("folder", "INBOX"), thread)


def _raw_mail(world: World, event: Event) -> None:
    raw = (world.scenario.file.parent / event.fields["file"]).read_bytes()
    answered = world.answered(event.fields.get("answers"))
    _deliver(world, event.fields["to"], letters.answering(raw, answered) if answered else raw, event.at)


def _auto_reply(world: World, event: Event) -> None:
    fields = event.fields
    received_at = fields.get("received_at", event.at)
    sender = world.addresses([fields["from"]])[0]
    answered = world.answered(fields.get("answers"))
    letter = Letter(
        sender=sender,
        to=world.addresses(fields["to"]),
        message_id=_message_id(world, event, fields["from"]),
        date=received_at,
        received_at=received_at,
        subject=fields.get("subject"),
        text=fields.get("text"),
        in_reply_to=answered,
        headers=letters.auto_reply_headers(fields["style"], sender, answered),
        return_path="" if fields["style"] == "exchange_null_sender" else None,
    )
    _deliver(world, fields["to"], letters.write(letter), received_at)


def _bounce(world: World, event: Event) -> None:
    fields = event.fields
    received_at = fields.get("received_at", event.at)
    mail = world.delivery(fields["answers"]) if "answers" in fields else None
    failed = fields.get("final_recipient") or (mail.recipient if mail else "somebody@elsewhere.example")
    returned = mail.raw if mail and fields.get("correlated", True) else None
    report = Report(
        reporter=f"mx.{failed.rpartition('@')[2]}",
        to=world.addresses(fields["to"])[0],
        message_id=_message_id(world, event, failed),
        at=received_at,
        action=fields.get("action", "failed"),
        status=fields.get("status", "5.1.1"),
        final_recipient=failed,
        original_recipient=fields.get("original_recipient"),
        returned=returned,
    )
    _deliver(world, fields["to"], letters.delivery_report(report), received_at)


def _smtp_refusal(world: World, event: Event) -> None:
    contact = world.contacts[event.fields["contact"]]
    open_ones = models.Enrollment.objects.open().filter(contact=contact).values_list("address", flat=True)
    for address in {contact.email, *open_ones}:
        world.network.refuse(address, event.fields.get("code", 550), event.fields.get("status", "5.1.1"))


def _unsubscribe(world: World, event: Event) -> None:
    via = event.fields["via"]
    if via == "elsewhere":
        unsubscribing.elsewhere(world.contacts[event.fields["contact"]], "elsewhere", event.at)
        return
    link = _offered(_mail_to(world, event), "https" if via != "mailto" else "mailto")
    if via == "mailto":
        _write_to(world, event, link)
        return
    enrollment = unsubscribing.find(link.rpartition("/")[2])
    if enrollment is None:
        raise StoryError(f"the link {link} leads to nobody")
    if via != "link_opened":
        unsubscribing.unsubscribe(enrollment, "one_click" if via == "one_click" else "link", event.at)


def _complaint(world: World, event: Event) -> None:
    mail = world.delivery(event.fields["answers"])
    complaint = Complaint(
        to=mail.mailbox.address,
        message_id=_message_id(world, event, mail.recipient),
        at=event.at,
        complainant=mail.recipient,
        redacted=event.fields.get("redacted", False),
        returned=mail.raw or b"",
    )
    _deliver(world, [mail.mailbox.address], letters.feedback_report(complaint), event.at)


def _rep_mail(world: World, event: Event) -> None:
    """The rep writes with a mail program of their own: all that is seen is the copy in the Sent folder."""
    by, contact = event.fields["by"], world.contacts[event.fields["contact"]]
    answered = world.answered(event.fields.get("answers"))
    letter = Letter(
        sender=world.addresses([by])[0],
        to=(contact.email,),
        message_id=_message_id(world, event, by),
        date=event.at,
        received_at=event.at,
        subject=None if answered else "A word by hand",
        text="This is written by hand.",
        in_reply_to=answered,
    )
    mailbox = world.mailbox_of(by)
    if mailbox is None:
        raise StoryError(f"{by} has no mailbox")
    world.put(Arrival(mailbox.address, letters.write(letter), event.at, "Sent"))


def _duplicate(world: World, event: Event) -> None:
    for arrival in world.arrivals[-event.fields["last"] :]:
        world.put(Arrival(arrival.address, arrival.raw, event.at, arrival.folder, arrival.thread))


HANDLERS: dict[str, Callable[[World, Event], None]] = {
    "mail": _mail,
    "raw_mail": _raw_mail,
    "auto_reply": _auto_reply,
    "bounce": _bounce,
    "smtp_refusal": _smtp_refusal,
    "unsubscribe": _unsubscribe,
    "complaint": _complaint,
    "rep_mail": _rep_mail,
    "duplicate": _duplicate,
}


def _deliver(
    world: World, parties: list[str], raw: bytes, received_at: datetime, folder: str = "INBOX", thread: str = ""
) -> None:
    folder = "Spam" if folder.lower() in _SPAM else folder
    reached = {box.pk: box for party in parties if (box := world.mailbox_of(party)) is not None}
    for mailbox in reached.values():
        world.put(Arrival(mailbox.address, letters.arriving(raw, mailbox.address), received_at, folder, thread))


def _message_id(world: World, event: Event, party: str) -> str:
    host = world.addresses([party])[0].rpartition("@")[2]
    return f"event-{event.number}.{world.scenario.id}@{host}"


def _mail_to(world: World, event: Event) -> models.Delivery:
    """The newest mail to the event's contact, or that of the step which the event names."""
    contact, step = world.contacts[event.fields["contact"]], event.fields.get("step")
    sent = models.Delivery.objects.filter(enrollment__contact=contact, raw__isnull=False)
    found = sent.filter(**({"position": step} if step else {})).order_by("-pk").first()
    if found is None:
        raise StoryError(f"no mail has been sent to {event.fields['contact']} yet")
    return found


def _offered(mail: models.Delivery, scheme: str) -> str:
    """The way to unsubscribe that a mail's List-Unsubscribe header offers (RFC 2369)."""
    header = str(message_from_bytes(mail.raw or b"")["List-Unsubscribe"] or "")
    links: list[str] = re.findall(r"<([^<>\s]+)>", header)
    for link in links:
        if link.startswith("mailto:") == (scheme == "mailto"):
            return link
    raise NotSupported(f"unsubscribe by {scheme}: the mail offers {header or 'nothing'}")


def _write_to(world: World, event: Event, link: str) -> None:
    address, _, query = link.removeprefix("mailto:").partition("?")
    subject = dict(part.partition("=")[::2] for part in query.split("&")).get("subject", "unsubscribe")
    contact = world.contacts[event.fields["contact"]]
    letter = Letter(
        sender=contact.email,
        to=(address,),
        message_id=_message_id(world, event, contact.email),
        date=event.at,
        received_at=event.at,
        subject=subject,
        text="",
    )
    _deliver(world, [address], letters.write(letter), event.at)
