"""The forms of who may not be mailed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from relent.flows import opt_outs


class BlockForm(forms.Form):
    """An address that is never mailed, and why."""

    address = forms.EmailField(label=_("Mail address"), max_length=320)
    because = forms.CharField(label=_("Why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class BecauseForm(forms.Form):
    """Why an address may be mailed again, or may not be any more."""

    because = forms.CharField(
        label=_("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What the person said, when and to whom. It is kept with your name."),
    )


class SourceForm(forms.Form):
    """Where a contact has opted out."""

    source = forms.CharField(
        label=_("Where did the contact say so?"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class ListForm(forms.Form):
    """A list of opt-outs: a file, or addresses that are pasted."""

    file = forms.FileField(label=_("File"), required=False, help_text=_("CSV, or one address to the line."))
    pasted = forms.CharField(
        label=_("Or paste the addresses"), required=False, widget=forms.Textarea(attrs={"rows": 5})
    )

    def clean(self) -> dict[str, Any]:
        """Take one of the two, of a size that can be read."""
        data = super().clean() or {}
        if data.get("file") is not None and data["file"].size > opt_outs.LARGEST:
            raise forms.ValidationError(_("The file is too large: split it."))
        if data.get("file") is None and not data.get("pasted") and not self.errors:
            raise forms.ValidationError(_("Choose a file, or paste addresses."))
        return data

    @property
    def content(self) -> tuple[str, bytes]:
        """The list's name and its bytes."""
        file = self.cleaned_data["file"]
        return (file.name, file.read()) if file is not None else ("", self.cleaned_data["pasted"].encode())
