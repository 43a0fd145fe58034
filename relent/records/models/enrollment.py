"""Enrollments: one contact in one version of one sequence."""

from datetime import datetime

from django.db import models

from relent.records.models.contact import Contact
from relent.records.models.mailbox import Mailbox
from relent.records.models.sequence import Sequence, SequenceVersion
from relent.records.models.user import User
from relent.terms.states import OPEN, EnrollmentState


class EnrollmentQuerySet(models.QuerySet["Enrollment"]):
    """Readings of enrollments."""

    def open(self) -> "EnrollmentQuerySet":
        """Return those that have not ended."""
        return self.filter(state__in=OPEN)

    def open_at(self, moment: datetime) -> "EnrollmentQuerySet":
        """Return those that had not ended at ``moment``: open ones, and those that ended since then."""
        return self.filter(models.Q(state__in=OPEN) | models.Q(ended_at__gt=moment))

    def pause_over(self, now: datetime) -> "EnrollmentQuerySet":
        """Return those whose pause, or whose hold of limited time, has run out."""
        return self.filter(state__in=[EnrollmentState.PAUSED, EnrollmentState.HELD], paused_until__lte=now)


class Enrollment(models.Model):
    """A contact on the way through a sequence. Written by flows only; once ended, it never changes again.

    ``address`` is the enrolled address, frozen; ``address_key`` is where its aliases by provider rule meet it.
    ``reason`` holds the end reason of an unenrolled one, the pause or hold reason of a paused or held one.
    ``reason_at`` is when the event behind an end reason happened: evidence that is read late, but is older, gives the
    reason instead; nothing else of an ended enrollment ever changes. ``paused_until`` ends a pause, or a hold that
    waits for a person only so long. ``credited_step`` is the step whose mail was first answered. No mail leaves before
    ``no_mail_before``. ``own_steps`` maps a step's position, as text, to what was changed for this one contact before
    the start: ``subject``, ``body``, and ``delay`` in seconds.
    """

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="enrollments")
    sequence = models.ForeignKey(Sequence, on_delete=models.PROTECT, related_name="enrollments")
    version = models.ForeignKey(SequenceVersion, on_delete=models.PROTECT, related_name="enrollments")
    enrolled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="enrollments")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="enrollments")
    address = models.CharField(max_length=320)
    address_key = models.CharField(max_length=320, db_index=True)
    address_domain = models.CharField(max_length=253, blank=True)
    request_id = models.CharField(max_length=100, null=True, blank=True, unique=True)
    predecessor = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="successor"
    )

    enrolled_at = models.DateTimeField()
    start_step = models.PositiveSmallIntegerField(default=1)
    start_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=EnrollmentState.choices)
    reason = models.CharField(max_length=40, blank=True)
    reason_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    no_mail_before = models.DateTimeField(null=True)
    own_steps = models.JSONField(default=dict, blank=True)
    credited_step = models.PositiveSmallIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = EnrollmentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["contact"], condition=models.Q(state__in=sorted(OPEN)), name="enrollment_open_of_contact"
            ),
            models.Index(fields=["sequence", "-id"], name="enrollment_of_sequence"),
            models.Index(fields=["sequence", "state", "-id"], name="enrollment_by_state"),
            models.Index(fields=["sequence", "reason", "-id"], name="enrollment_by_reason"),
            models.Index(
                fields=["sequence", "ended_at"],
                condition=models.Q(ended_at__isnull=False),
                name="enrollment_ended_of_sequence",
            ),
            # Their conditions name no value: SQLite would not see that a query's own values meet them.
            models.Index(
                fields=["paused_until"], condition=models.Q(paused_until__isnull=False), name="enrollment_pause_over"
            ),
            models.Index(
                fields=["address_domain"], condition=models.Q(ended_at__isnull=True), name="enrollment_open_of_domain"
            ),
        ]

    def lineage(self) -> list[int]:
        """Return the ids of this enrollment and of those that it took up again, the newest first."""
        ids, before = [self.pk], self.predecessor_id
        while before is not None:
            ids.append(before)
            before = Enrollment.objects.values_list("predecessor_id", flat=True).get(pk=before)
        return ids

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return self.state in OPEN
