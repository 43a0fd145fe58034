"""The timeline: what happened to a contact, in order."""

from django.db import models

from relent.records.models.contact import Contact
from relent.records.models.decision import Decision
from relent.records.models.delivery import Delivery
from relent.records.models.enrollment import Enrollment
from relent.records.models.inbound import InboundItem
from relent.records.models.meeting import Meeting
from relent.records.models.user import User
from relent.records.models.workflow import Workflow
from relent.terms.history import TimelineKind


class TimelineEntry(models.Model):
    """One thing that happened. ``decision`` is what *Why?* opens; ``reason`` is the code of its reason, if any."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="timeline")
    at = models.DateTimeField()
    kind = models.CharField(max_length=30, choices=TimelineKind.choices)
    reason = models.CharField(max_length=50, blank=True)
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    enrollment = models.ForeignKey(Enrollment, null=True, on_delete=models.CASCADE, related_name="timeline")
    delivery = models.ForeignKey(Delivery, null=True, on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey(InboundItem, null=True, on_delete=models.CASCADE, related_name="+")
    decision = models.ForeignKey(Decision, null=True, on_delete=models.CASCADE, related_name="+")
    meeting = models.ForeignKey(Meeting, null=True, on_delete=models.CASCADE, related_name="timeline")
    workflow = models.ForeignKey(Workflow, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name_plural = "timeline entries"
        indexes = [models.Index(fields=["contact", "-at", "-id"], name="timeline_of_contact")]
