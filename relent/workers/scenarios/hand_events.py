"""What users do in a story, and what happens to the account and the machines."""

from collections.abc import Callable
from typing import Any

from relent.flows import enrolling, mailboxes, pausing, pending, tasks, undoing, unenrolling
from relent.flows.permissions import NotAllowed
from relent.records import models
from relent.terms.reasons import Refusal
from relent.terms.states import DeliveryState
from relent.workers.scenarios.refusals import Crashed, Refused
from relent.workers.scenarios.story import EnrollmentRef, Event, MailRef
from relent.workers.scenarios.world import StoryError, World

_BY_HAND = "This is written by hand."


def _enroll(world: World, event: Event) -> None:
    fields = event.fields
    request = enrolling.EnrollRequest(
        contact=world.contacts[fields["contact"]],
        sequence=world.sequences[fields["sequence"]],
        by=world.users[fields["by"]],
        mailbox=_fresh(world.mailboxes.get(fields.get("sender", fields["by"]))),
        start_step=fields.get("start_step", 1),
        start_at=fields.get("start_at"),
    )
    try:
        enrolling.enroll(request, event.at)
    except enrolling.EnrollmentRefused as refusal:
        raise Refused(refusal.code, refusal.detail) from refusal


def _unenroll(world: World, event: Event) -> None:
    enrollment, by = world.latest(event.fields), world.users[event.fields["by"]]
    try:
        ended = unenrolling.by_hand(enrollment.pk, by, event.at, event.fields.get("surface", "record"))
    except NotAllowed as refusal:
        raise Refused(Refusal.NOT_ALLOWED) from refusal
    if not ended:
        raise Refused(Refusal.ALREADY_OVER, changed_nothing=True)


def _bulk_unenroll(world: World, event: Event) -> None:
    fields = event.fields
    ids = [world.latest({"contact": name, "sequence": fields["sequence"]}).pk for name in fields["contacts"]]
    outcomes = {outcome for _, outcome in unenrolling.in_bulk(ids, world.users[fields["by"]], event.at)}
    if "not_allowed" in outcomes:
        raise Refused(Refusal.NOT_ALLOWED)
    if "already_over" in outcomes:
        raise Refused(Refusal.ALREADY_OVER, changed_nothing=True)


def _pause(world: World, event: Event) -> None:
    _each_own(world, event, pausing.pause)


def _resume(world: World, event: Event) -> None:
    _each_own(world, event, pausing.resume)


def _each_own(world: World, event: Event, act: Callable[[int, models.User, Any], bool]) -> None:
    by = world.users[event.fields["by"]]
    if "contact" in event.fields:
        found = [world.latest(event.fields).pk]
    else:
        found = list(models.Enrollment.objects.open().filter(enrolled_by=by).values_list("pk", flat=True))
    try:
        for pk in found:
            act(pk, by, event.at)
    except NotAllowed as refusal:
        raise Refused(Refusal.NOT_ALLOWED) from refusal


def _complete_task(world: World, event: Event) -> None:
    task = _task(world, event)
    if not tasks.complete(task.pk, task.assignee, event.at):
        raise Refused(Refusal.ALREADY_OVER, changed_nothing=True)


def _send_manual_email(world: World, event: Event) -> None:
    """The rep writes a few words, as an answer to the last mail where there is one."""
    task = _task(world, event)
    begun = world.latest(event.fields).deliveries.filter(state=DeliveryState.SENT).exists()
    subject = "" if begun else task.subject or "A word by hand"
    try:
        handed = tasks.send_mail(task.pk, task.assignee, event.at, subject=subject, body=_BY_HAND)
    except NotAllowed as refusal:
        raise Refused(Refusal.NOT_ALLOWED, str(refusal)) from refusal
    if not handed:
        raise Refused(Refusal.ALREADY_OVER, changed_nothing=True)


def _edit_pending(world: World, event: Event) -> None:
    fields = event.fields
    enrollment = world.latest(fields)
    delivery = enrollment.deliveries.filter(position=fields["step"]).first()
    if delivery is None:
        raise StoryError(f"step {fields['step']} of {fields['contact']}/{fields['sequence']} is not pending")
    subject = delivery.own_subject or delivery.step.subject
    try:
        edited = pending.edit(delivery.pk, enrollment.enrolled_by, event.at, subject=subject, body=fields["body"])
    except NotAllowed as refusal:
        raise Refused(Refusal.NOT_ALLOWED, str(refusal)) from refusal
    except pending.Unusable as refusal:
        raise Refused(Refusal.MISSING_TOKEN, str(refusal)) from refusal
    if edited is not pending.Edited.SAVED:
        raise Refused(Refusal.ALREADY_OVER, changed_nothing=True)


def _undo(world: World, event: Event) -> None:
    enrollment, by = world.latest(event.fields), world.users[event.fields["by"]]
    try:
        undoing.undo(enrollment.pk, by, event.at)
    except NotAllowed as refusal:
        raise Refused(Refusal.NOT_ALLOWED, str(refusal)) from refusal
    except undoing.EnrollmentRefused as refusal:
        raise Refused(refusal.code, refusal.detail) from refusal


def _looked_at(world: World, event: Event) -> None:
    """A mail is opened, or a link in it: Relent puts nothing into mails by which it could know."""
    fields = event.fields
    world.delivery(MailRef(EnrollmentRef(fields["contact"], fields["sequence"]), fields["step"]))


def _task(world: World, event: Event) -> models.Task:
    enrollment, step = world.latest(event.fields), event.fields["step"]
    task = models.Task.objects.filter(delivery__enrollment=enrollment, delivery__position=step).first()
    if task is None:
        raise StoryError(f"{event.fields['contact']}/{event.fields['sequence']} has no task of step {step} yet")
    return task


def _mailbox(world: World, event: Event) -> None:
    """``down``: the server does not answer. ``disconnected``: it no longer lets us in, until the user signs in anew."""
    mailbox = _fresh(world.mailboxes.get(event.fields["user"]))
    if mailbox is None or mailbox.user is None:
        raise StoryError(f"{event.fields['user']} has no mailbox")
    there, state = world.network.mailbox(mailbox.address), event.fields["state"]
    was_disconnected = there.disconnected
    there.down, there.disconnected = state == "down", state == "disconnected"
    world.woken.add(mailbox.pk)
    if state == "up" and was_disconnected:
        mailboxes.reconnect(mailbox, None, mailbox.user, event.at)


def _crash(world: World, event: Event) -> None:
    def die(_: str) -> None:
        world.network.after_hand_off = None
        raise Crashed

    world.network.after_hand_off = die


def _tick(world: World, event: Event) -> None:
    """Nothing but time passes."""


HANDLERS: dict[str, Callable[[World, Event], None]] = {
    "enroll": _enroll,
    "unenroll": _unenroll,
    "bulk_unenroll": _bulk_unenroll,
    "pause": _pause,
    "resume": _resume,
    "complete_task": _complete_task,
    "undo": _undo,
    "edit_pending": _edit_pending,
    "send_manual_email": _send_manual_email,
    "opened": _looked_at,
    "clicked": _looked_at,
    "mailbox": _mailbox,
    "crash": _crash,
    "tick": _tick,
}


def _fresh(mailbox: models.Mailbox | None) -> models.Mailbox | None:
    if mailbox is not None:
        mailbox.refresh_from_db()
    return mailbox
