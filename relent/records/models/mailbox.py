"""Mailboxes: where mail is read and sent, and how far it has been read."""

from datetime import datetime

from django.db import models

from relent.records.fields import SecretsField
from relent.records.models.user import User
from relent.terms.states import MailboxState


class MailboxQuerySet(models.QuerySet["Mailbox"]):
    """Readings of mailboxes."""

    def in_use(self) -> "MailboxQuerySet":
        """Return those that a person has not disconnected."""
        return self.exclude(state=MailboxState.DISCONNECTED)

    def to_read(self, now: datetime) -> "MailboxQuerySet":
        """Return those whose next routine reading is due."""
        return self.in_use().filter(next_read_at__lte=now)


class Mailbox(models.Model):
    """A connected mailbox. ``user`` is empty for a shared one.

    ``read_through`` is the proof behind every mail: each folder was read by a reading that *began* then or later and
    ended well. ``held_until`` and ``holder`` are the lease of the worker that takes its turn. Limits: mails per rolling
    24 hours, mails per clock minute, seconds between two mails; once one is reached, nothing leaves before
    ``send_not_before``, and ``waits_for`` says why. Since ``refused_since``, where it is set, servers refuse its mails
    for reasons of ours: nothing leaves until a person has looked. From ``warm_up_from`` on the daily limit grows.
    """

    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="mailboxes")
    address = models.EmailField(unique=True)
    display_name = models.CharField(max_length=150, blank=True)
    kind = models.CharField(max_length=20)
    options = models.JSONField(default=dict)
    secrets = SecretsField(default=dict, blank=True, editable=True)
    connected_at = models.DateTimeField()

    state = models.CharField(max_length=20, choices=MailboxState.choices, default=MailboxState.CONNECTED)
    state_detail = models.TextField(blank=True)
    state_since = models.DateTimeField()
    read_through = models.DateTimeField(null=True)
    next_read_at = models.DateTimeField(null=True)
    send_not_before = models.DateTimeField(null=True)
    waits_for = models.CharField(max_length=40, blank=True)
    failures = models.PositiveIntegerField(default=0)
    refused_since = models.DateTimeField(null=True)
    warm_up_from = models.DateTimeField(null=True, blank=True)
    holder = models.CharField(max_length=64, blank=True)
    held_until = models.DateTimeField(null=True)

    daily_limit = models.PositiveIntegerField(default=400)
    minute_limit = models.PositiveIntegerField(default=3)
    spacing = models.PositiveIntegerField(default=30)

    objects = MailboxQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "mailboxes"
        indexes = [models.Index(fields=["next_read_at"], name="mailbox_next_read")]

    def __str__(self) -> str:
        return self.address

    def may_send(self, now: datetime) -> bool:
        """Whether a mail may leave: no limit is reached, and no server refuses its mails for reasons of ours."""
        return self.refused_since is None and (self.send_not_before is None or self.send_not_before <= now)


class MailboxFolder(models.Model):
    """How far one folder was read. ``cursor`` is the transport's own text."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="folders")
    name = models.CharField(max_length=500)
    role = models.CharField(max_length=20)
    cursor = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "name"], name="mailbox_folder_once")]
