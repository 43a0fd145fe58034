"""Today: what waits for the user, what leaves next, and what just happened."""

from django.http import HttpResponse
from django.shortcuts import render

from relent.records.models import Contact, Delivery, TimelineEntry
from relent.terms.states import DeliveryState
from relent.web import access, attention, setup

SHOWN = 12


def home(request: access.Request) -> HttpResponse:
    """Show the day at a glance."""
    contacts = Contact.objects.visible_to(request.user)
    leaving = (
        Delivery.objects.filter(state=DeliveryState.PLANNED, enrollment__contact__in=contacts)
        .select_related("enrollment__contact", "enrollment__sequence", "step")
        .prefetch_related("enrollment__contact__addresses")
        .order_by("due_at", "pk")[:SHOWN]
    )
    happened = (
        TimelineEntry.objects.filter(contact__in=contacts)
        .select_related("contact", "enrollment__sequence")
        .prefetch_related("contact__addresses")
        .order_by("-pk")[:SHOWN]
    )
    context = {
        "leaving": leaving,
        "happened": happened,
        "silent": attention.silent_mailboxes(request.user),
        "setup_open": request.user.is_super_admin and not setup.is_finished(),
    }
    return render(request, "web/home.html", context)
