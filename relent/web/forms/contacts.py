"""The form of a contact and its addresses."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from relent.flows import contacts
from relent.records.models import Company, Contact, ContactAddress, User
from relent.terms import addresses
from relent.terms.roles import Role
from relent.web.forms import zones


class ContactForm(forms.Form):
    """Name, addresses, company, owner, time zone and further values of one contact."""

    first_name = forms.CharField(label=_("First name"), max_length=100, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=100, required=False)
    email = forms.EmailField(label=_("Mail address"), max_length=320, help_text=_("Sequences write to this address."))
    company = forms.CharField(
        label=_("Company"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"list": "companies", "autocomplete": "off"}),
    )
    other_companies = forms.CharField(
        label=_("Other companies"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One on each line. Who works at the same company is a colleague."),
    )
    others = forms.CharField(
        label=_("Other addresses"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One on each line. Mail from any of them counts as mail from this contact."),
    )
    time_zone = zones.field(_("Time zone"), required=False)
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), required=False, empty_label=_("Nobody: everybody sees it")
    )
    properties = forms.CharField(
        label=_("Further values"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "city = Kyoto"}),
        help_text=_("One “name = value” on each line; a mail can use them as tokens."),
    )

    def __init__(self, *args: Any, user: User, contact: Contact | None = None, **kwargs: Any) -> None:
        self.contact = contact
        kwargs.setdefault("initial", _initial(contact) if contact else {"owner": user.pk})
        super().__init__(*args, **kwargs)
        owners = User.objects.filter(is_active=True).order_by("name")
        # A rep may keep a contact or give it to everybody, but not take another's.
        self.fields["owner"].queryset = owners if user.role != Role.REP else owners.filter(pk=user.pk)  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean_email(self) -> str:
        """Refuse an address that another contact has: a reply from it would concern both."""
        written = addresses.canonical(self.cleaned_data["email"])
        taken = ContactAddress.objects.filter(address=written, contact__deleted_at__isnull=True, until=None)
        if self.contact:
            taken = taken.exclude(contact=self.contact)
        if taken.exists():
            raise forms.ValidationError(_("Another contact has this address already."))
        return written

    def clean_others(self) -> list[str]:
        """Read one address from each line."""
        found = [addresses.canonical(line) for line in self.cleaned_data["others"].splitlines() if line.strip()]
        for address in found:
            try:
                validate_email(address)
            except forms.ValidationError:
                raise forms.ValidationError(
                    gettext("“%(address)s” is not a mail address."), params={"address": address}
                ) from None
        return found

    def clean_properties(self) -> dict[str, str]:
        """Read ``name = value`` from each line."""
        found = {}
        for line in self.cleaned_data["properties"].splitlines():
            name, sign, value = (part.strip() for part in line.partition("="))
            if line.strip() and not (sign and name.isidentifier()):
                raise forms.ValidationError(gettext("“%(line)s” is not “name = value”."), params={"line": line.strip()})
            if line.strip():
                found[name] = value
        return found

    @transaction.atomic
    def save(self, now: datetime) -> Contact:
        """Store the contact, its addresses and, where it is new, its company."""
        data = self.cleaned_data
        contact = self.contact or Contact(created_at=now)
        with contacts.noticing_changes(contact, now):
            for name in ("first_name", "last_name", "time_zone", "owner", "properties"):
                setattr(contact, name, data[name])
            contact.save()
            save_addresses(contact, data["email"], data["others"], now=now)
            names = [data["company"], *data["other_companies"].splitlines()]
            # Only the main employer's domain can be told from the address that is written to.
            found = [company_named(name, "" if further else data["email"], now) for further, name in enumerate(names)]
            contact.work_at(dict.fromkeys(company for company in found if company is not None), now)
        return contact


def company_named(name: str, email: str, now: datetime) -> Company | None:
    """Return the company of that name, made where there is none; its domain is that of ``email``, if any. One that was
    merged into another stands for that one."""
    name = name.strip()
    if not name:
        return None
    alike = Company.objects.filter(name__iexact=name).select_related("merged_into")
    if found := alike.filter(merged_into=None).first() or alike.first():
        return found.merged_into or found
    domain = addresses.domain(email)
    own = "" if addresses.is_free_mail(domain) else domain
    return Company.objects.create(name=name[:200], domain=own, created_at=now)


def save_addresses(contact: Contact, primary: str, others: list[str], *, now: datetime) -> None:
    """Let the contact have these addresses from ``now`` on. One that is no longer among them stays as a former one:
    people go on writing from it. Running enrollments keep the address that they were made with."""
    wanted = {primary, *others}
    rows = {row.address: row for row in contact.addresses.all()}
    given_up = contact.addresses.exclude(address__in=wanted).filter(until__isnull=True)
    given_up.update(until=now, primary=False)
    contact.addresses.exclude(address=primary).update(primary=False)
    for address in wanted - rows.keys():
        ContactAddress.objects.create(contact=contact, address=address, since=now)
    contact.addresses.filter(address__in=wanted).update(until=None)
    contact.addresses.filter(address=primary).update(primary=True)


def _initial(contact: Contact) -> dict[str, Any]:
    rows = list(contact.addresses.all())
    return {
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "email": contact.email,
        "others": "\n".join(sorted(row.address for row in rows if not row.primary and row.until is None)),
        "company": contact.company.name if contact.company else "",
        "other_companies": "\n".join(
            row.company.name
            for row in contact.associations.filter(until__isnull=True, primary=False).select_related("company")
        ),
        "time_zone": contact.time_zone,
        "owner": contact.owner_id,
        "properties": "\n".join(f"{name} = {value}" for name, value in contact.properties.items()),
    }
