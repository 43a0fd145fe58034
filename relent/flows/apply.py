"""The only writer of enrollment state. Each change is a conditional UPDATE on the row's own columns: of two that come
at once exactly one wins, and the other learns it from the count.

Order of locks, here and in outbound.py alike: first the enrollment, then its deliveries.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from relent.decide import matching, unenrollment
from relent.decide.facts import EnrollmentFacts
from relent.decide.matching import Connection
from relent.decide.verdicts import Verdict
from relent.flows import ledger
from relent.flows.ledger import Cause
from relent.records import connections, enrollment_facts, facts, models
from relent.terms.events import MailEvent
from relent.terms.history import Action, TimelineKind
from relent.terms.reasons import HoldReason, PauseReason
from relent.terms.states import OPEN, STOPPABLE, DeliveryState, EnrollmentState, TaskState

_MOVING = [EnrollmentState.SCHEDULED, EnrollmentState.ACTIVE]
# Moving, or held only until a mailbox can be read again.
_MOVES = Q(state__in=_MOVING) | Q(state=EnrollmentState.HELD, reason=HoldReason.MAILBOX_DOWN)
_IN_HAND = [DeliveryState.PLANNED, DeliveryState.CLAIMED]


@dataclass(frozen=True, slots=True)
class Concern:
    """An enrollment that an event concerns: its row, what was true of it then, and how the two belong together."""

    enrollment: models.Enrollment
    known: EnrollmentFacts
    connection: Connection


def concerned(event: MailEvent) -> list[Concern]:
    """Return every enrollment that a mail concerns, and how we know."""
    found: list[Concern] = []
    actor = connections.actor(event.sender, event.at, event.refers_to)
    policy = facts.policy_at(event.at)
    for enrollment in connections.concerned_by(event):
        known = enrollment_facts.of(enrollment, event.at, event.recipients)
        connection = matching.connect(event, known, actor, policy)
        if connection is not None:
            found.append(Concern(enrollment, known, connection))
    return found


def direct(enrollment: models.Enrollment, cause: Cause, now: datetime) -> bool:
    """Apply an event that names its enrollment itself; see ``event``."""
    known = enrollment_facts.of(enrollment, cause.event.at)
    return event(Concern(enrollment, known, matching.DIRECT), cause, now)


@transaction.atomic
def event(concern: Concern, cause: Cause, now: datetime) -> bool:
    """Decide what ``cause`` means for an enrollment, do it, and leave one line in the ledger.

    Return whether it changed the enrollment: not where that had ended, or where the same was in force already.
    """
    enrollment, known, connection = concern.enrollment, concern.known, concern.connection
    policy = facts.policy_at(cause.event.at)
    verdict = unenrollment.decide(cause.event, connection, known, policy)
    other = unenrollment.decide(cause.event, connection, known, policy.under(policy.other_profile))
    applied = _do(enrollment, verdict, now)
    decision = ledger.write(
        enrollment,
        cause,
        verdict,
        now,
        applied=applied,
        other_profile=_difference(policy.other_profile, other, verdict),
    )
    _tell(enrollment, decision, verdict, now, applied=applied)
    return applied


def _difference(profile: str, other: Verdict, ours: Verdict) -> dict[str, list[str]]:
    if (other.action, other.reason) == (ours.action, ours.reason):
        return {}
    return {profile: [other.action.value, other.reason.value]}


def _do(enrollment: models.Enrollment, verdict: Verdict, now: datetime) -> bool:
    if verdict.suppress is not None:
        suppress(enrollment.address, verdict.suppress, verdict.rule, now)
    if verdict.credited_step is not None:
        _credit(enrollment, verdict.credited_step)
    match verdict.action:
        case Action.UNENROLL:
            return _unenroll(enrollment, verdict, now)
        case Action.PAUSE:
            return _pause(enrollment, verdict)
        case Action.HOLD:
            return hold(enrollment, verdict.reason)
        case Action.KEEP:
            return verdict.no_mail_before is not None and _put_off(enrollment, verdict.no_mail_before)


def _unenroll(enrollment: models.Enrollment, verdict: Verdict, now: datetime) -> bool:
    ended = models.Enrollment.objects.filter(pk=enrollment.pk, state__in=OPEN).update(
        state=EnrollmentState.UNENROLLED,
        reason=verdict.reason,
        ended_at=now,
        paused_until=None,
    )
    if not ended:
        return False  # got there first: the reason that ended it stays, this one is kept as evidence
    models.Delivery.objects.filter(enrollment_id=enrollment.pk, state__in=STOPPABLE).update(
        state=DeliveryState.CANCELLED, ended_at=now, waits_for=""
    )
    its_deliveries = models.Delivery.objects.filter(enrollment=enrollment)
    models.Task.objects.filter(delivery__in=its_deliveries, state=TaskState.OPEN).update(label=verdict.reason)
    enrollment.refresh_from_db()
    return True


def _credit(enrollment: models.Enrollment, step: int) -> None:
    """Count an answer for the step it answers: the first one, also where it stops nothing or comes after the end."""
    models.Enrollment.objects.filter(pk=enrollment.pk, credited_step__isnull=True).update(credited_step=step)


def _pause(enrollment: models.Enrollment, verdict: Verdict) -> bool:
    """Pause until ``verdict.until``, or longer where a pause already lasts longer: a pause only ever extends."""
    until = verdict.until
    assert until is not None
    _put_off(enrollment, until)
    paused_shorter = Q(state=EnrollmentState.PAUSED, reason=PauseReason.OUT_OF_OFFICE, paused_until__lt=until)
    changed = models.Enrollment.objects.filter(_MOVES | paused_shorter, pk=enrollment.pk).update(
        state=EnrollmentState.PAUSED, reason=verdict.reason, paused_until=until
    )
    if changed:
        park(enrollment)
    return bool(changed)


def _put_off(enrollment: models.Enrollment, until: datetime) -> bool:
    shorter = Q(no_mail_before__isnull=True) | Q(no_mail_before__lt=until)
    return bool(
        models.Enrollment.objects.filter(shorter, pk=enrollment.pk, state__in=OPEN).update(no_mail_before=until)
    )


def hold(enrollment: models.Enrollment, reason: str) -> bool:
    """Hold an open enrollment until a person decides. Return whether that changed it."""
    # Whether the last mail left is one question, the new reason another: an answer to the first must not release it.
    asked = Q(state=EnrollmentState.HELD, reason=HoldReason.SENT_UNKNOWN) & ~Q(reason=reason)
    stoppable = Q(state=EnrollmentState.PAUSED) | _MOVES | asked
    changed = models.Enrollment.objects.filter(stoppable, pk=enrollment.pk).update(
        state=EnrollmentState.HELD, reason=reason, paused_until=None
    )
    if changed:
        park(enrollment)
    return bool(changed)


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


def suppress(address: str, code: str, source: str, now: datetime) -> None:
    """See that ``address`` is not mailed any more."""
    models.Suppression.objects.bulk_create(
        [models.Suppression(address=address, code=code, source=source, since=now)], ignore_conflicts=True
    )


_TOLD = {
    Action.UNENROLL: TimelineKind.UNENROLLED,
    Action.PAUSE: TimelineKind.PAUSED,
    Action.HOLD: TimelineKind.HELD,
}


def _tell(
    enrollment: models.Enrollment, decision: models.Decision, verdict: Verdict, now: datetime, *, applied: bool
) -> None:
    if decision.item_id is not None:
        ledger.tell(
            enrollment, TimelineKind.MAIL_RECEIVED, decision.event_at, reason=decision.reason, decision=decision
        )
    if applied and verdict.action in _TOLD:
        ledger.tell(enrollment, _TOLD[verdict.action], now, reason=decision.reason, decision=decision)
