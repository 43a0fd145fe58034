"""The forms of signing in, of one's own profile, and of the account's users."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from relent.records.models import User
from relent.terms import addresses
from relent.terms.roles import Role
from relent.web import words
from relent.web.forms import zones

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[User]
else:
    _ModelForm = forms.ModelForm  # generic for the type checker only


class SignInForm(forms.Form):
    """Address and password."""

    email = forms.EmailField(
        label=_("Mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class NewPassword(forms.Form):
    """A password that passes the validators."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters."),
    )

    def clean_password(self) -> str:
        """Refuse a password that is easily guessed."""
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password)
        return password


class ChangePasswordForm(forms.Form):
    """The present password and a new one."""

    present = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "id": "id_present_password"}),
    )
    password = forms.CharField(
        label=_("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "id": "id_new_password"}),
        help_text=_("At least 10 characters."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_present(self) -> str:
        """Check the present password."""
        if not self.user.check_password(self.cleaned_data["present"]):
            raise forms.ValidationError(_("This is not your present password."))
        return ""

    def clean_password(self) -> str:
        """Refuse a password that is easily guessed."""
        password_validation.validate_password(self.cleaned_data["password"], self.user)
        return str(self.cleaned_data["password"])


class ProfileForm(_ModelForm):
    """What a user may change of the own account."""

    time_zone = zones.field(_("Time zone"), help_text=_("Times on the pages, and send windows of your mails."))
    language = forms.ChoiceField(label=_("Language"), required=False)

    class Meta:
        model = User
        fields = ["name", "time_zone", "language"]
        labels = {"name": _("Name")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", _("As the browser says")), *settings.LANGUAGES]  # type: ignore[attr-defined]  # a ChoiceField


class UserForm(_ModelForm):
    """What a super admin says about a user."""

    role = forms.ChoiceField(label=_("Role"))
    time_zone = zones.field(_("Time zone"))
    daily_limit = forms.IntegerField(
        label=_("Mails in 24 hours, over all mailboxes"), min_value=0, max_value=100_000, initial=1000, required=False
    )

    class Meta:
        model = User
        fields = ["name", "email", "role", "may_enroll", "team", "time_zone", "daily_limit"]
        labels = {
            "name": _("Name"),
            "email": _("Mail address"),
            "may_enroll": _("May enroll contacts in sequences"),
            "team": _("Team"),
        }

    def __init__(self, *args: Any, editor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = words.choices(Role)  # type: ignore[attr-defined]  # a ChoiceField
        if self.instance.pk is not None:
            # Taking the seat has consequences for what runs: it has a page of its own, and so has a removal.
            del self.fields["may_enroll"]
        if self.instance.pk == editor.pk:
            # Nobody locks the account's last door from the inside.
            del self.fields["role"]

    def clean_daily_limit(self) -> int:
        """Keep the limit where none is given."""
        given: int | None = self.cleaned_data["daily_limit"]
        return self.instance.daily_limit if given is None else given

    def clean_email(self) -> str:
        """Store the one spelling that sign-in compares with."""
        written = addresses.canonical(self.cleaned_data["email"])
        if User.objects.filter(email=written).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Another user has this address already."))
        return written


class NewUserForm(UserForm, NewPassword):
    """A new user, with a first password to hand over."""

    field_order = ["name", "email", "password", "role", "may_enroll", "team", "time_zone", "daily_limit"]

    def create(self, now: datetime) -> User:
        """Store the user."""
        user: User = self.save(commit=False)
        user.created_at = now
        user.set_password(self.cleaned_data["password"])
        user.save()
        return user
