"""Deals: what a contact may buy."""

from django.db import models

from relent.records.models.company import Company
from relent.records.models.contact import Contact
from relent.records.models.user import User


class DealQuerySet(models.QuerySet["Deal"]):
    """Readings of deals."""

    def visible_to(self, user: User) -> "DealQuerySet":
        """Return the deals that ``user`` may see: a rep the own and the unowned ones, others all."""
        if user.role != "rep":
            return self
        return self.filter(models.Q(owner=user) | models.Q(owner__isnull=True))


class Deal(models.Model):
    """A possible sale. Its meetings concern a contact only where they are associated with the contact as well."""

    name = models.CharField(max_length=200)
    stage = models.CharField(max_length=60, blank=True)
    company = models.ForeignKey(Company, null=True, blank=True, on_delete=models.SET_NULL, related_name="deals")
    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="deals")
    contacts = models.ManyToManyField(Contact, related_name="deals", blank=True)
    created_at = models.DateTimeField()

    objects = DealQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
