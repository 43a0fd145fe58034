"""The forms of connecting a mailbox and of its limits."""

import ipaddress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

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
SENT_COPIES = [
    ("relent", _("Relent files them")),
    ("server", _("The mail server files them itself (Gmail, Microsoft 365)")),
]
SIGN_INS = [("password", _("Password")), ("xoauth2", _("OAuth (XOAUTH2)"))]
IMAP = ("imap_host", "imap_port", "imap_tls")
SMTP = ("smtp_host", "smtp_port", "smtp_tls")
OPTIONS = (*IMAP, *SMTP, "username", "maildir", "sent_copies", "auth")
GRANT = ("token_url", "client_id", "client_secret", "refresh_token", "access_token")
# What no page of an error report may show.
SECRETS = ("password", *GRANT)


def _token(label: Any, help_text: Any = "") -> forms.CharField:
    # Pasted, not typed; and a browser takes a form with several password fields for several forms.
    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(label=label, required=False, widget=widget, help_text=help_text)


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
    sent_copies = forms.ChoiceField(
        label=_("Who files the Sent copies"),
        choices=SENT_COPIES,
        initial="relent",
        required=False,
        help_text=_("Where both file one, each mail stands twice in the Sent folder; where neither does, not at all."),
    )
    auth = forms.ChoiceField(label=_("Sign in with"), choices=SIGN_INS, initial="password", required=False)
    token_url = forms.URLField(
        label=_("Address of the token server"),
        required=False,
        assume_scheme="https",
        help_text=_("Where the provider trades the refresh token for access tokens."),
    )
    client_id = forms.CharField(label=_("Client ID"), required=False)
    client_secret = _token(_("Client secret"), _("Some providers give none."))
    refresh_token = _token(_("Refresh token"))
    access_token = _token(_("Access token"), _("Only where there is no refresh token; it ends after about an hour."))

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
            for name in ("password", "refresh_token"):
                self.fields[name].help_text = _("Empty: the stored one stays.")

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
        for protocol in ("smtp", "imap") if data.get("kind") == "imap" else ("smtp",):
            if data.get(f"{protocol}_tls") == "none" and not _is_this_machine(data.get(f"{protocol}_host", "")):
                self.add_error(f"{protocol}_tls", gettext("Without encryption only a server on this machine is used."))
        if not self.errors:
            self._check_secrets()
        return data

    def options(self) -> dict[str, str]:
        """Return the options for the transport; those this form does not show stay as they were."""
        stored = dict(self.mailbox.options) if self.mailbox else {}
        unused = ("maildir",) if self.cleaned_data["kind"] == "imap" else IMAP
        shown = [name for name in OPTIONS if name not in unused and name in self.data]
        given = {name: str(self.cleaned_data[name]) for name in shown if self.cleaned_data.get(name)}
        return {**{name: value for name, value in stored.items() if name not in shown}, **given}

    def secrets(self) -> dict[str, str]:
        """Return the secrets for the transport: those typed, else those stored."""
        wanted = GRANT if self._uses_oauth() else ("password",)
        typed = {name: self.cleaned_data[name] for name in wanted if self.cleaned_data.get(name)}
        return typed or (dict(self.mailbox.secrets) if self.mailbox else {})

    def _uses_oauth(self) -> bool:
        return self.options().get("auth") == "xoauth2"

    def _check_secrets(self) -> None:
        """Ask for a whole grant, and let no stored secret go to another server than the one it was typed for."""
        oauth = self._uses_oauth()
        typed = any(self.cleaned_data.get(name) for name in (GRANT if oauth else ("password",)))
        stored = bool(self.mailbox and self.mailbox.secrets)
        if oauth and (typed or not stored):
            self._check_grant()
        if stored and not typed and self._goes_elsewhere():
            self.add_error(
                "refresh_token" if oauth else "password",
                gettext("The server changed: type the password or token again."),
            )

    def _check_grant(self) -> None:
        data = self.cleaned_data
        if not data.get("refresh_token") and not data.get("access_token"):
            self.add_error("refresh_token", gettext("Give a refresh token or an access token."))
        for name in ("token_url", "client_id") if data.get("refresh_token") else ():
            if not data.get(name):
                self.add_error(name, gettext("This cannot be empty."))
        url = urlsplit(data.get("token_url") or "")
        if url.scheme not in ("", "https") and not _is_this_machine(url.hostname or ""):
            self.add_error("token_url", gettext("It must begin with https://."))

    def _goes_elsewhere(self) -> bool:
        left_out = {"imap_tls": "tls", "smtp_tls": "tls", "auth": "password", "username": self.cleaned_data["address"]}
        before, after = (
            left_out | options for options in (self.mailbox.options if self.mailbox else {}, self.options())
        )
        return any(before.get(name) != after.get(name) for name in (*IMAP, *SMTP, "username", "auth"))


def _is_this_machine(host: str) -> bool:
    """Whether ``host`` names the loopback interface (RFC 6761 section 6.3, RFC 1122 section 3.2.1.3, RFC 4291)."""
    try:
        return host.strip().lower() == "localhost" or ipaddress.ip_address(host.strip()).is_loopback
    except ValueError:
        return False


class LimitsForm(_ModelForm):
    """How much and how fast a mailbox sends, and whose it is."""

    shared = forms.BooleanField(label=_("Shared: everybody may send from it"), required=False)
    warm_up = forms.BooleanField(
        label=_("Warm up: begin with 20 mails a day, and send 20 more each day up to the limit"), required=False
    )

    class Meta:
        model = Mailbox
        fields = ["display_name", "daily_limit", "minute_limit", "spacing"]
        labels = {
            "display_name": _("Sender name"),
            "daily_limit": _("Mails in 24 hours"),
            "minute_limit": _("Mails in a minute"),
            "spacing": _("Seconds between two mails"),
        }
