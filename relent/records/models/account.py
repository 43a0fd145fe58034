"""The account's settings, with their history: a decision applies those that held when the event happened."""

from datetime import datetime

from django.db import models


class AccountSettingsQuerySet(models.QuerySet["AccountSettings"]):
    """Readings of the settings' history."""

    def at(self, moment: datetime) -> "AccountSettings":
        """Return the settings that held at ``moment``; the defaults where none had been saved by then."""
        return self.filter(since__lte=moment).order_by("-since", "-pk").first() or AccountSettings(since=moment)


class AccountSettings(models.Model):
    """One saved state of the settings. The newest row holds now; older rows are never changed.

    ``automation`` opens the Automation tab of the sequences; a super admin switches it on. ``overrides`` maps
    setting names (see ``decide/policy.py``) to values that differ from the profile's.
    """

    since = models.DateTimeField(db_index=True)
    profile = models.CharField(max_length=40, default="safe")
    overrides = models.JSONField(default=dict)
    automation = models.BooleanField(default=False)
    company_name = models.CharField(max_length=200, blank=True)
    postal_address = models.CharField(max_length=300, blank=True)
    changed_by = models.ForeignKey("records.User", null=True, on_delete=models.SET_NULL, related_name="+")

    objects = AccountSettingsQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "account settings"
