"""Workflows, the log of their runs, lists of contacts, and notifications."""

from django.db import models

from relent.records.fields import SecretsField
from relent.records.models.contact import Contact
from relent.records.models.enrollment import Enrollment
from relent.records.models.inbound import InboundItem
from relent.records.models.sequence import Sequence
from relent.records.models.user import User
from relent.terms.workflows import RunState, WorkflowTrigger


class ContactList(models.Model):
    """A list that contacts are put on by hand, by an import or by a workflow."""

    name = models.CharField(max_length=150, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class ListMember(models.Model):
    """A contact on a list, and since when."""

    list = models.ForeignKey(ContactList, on_delete=models.CASCADE, related_name="members")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="lists")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "contact"], name="list_member_once")]


class Workflow(models.Model):
    """When something happens to a contact, and if all conditions hold, then the actions run in order.

    ``options`` narrows the trigger (``{"property": "plan", "value": "pro"}``); ``conditions`` and ``actions`` are lists
    as ``decide/workflows.py`` describes them. ``sequence`` is set where it belongs to one (its Automation tab).
    ``secrets`` holds the key that signs its webhooks, and the token of its event address.
    """

    name = models.CharField(max_length=150)
    enabled = models.BooleanField(default=False)
    trigger = models.CharField(max_length=30, choices=WorkflowTrigger.choices)
    options = models.JSONField(default=dict, blank=True)
    conditions = models.JSONField(default=list, blank=True)
    actions = models.JSONField(default=list, blank=True)
    sequence = models.ForeignKey(Sequence, null=True, blank=True, on_delete=models.CASCADE, related_name="workflows")
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="workflows")
    secrets = SecretsField(default=dict, blank=True, editable=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["trigger"], condition=models.Q(enabled=True), name="workflow_enabled_by_trigger")
        ]

    def __str__(self) -> str:
        return self.name


class WorkflowRun(models.Model):
    """One run for one contact. ``given`` holds what its trigger told (``{"property": "plan", "value": "pro"}``), and
    ``steps`` says for each condition and action what came of it. A queued one runs, or goes on after its last step, at
    ``due_at``. ``depth`` counts the runs that led to it: a chain that grows too long is a loop. ``item`` is the mail on
    whose judgement the whole chain rests, and ``origin`` the trigger by which the mail began it; a run that rests on no
    mail has neither."""

    workflow = models.ForeignKey(Workflow, on_delete=models.CASCADE, related_name="runs")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="workflow_runs")
    enrollment = models.ForeignKey(Enrollment, null=True, on_delete=models.SET_NULL, related_name="+")
    cause = models.CharField(max_length=100)
    key = models.CharField(max_length=150, unique=True)
    state = models.CharField(max_length=20, choices=RunState.choices)
    given = models.JSONField(default=dict)
    steps = models.JSONField(default=list)
    depth = models.PositiveSmallIntegerField(default=0)
    item = models.ForeignKey(InboundItem, null=True, on_delete=models.SET_NULL, related_name="workflow_runs")
    origin = models.CharField(max_length=30, blank=True, choices=WorkflowTrigger.choices)
    attempts = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state=RunState.QUEUED), name="workflow_run_due"),
            models.Index(fields=["workflow", "-id"], name="workflow_run_of_workflow"),
            models.Index(fields=["contact", "-id"], name="workflow_run_of_contact"),
        ]


class Notification(models.Model):
    """Something a user should know. ``text`` is what a workflow says; else ``code`` names the sentence."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    at = models.DateTimeField()
    code = models.CharField(max_length=40, blank=True)
    text = models.TextField(blank=True)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-id"], name="notification_of_user")]
