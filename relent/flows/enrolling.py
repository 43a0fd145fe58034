"""Enrolling a contact: refused with every reason at once, or done with the first step due at once."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from relent.decide import enrolling as rules
from relent.decide import schedule
from relent.flows import auditing, ledger, permissions, planning, rendering, wake
from relent.records import facts, models
from relent.terms import addresses
from relent.terms.history import TimelineKind
from relent.terms.reasons import Refusal
from relent.terms.states import EnrollmentState, MailboxState


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrollRequest:
    """A wish to enroll. Without ``mailbox`` the user's own sends; without ``start_at`` the first step runs at once.
    The same ``request_id`` a second time returns the enrollment that the first one made."""

    contact: models.Contact
    sequence: models.Sequence
    by: models.User
    mailbox: models.Mailbox | None = None
    start_step: int = 1
    start_at: datetime | None = None
    request_id: str | None = None


class EnrollmentRefused(Exception):
    """The contact was not enrolled: nothing was created and nothing is sent."""

    def __init__(self, code: Refusal, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else str(code))
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step and when it would run, if nothing stops it and every task is done at once."""

    position: int
    kind: str
    subject: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Preview:
    """What enrolling would do."""

    steps: tuple[PlannedStep, ...]
    refusals: tuple[EnrollmentRefused, ...]
    mailbox: models.Mailbox | None


def preview(request: EnrollRequest, now: datetime) -> Preview:
    """Return the date of each step, and everything that stands against the enrollment; changes nothing."""
    mailbox = _mailbox(request)
    refusals = tuple(EnrollmentRefused(fault.code, fault.detail) for fault in _faults(request, mailbox, now))
    return Preview(_dates(request, mailbox, now) if mailbox else (), refusals, mailbox)


def enroll(request: EnrollRequest, now: datetime) -> models.Enrollment:
    """Enroll the contact. Raises EnrollmentRefused with the first reason against it."""
    with transaction.atomic():
        # The contact's row is the lock: of two enrollments at once, the second one sees the first.
        models.Contact.objects.select_for_update().get(pk=request.contact.pk)
        if request.request_id and (made := models.Enrollment.objects.filter(request_id=request.request_id).first()):
            return made
        mailbox = _mailbox(request)
        for fault in _faults(request, mailbox, now):
            raise EnrollmentRefused(fault.code, fault.detail)
        assert mailbox is not None
        return _create(request, mailbox, now)


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
    )
    planning.first(enrollment)
    ledger.tell(enrollment, TimelineKind.ENROLLED, now, actor=request.by)
    auditing.note(request.by, "enrollment.started", f"enrollment:{enrollment.pk}", now, sequence=request.sequence.name)
    wake.request_turn(mailbox.pk)
    return enrollment


def _mailbox(request: EnrollRequest) -> models.Mailbox | None:
    if request.mailbox is not None:
        return request.mailbox
    return models.Mailbox.objects.in_use().filter(user=request.by).order_by("pk").first()


def _faults(request: EnrollRequest, mailbox: models.Mailbox | None, now: datetime) -> tuple[rules.Fault, ...]:
    version = request.sequence.current
    address = request.contact.email
    visible = models.Sequence.objects.visible_to(request.by).filter(pk=request.sequence.pk).exists()
    return rules.faults(
        rules.EnrollFacts(
            may_use_sequences=request.by.may_enroll and request.by.is_active,
            may_see=visible and permissions.may_contact(request.by, request.contact),
            may_use_mailbox=mailbox is None or permissions.may_send_from(request.by, mailbox),
            mailbox_connected=mailbox is not None and mailbox.state != MailboxState.DISCONNECTED,
            has_step=version.steps.filter(position=request.start_step).exists(),
            address=address,
            suppression=facts.suppression_of(address) if address else None,
            open_enrollments=models.Enrollment.objects.open().filter(contact=request.contact).count(),
            exclusive=facts.policy_at(now)["exclusive"] == "true",
            missing_tokens=rendering.missing_tokens(version, request.contact, request.by, mailbox),
        )
    )


def _dates(request: EnrollRequest, mailbox: models.Mailbox, now: datetime) -> tuple[PlannedStep, ...]:
    version = request.sequence.current
    trial = models.Enrollment(contact=request.contact, version=version, mailbox=mailbox)
    calendar = facts.calendar_of(trial)
    start_at = max(request.start_at or now, now)
    at = start_at if start_at <= now else schedule.next_open(start_at, calendar)
    values = rendering.token_values(request.contact, request.by, mailbox, 0)
    planned: list[PlannedStep] = []
    for step in version.steps.filter(position__gte=request.start_step):
        if planned:
            at = schedule.after(at, step.delay, calendar)
        planned.append(PlannedStep(step.position, step.kind, rendering.subject(step, values), at))
    return tuple(planned)
