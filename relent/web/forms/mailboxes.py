"""The forms of connecting a mailbox and of its limits."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from relent.records.models import Mailbox, User
from relent.terms import addresses

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Mailbox]
else:
    _ModelForm = forms.ModelForm  # generic for the type checker only

TLS = [
    ("tls", _("TLS from the start")),
    ("starttls", _("STARTTLS")),
    ("none", _("None (only on the same machine)")),
]
OPTIONS = ("imap_host", "imap_port", "imap_tls", "smtp_host", "smtp_port", "smtp_tls", "username", "maildir")


class MailboxForm(forms.Form):
    """How to reach a mailbox: IMAP and SMTP, or a Maildir on this machine and SMTP."""

    kind = forms.ChoiceField(label=_("How the mail is read"), widget=forms.RadioSelect, initial="imap")
    address = forms.EmailField(label=_("Mail address"))
    display_name = forms.CharField(
        label=_("Sender name"), max_length=150, required=False, help_text=_("What recipients see beside the address.")
    )
    imap_host = forms.CharField(label=_("IMAP server"), required=False)
    imap_port = forms.IntegerField(label=_("IMAP port"), required=False, min_value=1, max_value=65535, initial=993)
    imap_tls = forms.ChoiceField(label=_("IMAP encryption"), choices=TLS, initial="tls", required=False)
    maildir = forms.CharField(
        label=_("Path of the Maildir"), required=False, help_text=_("On the machine that Relent runs on.")
    )
    smtp_host = forms.CharField(label=_("SMTP server"))
    smtp_port = forms.IntegerField(label=_("SMTP port"), min_value=1, max_value=65535, initial=465)
    smtp_tls = forms.ChoiceField(label=_("SMTP encryption"), choices=TLS, initial="tls")
    username = forms.CharField(
        label=_("User name"), required=False, help_text=_("Only where it differs from the mail address.")
    )
    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        # What was typed is kept over a test of the connection; what is stored is never sent to a browser.
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=True),
        help_text=_("Often an app password. It is stored encrypted and never shown again."),
    )

    def __init__(self, *args: Any, user: User, mailbox: Mailbox | None = None, **kwargs: Any) -> None:
        self.mailbox = mailbox
        if mailbox:
            shown = {**mailbox.options, "kind": mailbox.kind, "address": mailbox.address}
            kwargs["initial"] = {**shown, "display_name": mailbox.display_name, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        kinds = [("imap", _("IMAP"))]
        # A Maildir is a path on the server: whoever may name one could read another's mail.
        if user.is_super_admin:
            kinds.append(("maildir", _("Maildir on this machine")))
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]  # a ChoiceField
        if mailbox:
            self.fields["address"].disabled = self.fields["kind"].disabled = True
            self.fields["kind"].choices = [(mailbox.kind, mailbox.kind)]  # type: ignore[attr-defined]  # a ChoiceField
            self.fields["password"].help_text = _("Empty: the stored one stays.")

    def clean_address(self) -> str:
        """Refuse an address whose mailbox is connected already."""
        written = addresses.canonical(self.cleaned_data["address"])
        others = Mailbox.objects.filter(address=written)
        if (others.exclude(pk=self.mailbox.pk) if self.mailbox else others).exists():
            raise forms.ValidationError(_("A mailbox with this address is connected already."))
        return written

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen kind needs."""
        data = self.cleaned_data
        needed = ["maildir"] if data.get("kind") == "maildir" else ["imap_host", "imap_port"]
        if data.get("kind") == "memory":
            needed = []
        for name in needed:
            if not data.get(name):
                self.add_error(name, gettext("This cannot be empty."))
        return data

    def options(self) -> dict[str, str]:
        """Return the options for the transport; those this form does not show stay as they were."""
        kept = dict(self.mailbox.options) if self.mailbox else {}
        given = {name: str(self.cleaned_data[name]) for name in OPTIONS if self.cleaned_data.get(name)}
        unused = ("maildir",) if self.cleaned_data["kind"] == "imap" else ("imap_host", "imap_port", "imap_tls")
        return {**kept, **{name: value for name, value in given.items() if name not in unused}}

    def secrets(self) -> dict[str, str]:
        """Return the secrets for the transport."""
        password = self.cleaned_data["password"]
        if not password and self.mailbox:
            return dict(self.mailbox.secrets)
        return {"password": password} if password else {}


class LimitsForm(_ModelForm):
    """How much and how fast a mailbox sends, and whose it is."""

    shared = forms.BooleanField(label=_("Shared: everybody may send from it"), required=False)

    class Meta:
        model = Mailbox
        fields = ["display_name", "daily_limit", "minute_limit", "spacing"]
        labels = {
            "display_name": _("Sender name"),
            "daily_limit": _("Mails in 24 hours"),
            "minute_limit": _("Mails in a minute"),
            "spacing": _("Seconds between two mails"),
        }
