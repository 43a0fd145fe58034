"""Lists of contacts."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from relent import clock
from relent.flows import lists
from relent.records.models import Contact, ContactList, ListMember
from relent.web import access, paging
from relent.web.forms.people import WhoForm


class ListForm(forms.Form):
    """The name of a list."""

    name = forms.CharField(label=_("Name"), max_length=150)

    def clean_name(self) -> str:
        """Refuse a name that another list has."""
        name: str = self.cleaned_data["name"]
        if ContactList.objects.filter(name__iexact=name).exists():
            raise forms.ValidationError(_("Another list has this name already."))
        return name


def index(request: access.Request) -> HttpResponse:
    """List the lists; on POST, create one. The number is that of the contacts whom the user sees."""
    form = ListForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = lists.create(form.cleaned_data["name"], request.user, clock.now())
        return redirect("list", made.pk)
    page = paging.cut(ContactList.objects.all(), ("name", "id"), request.GET.get("after", ""))
    visible = ListMember.objects.filter(contact__in=Contact.objects.visible_to(request.user))
    rows = [(row, visible.filter(list=row).count()) for row in page.rows]
    context = {"page": page, "rows": rows, "form": form}
    return render(request, "web/lists/list.html", context, status=422 if form.errors else 200)


def show(request: access.Request, pk: int) -> HttpResponse:
    """Show who is on a list, of those whom the user sees; on POST, add one."""
    shown = get_object_or_404(ContactList, pk=pk)
    form = WhoForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        contact = form.cleaned_data["who"]
        added = lists.add(shown, [contact], clock.now())
        said = gettext("%(name)s is on the list.") if added else gettext("%(name)s was on the list already.")
        messages.success(request, said % {"name": contact.name})
        return redirect("list", shown.pk)
    members = shown.members.filter(contact__in=Contact.objects.visible_to(request.user))
    rows = members.select_related("contact__company").prefetch_related("contact__addresses")
    page = paging.cut(rows, ("-since", "-id"), request.GET.get("after", ""))
    context = {"list": shown, "page": page, "who": form}
    return render(request, "web/lists/show.html", context, status=422 if form.errors else 200)


@require_POST
def put_on(request: access.Request, pk: int) -> HttpResponse:
    """Put a contact that the user sees on a list, from its record."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=pk)
    number = request.POST.get("list", "")
    chosen = get_object_or_404(ContactList, pk=int(number) if number.isdecimal() else 0)
    lists.add(chosen, [contact], clock.now())
    messages.success(request, gettext("%(name)s is on the list.") % {"name": contact.name})
    return redirect("contact", contact.pk)


@require_POST
def remove(request: access.Request, pk: int) -> HttpResponse:
    """Take a contact that the user sees off a list."""
    shown = get_object_or_404(ContactList, pk=pk)
    number = request.POST.get("contact", "")
    visible = Contact.objects.visible_to(request.user)
    contact = get_object_or_404(visible, pk=int(number) if number.isdecimal() else 0)
    lists.remove(shown, contact)
    messages.success(request, gettext("%(name)s is no longer on the list.") % {"name": contact.name})
    return redirect("list", shown.pk)


def delete(request: access.Request, pk: int) -> HttpResponse:
    """Ask for confirmation; on POST, delete a list. It is everybody's, so that is for managers and super admins."""
    access.require_team(request.user)
    shown = get_object_or_404(ContactList, pk=pk)
    if request.method != "POST":
        number = shown.members.count()
        said = ngettext("%(number)d contact is on it.", "%(number)d contacts are on it.", number) % {"number": number}
        return render(request, "web/lists/delete.html", {"list": shown, "said": said})
    lists.delete(shown, request.user, clock.now())
    messages.success(request, gettext("%(name)s was deleted.") % {"name": shown.name})
    return redirect("lists")
