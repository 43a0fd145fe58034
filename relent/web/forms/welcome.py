"""The forms that only the first run has."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from relent.records.models import AccountSettings, User
from relent.terms import addresses
from relent.terms.roles import Role
from relent.web.forms import zones
from relent.web.forms.users import NewPassword


class FirstAccountForm(NewPassword):
    """The account and its first super admin."""

    company_name = forms.CharField(
        label=_("Your company"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    name = forms.CharField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Your mail address"),
        help_text=_("You sign in with it."),
        # What a password manager keeps the new password under.
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    time_zone = zones.field(_("Your time zone"))

    field_order = ["company_name", "name", "email", "password", "time_zone"]

    def create(self, language: str, now: datetime) -> User:
        """Store the account's settings and the super admin."""
        data = self.cleaned_data
        user = User.objects.create_user(
            addresses.canonical(data["email"]),
            data["password"],
            name=data["name"],
            role=Role.SUPER_ADMIN,
            time_zone=data["time_zone"],
            language=language,
            created_at=now,
        )
        AccountSettings.objects.create(since=now, company_name=data["company_name"], changed_by=user)
        return user
