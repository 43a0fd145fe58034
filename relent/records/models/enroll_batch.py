"""Enrolling many at once: the wish, and what became of each row of it."""

from django.db import models

from relent.records.models.contact import Contact
from relent.records.models.enrollment import Enrollment
from relent.records.models.mailbox import Mailbox
from relent.records.models.sequence import Sequence
from relent.records.models.user import User


class EnrollBatch(models.Model):
    """A wish of one user to enroll several contacts in one sequence. ``done_at``: its last row was dealt
    with."""

    sequence = models.ForeignKey(Sequence, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    mailbox = models.ForeignKey(Mailbox, null=True, on_delete=models.CASCADE, related_name="+")
    start_step = models.PositiveSmallIntegerField(default=1)
    start_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "enroll batches"
        indexes = [
            models.Index(fields=["id"], condition=models.Q(done_at__isnull=True), name="enroll_batch_to_be_done")
        ]


class EnrollRow(models.Model):
    """One contact of a batch: enrolled, or refused with a code and what it is about, or (``at`` empty) to come."""

    batch = models.ForeignKey(EnrollBatch, on_delete=models.CASCADE, related_name="rows")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    enrollment = models.ForeignKey(Enrollment, null=True, on_delete=models.SET_NULL, related_name="+")
    code = models.CharField(max_length=60, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "contact"], name="enroll_row_once")]
        indexes = [
            models.Index(fields=["batch", "id"], condition=models.Q(at__isnull=True), name="enroll_row_to_be_done")
        ]
