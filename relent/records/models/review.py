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
from relent.terms.roles import Role


class ReviewItemQuerySet(models.QuerySet["ReviewItem"]):
    """Readings of the queue."""

    def open(self) -> "ReviewItemQuerySet":
        """Return what nobody has answered yet."""
        return self.filter(closed_at__isnull=True)

    def answerable_by(self, user: User) -> "ReviewItemQuerySet":
        """Return what ``user`` may answer: about contacts they may communicate with; about mailboxes they may send from
        where no contact is named; and, where neither is, what whoever looks after the team answers."""
        boxes = models.Q(mailbox__user=user) | models.Q(mailbox__user__isnull=True, mailbox__isnull=False)
        if user.role == Role.MANAGER and user.team:
            boxes |= models.Q(mailbox__user__team=user.team)
        if user.is_super_admin:
            boxes = models.Q(mailbox__isnull=False)
        if user.role != Role.REP:
            boxes |= models.Q(mailbox__isnull=True)
        mine = models.Q(contact__in=Contact.objects.visible_to(user)) | (models.Q(contact__isnull=True) & boxes)
        return self.filter(mine) if user.is_active else self.none()

    def of(self, user: User) -> "ReviewItemQuerySet":
        """Return what concerns the user's own contacts, enrollments, sequences and mailboxes."""
        own = models.Q(contact__owner=user) | models.Q(enrollment__enrolled_by=user)
        return self.filter(own | models.Q(mailbox__user=user) | models.Q(sequence__owner=user))


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
