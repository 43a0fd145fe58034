"""Sequences, their versions and steps, and the templates that a step may start from."""

from django.db import models

from relent.records.models.user import User
from relent.terms.steps import FollowUpDays, StepKind, TaskKind, Trigger, ZoneOf


class SequenceQuerySet(models.QuerySet["Sequence"]):
    """Readings of sequences."""

    def present(self) -> "SequenceQuerySet":
        """Leave out the deleted ones."""
        return self.filter(deleted_at__isnull=True)

    def visible_to(self, user: User) -> "SequenceQuerySet":
        """Return what ``user`` may see: shared sequences, the own ones, and everything for a super admin."""
        if user.is_super_admin:
            return self.present()
        return self.present().filter(models.Q(private=False) | models.Q(owner=user))


class Sequence(models.Model):
    """A series of mails and tasks that stops by itself. Its steps and rules live in its versions."""

    name = models.CharField(max_length=200)
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="sequences")
    private = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = SequenceQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def current(self) -> "SequenceVersion":
        """The newest version: the one that new enrollments are pinned to."""
        return self.versions.order_by("-number")[0]


class SequenceVersion(models.Model):
    """Steps and settings as saved once; never changed afterwards. Enrollments are pinned to one.

    The send window is in minutes of the day, ``window_start <= t < window_end``, in the zone ``zone_of`` names.
    """

    sequence = models.ForeignKey(Sequence, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    follow_up_days = models.CharField(max_length=20, choices=FollowUpDays.choices, default=FollowUpDays.WEEKDAYS_ONLY)
    window_start = models.PositiveSmallIntegerField(default=0)
    window_end = models.PositiveSmallIntegerField(default=24 * 60)
    zone_of = models.CharField(max_length=10, choices=ZoneOf.choices, default=ZoneOf.SENDER)
    reply_trigger = models.CharField(max_length=10, choices=Trigger.choices, default=Trigger.CONTACT)
    meeting_trigger = models.CharField(max_length=10, choices=Trigger.choices, default=Trigger.CONTACT)
    same_company = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sequence", "number"], name="sequence_version_once"),
            models.CheckConstraint(
                condition=models.Q(window_start__lt=models.F("window_end"), window_end__lte=24 * 60),
                name="sequence_window_opens_before_it_closes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} v{self.number}"


class Step(models.Model):
    """One step of a version. ``position`` counts from 1.

    ``delay`` is the time after the step before it: whole days keep the wall-clock time and move to a day that the
    sequence sends on. ``threaded`` answers the last mail before it, and then ``subject`` is not used.
    ``thread_to`` is the position of the mail that it answers instead of the last one. ``wait`` makes the steps after a
    task wait until it is done.
    """

    version = models.ForeignKey(SequenceVersion, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=StepKind.choices)
    delay = models.DurationField()
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    threaded = models.BooleanField(default=False)
    thread_to = models.PositiveSmallIntegerField(null=True, blank=True)
    task_kind = models.CharField(max_length=20, choices=TaskKind.choices, blank=True)
    wait = models.BooleanField(default=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="step_position_once")]


class Template(models.Model):
    """A subject and a body with tokens, to start a step from. A step copies it: later edits change no sequence."""

    name = models.CharField(max_length=200)
    subject = models.CharField(max_length=300)
    body = models.TextField()
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="templates")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
