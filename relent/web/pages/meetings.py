"""Meetings: the list, what users write down on a contact's record, and the booking pages."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from relent import clock
from relent.flows import auditing, meeting_links, meetings_by_hand, permissions
from relent.flows.permissions import NotAllowed
from relent.records.models import BookingPage, Contact, Meeting, MeetingAssociation
from relent.web import access, paging
from relent.web.forms.meetings import MeetingForm, PageForm

COMING = ("starts_at", "id")
PAST = ("-starts_at", "-id")
OFFERED = 20


def index(request: access.Request) -> HttpResponse:
    """List the meetings to come, or those that have been, with whom and how they came about."""
    past = request.GET.get("state") == "past"
    found = meetings_by_hand.visible_to(request.user).select_related("page")
    found = found.filter(ends_at__lte=clock.now()) if past else found.filter(ends_at__gt=clock.now())
    # Of the contacts on whose records a meeting stands, a reader is told those whom the reader sees.
    named = MeetingAssociation.objects.filter(contact__in=Contact.objects.visible_to(request.user))
    found = found.prefetch_related(
        "hosts__user", "attendees", Prefetch("associations", named.select_related("contact"))
    )
    found = found.prefetch_related("associations__contact__addresses")
    page = paging.cut(found, PAST if past else COMING, request.GET.get("after", ""))
    rows = [(meeting, meetings_by_hand.may_cancel(meeting, request.user)) for meeting in page.rows]
    return render(request, "web/meetings/list.html", {"page": page, "rows": rows, "past": past, "tab": "meetings"})


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: access.Request, pk: int) -> HttpResponse:
    """Ask for confirmation; on POST, call a meeting off."""
    meeting = get_object_or_404(meetings_by_hand.visible_to(request.user), pk=pk)
    if not meetings_by_hand.may_cancel(meeting, request.user):
        raise PermissionDenied
    if request.method == "POST":
        meetings_by_hand.cancel(meeting, request.user, clock.now())
        messages.success(request, gettext("The meeting is cancelled."))
        return redirect("meetings")
    return render(request, "web/meetings/cancel.html", {"meeting": meeting})


def new(request: access.Request, pk: int) -> HttpResponse:
    """Log or schedule a meeting with a contact."""
    contact = _contact(request, pk)
    form = MeetingForm(request.POST or None, user=request.user, contact=contact, now=clock.now())
    if request.method == "POST" and form.is_valid():
        _allowed(lambda: meetings_by_hand.log(form.plan(), request.user, clock.now()))
        messages.success(request, gettext("The meeting is on the record."))
        return redirect("contact", contact.pk)
    context = {"form": form, "contact": contact}
    return render(request, "web/meetings/new.html", context, status=422 if form.errors else 200)


def of_contact(request: access.Request, pk: int) -> HttpResponse:
    """Show a contact's meetings, and those that the contact can be associated with; on POST, associate."""
    contact = _contact(request, pk)
    seen = meetings_by_hand.visible_to(request.user)
    if request.method == "POST":
        number = request.POST.get("meeting", "")
        meeting = get_object_or_404(seen, pk=int(number) if number.isdecimal() else 0)
        _allowed(lambda: meetings_by_hand.associate(meeting, contact, request.user, clock.now()))
        messages.success(request, gettext("The meeting is on the record."))
        return redirect("contact-meetings", contact.pk)
    theirs = Meeting.objects.of(contact).prefetch_related("hosts__user").order_by(*PAST)
    others = seen.standing().exclude(pk__in=theirs.values("pk")).prefetch_related("hosts__user")
    context = {"contact": contact, "meetings": theirs[:50], "others": others.order_by("-logged_at", "-id")[:OFFERED]}
    return render(request, "web/meetings/contact.html", context)


def pages(request: access.Request) -> HttpResponse:
    """List the booking pages: one's own; a super admin's, everybody's."""
    found = _pages(request).select_related("user").order_by("user__name", "title", "id")
    rows = [(page, meeting_links.address_of(page.slug)) for page in found]
    return render(request, "web/meetings/pages.html", {"rows": rows, "tab": "pages"})


def new_page(request: access.Request) -> HttpResponse:
    """Create a booking page of one's own."""
    page = BookingPage(user=request.user, created_at=clock.now())
    return _edit(request, page, "booking_page.created")


def edit_page(request: access.Request, pk: int) -> HttpResponse:
    """Edit a booking page, or switch it off."""
    page = get_object_or_404(_pages(request).select_related("user"), pk=pk)
    return _edit(request, page, "booking_page.changed")


def _edit(request: access.Request, page: BookingPage, action: str) -> HttpResponse:
    form = PageForm(request.POST or None, instance=page)
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        auditing.note(request.user, action, f"booking_page:{saved.pk}", clock.now(), slug=saved.slug)
        messages.success(request, gettext("Saved."))
        return redirect("booking-pages")
    context = {"form": form, "page": page, "begins": meeting_links.address_of("")}
    return render(request, "web/meetings/page.html", context, status=422 if form.errors else 200)


def _pages(request: access.Request) -> QuerySet[BookingPage]:
    return BookingPage.objects.all() if request.user.is_super_admin else BookingPage.objects.filter(user=request.user)


def _contact(request: access.Request, pk: int) -> Contact:
    visible = Contact.objects.visible_to(request.user).prefetch_related("addresses")
    contact = get_object_or_404(visible, pk=pk)
    _allowed(lambda: permissions.require_contact(request.user, contact))
    return contact


def _allowed(act: Callable[[], object]) -> None:
    try:
        act()
    except NotAllowed as error:
        raise PermissionDenied from error
