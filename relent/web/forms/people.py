"""Naming a contact by one of its addresses."""

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from relent.records.models import Contact, User
from relent.terms import addresses


class WhoForm(forms.Form):
    """One contact that the user sees. The list that its field offers stands in the page as ``contact-options``."""

    who = forms.CharField(
        label=_("Contact"),
        max_length=320,
        widget=forms.TextInput(
            attrs={
                "list": "contact-options",
                "autocomplete": "off",
                "hx-get": reverse_lazy("enroll-contacts"),
                "hx-target": "#contact-options",
                "hx-swap": "innerHTML",
                "hx-trigger": "input changed delay:200ms",
                "placeholder": _("Mail address"),
            }
        ),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_who(self) -> Contact:
        """Find the contact by one of its addresses."""
        written = addresses.canonical(self.cleaned_data["who"])
        found = Contact.objects.visible_to(self.user).filter(addresses__address=written)
        contact = found.prefetch_related("addresses").select_related("company", "owner").first()
        if contact is None:
            raise forms.ValidationError(_("No contact has this address. Create the contact first."))
        return contact
