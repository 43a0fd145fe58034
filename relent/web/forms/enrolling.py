"""The form of the enroll dialog."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from relent.flows import bulk_enrolling, enrolling, permissions
from relent.records.models import Contact, Mailbox, Sequence, User
from relent.terms import addresses
from relent.web.forms.sequences import UNITS


def _start_at() -> forms.DateTimeField:
    return forms.DateTimeField(
        label=_("Start at"),
        required=False,
        help_text=_("Empty: the first step runs at once."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


def _offer(form: forms.Form, user: User) -> None:
    """Offer the sequences that the user sees, and the mailboxes that the user may send from."""
    mailboxes = permissions.mailboxes_to_send_from(user).order_by("address")
    form.fields["sequence"].queryset = Sequence.objects.visible_to(user).order_by("name")  # type: ignore[attr-defined]  # a ModelChoiceField
    form.fields["mailbox"].queryset = mailboxes  # type: ignore[attr-defined]  # a ModelChoiceField
    form.fields["sequence"].empty_label = _("Choose one")  # type: ignore[attr-defined]  # a ModelChoiceField
    form.fields["mailbox"].empty_label = _("Your own")  # type: ignore[attr-defined]  # a ModelChoiceField


class EnrollForm(forms.Form):
    """Whom to enroll in what, from which mailbox, from which step and when."""

    who = forms.CharField(
        label=_("Contact"),
        help_text=_("The mail address of the contact."),
        widget=forms.TextInput(attrs={"list": "contact-options", "autocomplete": "off"}),
    )
    sequence = forms.ModelChoiceField(label=_("Sequence"), queryset=Sequence.objects.none())
    mailbox = forms.ModelChoiceField(label=_("From mailbox"), queryset=Mailbox.objects.none(), required=False)
    start_step = forms.IntegerField(label=_("Start at step"), min_value=1, initial=1)
    start_at = _start_at()
    request_id = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        _offer(self, user)

    def clean_who(self) -> Contact:
        """Find the contact that the user sees by one of its addresses."""
        written = addresses.canonical(self.cleaned_data["who"])
        found = Contact.objects.visible_to(self.user).filter(addresses__address=written).prefetch_related("addresses")
        contact = found.select_related("company").first()
        if contact is None:
            raise forms.ValidationError(_("No contact has this address. Create the contact first."))
        return contact

    def request(self) -> enrolling.EnrollRequest:
        """Return what is asked for; call after ``is_valid``."""
        data = self.cleaned_data
        return enrolling.EnrollRequest(
            contact=data["who"],
            sequence=data["sequence"],
            by=self.user,
            mailbox=data["mailbox"],
            start_step=data["start_step"],
            start_at=data["start_at"],
            own_steps=self._own_steps(),
            request_id=self._request_id(),
        )

    def _own_steps(self) -> dict[int, enrolling.OwnStep]:
        """Return what was changed for this contact: the fields that the preview adds for each step of the sequence.
        A field that reads as the step itself changes nothing."""
        own: dict[int, enrolling.OwnStep] = {}
        # Typed for another sequence, or another version of it: of no use here.
        version = self.cleaned_data["sequence"].current
        if self.data.get("own-version") != str(version.pk):
            return own
        for step in version.steps.all():
            typed = {name: self.data.get(f"own-{step.position}-{name}", "") for name in ("subject", "body", "delay")}
            body = typed["body"].replace("\r\n", "\n")
            unit = UNITS.get(self.data.get(f"own-{step.position}-unit", ""))
            delay = int(typed["delay"]) * unit if typed["delay"].isdecimal() and unit else None
            own[step.position] = enrolling.OwnStep(
                subject="" if typed["subject"] == step.subject else typed["subject"][:300],
                body="" if body.strip() == step.body.replace("\r\n", "\n").strip() else body,
                delay=None if delay == step.delay else delay,
            )
        return own

    def _request_id(self) -> str | None:
        """Tie the browser's word to user, contact and sequence, so that none answers for another's enrollment."""
        data = self.cleaned_data
        if not data["request_id"]:
            return None
        return f"{self.user.pk}:{data['who'].pk}:{data['sequence'].pk}:{data['request_id']}"


class BulkEnrollForm(forms.Form):
    """In what to enroll several contacts, from which mailbox, from which step and when."""

    sequence = forms.ModelChoiceField(label=_("Sequence"), queryset=Sequence.objects.none())
    mailbox = forms.ModelChoiceField(label=_("From mailbox"), queryset=Mailbox.objects.none(), required=False)
    start_step = forms.IntegerField(label=_("Start at step"), min_value=1, initial=1)
    start_at = _start_at()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        _offer(self, user)

    def wish(self) -> bulk_enrolling.Wish:
        """Return what is asked for; call after ``is_valid``."""
        data = self.cleaned_data
        return bulk_enrolling.Wish(
            sequence=data["sequence"],
            by=self.user,
            mailbox=data["mailbox"],
            start_step=data["start_step"],
            start_at=data["start_at"],
        )


class PauseForm(forms.Form):
    """Until when to pause."""

    until = forms.DateTimeField(
        label=_("Until"),
        required=False,
        help_text=_("Empty: until somebody resumes it."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
