"""Contacts: the list, the form, and the record with its timeline."""

import hashlib
from typing import Any

from django.contrib import messages
from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.functions import Left
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext

from relent import clock
from relent.flows import unenrolling
from relent.records import duplicates
from relent.records.models import Company, Contact, Enrollment, Suppression, TimelineEntry, User
from relent.terms.history import TimelineKind
from relent.web import access, attention, paging, rails
from relent.web.forms.contacts import ContactForm

BY_NAME = ("last_name", "first_name", "id")
NEWEST = ("-at", "-id")
ENTRIES = 25
TOLD = ("person_wrote", "auto_replied")  # the kinds of mail whose words the timeline shows
MOST_TEXT = 4000  # characters of them; the mail's own page has the rest


def index(request: access.Request) -> HttpResponse:
    """List the contacts the user sees, with the enrollment each is in."""
    found = search(Contact.objects.visible_to(request.user), request.GET.get("q", "").strip())
    page = paging.cut(
        found.select_related("company", "owner").prefetch_related("addresses"), BY_NAME, request.GET.get("after", "")
    )
    running = {
        enrollment.contact_id: enrollment
        for enrollment in Enrollment.objects.open().filter(contact__in=page.rows).select_related("sequence")
    }
    rows = [(contact, running.get(contact.pk)) for contact in page.rows]
    return render(request, "web/contacts/list.html", {"page": page, "rows": rows, "q": request.GET.get("q", "")})


def new(request: access.Request) -> HttpResponse:
    """Create a contact."""
    form = ContactForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        contact = form.save(clock.now())
        messages.success(request, gettext("%(name)s was added.") % {"name": contact.name})
        return redirect("contact", contact.pk)
    return _form(request, form)


def edit(request: access.Request, pk: int) -> HttpResponse:
    """Edit a contact and its addresses."""
    contact = _contact(request, pk)
    form = ContactForm(request.POST or None, user=request.user, contact=contact)
    if request.method == "POST" and form.is_valid():
        form.save(clock.now())
        messages.success(request, gettext("Saved."))
        return redirect("contact", contact.pk)
    return _form(request, form)


def record(request: access.Request, pk: int) -> HttpResponse:
    """Show one contact: who it is, where it stands, and everything that happened, with the reasons."""
    contact = _contact(request, pk)
    entries = paging.cut(_timeline(contact, request.user), NEWEST, "", ENTRIES)
    floor = paging.mark(entries.rows[-1], NEWEST) if entries.rows else ""
    context = {"contact": contact, "next": entries.next, "live": _live(request, contact, floor)}
    return render(request, "web/contacts/record.html", context)


def live(request: access.Request, pk: int) -> HttpResponse:
    """Return the parts of the record that change, or 204 while they are as the page already shows them."""
    contact = _contact(request, pk)
    context = _live(request, contact, request.GET.get("floor", ""))
    if request.GET.get("seen") == context["stamp"]:
        return HttpResponse(status=204)
    return render(request, "web/contacts/live.html", {"contact": contact, "live": context})


def timeline(request: access.Request, pk: int) -> HttpResponse:
    """Return older entries of the timeline: a fragment, or a page of its own without JavaScript."""
    contact = _contact(request, pk)
    entries = paging.cut(_timeline(contact, request.user), NEWEST, request.GET.get("after", ""), ENTRIES)
    return render(request, "web/contacts/timeline.html", {"contact": contact, "entries": entries})


def _contact(request: access.Request, pk: int) -> Contact:
    visible = Contact.objects.visible_to(request.user).select_related("company", "owner")
    return get_object_or_404(visible.prefetch_related("addresses"), pk=pk)


def search(contacts: QuerySet[Contact], words: str) -> QuerySet[Contact]:
    """Return the contacts in which each of the ``words`` occurs."""
    for word in words.split()[:5]:
        contacts = contacts.filter(
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(company__name__icontains=word)
            | Q(pk__in=Contact.objects.filter(addresses__address__icontains=word).values("pk"))
        )
    return contacts


def _form(request: access.Request, form: ContactForm) -> HttpResponse:
    companies = Company.objects.filter(merged_into=None).order_by("name").values_list("name", flat=True)[:200]
    context = {"form": form, "contact": form.contact, "companies": companies}
    return render(request, "web/contacts/form.html", context, status=422 if form.errors else 200)


def _timeline(contact: Contact, user: User) -> QuerySet[TimelineEntry]:
    """Each entry with the beginning of its mail's text (``wrote``), where the user may read that mailbox."""
    rows = contact.timeline.select_related("actor", "enrollment__sequence", "delivery", "item", "meeting", "workflow")
    readable = Q(kind=TimelineKind.MAIL_RECEIVED, item__mailbox__in=attention.mailboxes_of(user), item__kind__in=TOLD)
    beginning = Case(When(readable, then=Left("item__text", MOST_TEXT)), default=Value(""))
    return rows.annotate(wrote=beginning).defer("item__raw", "item__headers", "item__text", "delivery__raw")


def _live(request: access.Request, contact: Contact, floor: str) -> dict[str, Any]:
    """What the record polls. The page keeps showing what it showed: everything down to the mark ``floor``."""
    older = paging.cut(_timeline(contact, request.user), NEWEST, floor, 1).rows if floor else []
    entries = list(_newer_than(_timeline(contact, request.user), older[0] if older else None))
    enrollments = list(
        contact.enrollments.select_related("sequence", "version", "mailbox", "enrolled_by").order_by("-id")[:20]
    )
    running = next((enrollment for enrollment in enrollments if enrollment.is_open), None)
    context: dict[str, Any] = {
        "contact": contact,
        "entries": entries,
        "running": running,
        "past": [enrollment for enrollment in enrollments if not enrollment.is_open],
        "rail": rails.of(running) if running else [],
        "may_unenroll": running is not None and unenrolling.may_unenroll(request.user, contact),
        "suppressions": Suppression.objects.holding_for([row.address for row in contact.addresses.all()]),
        "alike": duplicates.of(contact, Contact.objects.visible_to(request.user)),
        "floor": floor,
        "has_older": bool(older),
    }
    shown = render_to_string("web/contacts/live_parts.html", {"live": context, "contact": contact}, request)
    # The stamp covers what is shown and nothing else: no change in the page can be missed, and none is imagined.
    context["stamp"] = hashlib.sha256(shown.encode()).hexdigest()[:16]
    context["html"] = shown
    return context


def _newer_than(timeline: QuerySet[TimelineEntry], hidden: TimelineEntry | None) -> QuerySet[TimelineEntry]:
    entries = timeline.order_by(*NEWEST)
    if hidden:
        entries = entries.exclude(at__lt=hidden.at).exclude(at=hidden.at, pk__lte=hidden.pk)
    return entries[:200]
