"""Deliveries: one step of one enrollment on its way out. This row is where the two rivers meet."""

from datetime import datetime

from django.db import models

from relent.records.fields import CompressedField
from relent.records.models.enrollment import Enrollment
from relent.records.models.mailbox import Mailbox
from relent.records.models.sequence import Sequence, Step
from relent.records.models.user import User
from relent.terms.states import DeliveryState
from relent.terms.steps import StepKind

# Neither left nor ended: what is still to come, and what is under way.
_NOT_OVER = models.Q(ended_at__isnull=True, sent_at__isnull=True)
_UNDER_WAY = [DeliveryState.SENDING, DeliveryState.UNKNOWN]


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Readings of deliveries. A conditional UPDATE on this table names columns of this table only."""

    def due(self, now: datetime) -> "DeliveryQuerySet":
        """Return what is planned for ``now`` or earlier, oldest first; costs what is due, not what exists."""
        return self.filter(state=DeliveryState.PLANNED, due_at__lte=now).order_by("due_at", "pk")

    def ahead(self) -> "DeliveryQuerySet":
        """Return what is still to come: planned, put aside by a pause or a hold, or in hand."""
        # The columns of the partial indexes; and states that are told apart without one, so that those are used.
        return self.filter(ended_at__isnull=True, sent_at__isnull=True).exclude(state__in=_UNDER_WAY)

    def unfinished(self) -> "DeliveryQuerySet":
        """Return what a worker had in hand: claimed or being sent."""
        return self.filter(state__in=[DeliveryState.CLAIMED, DeliveryState.SENDING])


class Delivery(models.Model):
    """The timer and the outbox of a step in one row.

    ``due_at`` is when it may leave. ``raw`` is the rendered mail, committed with its final ``message_id`` (without
    angle brackets) before the first byte leaves. ``proof`` says when, and up to where, each mailbox in scope was read
    between the claim and the hand-off. ``waits_for`` is the reason why a due one has not left yet.
    ``copy_owed``: it left, and its copy is still to be filed in the Sent folder. ``thread`` and ``provider_message_id``
    are the provider's own names for a mail that left. ``own_subject`` and ``own_body`` replace the step's for this one
    contact; a mail that a user writes for a task has them too. ``sequence`` repeats the enrollment's, so that a list of
    what is ahead costs what it shows; ``user`` is whose limit for 24 hours a mail that left counts for.
    """

    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="deliveries")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="deliveries")
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="deliveries")
    sequence = models.ForeignKey(Sequence, null=True, db_index=False, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, null=True, db_index=False, on_delete=models.SET_NULL, related_name="+")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=StepKind.choices)
    state = models.CharField(max_length=20, choices=DeliveryState.choices, default=DeliveryState.PLANNED)
    due_at = models.DateTimeField()
    waits_for = models.CharField(max_length=40, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    claimed_at = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=64, blank=True)
    sending_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    recipient = models.CharField(max_length=320, blank=True)
    message_id = models.CharField(max_length=250, null=True, unique=True)
    subject = models.CharField(max_length=300, blank=True)
    raw = CompressedField(null=True)
    proof = models.JSONField(default=dict)
    answer = models.TextField(blank=True)
    copy_owed = models.BooleanField(default=False)
    thread = models.CharField(max_length=200, blank=True, db_index=True)
    provider_message_id = models.CharField(max_length=250, blank=True, db_index=True)
    own_subject = models.CharField(max_length=300, blank=True)
    own_body = models.TextField(blank=True)
    edited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint(fields=["enrollment", "position"], name="delivery_step_once")]
        indexes = [
            models.Index(
                # The state too: SQLite, which is told of no value beforehand, would rather read all that is planned.
                fields=["state", "due_at", "mailbox"],
                condition=models.Q(state=DeliveryState.PLANNED),
                name="delivery_due",
            ),
            models.Index(
                fields=["mailbox"],
                condition=models.Q(state__in=[DeliveryState.CLAIMED, DeliveryState.SENDING]),
                name="delivery_unfinished",
            ),
            models.Index(fields=["mailbox"], condition=models.Q(copy_owed=True), name="delivery_copy_owed"),
            models.Index(fields=["mailbox", "sent_at"], name="delivery_sent_of_mailbox"),
            models.Index(
                fields=["user", "sent_at"], condition=models.Q(sent_at__isnull=False), name="delivery_sent_of_user"
            ),
            models.Index(fields=["due_at", "id"], condition=_NOT_OVER, name="delivery_not_over"),
            models.Index(fields=["sequence", "due_at", "id"], condition=_NOT_OVER, name="delivery_not_over_in"),
            models.Index(fields=["state", "-id"], name="delivery_by_state"),
        ]


class DeliveryLink(models.Model):
    """A meeting link that stood in a mail when it was handed over: the link's slug, or its address without a query."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="links")
    link = models.CharField(max_length=300, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "link"], name="delivery_link_once")]
