"""A contact's properties as a workflow sees them: every value as text, by name."""

from relent.records import models

# What every contact can have. ``company`` is the name of the primary one, ``owner`` the address of a user.
STANDARD = ("first_name", "last_name", "email", "company", "owner", "time_zone")


def of(contact: models.Contact) -> dict[str, str]:
    """Return the contact's properties; an empty value stands for none."""
    further = {name: "" if value is None else str(value) for name, value in contact.properties.items()}
    return further | {
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "email": contact.email,
        "company": contact.company.name if contact.company else "",
        "owner": contact.owner.email if contact.owner else "",
        "time_zone": contact.time_zone,
    }


def read(contact_id: int) -> dict[str, str]:
    """Return the properties of a contact as the database holds them now; none where there is no such contact."""
    found = models.Contact.objects.select_related("company", "owner").filter(pk=contact_id).first()
    return of(found) if found else {}
