"""Tasks that a sequence made for a user."""

from django.db import models

from relent.records.models.contact import Contact
from relent.records.models.delivery import Delivery
from relent.records.models.user import User
from relent.terms.states import TaskState
from relent.terms.steps import TaskKind


class Task(models.Model):
    """Something a user is to do by hand. ``label`` says why its enrollment ended while it was open; ``delivery`` is
    empty where no step made it."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="tasks")
    delivery = models.OneToOneField(Delivery, null=True, on_delete=models.CASCADE, related_name="task")
    assignee = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=20, choices=TaskKind.choices)
    subject = models.CharField(max_length=300)
    body = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=TaskState.choices, default=TaskState.OPEN)
    label = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["assignee", "created_at"], condition=models.Q(state=TaskState.OPEN), name="task_open_of_user"
            )
        ]
