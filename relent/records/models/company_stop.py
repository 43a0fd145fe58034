"""Company-wide stops that are under way."""

from django.db import models

from relent.records.models.company import Company
from relent.records.models.contact import Contact
from relent.records.models.inbound import InboundItem
from relent.records.models.meeting import Meeting


class CompanyStopQuerySet(models.QuerySet["CompanyStop"]):
    """Readings of company-wide stops."""

    def under_way(self) -> "CompanyStopQuerySet":
        """Return those that are not worked off yet, oldest first."""
        return self.filter(done_at__isnull=True).order_by("pk")

    def under_way_for(self, contact_id: int) -> "CompanyStopQuerySet":
        """Return those that may take out the contact."""
        return self.under_way().filter(companies__associations__contact_id=contact_id)


class CompanyStop(models.Model):
    """One reply or meeting that may take out all the colleagues. While ``done_at`` is empty, no mail leaves to a
    contact of its companies.

    ``event`` is what happened, as ``flows/company_stops.py`` writes and reads it; ``after_id`` the last enrollment that
    was dealt with, so that a worker which takes over goes on from there.
    """

    actor = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    companies = models.ManyToManyField(Company, related_name="+")
    item = models.ForeignKey(InboundItem, null=True, on_delete=models.CASCADE, related_name="+")
    meeting = models.ForeignKey(Meeting, null=True, on_delete=models.CASCADE, related_name="+")
    event = models.JSONField(default=dict)
    event_at = models.DateTimeField()
    begun_at = models.DateTimeField()
    after_id = models.PositiveBigIntegerField(default=0)
    unenrolled = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    objects = CompanyStopQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(done_at__isnull=True), name="company_stop_under_way"),
        ]
