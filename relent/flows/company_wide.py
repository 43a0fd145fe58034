"""Carrying out a company-wide stop, a batch of colleagues at a time."""

import logging
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Prefetch

from relent.decide import matching
from relent.flows import apply, company_stops, notifying, wake
from relent.flows.apply import Decided
from relent.flows.concerns import Concern
from relent.flows.ledger import Cause
from relent.records import connections, enrollment_facts, facts, models
from relent.terms.events import MailEvent
from relent.terms.history import Action
from relent.terms.reasons import EndReason, HoldReason
from relent.terms.states import DeliveryState, EnrollmentState

log = logging.getLogger(__name__)

# Enrollments to a transaction: few enough that nobody waits for its locks, many enough to keep the cost of each low.
_BATCH = 500
# What the facts are made of: hundreds of enrollments share a version, a user and a mailbox, each of which is made once.
# Of a contact nothing is asked but the time zone.
_SHARED = (
    "version",
    "enrolled_by",
    "mailbox__user",
    Prefetch("contact", models.Contact.objects.only("time_zone")),
)
_MOVING = {EnrollmentState.SCHEDULED, EnrollmentState.ACTIVE}


def work_off(now: datetime) -> int:
    """Deal with every stop that is under way, to its end; return how many enrollments were looked at.

    Safe to be called by several workers, and again after a crash: each batch is taken once.
    """
    looked_at = 0
    for stop in models.CompanyStop.objects.under_way():
        try:
            while taken := _take_batch(stop, now):
                looked_at += taken
        except (OperationalError, InterfaceError):
            raise  # the database's own trouble: the next turn tries again
        except Exception:
            # One that cannot be worked off keeps its own company's mails back, and nobody else's.
            log.exception("company-wide stop %s set aside", stop.pk)
    return looked_at


@transaction.atomic
def _take_batch(stop: models.CompanyStop, now: datetime) -> int:
    stop = models.CompanyStop.objects.select_for_update().get(pk=stop.pk)
    if stop.done_at is not None:
        return 0
    event, actor, sequences = company_stops.unpacked(stop)
    policy = facts.policy_at(event.at)
    colleagues = connections.colleagues_of(actor, sequences, event.at, policy).filter(pk__gt=stop.after_id)
    ids = list(colleagues.order_by("pk").values_list("pk", flat=True)[:_BATCH])
    if not ids:
        models.CompanyStop.objects.filter(pk=stop.pk).update(done_at=now)
        _let_go_on(_still_blocked(sequences))
        _notify(stop, now)
        return 0
    locked = models.Enrollment.objects.select_for_update().filter(pk__in=ids)
    rows = list(locked.prefetch_related(*_SHARED).order_by("pk"))
    recipients = event.recipients if isinstance(event, MailEvent) else ()
    overrule = models.Overrule.objects.filter(pk=stop.event.get("overrule")).first()
    decided: list[Decided] = []
    for row, known in zip(rows, enrollment_facts.of_all(rows, event.at, recipients), strict=True):
        connection = matching.colleague(actor, known, policy)
        if connection is not None:
            cause = Cause(event=event, item=stop.item, overrule=overrule)
            decided.append(apply.decide(Concern(row, known, connection), cause, policy))
    ended = apply.all_at_once(decided, now)
    _let_go_on([one.concern.enrollment for one in decided if one.verdict.action is Action.KEEP])
    models.CompanyStop.objects.filter(pk=stop.pk).update(
        after_id=ids[-1],
        unenrolled=stop.unenrolled + len(ended),
        kept=stop.kept + len(decided) - len(ended),
        event={**stop.event, "enrollers": _enrollers(stop, ended)},
    )
    return len(ids)


def _enrollers(stop: models.CompanyStop, ended: list[models.Enrollment]) -> list[int]:
    """Whose contacts the stop has taken out so far."""
    return sorted({*stop.event.get("enrollers", []), *(row.enrolled_by_id for row in ended)})


def _notify(stop: models.CompanyStop, now: datetime) -> None:
    """Tell each user whose contacts left, once for all of them, however many they were."""
    reason = EndReason.ACCOUNT_REPLY if stop.meeting_id is None else EndReason.ACCOUNT_MEETING
    for user in models.User.objects.filter(pk__in=stop.event.get("enrollers", []), is_active=True).order_by("pk"):
        notifying.tell(user, now, reason, contact=stop.actor)


def _still_blocked(sequences: list[int]) -> list[models.Enrollment]:
    """Those whose next step was blocked and who are no colleagues any more: merged, or at another company since."""
    parked = models.Delivery.objects.filter(state=DeliveryState.PARKED, sequence_id__in=sequences)
    return list(models.Enrollment.objects.filter(pk__in=parked.values("enrollment_id"), state__in=_MOVING))


def _let_go_on(kept: list[models.Enrollment]) -> None:
    """Put back on the due index what the stop had blocked and does not concern."""
    moving = [row for row in kept if row.state in _MOVING or row.reason == HoldReason.MAILBOX_DOWN]
    models.Delivery.objects.filter(enrollment_id__in=[row.pk for row in moving], state=DeliveryState.PARKED).update(
        state=DeliveryState.PLANNED
    )
    for mailbox_id in {row.mailbox_id for row in moving}:
        wake.request_turn(mailbox_id)
