"""Deals: the list, and the form with a deal's stage and contacts."""

from django import forms
from django.contrib import messages
from django.core.validators import validate_email
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from relent import clock
from relent.flows import deals
from relent.flows.deals import DealDraft
from relent.records.models import Company, Contact, Deal, User
from relent.terms import addresses
from relent.terms.roles import Role
from relent.web import access, paging


class DealForm(forms.Form):
    """One deal."""

    name = forms.CharField(label=_("Name"), max_length=200)
    stage = forms.CharField(
        label=_("Stage"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"list": "stages", "autocomplete": "off"}),
        help_text=_("In your own words: a workflow can wait for a stage."),
    )
    company = forms.CharField(
        label=_("Company"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"list": "companies", "autocomplete": "off"}),
    )
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), required=False, empty_label=_("Nobody: everybody sees it")
    )
    people = forms.CharField(
        label=_("Contacts"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The mail address of one contact on each line."),
    )

    def __init__(self, *args: object, user: User, deal: Deal | None = None, **kwargs: object) -> None:
        self.user, self.deal = user, deal
        kwargs.setdefault("initial", _initial(user, deal))
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through as they came
        owners = User.objects.filter(is_active=True).order_by("name")
        self.fields["owner"].queryset = owners if user.role != Role.REP else owners.filter(pk=user.pk)  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean_company(self) -> Company | None:
        """Find the company by its name."""
        name = self.cleaned_data["company"].strip()
        found = Company.objects.filter(name__iexact=name, merged_into__isnull=True).first() if name else None
        if name and found is None:
            raise forms.ValidationError(_("There is no company of this name."))
        return found

    def clean_people(self) -> list[Contact]:
        """Find the contacts that the user sees by their addresses."""
        found = []
        for line in self.cleaned_data["people"].splitlines():
            written = addresses.canonical(line)
            if not written:
                continue
            visible = Contact.objects.visible_to(self.user).filter(addresses__address=written)
            contact = visible.first() if _is_address(written) else None
            if contact is None:
                raise forms.ValidationError(gettext("No contact has the address “%(line)s”."), params={"line": line})
            found.append(contact)
        return found

    def save(self) -> Deal:
        """Save the deal; contacts on it that the user does not see stay on it."""
        data = self.cleaned_data
        draft = DealDraft(name=data["name"], stage=data["stage"], company=data["company"], owner=data["owner"])
        unseen: list[Contact] = []
        if self.deal:
            seen = Contact.objects.visible_to(self.user).values("pk")
            unseen = list(self.deal.contacts.exclude(pk__in=seen))
        return deals.save(draft, [*data["people"], *unseen], self.user, clock.now(), self.deal)


def index(request: access.Request) -> HttpResponse:
    """List the deals that the user sees."""
    found = Deal.objects.visible_to(request.user).select_related("company", "owner").prefetch_related("contacts")
    stage = request.GET.get("stage", "")
    if stage:
        found = found.filter(stage=stage)
    page = paging.cut(found, ("-created_at", "-id"), request.GET.get("after", ""))
    return render(request, "web/deals/list.html", {"page": page, "stages": _stages(request.user), "stage": stage})


def new(request: access.Request) -> HttpResponse:
    """Create a deal, with the contact that the address may name."""
    return _edit(request, None)


def edit(request: access.Request, pk: int) -> HttpResponse:
    """Edit a deal, its stage and its contacts."""
    return _edit(request, get_object_or_404(Deal.objects.visible_to(request.user), pk=pk))


@require_POST
def delete(request: access.Request, pk: int) -> HttpResponse:
    """Delete a deal; its contacts stay."""
    deal = get_object_or_404(Deal.objects.visible_to(request.user), pk=pk)
    deals.delete(deal, request.user, clock.now())
    messages.success(request, gettext("%(name)s was deleted.") % {"name": deal.name})
    return redirect("deals")


def _edit(request: access.Request, deal: Deal | None) -> HttpResponse:
    form = DealForm(request.POST or None, user=request.user, deal=deal)
    if request.method != "POST" and not deal:
        number = request.GET.get("contact", "")
        visible = Contact.objects.visible_to(request.user).filter(pk=int(number) if number.isdecimal() else 0)
        for contact in visible.select_related("company"):
            form.initial["people"] = contact.email
            form.initial["company"] = contact.company.name if contact.company else ""
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        messages.success(request, gettext("%(name)s was saved.") % {"name": saved.name})
        return redirect("deals")
    companies = Company.objects.filter(merged_into__isnull=True).order_by("name").values_list("name", flat=True)[:200]
    context = {"form": form, "deal": deal, "companies": companies, "stages": _stages(request.user)}
    return render(request, "web/deals/form.html", context, status=422 if form.errors else 200)


def _stages(user: User) -> list[str]:
    named = Deal.objects.visible_to(user).exclude(stage="").order_by("stage")
    return list(named.values_list("stage", flat=True).distinct()[:50])


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except forms.ValidationError:
        return False
    return True


def _initial(user: User, deal: Deal | None) -> dict[str, object]:
    if deal is None:
        return {"owner": user.pk}
    people = deal.contacts.filter(pk__in=Contact.objects.visible_to(user).values("pk")).prefetch_related("addresses")
    return {
        "name": deal.name,
        "stage": deal.stage,
        "company": deal.company.name if deal.company else "",
        "owner": deal.owner_id,
        "people": "\n".join(contact.email for contact in people),
    }
