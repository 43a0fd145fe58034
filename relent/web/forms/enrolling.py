"""The form of the enroll dialog."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from relent.flows import enrolling
from relent.records.models import Contact, Mailbox, Sequence, User
from relent.terms import addresses


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
    start_at = forms.DateTimeField(
        label=_("Start at"),
        required=False,
        help_text=_("Empty: the first step runs at once."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    request_id = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        mailboxes = Mailbox.objects.in_use().filter(Q(user=user) | Q(user__isnull=True))
        self.fields["sequence"].queryset = Sequence.objects.visible_to(user).order_by("name")  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["mailbox"].queryset = mailboxes.order_by("address")  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["sequence"].empty_label = _("Choose one")  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["mailbox"].empty_label = _("Your own")  # type: ignore[attr-defined]  # a ModelChoiceField

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
            request_id=self._request_id(),
        )

    def _request_id(self) -> str | None:
        """Tie the browser's word to user, contact and sequence, so that none answers for another's enrollment."""
        data = self.cleaned_data
        if not data["request_id"]:
            return None
        return f"{self.user.pk}:{data['who'].pk}:{data['sequence'].pk}:{data['request_id']}"


class PauseForm(forms.Form):
    """Until when to pause."""

    until = forms.DateTimeField(
        label=_("Until"),
        required=False,
        help_text=_("Empty: until somebody resumes it."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
