"""A contact's record is deleted, restored, erased, or merged with another."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from relent import clock
from relent.flows import deleting, merging
from relent.flows.permissions import NotAllowed
from relent.records import duplicates
from relent.records.models import Contact, User
from relent.web import access, paging
from relent.web.pages import contacts

LATEST = ("-deleted_at", "-id")


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: access.Request, pk: int) -> HttpResponse:
    """Ask for confirmation; on POST, delete the contact and offer to restore it."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=pk)
    if request.method != "POST":
        running = contact.enrollments.open().select_related("sequence")
        return render(request, "web/contacts/delete.html", {"contact": contact, "running": running})
    deleting.delete_contact(contact, request.user, clock.now())
    undo = format_html('<a href="{}">{}</a>', reverse("contact-restore", args=[pk]), gettext("Restore"))
    messages.success(request, format_html("{} {}", gettext("%(name)s was deleted.") % {"name": contact.name}, undo))
    return redirect("contacts")


@require_http_methods(["GET", "HEAD", "POST"])
def restore(request: access.Request, pk: int) -> HttpResponse:
    """Ask for confirmation; on POST, restore a deleted contact. What had ended stays ended."""
    contact = get_object_or_404(_deleted(request.user), pk=pk)
    if request.method != "POST":
        return render(request, "web/contacts/restore.html", {"contact": contact})
    deleting.restore_contact(contact, request.user, clock.now())
    messages.success(request, gettext("%(name)s was restored.") % {"name": contact.name})
    return redirect("contact", pk)


def deleted(request: access.Request) -> HttpResponse:
    """List the deleted contacts that can be restored."""
    page = paging.cut(_deleted(request.user).prefetch_related("addresses"), LATEST, request.GET.get("after", ""))
    return render(request, "web/contacts/deleted.html", {"page": page})


@access.super_admin_only
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: access.Request, pk: int) -> HttpResponse:
    """Ask for the confirmation in words; on POST, erase what tells who the contact is."""
    contact = get_object_or_404(Contact.objects.filter(erased_at__isnull=True, merged_into__isnull=True), pk=pk)
    if request.method != "POST" or request.POST.get("sure") != "yes":
        context = {"contact": contact, "missing": request.method == "POST"}
        return render(request, "web/contacts/erase.html", context, status=422 if context["missing"] else 200)
    deleting.erase_contact(contact, request.user, clock.now())
    messages.success(request, gettext("The contact was erased."))
    return redirect("contacts")


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: access.Request, pk: int) -> HttpResponse:
    """Choose the record that is the same person; on POST, let everything of it be this record's."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=pk)
    visible = Contact.objects.visible_to(request.user).exclude(pk=pk).prefetch_related("addresses")
    chosen = request.POST.get("other") or request.GET.get("other", "")
    other = visible.select_related("company").filter(pk=int(chosen) if chosen.isdecimal() else 0).first()
    if request.method == "POST" and other is not None:
        try:
            merging.merge_contacts(contact, other, request.user, clock.now())
        except NotAllowed as error:
            raise PermissionDenied from error
        except merging.CannotMerge:
            messages.error(request, gettext("One of the two was deleted or merged meanwhile."))
            return redirect("contacts")
        messages.success(request, gettext("The two records are one now."))
        return redirect("contact", pk)
    words = request.GET.get("q", "").strip()
    found = contacts.search(visible, words) if words else duplicates.of(contact, visible)
    running = [row for one in (contact, other) if one for row in one.enrollments.open().select_related("sequence")]
    context = {
        "contact": contact,
        "other": other,
        "found": found.order_by(*contacts.BY_NAME)[:10],
        "q": words,
        "running": running,
    }
    return render(request, "web/contacts/merge.html", context)


def _deleted(user: User) -> QuerySet[Contact]:
    gone = Contact.objects.filter(deleted_at__isnull=False, erased_at__isnull=True, merged_into__isnull=True)
    return gone.reachable_by(user)
