"""The audit log: what a user changed in the account."""

from django.db import models

from relent.records.models.user import User


class AuditEntry(models.Model):
    """One change by a user (or by nobody, for the machine itself). ``subject`` names the thing: ``sequence:12``."""

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=100, db_index=True)
    detail = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "audit entries"
