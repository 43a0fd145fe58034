"""A user leaves, or loses the seat that sequences need: what runs in their name, and who takes it over.

Two rules may hold one enrollment, the owner's first: its sequence has lost its owner, and nobody is left to send its
mails. A person is asked once for each sequence and once for each user, not once for each enrollment.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from relent.flows import apply, auditing, batches, ledger, mailboxes, permissions, planning, releasing, reviews
from relent.flows.ledger import Cause
from relent.records import models
from relent.terms.events import AccountEvent, CreatorRemoved, EnrollerRemoved
from relent.terms.history import TimelineKind
from relent.terms.reasons import HoldReason
from relent.terms.reviews import ReviewAnswer, ReviewKind
from relent.terms.roles import Role
from relent.terms.states import DeliveryState, EnrollmentState, TaskState

# As long is waited for somebody to take over before what a user who left had enrolled is ended.
PATIENCE = timedelta(days=30)


class LastSuperAdmin(Exception):
    """Nobody would be left who may do everything."""


class CannotTakeOver(Exception):
    """The user or the mailbox may not be used for sequences."""


def remove_user(user: models.User, by: models.User, now: datetime) -> int:
    """Remove ``user``: no more sign-in, the mailboxes are disconnected, and what ran in their name is held or ends by
    the policy. Return how many enrollments that changed. Raises NotAllowed and LastSuperAdmin."""
    permissions.require_super_admin(by)
    with transaction.atomic():
        _require_another_super_admin(user)
        removed = models.User.objects.filter(pk=user.pk, removed_at__isnull=True).update(
            is_active=False, removed_at=now
        )
        if removed:
            for mailbox in models.Mailbox.objects.in_use().filter(user=user):
                mailboxes.disconnect(mailbox, by, now)
            auditing.note(by, "user.removed", f"user:{user.pk}", now, email=user.email)
    user.refresh_from_db()
    return _without(user, by, now)


def downgrade(user: models.User, by: models.User, now: datetime) -> int:
    """Take the seat from ``user`` that sequences need; what ran in their name is held or ends by the policy. Return
    how many enrollments that changed. Raises NotAllowed."""
    permissions.require_super_admin(by)
    with transaction.atomic():
        changed = models.User.objects.filter(pk=user.pk, may_enroll=True).update(may_enroll=False, seat_lost_at=now)
        if changed:
            auditing.note(by, "user.downgraded", f"user:{user.pk}", now, email=user.email)
    user.refresh_from_db()
    return _without(user, by, now)


def reactivate(user: models.User, by: models.User, now: datetime) -> int:
    """Undo a removal, or give a lost seat back: what was held for it goes on. Return how many enrollments do. Mailboxes
    stay disconnected until their connection has been tested. Raises NotAllowed."""
    permissions.require_super_admin(by)
    with transaction.atomic():
        if user.removed_at is not None or not user.is_active:
            models.User.objects.filter(pk=user.pk).update(is_active=True, removed_at=None)
            auditing.note(by, "user.reactivated", f"user:{user.pk}", now, email=user.email)
        else:
            models.User.objects.filter(pk=user.pk).update(may_enroll=True, seat_lost_at=None)
            auditing.note(by, "user.seated", f"user:{user.pk}", now, email=user.email)
    user.refresh_from_db()
    if is_gone(user):
        return 0
    owned = models.Sequence.objects.filter(owner=user).values_list("pk", flat=True)
    _answered(models.ReviewItem.objects.filter(kind=ReviewKind.OWNER_GONE, sequence__in=owned), by, now)
    _answered(_asked_about(user), by, now)
    return owner_is_back(list(owned), by, now) + _sender_is_back(user, by, now)


def owner_is_back(sequence_ids: Iterable[int], by: models.User, now: datetime) -> int:
    """Let go on what was held because the sequences had no owner. What has nobody to send it is then held for that.
    Return how many are no longer held for the owner."""
    held = models.Enrollment.objects.filter(
        sequence__in=list(sequence_ids), state=EnrollmentState.HELD, reason=HoldReason.CREATOR_REMOVED
    )
    return sum(_go_on(pk, HoldReason.CREATOR_REMOVED, by, now) for pk in list(held.values_list("pk", flat=True)))


def reassign(enrollment_ids: Iterable[int], mailbox: models.Mailbox, by: models.User, now: datetime) -> int:
    """Let the future mails of the enrollments leave from ``mailbox``; return of how many that changed the mailbox
    or ended the wait for one.

    What left stays where it left, so the next mail cannot answer in the former sender's thread. Who enrolled stays
    named as the enroller: meetings with them go on to count. What was held for want of a sender goes on. Raises
    NotAllowed and CannotTakeOver.
    """
    if not permissions.may_send_from(by, mailbox):
        raise permissions.NotAllowed(f"{by} may not send from {mailbox}")
    if not models.Mailbox.objects.in_use().filter(pk=mailbox.pk).exists():
        raise CannotTakeOver(f"{mailbox} is disconnected")
    if mailbox.user is not None:
        require_taker(mailbox.user)
    moved = 0
    for enrollment_id in enrollment_ids:
        moved += _reassign_one(enrollment_id, mailbox, by, now)
    auditing.note(by, "enrollments.reassigned", f"mailbox:{mailbox.pk}", now, number=moved)
    return moved


def taken_over(sequence: models.Sequence, to: models.User, by: models.User, now: datetime) -> int:
    """Let ``to`` send what nobody else is left to send in a sequence that they took over; return of how much. It stays
    held where they have no mailbox, or where ``by`` may not use it."""
    mailbox = models.Mailbox.objects.in_use().filter(user=to).order_by("pk").first()
    if mailbox is None or not permissions.may_send_from(by, mailbox):
        return 0
    held = sequence.enrollments.filter(state=EnrollmentState.HELD, reason=HoldReason.ENROLLER_REMOVED).order_by("pk")
    return reassign(list(held.values_list("pk", flat=True)), mailbox, by, now) if held.exists() else 0


def require_taker(user: models.User) -> None:
    """Raise CannotTakeOver unless ``user`` may use sequences."""
    if is_gone(user) or not user.may_enroll:
        raise CannotTakeOver(f"{user} may not use sequences")


def is_gone(user: models.User) -> bool:
    """Whether ``user`` was removed, or lost the seat."""
    return not user.is_active or user.removed_at is not None or user.seat_lost_at is not None


def who_acts_for(enrollment: models.Enrollment) -> models.User:
    """Return who does the tasks of ``enrollment``: its enroller, or whoever sends its mails where that one is gone."""
    sender = enrollment.mailbox.user
    return sender if sender is not None and is_gone(enrollment.enrolled_by) else enrollment.enrolled_by


def run_in_the_name_of(user: models.User) -> QuerySet[models.Enrollment]:
    """Return the open enrollments that ``user`` made, or whose mails leave from a mailbox of theirs."""
    return models.Enrollment.objects.open().filter(Q(enrolled_by=user) | Q(mailbox__user=user))


@transaction.atomic
def hold_if_nobody_sends(enrollment_id: int, now: datetime, by: models.User | None = None) -> bool:
    """Hold an enrollment that goes on, or begins, where who sends or who enrolled is gone and nobody took over. Return
    whether that is so."""
    row = planning.lock(enrollment_id)
    if not _nobody_sends(row):
        return False
    apply.direct(row, Cause(event=EnrollerRemoved(at=now, enrollment_id=row.pk), actor=by), now)
    return True


def carry_on(now: datetime) -> int:
    """Finish what a removal that was cut short left undone; return how many enrollments that changed."""
    gone = models.User.objects.filter(Q(removed_at__isnull=False) | Q(seat_lost_at__isnull=False))
    return sum(_without(user, None, now) for user in gone)


def end_abandoned(now: datetime) -> int:
    """End what has been held for want of a sender for longer than ``PATIENCE``; return how many."""
    told = models.Decision.objects.filter(enrollment=OuterRef("pk"), event="enroller_removed")
    abandoned = models.Enrollment.objects.filter(
        Exists(told),
        ~Exists(told.filter(event_at__gt=now - PATIENCE)),
        state=EnrollmentState.HELD,
        reason=HoldReason.ENROLLER_REMOVED,
    )
    return batches.each(abandoned, lambda pk: EnrollerRemoved(at=now, enrollment_id=pk, waited=True), None, now)


def next_abandoned(now: datetime) -> datetime | None:
    """Return when, after ``now``, ``end_abandoned`` has something to do next; ``None`` where nothing is held so."""
    held = models.Decision.objects.filter(
        event="enroller_removed",
        enrollment__state=EnrollmentState.HELD,
        enrollment__reason=HoldReason.ENROLLER_REMOVED,
    )
    since = held.values("enrollment").annotate(at=Max("event_at")).order_by("at").values_list("at", flat=True).first()
    return max(since + PATIENCE, now) if since else None


_NOT_BEGUN = [DeliveryState.PLANNED, DeliveryState.PARKED]


def _require_another_super_admin(user: models.User) -> None:
    # All of their rows are locked: of two who remove each other at once, the second one sees the first.
    admins = models.User.objects.filter(role=Role.SUPER_ADMIN, is_active=True).select_for_update().order_by("pk")
    ids = set(admins.values_list("pk", flat=True))
    if ids == {user.pk}:
        raise LastSuperAdmin(f"{user} is the last super admin")


def _without(user: models.User, by: models.User | None, now: datetime) -> int:
    """What follows from the absence of ``user``, for every enrollment for which it has not been decided yet."""
    since = max((at for at in (user.removed_at, user.seat_lost_at) if at is not None), default=None)
    if since is None:
        return 0

    def undecided(event: str) -> QuerySet[models.Enrollment]:
        told = models.Decision.objects.filter(enrollment=OuterRef("pk"), event=event, event_at__gte=since)
        return models.Enrollment.objects.open().filter(~Exists(told), enrolled_at__lte=since)

    def each(enrollments: QuerySet[models.Enrollment], event_of: Callable[[int], AccountEvent]) -> int:
        return batches.each(enrollments, event_of, by, now)

    owned = undecided("creator_removed").filter(sequence__owner=user, sequence__deleted_at__isnull=True)
    changed = each(owned, lambda pk: CreatorRemoved(at=since, enrollment_id=pk))
    for sequence in models.Sequence.objects.present().filter(owner=user):
        reviews.open_item(ReviewKind.OWNER_GONE, f"{sequence.pk}:{since:%Y%m%d%H%M%S}", now, sequence=sequence)
    made = Q(enrolled_by=user) & ~Exists(_takings_over(OuterRef("pk")))
    sent = undecided("enroller_removed").filter(made | Q(mailbox__user=user))
    changed += each(sent, lambda pk: EnrollerRemoved(at=since, enrollment_id=pk))
    if _held_for_want_of(user).exists():
        about = {"user": user.pk, "name": str(user)}
        reviews.open_item(ReviewKind.SENDER_GONE, f"{user.pk}:{since:%Y%m%d%H%M%S}", now, proposal=about)
    return changed


@transaction.atomic
def _go_on(enrollment_id: int, held_for: HoldReason, by: models.User, now: datetime) -> bool:
    went = releasing.take_up(enrollment_id, now, held_for)
    if went:
        ledger.tell(planning.lock(enrollment_id), TimelineKind.TRANSFERRED, now, reason=held_for, actor=by)
        hold_if_nobody_sends(enrollment_id, now, by)
    return went


def _nobody_sends(row: models.Enrollment) -> bool:
    if row.mailbox.user is not None and is_gone(row.mailbox.user):
        return True
    return is_gone(row.enrolled_by) and not _takings_over(row.pk).exists()


def _takings_over(enrollment_id: Any) -> QuerySet[models.TimelineEntry]:
    """Somebody else sends the mails since then: that the enroller goes does not matter any more."""
    return models.TimelineEntry.objects.filter(
        enrollment=enrollment_id, kind=TimelineKind.TRANSFERRED, reason=HoldReason.ENROLLER_REMOVED
    )


def _sender_is_back(user: models.User, by: models.User, now: datetime) -> int:
    rows = _held_for_want_of(user).select_related("mailbox__user", "enrolled_by")
    return sum(_go_on(row.pk, HoldReason.ENROLLER_REMOVED, by, now) for row in rows if not _nobody_sends(row))


@transaction.atomic
def _reassign_one(enrollment_id: int, mailbox: models.Mailbox, by: models.User, now: datetime) -> bool:
    row = planning.lock(enrollment_id)
    permissions.require_contact(by, row.contact)
    waits_for_it = row.state == EnrollmentState.HELD and row.reason == HoldReason.ENROLLER_REMOVED
    if not row.is_open or (row.mailbox_id == mailbox.pk and not waits_for_it):
        return False
    former = row.mailbox.user
    models.Enrollment.objects.filter(pk=row.pk).update(mailbox=mailbox)
    ahead = models.Delivery.objects.filter(enrollment=row)
    ahead.filter(state__in=_NOT_BEGUN).update(mailbox=mailbox)
    # What a worker has just claimed in the old mailbox is no longer its own to send.
    ahead.filter(state=DeliveryState.CLAIMED).update(state=DeliveryState.PLANNED, mailbox=mailbox, waits_for="")
    ledger.tell(row, TimelineKind.TRANSFERRED, now, reason=HoldReason.ENROLLER_REMOVED, actor=by)
    _hand_over_tasks(row, mailbox)
    releasing.take_up(row.pk, now, HoldReason.ENROLLER_REMOVED)
    if mailbox.refused_since is None:
        releasing.take_up(row.pk, now, HoldReason.SENDER_REFUSED)
    for user in {former or row.enrolled_by, row.enrolled_by}:
        if not _held_for_want_of(user).exists():
            _answered(_asked_about(user), by, now)
    return True


def _hand_over_tasks(row: models.Enrollment, mailbox: models.Mailbox) -> None:
    """The enroller's open tasks of a sequence go with the enrollment where the enroller is gone."""
    if mailbox.user is not None and is_gone(row.enrolled_by):
        its_deliveries = models.Delivery.objects.filter(enrollment=row)
        models.Task.objects.filter(
            delivery__in=its_deliveries, assignee=row.enrolled_by_id, state=TaskState.OPEN
        ).update(assignee=mailbox.user)


def _held_for_want_of(user: models.User) -> QuerySet[models.Enrollment]:
    return run_in_the_name_of(user).filter(state=EnrollmentState.HELD, reason=HoldReason.ENROLLER_REMOVED)


def _asked_about(user: models.User) -> QuerySet[models.ReviewItem]:
    return models.ReviewItem.objects.filter(kind=ReviewKind.SENDER_GONE, proposal__user=user.pk)


def _answered(asked: QuerySet[models.ReviewItem], by: models.User, now: datetime) -> None:
    for item in asked.filter(closed_at__isnull=True):
        reviews.close(item, ReviewAnswer.GO_ON, by, now)
