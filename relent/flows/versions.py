"""Moving running enrollments to the newest version of their sequence: never by itself, and only who has had nothing of
what changed."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from relent.flows import auditing, permissions, planning
from relent.records import models
from relent.terms.states import OPEN, DeliveryState
from relent.terms.steps import StepKind

AT_MOST = 500
_MAY_MOVE = [DeliveryState.PLANNED, DeliveryState.PARKED]
_COLUMNS = ("kind", "delay", "subject", "body", "threaded", "thread_to", "task_kind", "wait")


@dataclass(frozen=True, slots=True)
class Outlook:
    """How many open enrollments on older versions would move, and how many stay, since they have had a step that
    changed, or their next step is gone."""

    moving: int
    staying: int


@dataclass(frozen=True, slots=True)
class Moved:
    """What an application did: how many moved, who stayed (at most some hundred), and how many were not looked at."""

    moved: int
    stayed: list[models.Enrollment]
    left: int


def outlook(sequence: models.Sequence) -> Outlook:
    """Return what ``apply_to_active`` would do now; changes nothing."""
    newest, moving, staying = sequence.current, 0, 0
    for version in _older_in_use(sequence, newest):
        rows = models.Enrollment.objects.open().filter(sequence=sequence, version=version)
        fitting = rows.filter(pk__in=_fitting(version, newest))
        number = fitting.count()
        moving += number
        staying += rows.count() - number
    return Outlook(moving, staying)


def apply_to_active(sequence: models.Sequence, by: models.User, now: datetime) -> Moved:
    """Pin open enrollments of older versions to the newest one, where each step that they had is as it was then; the
    step that is planned keeps its time. At most some hundred at a time. Raises NotAllowed."""
    permissions.require_edit(by, sequence)
    newest = sequence.current
    moved, stayed = 0, list[models.Enrollment]()
    for version in _older_in_use(sequence, newest):
        rows = models.Enrollment.objects.open().filter(sequence=sequence, version=version).order_by("pk")
        ids = rows.filter(pk__in=_fitting(version, newest)).values_list("pk", flat=True)[: AT_MOST - moved]
        moved += sum(_move(pk, version, newest) for pk in list(ids))
        stayed += rows.select_related("contact", "version")[: AT_MOST - len(stayed)]
    left = outlook(sequence).moving
    auditing.note(
        by, "sequence.applied", f"sequence:{sequence.pk}", now, version=newest.number, moved=moved, stayed=len(stayed)
    )
    return Moved(moved, stayed, left)


@transaction.atomic
def _move(enrollment_id: int, version: models.SequenceVersion, newest: models.SequenceVersion) -> bool:
    enrollment = planning.lock(enrollment_id)
    # Looked at again under the lock: a step may have been executed, or be in hand, meanwhile.
    if enrollment.pk not in _fitting(version, newest).filter(pk=enrollment.pk).values_list("pk", flat=True):
        return False
    ahead = models.Delivery.objects.filter(enrollment=enrollment, state__in=_MAY_MOVE).first()
    if ahead is not None:
        step = newest.steps.get(position=ahead.position)
        if not models.Delivery.objects.filter(pk=ahead.pk, state__in=_MAY_MOVE).update(step=step, kind=step.kind):
            return False  # a worker has it in hand
    return bool(
        models.Enrollment.objects.filter(pk=enrollment.pk, version_id=version.pk, state__in=OPEN).update(version=newest)
    )


def _older_in_use(sequence: models.Sequence, newest: models.SequenceVersion) -> list[models.SequenceVersion]:
    in_use = models.Enrollment.objects.open().filter(sequence=sequence).values("version")
    return list(sequence.versions.filter(pk__in=in_use).exclude(pk=newest.pk).order_by("-number"))


def _fitting(version: models.SequenceVersion, newest: models.SequenceVersion) -> QuerySet[models.Enrollment]:
    """Return the open enrollments of ``version`` whose executed steps stand unchanged in ``newest``, whose next step is
    there too, and of whom no worker has a step in hand."""
    same, last = _same_up_to(version, newest), newest.steps.aggregate(last=Max("position"))["last"] or 0
    deliveries = models.Delivery.objects.filter(enrollment__version=version)
    executed = deliveries.exclude(state__in=_MAY_MOVE)
    had_what_changed = executed.filter(position__gt=same).values("enrollment_id")
    in_hand = deliveries.filter(
        Q(state__in=[DeliveryState.CLAIMED, DeliveryState.SENDING])
        # A mail that a user wrote for a task: it is no task any more.
        | Q(state__in=_MAY_MOVE, kind=StepKind.EMAIL, step__kind=StepKind.TASK)
    ).values("enrollment_id")
    beyond = deliveries.filter(state__in=_MAY_MOVE, position__gt=last).values("enrollment_id")
    open_ones = models.Enrollment.objects.open().filter(version=version)
    return open_ones.exclude(pk__in=had_what_changed).exclude(pk__in=in_hand).exclude(pk__in=beyond)


def _same_up_to(version: models.SequenceVersion, newest: models.SequenceVersion) -> int:
    """Return the last position up to which both versions have the same steps."""
    same = 0
    for old, new in zip(version.steps.all(), newest.steps.all(), strict=False):
        if any(getattr(old, column) != getattr(new, column) for column in _COLUMNS):
            break
        same = new.position
    return same
