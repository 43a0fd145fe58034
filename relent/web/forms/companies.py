"""The form of a company."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from relent.records.models import Company
from relent.terms import addresses

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Company]
else:
    _ModelForm = forms.ModelForm  # generic for the type checker only


class CompanyForm(_ModelForm):
    """Name, mail domain and parent of a company."""

    class Meta:
        model = Company
        fields = ["name", "domain", "parent"]
        labels = {"name": _("Name"), "domain": _("Mail domain"), "parent": _("Parent company")}
        help_texts = {
            "domain": _("Contacts are colleagues by their record, never by this domain alone."),
            "parent": _(
                "A parent and its daughters are different companies: a reply to one stops nobody at the other."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = Company.objects.filter(merged_into=None).exclude(pk=self.instance.pk)
        self.fields["parent"].queryset = present.order_by("name")  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean_domain(self) -> str:
        """Store the one spelling that is compared with."""
        return addresses.canonical(self.cleaned_data["domain"]).removeprefix("@")

    def clean_parent(self) -> Company | None:
        """Refuse a circle: nobody is above their own parent."""
        parent: Company | None = self.cleaned_data["parent"]
        above, met = parent, set()
        while above is not None and above.pk not in met:
            if above.pk == self.instance.pk:
                raise forms.ValidationError(_("This company is below the one you edit."))
            met.add(above.pk)
            above = above.parent
        return parent
