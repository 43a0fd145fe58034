"""The only writer of enrollment state. Each change is a conditional UPDATE on the row's own columns: of two that come
at once exactly one wins, and the other learns it from the count.

Order of locks, here and in outbound.py alike: first the enrollment, then its deliveries.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from relent.decide import matching, unenrollment
from relent.decide.policy import Policy
from relent.decide.verdicts import Verdict
from relent.flows import company_stops, concerns, consequences, ledger
from relent.flows.concerns import Concern
from relent.flows.ledger import Cause
from relent.records import connections, enrollment_facts, facts, models
from relent.terms.events import CalendarMailed, MeetingBooked
from relent.terms.history import Action
from relent.terms.reasons import TOLD_BY_EVIDENCE, EndReason, HoldReason, PauseReason
from relent.terms.states import OPEN, STOPPABLE, DeliveryState, EnrollmentState, TaskState

_MOVING = [EnrollmentState.SCHEDULED, EnrollmentState.ACTIVE]
# Moving, or held only until a mailbox can be read again.
_MOVES = Q(state__in=_MOVING) | Q(state=EnrollmentState.HELD, reason=HoldReason.MAILBOX_DOWN)
_IN_HAND = [DeliveryState.PLANNED, DeliveryState.CLAIMED]


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided for one enrollment, and what the other profile would have decided, where that differs."""

    concern: Concern
    cause: Cause
    verdict: Verdict
    other_profile: dict[str, list[str]]


def direct(enrollment: models.Enrollment, cause: Cause, now: datetime) -> bool:
    """Apply an event that names its enrollment itself; see ``event``."""
    known = enrollment_facts.of(enrollment, cause.event.at)
    return event(Concern(enrollment, known, matching.DIRECT), cause, now)


def event(concern: Concern, cause: Cause, now: datetime, policy: Policy | None = None) -> bool:
    """Decide what ``cause`` means for an enrollment under ``policy`` (by default, the account's at that time), do it,
    and leave one line in the ledger.

    Return whether it changed the enrollment: not where that had ended, or where the same was in force already.
    """
    return carry_out(decide(concern, cause, policy or facts.policy_at(cause.event.at)), now)


@transaction.atomic
def meeting(booked: MeetingBooked, cause: Cause, now: datetime, *, told_by: CalendarMailed | None = None) -> None:
    """Let a meeting have its consequences for those whose it is, and for their colleagues.

    ``told_by`` is the invitation that it was read from: where the meeting does not count, that mail itself may.
    """
    actor = connections.actor_of_meeting(booked)
    policy = facts.policy_at(booked.at)
    counted_in: set[int] = set()
    recipients = told_by.recipients if told_by is not None else ()
    for concern in concerns.of_meeting(booked, actor, recipients=recipients):
        decided = decide(concern, cause, policy)
        if decided.verdict.action is Action.KEEP and told_by is not None:
            decided = _or_else(decided, decide(concern, replace(cause, event=told_by), policy))
        carry_out(decided, now)
        if decided.verdict.reason is EndReason.MEETING:
            counted_in.add(concern.enrollment.sequence_id)
    company_stops.begin(booked, replace(actor, sequence_ids=frozenset(counted_in)), cause, now)


def _or_else(kept: Decided, by_mail: Decided) -> Decided:
    return kept if by_mail.verdict.action is Action.KEEP else by_mail


def decide(concern: Concern, cause: Cause, policy: Policy) -> Decided:
    """Decide what ``cause`` means for an enrollment, under the policy and under the other profile; changes nothing."""
    asked = (cause.event, concern.connection, concern.known)
    verdict = unenrollment.decide(*asked, policy)
    other = unenrollment.decide(*asked, policy.under(policy.other_profile))
    differs = (other.action, other.reason) != (verdict.action, verdict.reason)
    told = {policy.other_profile: [other.action.value, other.reason.value]} if differs else {}
    return Decided(concern, cause, verdict, told)


@transaction.atomic
def carry_out(decided: Decided, now: datetime) -> bool:
    """Do what was decided, and leave one line in the ledger. Return whether it changed the enrollment."""
    enrollment, verdict = decided.concern.enrollment, decided.verdict
    if verdict.credited_step is not None:
        _credit(enrollment, verdict.credited_step)
    applied = _act(enrollment, decided, now)
    line = ledger.write(enrollment, decided.cause, verdict, now, applied=applied, other_profile=decided.other_profile)
    ledger.tell_decision(enrollment, line, verdict, now, applied=applied)
    consequences.follow(enrollment, decided.cause, verdict, line, now)
    return applied


@transaction.atomic
def all_at_once(decided: list[Decided], now: datetime) -> list[models.Enrollment]:
    """Carry out what was decided for many enrollments whose rows are locked. Return those that ended by it.

    For verdicts that end an enrollment or keep it, and ask and suppress nothing: a company-wide stop's.
    """
    ends: dict[EndReason, list[Decided]] = {}
    for one in decided:
        if isinstance(one.verdict.reason, EndReason) and one.concern.enrollment.is_open:
            ends.setdefault(one.verdict.reason, []).append(one)
    for reason, some in ends.items():
        _end([one.concern.enrollment.pk for one in some], reason, some[0].cause.event.at, now)
    ended = {one.concern.enrollment.pk for some in ends.values() for one in some}
    ledger.write_all(
        [(one.concern.enrollment, one.cause, one.verdict, one.other_profile) for one in decided], ended, now
    )
    return [one.concern.enrollment for some in ends.values() for one in some]


def _act(enrollment: models.Enrollment, decided: Decided, now: datetime) -> bool:
    verdict = decided.verdict
    match verdict.action:
        case Action.UNENROLL:
            return _unenroll(enrollment, EndReason(verdict.reason), decided.cause, now)
        case Action.PAUSE:
            return _pause(enrollment, verdict)
        case Action.HOLD:
            return hold(enrollment, verdict.reason, verdict.until)
        case Action.KEEP:
            return verdict.no_mail_before is not None and _put_off(enrollment, verdict.no_mail_before)


def _unenroll(enrollment: models.Enrollment, reason: EndReason, cause: Cause, now: datetime) -> bool:
    event_at = cause.event.at
    ended = _end([enrollment.pk], reason, event_at, now)
    if not ended:
        # Got there first: the end stays. Of two pieces of evidence the one that happened first gives the reason,
        # whichever was read first. Of the same mail the reason is what a person says of it.
        later = Q(reason_at__gt=event_at)
        if cause.overrule is not None:
            later |= Q(reason_at=event_at) & ~Q(reason=reason)
        older = models.Enrollment.objects.filter(
            later, pk=enrollment.pk, state=EnrollmentState.UNENROLLED, reason__in=TOLD_BY_EVIDENCE
        )
        ended = reason in TOLD_BY_EVIDENCE and older.update(reason=reason, reason_at=event_at)
    if ended:
        enrollment.refresh_from_db()
    return bool(ended)


def _end(ids: list[int], reason: EndReason, event_at: datetime, now: datetime) -> int:
    """End those that are open, cancel what has not left, and label the tasks that stay. Return how many ended."""
    ended = models.Enrollment.objects.filter(pk__in=ids, state__in=OPEN).update(
        state=EnrollmentState.UNENROLLED, reason=reason, reason_at=event_at, ended_at=now, paused_until=None
    )
    if not ended:
        return 0
    models.Delivery.objects.filter(enrollment_id__in=ids, state__in=STOPPABLE).update(
        state=DeliveryState.CANCELLED, ended_at=now, waits_for=""
    )
    their_deliveries = models.Delivery.objects.filter(enrollment_id__in=ids).values("pk")
    models.Task.objects.filter(delivery_id__in=their_deliveries, state=TaskState.OPEN).update(label=reason)
    consequences.no_longer_asked(ids, now)
    return ended


def _credit(enrollment: models.Enrollment, step: int) -> None:
    """Count an answer for the step it answers: the first one, also where it stops nothing or comes after the end."""
    models.Enrollment.objects.filter(pk=enrollment.pk, credited_step__isnull=True).update(credited_step=step)


def withdraw_credit(enrollment_id: int) -> None:
    """Take back what an answer was credited with that was none."""
    models.Enrollment.objects.filter(pk=enrollment_id).update(credited_step=None)


def _pause(enrollment: models.Enrollment, verdict: Verdict) -> bool:
    """Pause until ``verdict.until``, or until a person says so; longer where a pause already lasts longer: a pause only
    ever extends."""
    shorter = Q(state=EnrollmentState.PAUSED, reason=PauseReason.OUT_OF_OFFICE)
    if verdict.until is not None:
        _put_off(enrollment, verdict.until)
        shorter &= Q(paused_until__lt=verdict.until)
    else:
        # A task may be done before anybody has said so; where it is open still then, it is waited for again.
        shorter |= Q(state=EnrollmentState.PAUSED, reason=PauseReason.TASK_OPEN)
    changed = models.Enrollment.objects.filter(_MOVES | shorter, pk=enrollment.pk).update(
        state=EnrollmentState.PAUSED, reason=verdict.reason, paused_until=verdict.until
    )
    if changed:
        park(enrollment)
    return bool(changed)


def _put_off(enrollment: models.Enrollment, until: datetime) -> bool:
    shorter = Q(no_mail_before__isnull=True) | Q(no_mail_before__lt=until)
    return bool(
        models.Enrollment.objects.filter(shorter, pk=enrollment.pk, state__in=OPEN).update(no_mail_before=until)
    )


def hold(enrollment: models.Enrollment, reason: str, until: datetime | None = None) -> bool:
    """Hold an open enrollment until a person decides, or at the latest until ``until``. Return whether that changed it.

    One that stands still already until a person decides stays so; one that would go on by itself now waits for the new
    reason's end, where that is later or open.
    """
    # Whether the last mail left is one question, the new reason another: an answer to the first must not release it.
    asked = Q(state=EnrollmentState.HELD, reason=HoldReason.SENT_UNKNOWN) & ~Q(reason=reason)
    ends_sooner = Q(state=EnrollmentState.HELD, paused_until__isnull=False)
    paused = Q(state=EnrollmentState.PAUSED)
    if until is not None:
        ends_sooner &= Q(paused_until__lt=until)
        # An open task is waited for again after the hold; any other pause would end with the hold.
        paused &= Q(paused_until__lt=until) | Q(reason=PauseReason.TASK_OPEN)
    stoppable = paused | _MOVES | asked | ends_sooner
    changed = models.Enrollment.objects.filter(stoppable, pk=enrollment.pk).update(
        state=EnrollmentState.HELD, reason=reason, paused_until=until
    )
    if changed:
        park(enrollment)
    return bool(changed)


def stand_still(enrollment: models.Enrollment, reason: HoldReason | PauseReason, until: datetime | None = None) -> bool:
    """Hold or pause an open enrollment for ``reason``, as the reason's own decision does. Return whether it changed."""
    if isinstance(reason, HoldReason):
        return hold(enrollment, reason, until)
    return _pause(enrollment, Verdict(action=Action.PAUSE, reason=reason, rule="", until=until))


def hold_for_mailbox(enrollment: models.Enrollment) -> None:
    """Show an enrollment as held whose mail is due while a mailbox cannot be read. Its step stays on the due index: it
    goes on by itself."""
    models.Enrollment.objects.filter(pk=enrollment.pk, state__in=_MOVING).update(
        state=EnrollmentState.HELD, reason=HoldReason.MAILBOX_DOWN
    )


def mailbox_is_back(mailbox: models.Mailbox) -> None:
    """Let what was held for ``mailbox`` go on."""
    models.Enrollment.objects.filter(
        mailbox=mailbox, state=EnrollmentState.HELD, reason=HoldReason.MAILBOX_DOWN
    ).update(state=EnrollmentState.ACTIVE, reason="")


def begin(enrollment_id: int) -> None:
    """Note that a step of the enrollment is being executed: it is under way."""
    models.Enrollment.objects.filter(_MOVES, pk=enrollment_id).update(state=EnrollmentState.ACTIVE, reason="")


def park(enrollment: models.Enrollment) -> None:
    """Take the enrollment's next step off the due index until the pause or the hold ends."""
    models.Delivery.objects.filter(enrollment_id=enrollment.pk, state__in=_IN_HAND).update(
        state=DeliveryState.PARKED, waits_for=""
    )
