"""Enrolling a contact: refused with every reason at once, or done with the first step due at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from relent.decide import enrolling as rules
from relent.decide import schedule, sending
from relent.flows import auditing, ledger, permissions, planning, rendering, starting, touches, triggers, wake
from relent.records import facts, models
from relent.terms import addresses
from relent.terms.history import TimelineKind
from relent.terms.reasons import Refusal
from relent.terms.states import EnrollmentState, MailboxState
from relent.terms.steps import StepKind
from relent.terms.workflows import WorkflowTrigger


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrollRequest:
    """A wish to enroll. Without ``mailbox`` the user's own sends; without ``start_at`` the first step runs at once, yet
    not before ``paced_to``: where many are enrolled together, each has its turn. ``own_steps`` are by position.
    The same ``request_id`` a second time returns the enrollment that the first one made."""

    contact: models.Contact
    sequence: models.Sequence
    by: models.User
    mailbox: models.Mailbox | None = None
    start_step: int = 1
    start_at: datetime | None = None
    paced_to: datetime | None = None
    own_steps: Mapping[int, "OwnStep"] = field(default_factory=dict)
    request_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnStep:
    """What a step has of its own for one contact; what is ``None`` or empty stays as the sequence has it."""

    subject: str = ""
    body: str = ""
    delay: timedelta | None = None


class EnrollmentRefused(Exception):
    """The contact was not enrolled: nothing was created and nothing is sent."""

    def __init__(self, code: Refusal, detail: str = "", until: datetime | None = None) -> None:
        """``until``: what refuses does so only until then."""
        super().__init__(f"{code}: {detail}" if detail else str(code))
        self.code = code
        self.detail = detail
        self.until = until


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step and when it would run, if nothing stops it and every task is done at once. ``subject`` is as
    the contact will read it, ``template`` and ``body`` as they are written; ``threaded``: it answers a mail before it,
    and its subject is not used."""

    position: int
    kind: str
    subject: str
    at: datetime
    template: str = ""
    body: str = ""
    delay: timedelta = timedelta()
    threaded: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What enrolling would do, what refuses it, and what a sensible person would want to know first."""

    steps: tuple[PlannedStep, ...]
    refusals: tuple[EnrollmentRefused, ...]
    mailbox: models.Mailbox | None
    warnings: tuple[rules.Warned, ...] = ()

    @property
    def another_day(self) -> datetime | None:
        """When the enrollment may start, where nothing but the time stands against it now."""
        moments = [refused.until for refused in self.refusals if refused.until is not None]
        return max(moments) if len(moments) == len(self.refusals) and moments else None


def preview(request: EnrollRequest, now: datetime) -> Preview:
    """Return the date of each step, and everything that stands against the enrollment; changes nothing."""
    mailbox = _mailbox(request)
    known = _facts(request, mailbox, now)
    refusals = tuple(EnrollmentRefused(fault.code, fault.detail, fault.until) for fault in rules.faults(known))
    steps = _dates(request, mailbox, now) if mailbox else ()
    return Preview(steps, refusals, mailbox, rules.warnings(known, now) if known.may_see else ())


def enroll(request: EnrollRequest, now: datetime) -> models.Enrollment:
    """Enroll the contact. Raises EnrollmentRefused with the first reason against it."""
    try:
        with transaction.atomic():
            # The contact's row is the lock: of two enrollments at once, the second one sees the first.
            models.Contact.objects.select_for_update().get(pk=request.contact.pk)
            if made := _made_before(request):
                return made
            mailbox = _mailbox(request)
            for fault in rules.faults(_facts(request, mailbox, now)):
                raise EnrollmentRefused(fault.code, fault.detail, fault.until)
            assert mailbox is not None
            return _create(request, mailbox, now)
    except IntegrityError:
        # The same request for another contact came at the same time, and was first.
        if made := _made_before(request):
            return made
        raise


def _made_before(request: EnrollRequest) -> models.Enrollment | None:
    """Return what the same request made before. Raises EnrollmentRefused where it was a request for somebody else."""
    if not request.request_id:
        return None
    made = models.Enrollment.objects.filter(request_id=request.request_id).first()
    if made and (made.contact_id, made.sequence_id) != (request.contact.pk, request.sequence.pk):
        raise EnrollmentRefused(Refusal.NOT_ALLOWED, "request_id")
    return made


def _create(request: EnrollRequest, mailbox: models.Mailbox, now: datetime) -> models.Enrollment:
    start_at = max(request.start_at or now, now)
    address = request.contact.email
    enrollment = models.Enrollment.objects.create(
        contact=request.contact,
        sequence=request.sequence,
        version=request.sequence.current,
        enrolled_by=request.by,
        mailbox=mailbox,
        address=address,
        address_key=addresses.mailbox_key(address),
        address_domain=addresses.domain(address),
        request_id=request.request_id,
        enrolled_at=now,
        start_step=request.start_step,
        start_at=start_at,
        state=EnrollmentState.SCHEDULED if start_at > now else EnrollmentState.ACTIVE,
        own_steps=_stored(request.own_steps),
    )
    # Looked at again now that this row holds the sequence: it may have been deleted since the look above.
    if not models.Sequence.objects.present().filter(pk=request.sequence.pk).exists():
        raise EnrollmentRefused(Refusal.NOT_ALLOWED)
    planning.first(enrollment, request.paced_to)
    starting.hold_what_must_wait(enrollment, now)
    ledger.tell(enrollment, TimelineKind.ENROLLED, now, actor=request.by)
    auditing.note(request.by, "enrollment.started", f"enrollment:{enrollment.pk}", now, sequence=request.sequence.name)
    triggers.happened(
        WorkflowTrigger.ENROLLED,
        enrollment.contact_id,
        now,
        enrollment_id=enrollment.pk,
        key=f"enrolled:{enrollment.pk}",
    )
    wake.request_turn(mailbox.pk)
    return enrollment


def _mailbox(request: EnrollRequest) -> models.Mailbox | None:
    if request.mailbox is not None:
        return request.mailbox
    return models.Mailbox.objects.in_use().filter(user=request.by).order_by("pk").first()


def _facts(request: EnrollRequest, mailbox: models.Mailbox | None, now: datetime) -> rules.EnrollFacts:
    version, policy = request.sequence.current, facts.policy_at(now)
    address = request.contact.email
    visible = models.Sequence.objects.visible_to(request.by).filter(pk=request.sequence.pk).exists()
    before = models.Enrollment.objects.filter(contact=request.contact)
    first_step = version.steps.filter(position=request.start_step).first()
    limits = mailbox is not None and first_step is not None and first_step.kind == StepKind.EMAIL
    return rules.EnrollFacts(
        may_use_sequences=request.by.may_enroll and request.by.is_active,
        may_see=visible and permissions.may_contact(request.by, request.contact),
        may_use_mailbox=mailbox is None or permissions.may_send_from(request.by, mailbox),
        mailbox_connected=mailbox is not None and mailbox.state != MailboxState.DISCONNECTED,
        has_step=first_step is not None,
        address=address,
        suppression=facts.suppression_of(address) if address else None,
        open_enrollments=before.open().count(),
        runs_in_sequence=before.open().filter(sequence=request.sequence).exists(),
        exclusive=policy["exclusive"] == "true",
        missing_tokens=rendering.missing_tokens(_trial(request, mailbox)),
        starts=max(request.start_at or now, now),
        only_once=policy["reenroll"] == "once",
        was_in_sequence=before.filter(sequence=request.sequence).exists(),
        last_ended=before.aggregate(at=Max("ended_at"))["at"],
        cooldown=timedelta(days=int(policy["cooldown_days"])),
        last_touched=touches.latest(request.contact),
        touch_cooldown=timedelta(days=int(policy["touch_cooldown_days"])),
        over_limit_until=_over_limit_until(request.by, mailbox, now) if mailbox and limits else None,
        wrote_at=touches.wrote_at(request.contact),
        meeting_at=touches.meets_at(request.contact, now),
    )


def _over_limit_until(by: models.User, mailbox: models.Mailbox, now: datetime) -> datetime | None:
    """When the sender may send again, who has reached a limit for 24 hours; the same reckoning as at the last gate."""
    of_mailbox = sending.free_again(facts.sent_of_mailbox(mailbox, now), mailbox.daily_limit, now, mailbox.warm_up_from)
    of_user = sending.free_again(facts.sent_of_user(by, now), by.daily_limit, now)
    return max((moment for moment in (of_mailbox, of_user) if moment is not None), default=None)


def _stored(own_steps: Mapping[int, OwnStep]) -> dict[str, dict[str, Any]]:
    """Return what differs for this contact as the enrollment keeps it."""
    kept: dict[str, dict[str, Any]] = {}
    for position, own in own_steps.items():
        texts: dict[str, Any] = {name: text for name in ("subject", "body") if (text := getattr(own, name))}
        if own.delay is not None:
            texts["delay"] = own.delay.total_seconds()
        if texts:
            kept[str(position)] = texts
    return kept


def _trial(request: EnrollRequest, mailbox: models.Mailbox | None) -> models.Enrollment:
    """Return the enrollment that would be made, unsaved."""
    return models.Enrollment(
        contact=request.contact,
        version=request.sequence.current,
        enrolled_by=request.by,
        mailbox=mailbox,
        own_steps=_stored(request.own_steps),
    )


def _dates(request: EnrollRequest, mailbox: models.Mailbox, now: datetime) -> tuple[PlannedStep, ...]:
    trial = _trial(request, mailbox)
    calendar = facts.calendar_of(trial)
    start_at = max(request.start_at or now, now)
    at = start_at if start_at <= now else schedule.next_open(start_at, calendar)
    values = rendering.token_values(request.contact, request.by, mailbox, 0)
    planned: list[PlannedStep] = []
    for step in trial.version.steps.filter(position__gte=request.start_step):
        delay = planning.delay_of(trial, step)
        if planned:
            at = schedule.after(at, delay, calendar)
        own = trial.own_steps.get(str(step.position), {})
        subject, body = own.get("subject") or step.subject, own.get("body") or step.body
        planned.append(
            PlannedStep(
                position=step.position,
                kind=step.kind,
                subject=rendering.filled(subject, values),
                at=at,
                template=subject,
                body=body,
                delay=delay,
                threaded=step.threaded,
            )
        )
    return tuple(planned)
