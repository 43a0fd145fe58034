"""Contacts and their addresses."""

from collections.abc import Iterable

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
        """Return the contacts that ``user`` may communicate with: a rep the own and the unowned ones, others all."""
        if user.role != "rep":
            return self.present()
        return self.present().filter(models.Q(owner=user) | models.Q(owner__isnull=True))


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

    objects = ContactQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["last_name", "first_name", "id"], name="contact_by_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The full name, or the primary address where there is none."""
        return names.full(self.first_name, self.last_name) or self.email

    @property
    def email(self) -> str:
        """The primary address, or an empty string."""
        return next((row.address for row in self.addresses.all() if row.primary), "")


class ContactAddressQuerySet(models.QuerySet["ContactAddress"]):
    """Readings of contact addresses."""

    def like_any(self, written: Iterable[str]) -> "ContactAddressQuerySet":
        """Return the rows that one of the ``written`` addresses equals, up to plus tags and Gmail's dots."""
        return self.filter(key__in={addresses.mailbox_key(address) for address in written})


class ContactAddress(models.Model):
    """One address of a contact; one of them is primary. ``key`` is where its aliases by provider rule meet it.

    The same address may stand on two contacts (a bad import): then both are concerned.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="addresses")
    address = models.CharField(max_length=320, db_index=True)
    key = models.CharField(max_length=320, db_index=True, editable=False)
    primary = models.BooleanField(default=False)
    since = models.DateTimeField()

    objects = ContactAddressQuerySet.as_manager()

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
