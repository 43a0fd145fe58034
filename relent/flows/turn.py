"""The mailbox turn: the unit of work and of distribution, and where the two rivers meet.

A turn reads before it writes: claim what is due, read everything new up to now, decide and apply, and only then send
what is still claimed. One worker at a time holds a mailbox. So no mail leaves unless, after its step was claimed, the
mailboxes in scope were read up to that moment and held no reason to stop; where they cannot be read, nothing is sent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min, Q

from relent.flows import company_wide, disconnected, inbound, lease, meeting_mails, outbound, pausing
from relent.flows.inbound import Clock
from relent.records import models
from relent.terms.reasons import WaitReason
from relent.terms.states import DeliveryState, EnrollmentState, MailboxState
from relent.terms.steps import StepKind
from relent.transports.base import TransportError

_STANDING_STILL = [EnrollmentState.PAUSED, EnrollmentState.HELD]


@dataclass(slots=True)
class TurnReport:
    """What a turn did. ``busy``: another worker holds the mailbox. ``error``: why the mailbox cannot be read."""

    read: int = 0
    executed: int = 0
    error: str = ""
    busy: bool = False


def take(mailbox_id: int, clock: Clock, holder: str, stopping: Callable[[], bool] = lambda: False) -> TurnReport:
    """Take the turn of one mailbox. ``holder`` names the worker, and is its claim's signature.

    ``stopping`` is asked between mails: a worker that is told to end finishes the one in hand and gives the rest back.
    """
    mailbox = lease.take(mailbox_id, holder, clock())
    if mailbox is None:
        # Held by another worker; or a person disconnected it: then what is due in it is to say so.
        disconnected.hold_due(mailbox_id, clock())
        return TurnReport(busy=True)
    report = TurnReport()
    claimed: list[models.Delivery] = []
    try:
        company_wide.work_off(clock())  # what a worker that died, or a page, has left to do
        meeting_mails.send_due(mailbox, clock)
        outbound.recover(mailbox, clock)
        pausing.resume_due(mailbox, clock())
        claimed = outbound.claim(mailbox, holder, clock())
        report.read = inbound.read(mailbox, clock)
        report.executed = outbound.process(claimed, holder, clock, stopping)
    except TransportError as error:
        report.error = str(error)
        outbound.give_back(claimed, holder, clock())
    finally:
        lease.give_back(mailbox_id, holder)
    return report


def wanted(now: datetime) -> list[int]:
    """Return the mailboxes that should take a turn: to be read, with something due, or with a pause that is over."""
    found = set(models.Mailbox.objects.to_read(now).values_list("pk", flat=True))
    due = models.Delivery.objects.filter(state=DeliveryState.PLANNED, due_at__lte=now)
    found |= set(due.filter(_can_run(now)).values_list("mailbox_id", flat=True).distinct())
    if models.CompanyStop.objects.under_way().exists():
        found |= set(models.Mailbox.objects.in_use().order_by("pk").values_list("pk", flat=True)[:1])
    over = models.Enrollment.objects.pause_over(now).filter(mailbox__state=MailboxState.CONNECTED)
    # Not distinct: SQLite would read every enrollment in the order of its mailbox for that.
    found |= {*over.values_list("mailbox_id", flat=True), *disconnected.wanting(now)}
    return sorted(found | meeting_mails.due(now))


def next_due(now: datetime, *, blocked: bool = True) -> datetime | None:
    """Return when, after ``now``, the next step is due, a limit frees its mailbox, or a pause or a hold ends. Without
    ``blocked``, what is only tried again because a mailbox cannot be read is left out."""
    planned = models.Delivery.objects.filter(state=DeliveryState.PLANNED, due_at__gt=now)
    if not blocked:
        planned = planned.exclude(waits_for=WaitReason.MAILBOX_UNREADABLE)
    moments = (
        planned.aggregate(at=Min("due_at")),
        models.Mailbox.objects.filter(send_not_before__gt=now).aggregate(at=Min("send_not_before")),
        models.Enrollment.objects.filter(state__in=_STANDING_STILL, paused_until__gt=now).aggregate(
            at=Min("paused_until")
        ),
    )
    found = [moment["at"] for moment in moments] + [meeting_mails.next_due(now)]
    return min((moment for moment in found if moment is not None), default=None)


def _can_run(now: datetime) -> Q:
    """A mail waits for its mailbox's limits; a task does not."""
    free = Q(mailbox__send_not_before__isnull=True) | Q(mailbox__send_not_before__lte=now)
    free &= Q(mailbox__refused_since__isnull=True)
    return Q(mailbox__state=MailboxState.CONNECTED) & (free | Q(kind=StepKind.TASK))
