"""The decision ledger: what each thing that happened meant for each enrollment it could concern."""

from django.db import models

from relent.records.models.enrollment import Enrollment
from relent.records.models.inbound import InboundItem
from relent.records.models.meeting import Meeting
from relent.records.models.overrule import Overrule
from relent.records.models.user import User
from relent.terms.history import Action


class Decision(models.Model):
    """One line of the ledger; never changed, never deleted.

    ``verdict`` is what was decided, ``applied`` whether it changed the enrollment (a second reason to stop is kept as
    evidence only). ``rule`` names the row of the decision table. ``other_profile`` maps the other profile's name to
    ``[verdict, reason]`` where it would have decided differently. ``overrule`` is set where a person judged the mail
    otherwise and it was decided anew: the first line stays beside it.
    """

    enrollment = models.ForeignKey(Enrollment, on_delete=models.PROTECT, related_name="decisions")
    item = models.ForeignKey(InboundItem, null=True, on_delete=models.PROTECT, related_name="decisions")
    meeting = models.ForeignKey(Meeting, null=True, on_delete=models.SET_NULL, related_name="decisions")
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    overrule = models.ForeignKey(Overrule, null=True, on_delete=models.PROTECT, related_name="decisions")
    event = models.CharField(max_length=30)
    event_at = models.DateTimeField()
    decided_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Action.choices)
    reason = models.CharField(max_length=40)
    rule = models.CharField(max_length=60)
    applied = models.BooleanField()
    confidence = models.CharField(max_length=10, default="certain")
    evidence = models.JSONField(default=list)
    other_profile = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["enrollment", "-id"], name="decision_of_enrollment")]
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment", "item"],
                condition=models.Q(item__isnull=False, overrule__isnull=True),
                name="decision_item_once",
            ),
            models.UniqueConstraint(
                fields=["enrollment", "overrule"],
                condition=models.Q(overrule__isnull=False),
                name="decision_overrule_once",
            ),
        ]
