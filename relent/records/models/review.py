"""The review queue: what only a person can decide."""

from django.db import models

from relent.records.models.contact import Contact
from relent.records.models.decision import Decision
from relent.records.models.enrollment import Enrollment
from relent.records.models.inbound import InboundItem
from relent.records.models.mailbox import Mailbox
from relent.records.models.meeting import Meeting
from relent.records.models.sequence import Sequence
from relent.records.models.user import User
from relent.terms.reviews import ReviewAnswer, ReviewKind


class ReviewItemQuerySet(models.QuerySet["ReviewItem"]):
    """Readings of the queue."""

    def open(self) -> "ReviewItemQuerySet":
        """Return what nobody has answered yet."""
        return self.filter(closed_at__isnull=True)


class ReviewItem(models.Model):
    """One question. ``key`` names what it is about, so that evidence that comes twice asks once. ``proposal`` holds
    what an answer would use: ``{"address": …}``."""

    kind = models.CharField(max_length=30, choices=ReviewKind.choices)
    key = models.CharField(max_length=150, unique=True)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.CASCADE, related_name="reviews")
    enrollment = models.ForeignKey(Enrollment, null=True, on_delete=models.CASCADE, related_name="reviews")
    sequence = models.ForeignKey(Sequence, null=True, on_delete=models.CASCADE, related_name="reviews")
    mailbox = models.ForeignKey(Mailbox, null=True, on_delete=models.CASCADE, related_name="reviews")
    item = models.ForeignKey(InboundItem, null=True, on_delete=models.CASCADE, related_name="reviews")
    meeting = models.ForeignKey(Meeting, null=True, on_delete=models.CASCADE, related_name="reviews")
    decision = models.ForeignKey(Decision, null=True, on_delete=models.CASCADE, related_name="reviews")
    proposal = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    answer = models.CharField(max_length=30, choices=ReviewAnswer.choices, blank=True)

    objects = ReviewItemQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-opened_at", "-id"], condition=models.Q(closed_at__isnull=True), name="review_open"),
        ]
