"""Records that may be of the same person."""

from django.db.models import QuerySet

from relent.records.models import Contact, ContactAddress


def of(contact: Contact, among: QuerySet[Contact]) -> QuerySet[Contact]:
    """Return those ``among`` the contacts who have an address of ``contact`` too, an alias by provider rule included;
    former addresses say nothing."""
    keys = ContactAddress.objects.filter(contact=contact, until__isnull=True).values("key")
    shared = ContactAddress.objects.filter(key__in=keys, until__isnull=True).exclude(contact=contact)
    return among.filter(pk__in=shared.values("contact"))
