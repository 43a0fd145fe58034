"""Contacts and their addresses."""

from collections.abc import Iterable
from datetime import datetime

from django.db import models

from relent.records.models.company import Company
from relent.records.models.user import User
from relent.terms import addresses, names


class ContactQuerySet(models.QuerySet["Contact"]):
    """Readings of contacts."""

    def present(self) -> "ContactQuerySet":
        """Leave out the deleted ones."""
        return self.filter(deleted_at__isnull=True)

    def visible_to(self, user: User) -> "ContactQuerySet":
        """Return the contacts that ``user`` may communicate with: a rep those of the own team and the unowned ones,
        others all. Where nobody is in a team, the account is one."""
        return self.present().reachable_by(user)

    def reachable_by(self, user: User) -> "ContactQuerySet":
        """As ``visible_to``, the deleted ones among them."""
        return self if user.role != "rep" else self.filter(_within_reach(user, ""))


def visible_through(field: str, user: User) -> models.Q:
    """Return ``visible_to`` as a condition on the contact that ``field`` of another table names: a list is then read
    in its own order, and each row asks for its one contact."""
    present = models.Q(**{f"{field}__deleted_at__isnull": True})
    return present if user.role != "rep" else present & _within_reach(user, f"{field}__")


def _within_reach(user: User, through: str) -> models.Q:
    of_the_team = models.Q(**{f"{through}owner__team": user.team})
    unowned = models.Q(**{f"{through}owner__isnull": True})
    return of_the_team | models.Q(**{f"{through}owner": user}) | unowned


class Contact(models.Model):
    """A person outside the account. ``properties`` holds further values that tokens may name."""

    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    company = models.ForeignKey(Company, null=True, blank=True, on_delete=models.SET_NULL, related_name="contacts")
    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="contacts")
    time_zone = models.CharField(max_length=60, blank=True)
    properties = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged")

    objects = ContactQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["last_name", "first_name", "id"], name="contact_by_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The full name, or the primary address where there is none, or a number where that was erased too."""
        return names.full(self.first_name, self.last_name) or self.email or f"#{self.pk}"

    @property
    def email(self) -> str:
        """The primary address, or an empty string."""
        return next((row.address for row in self.addresses.all() if row.primary), "")

    def work_at(self, companies: Iterable[Company], moment: datetime) -> None:
        """Associate the contact with ``companies`` from ``moment`` on, the first one as its primary; what held until
        then stays as history."""
        wanted = [(company.pk, position == 0) for position, company in enumerate(companies)]
        for row in self.associations.filter(until__isnull=True):
            if (row.company_id, row.primary) in wanted:
                wanted.remove((row.company_id, row.primary))
            else:
                ContactCompany.objects.filter(pk=row.pk).update(until=moment)
        ContactCompany.objects.bulk_create(
            ContactCompany(contact=self, company_id=company_id, primary=primary, since=moment)
            for company_id, primary in wanted
        )
        primary = self.associations.filter(until__isnull=True, primary=True).first()
        self.company_id = primary.company_id if primary else None
        self.save(update_fields=["company"])


class ContactAddress(models.Model):
    """One address of a contact; one of them is primary. ``key`` is where its aliases by provider rule meet it.

    The same address may stand on two contacts (a bad import): then both are concerned. An address that was taken off
    the record stays as a former one, with ``until``: people go on writing from it.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="addresses")
    address = models.CharField(max_length=320, db_index=True)
    key = models.CharField(max_length=320, db_index=True, editable=False)
    primary = models.BooleanField(default=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "contact addresses"
        constraints = [
            models.UniqueConstraint(fields=["contact", "address"], name="contact_address_once"),
            models.UniqueConstraint(
                fields=["contact"], condition=models.Q(primary=True), name="contact_one_primary_address"
            ),
        ]

    def __str__(self) -> str:
        return self.address

    def save(self, *args: object, **kwargs: object) -> None:
        """Store the canonical spelling and the key that belongs to it."""
        self.address = addresses.canonical(self.address)
        self.key = addresses.mailbox_key(self.address)
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passed through as they came


class ContactCompanyQuerySet(models.QuerySet["ContactCompany"]):
    """Readings of associations."""

    def at(self, moment: datetime) -> "ContactCompanyQuerySet":
        """Return the associations that held at ``moment``."""
        return self.filter(since__lte=moment).filter(models.Q(until__isnull=True) | models.Q(until__gt=moment))


class ContactCompany(models.Model):
    """A contact's association with a company, and when it held. ``Contact.company`` repeats the present primary one."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="associations")
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="associations")
    primary = models.BooleanField(default=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    objects = ContactCompanyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "contact companies"
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "company", "primary"],
                condition=models.Q(until__isnull=True),
                name="contact_company_once",
            )
        ]
        indexes = [models.Index(fields=["company", "contact"], name="contact_company_of_company")]
