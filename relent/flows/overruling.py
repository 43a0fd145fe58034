"""A person says that the rules took a mail for the wrong thing, and what should have followed follows.

A mail that a person wrote stops what it concerns, by the same way as any reply, colleagues included. One that was
automatic stopped its sequence wrongly: the stop is undone, unless something else speaks for it, and the successor waits
where an absence would have made it wait. What workflows had begun for the mail as it was judged before is let go. The
first lines of the ledger stay; new ones stand beside them.
"""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from relent.decide import reviews as rules
from relent.decide import unenrollment
from relent.flows import (
    apply,
    auditing,
    company_stops,
    company_wide,
    concerns,
    consequences,
    letting_go,
    permissions,
    planning,
    releasing,
    reviews,
    settling,
    understanding,
    undoing,
)
from relent.flows.apply import Decided
from relent.flows.concerns import Concern
from relent.flows.ledger import Cause
from relent.flows.permissions import NotAllowed
from relent.mail import message
from relent.normalize import overruled
from relent.records import connections, facts, models
from relent.terms.events import MailEvent
from relent.terms.history import Action, TimelineKind
from relent.terms.reasons import EndReason, PauseReason, Refusal
from relent.terms.reviews import Followed, ReviewAnswer, ReviewKind, Wrote
from relent.terms.states import EnrollmentState

__all__ = [
    "ABOUT_WHO_WROTE",
    "CannotOverrule",
    "NotAllowed",
    "SaidAlready",
    "as_judged",
    "confirm",
    "lock",
    "may_overrule",
    "overrule",
]

ABOUT_WHO_WROTE = (ReviewKind.LOOKS_AUTOMATIC, ReviewKind.LOOKS_HUMAN)
# What is asked only of a mail of the other kind.
_MOOT = {
    Wrote.PERSON: (ReviewKind.RETURN_DATE, ReviewKind.REPLACEMENT, ReviewKind.ADDRESS_CHANGED),
    Wrote.AUTOMATIC: (ReviewKind.ASKED_TO_STOP,),
}


_AS_A_COLLEAGUE = Q(rule__startswith="colleague.") | Q(reason__in=[EndReason.ACCOUNT_REPLY, EndReason.ACCOUNT_MEETING])


class CannotOverrule(ValueError):
    """It is no mail of somebody else's, or nothing is kept by which to tell whom it concerns."""


class SaidAlready(ValueError):
    """The mail counts as that already."""


def as_judged(item: models.InboundItem) -> Wrote | None:
    """Return who wrote ``item`` as it counts now: a person's word, else the rules'; ``None`` where nobody is asked."""
    if item.kind not in models.JUDGED:
        return None
    if item.said:
        return Wrote(item.said)
    return Wrote.PERSON if item.kind == "person_wrote" else Wrote.AUTOMATIC


def may_overrule(user: models.User, item: models.InboundItem) -> bool:
    """Whether ``user`` may say who wrote ``item``: who may communicate with a contact whom it concerned, other than as
    somebody's colleague; where it concerned nobody, who may send from the mailbox that it came to."""
    lines = models.Decision.objects.filter(item=item).exclude(_AS_A_COLLEAGUE)
    contacts = models.Contact.objects.filter(enrollments__in=lines.values("enrollment"))
    if contacts.exists():
        visible = models.Contact.objects.visible_to(user).filter(pk__in=contacts.values("pk"))
        return user.is_active and visible.exists()
    return user.is_active and permissions.may_send_from(user, item.mailbox)


@transaction.atomic
def overrule(item_id: int, said: Wrote, by: models.User, now: datetime, note: str = "") -> models.Overrule:
    """Let the mail count as ``said``, with all that follows. Of two at once one is first; the other learns it.

    Raises NotAllowed, CannotOverrule, and SaidAlready.
    """
    item = lock(item_id)
    if not may_overrule(by, item):
        raise NotAllowed(f"{by} may not overrule {item.pk}")
    event = understanding.again(item)
    if as_judged(item) is None or event is None:
        raise CannotOverrule(item.pk)
    if as_judged(item) is said:
        raise SaidAlready(said)
    row = models.Overrule.objects.create(
        item=item, kind=item.kind, subkind=item.subkind, confidence=item.confidence, said=said, by=by, at=now, note=note
    )
    models.InboundItem.objects.filter(pk=item.pk).update(said=said)
    auditing.note(by, "mail.overruled", f"mail:{item.pk}", now, was=item.kind, said=said)
    confirm(item, said, by, now)
    asked = models.ReviewItem.objects.open().filter(item=item, kind__in=_MOOT[said])
    asked.update(closed_at=now, answer=ReviewAnswer.DISMISS)
    followed = (_count_as_a_reply if said is Wrote.PERSON else _count_as_automatic)(row, event, now)
    row.followed = [[pk, code] for pk, code in sorted(followed.items())]
    models.Overrule.objects.filter(pk=row.pk).update(followed=row.followed)
    _tell(row, set(followed), now)
    letting_go.let_go(row, now)
    return row


def lock(item_id: int) -> models.InboundItem:
    """Lock a mail and the enrollments that it concerned, in this order, and return it. What is asked about them is
    locked after them, as by whoever reads a mail."""
    # The weaker locks: the ledger may name the mail meanwhile; and a worker that holds a run, for which we wait at the
    # end, names the enrollment in the timeline.
    rows = models.InboundItem.objects.select_for_update(of=("self",), no_key=True)
    item = rows.select_related("mailbox__user").get(pk=item_id)
    ids = models.Decision.objects.filter(item=item).values("enrollment")
    concerned = models.Enrollment.objects.filter(Q(pk__in=ids) | Q(predecessor__in=ids))
    list(concerned.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))
    return item


def confirm(item: models.InboundItem, said: Wrote, by: models.User, now: datetime) -> None:
    """Close what is still asked about who wrote the mail: it is answered."""
    answer = ReviewAnswer.IT_WAS_A_PERSON if said is Wrote.PERSON else ReviewAnswer.IT_WAS_AUTOMATIC
    for question in models.ReviewItem.objects.open().filter(item=item, kind__in=ABOUT_WHO_WROTE):
        reviews.close(question, answer, by, now)


def _tell(row: models.Overrule, enrollment_ids: set[int], now: datetime) -> None:
    contacts = models.Contact.objects.filter(enrollments__in=enrollment_ids).distinct()
    models.TimelineEntry.objects.bulk_create(
        models.TimelineEntry(
            contact=contact, at=now, kind=TimelineKind.OVERRULED, reason=row.said, actor=row.by, item=row.item
        )
        for contact in contacts
    )


_Followed = dict[int, str]


def _count_as_a_reply(row: models.Overrule, event: MailEvent, now: datetime) -> _Followed:
    """Decide it again as what a person wrote when it came: credit, colleagues, workflows, all as of any reply."""
    assert row.by is not None
    wrote = overruled.by_a_person(event, _message(row), row.by.name)
    cause = Cause(event=wrote, item=row.item, actor=row.by, overrule=row)
    actor = connections.actor(wrote.sender, wrote.at, wrote.refers_to, wrote.thread)
    followed: _Followed = {}
    for found in concerns.of_mail(wrote, actor):
        earlier = _lines(row).filter(enrollment=found.enrollment).order_by("-pk").first()
        concern = _as_it_stood(found, row)
        _believe(concern.enrollment, earlier, row, now)
        if concern.connection.answers is not None:
            settling.answered(concern.enrollment, concern.connection.answers.position, now)
        changed = apply.event(concern, cause, now)
        if not changed and earlier is not None and earlier.verdict == Action.PAUSE:  # replies stop nothing here
            changed = _let_go_on(concern.enrollment, row.item, PauseReason.OUT_OF_OFFICE, now)
        followed[concern.enrollment.pk] = _state_of(concern.enrollment) if changed else Followed.UNCHANGED.value
    if company_stops.begin(wrote, actor, cause, now):
        company_wide.work_off(now)
        stopped = _lines(row).filter(overrule=row, applied=True).values_list("enrollment_id", flat=True)
        followed |= {pk: Followed.STOPPED.value for pk in stopped if pk not in followed}
    return followed


def _message(row: models.Overrule) -> message.Message:
    return message.parse(row.item.kept or b"", size=row.item.size)


def _lines(row: models.Overrule) -> QuerySet[models.Decision]:
    return models.Decision.objects.filter(item=row.item)


def _as_it_stood(concern: Concern, row: models.Overrule) -> Concern:
    """Open, if it was this mail that ended it; and what took up again, however often, what this mail concerned is what
    it answers."""
    enrollment, known = concern.enrollment, concern.known
    lines = _lines(row)
    ended_by_it = lines.filter(enrollment=enrollment, verdict=Action.UNENROLL).exists()
    if ended_by_it and enrollment.state == EnrollmentState.UNENROLLED and enrollment.reason_at == row.item.received_at:
        known = replace(known, state=EnrollmentState.ACTIVE, ended_for=None, reason_at=None)
    before = enrollment.lineage()[1:]
    if before and lines.filter(enrollment__in=before).exists():
        begun = models.Enrollment.objects.values_list("enrolled_at", flat=True).get(pk=before[-1])
        known = replace(known, enrolled_at=begun)
    return replace(concern, known=known)


def _believe(
    enrollment: models.Enrollment, earlier: models.Decision | None, row: models.Overrule, now: datetime
) -> None:
    """What a mail that was no bounce suppressed may be mailed again as far as that goes."""
    if earlier is not None and earlier.reason == EndReason.BOUNCED:
        consequences.lift(enrollment.address, Refusal.PREVIOUSLY_BOUNCED, "the mail was no bounce", now, row.by)


def _count_as_automatic(row: models.Overrule, event: MailEvent, now: datetime) -> _Followed:
    """Undo what it stopped as a person's, and let what goes on wait where an automatic reply would have made it wait.
    What the rules had ended for it as a machine's (a bounce, an invitation, a note that somebody has left) is ended
    for that again."""
    assert row.by is not None
    company_wide.work_off(now)  # a stop of colleagues that is under way ends first: then all it took is known
    note = overruled.automatic(event, _message(row), row.by.name)
    actor = connections.actor(note.sender, note.at, note.refers_to, note.thread)
    concerned = {one.enrollment.pk: _as_it_stood(one, row) for one in concerns.of_mail(note, actor)}
    cause = Cause(event=note, item=row.item, actor=row.by, overrule=row)
    followed: _Followed = {}
    stopped = _lines(row).filter(verdict__in=[Action.UNENROLL, Action.HOLD], applied=True)
    for pk in sorted(set(stopped.values_list("enrollment_id", flat=True))):
        line = stopped.filter(enrollment_id=pk).order_by("-pk").select_related("enrollment").first()
        assert line is not None
        followed[pk], running = _take_back(line, row, now)
        _withdraw_credit(line, row)
        if pk not in concerned:
            continue
        if running is not None:
            followed[pk] = _wait(replace(concerned[pk], enrollment=running), cause, now)
        elif _ended_as_a_machines(line.enrollment, row):
            apply.event(concerned[pk], cause, now)
    return followed


def _take_back(line: models.Decision, row: models.Overrule, now: datetime) -> tuple[str, models.Enrollment | None]:
    """Undo one stop. Return what came of it, and the enrollment that runs now, where one does."""
    assert row.by is not None
    enrollment = planning.lock(line.enrollment_id)
    if line.verdict == Action.HOLD:
        went = _let_go_on(enrollment, row.item, line.reason, now)
        return (Followed.GOES_ON.value, enrollment) if went else (Followed.UNCHANGED.value, None)
    if enrollment.state != EnrollmentState.UNENROLLED or enrollment.reason_at != line.event_at:
        return Followed.UNCHANGED.value, None
    if _stays_ended(enrollment, row):
        return Followed.STAYS_ENDED.value, None
    try:
        with transaction.atomic():
            running = undoing.undo(enrollment.pk, row.by, now)
            return _state_of(running), running
    except undoing.EnrollmentRefused as refused:
        return refused.code.value, None
    except NotAllowed:
        return Refusal.NOT_ALLOWED.value, None


def _stays_ended(enrollment: models.Enrollment, row: models.Overrule) -> bool:
    """Whether anything but this mail as a person's speaks for the end: another reason in the ledger, or a mail of the
    contact."""
    if _ended_as_a_machines(enrollment, row):
        return True
    others = models.Decision.objects.filter(enrollment=enrollment, verdict=Action.UNENROLL)
    not_this = others.exclude(item=row.item) | others.filter(item__isnull=True)
    if not_this.exclude(event="person_wrote", item__said=Wrote.AUTOMATIC).exists():
        return True
    held = enrollment.contact.addresses.values_list("address", flat=True)
    wrote = models.InboundItem.objects.filter(sender__in=list(held), received_at__gt=row.item.received_at)
    return wrote.by_a_person().exclude(pk=row.item_id).exists()


def _ended_as_a_machines(enrollment: models.Enrollment, row: models.Overrule) -> bool:
    """Whether the mail ends the enrollment though no person wrote it, or the meeting does of which it told."""
    lines = _lines(row).filter(enrollment=enrollment, verdict=Action.UNENROLL)
    return lines.exclude(event="person_wrote").exists()


def _withdraw_credit(line: models.Decision, row: models.Overrule) -> None:
    """A step is not credited with the answer of a machine, unless a person has answered besides."""
    others = models.Decision.objects.filter(enrollment=line.enrollment_id, event="person_wrote", item__isnull=False)
    if not others.exclude(item=row.item).exclude(item__said=Wrote.AUTOMATIC).exists():
        apply.withdraw_credit(line.enrollment_id)


def _wait(concern: Concern, cause: Cause, now: datetime) -> str:
    """Let what goes on wait for the return that the mail tells of; not where that day is over by now."""
    note = cause.event
    verdict = unenrollment.decide(note, concern.connection, concern.known, facts.policy_at(note.at))
    over = verdict.until is not None and verdict.until <= now
    if verdict.action is Action.PAUSE and over:
        return _state_of(concern.enrollment)
    apply.carry_out(Decided(concern, cause, verdict, {}), now)
    return _state_of(concern.enrollment)


def _let_go_on(enrollment: models.Enrollment, item: models.InboundItem, reason: str, now: datetime) -> bool:
    """Release what stood still for this mail alone, with the questions that it raised."""
    asked = [kind for kind, stands in rules.STANDS_STILL_FOR.items() if stands == reason]
    models.ReviewItem.objects.open().filter(enrollment=enrollment, item=item, kind__in=asked).update(
        closed_at=now, answer=ReviewAnswer.DISMISS
    )
    return releasing.release(enrollment.pk, now, reason)


def _state_of(enrollment: models.Enrollment) -> str:
    enrollment.refresh_from_db()
    match enrollment.state:
        case EnrollmentState.UNENROLLED:
            return Followed.STOPPED.value
        case EnrollmentState.HELD:
            return Followed.HELD.value
        case EnrollmentState.PAUSED if enrollment.reason == PauseReason.OUT_OF_OFFICE:
            return Followed.PAUSED.value
        case EnrollmentState.PAUSED if enrollment.reason == PauseReason.SENDER_FOLLOW_UP:
            return Followed.HELD.value
        case EnrollmentState.FINISHED:
            return Followed.UNCHANGED.value
        case _:
            return Followed.GOES_ON.value
