"""Enrollments: the enroll dialog, unenrolling by hand, pausing and resuming."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from relent import clock
from relent.flows import enrolling, pausing, undoing, unenrolling
from relent.records.models import Contact, Enrollment, Sequence, User
from relent.records.models.enrollment import EnrollmentQuerySet
from relent.web import access
from relent.web.forms.enrolling import EnrollForm, PauseForm
from relent.web.forms.sequences import split

SURFACES = {"record", "summary", "scheduled"}


@require_http_methods(["GET", "HEAD", "POST"])
def enroll(request: access.Request) -> HttpResponse:
    """Open the dialog, or enroll: the first step then runs at once or at the time given."""
    if request.method != "POST":
        return _dialog(request, EnrollForm(user=request.user, initial=_initial(request)))
    form = EnrollForm(request.POST, user=request.user)
    if not form.is_valid():
        return _dialog(request, form, status=422)
    try:
        enrollment = enrolling.enroll(form.request(), clock.now())
    except enrolling.EnrollmentRefused:
        return _dialog(request, form, status=422)  # the preview says which rule refuses, and what to do
    said = gettext("%(name)s is enrolled in “%(sequence)s”.")
    messages.success(request, said % {"name": enrollment.contact.name, "sequence": enrollment.sequence.name})
    return redirect("contact", enrollment.contact_id)


@require_POST
def preview(request: access.Request) -> HttpResponse:
    """Show the date of each step and every refusal, as the fields of the dialog stand."""
    if another_day := request.POST.get("another_day"):
        postponed = request.POST.copy()
        postponed["start_at"] = another_day
        return _dialog(request, EnrollForm(postponed, user=request.user))
    form = EnrollForm(request.POST, user=request.user)
    if not request.htmx:
        return _dialog(request, form)
    return render(request, "web/enrolling/preview.html", _planned(form))


def contact_options(request: access.Request) -> HttpResponse:
    """Return the contacts whose name or address begins as what was typed, for the dialog's list."""
    typed = request.GET.get("who", "").strip()
    found = Contact.objects.visible_to(request.user).prefetch_related("addresses").order_by("last_name", "id")
    if typed:
        by_address = Contact.objects.filter(addresses__address__istartswith=typed).values("pk")
        found = found.filter(pk__in=by_address) | found.filter(last_name__istartswith=typed)
    return render(request, "web/enrolling/contact_options.html", {"contacts": found[:20]})


@require_http_methods(["GET", "HEAD", "POST"])
def unenroll(request: access.Request, pk: int) -> HttpResponse:
    """Ask for confirmation; on POST, take the contact out of the sequence."""
    enrollment = get_object_or_404(enrollments_of(request.user), pk=pk)
    if not unenrolling.may_unenroll(request.user, enrollment.contact):
        raise PermissionDenied
    surface = request.GET.get("surface", "record")
    if request.method != "POST":
        return render(request, "web/enrolling/unenroll.html", {"enrollment": enrollment, "surface": surface})
    surface = surface if surface in SURFACES else "record"
    try:
        ended = unenrolling.by_hand(enrollment.pk, request.user, clock.now(), surface=surface)
    except unenrolling.NotAllowed as refusal:
        raise PermissionDenied from refusal
    said = gettext("%(name)s is unenrolled. Nothing more is sent.") if ended else gettext("%(name)s had left before.")
    messages.success(request, said % {"name": enrollment.contact.name})
    if surface == "summary" and Sequence.objects.visible_to(request.user).filter(pk=enrollment.sequence_id).exists():
        return redirect("sequence-enrollments", enrollment.sequence_id)
    if surface == "scheduled":
        return redirect("scheduled")
    return redirect("contact", enrollment.contact_id)


@require_http_methods(["GET", "HEAD", "POST"])
def pause(request: access.Request, pk: int) -> HttpResponse:
    """Ask until when; on POST, pause the enrollment."""
    enrollment = get_object_or_404(enrollments_of(request.user).open(), pk=pk)
    form = PauseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        pausing.pause(enrollment.pk, request.user, clock.now(), until=form.cleaned_data["until"])
        messages.success(request, gettext("Paused."))
        return redirect("contact", enrollment.contact_id)
    return render(request, "web/enrolling/pause.html", {"enrollment": enrollment, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: access.Request, pk: int) -> HttpResponse:
    """Ask for confirmation; on POST, let the enrollment go on."""
    enrollment = get_object_or_404(enrollments_of(request.user).open(), pk=pk)
    if request.method == "POST":
        pausing.resume(enrollment.pk, request.user, clock.now())
        messages.success(request, gettext("It goes on."))
        return redirect("contact", enrollment.contact_id)
    return render(request, "web/enrolling/resume.html", {"enrollment": enrollment})


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: access.Request, pk: int) -> HttpResponse:
    """Say what undoing the end would do; on POST, take the enrollment up again in a successor."""
    enrollment = get_object_or_404(enrollments_of(request.user), pk=pk)
    refused = undoing.refusal(enrollment, request.user, clock.now())
    if request.method != "POST" or refused:
        context: dict[str, Any] = {"enrollment": enrollment, "refused": refused}
        context["next_at"] = None if refused else undoing.next_at(enrollment, clock.now())
        return render(request, "web/enrolling/undo.html", context, status=422 if request.method == "POST" else 200)
    try:
        successor = undoing.undo(enrollment.pk, request.user, clock.now())
    except undoing.EnrollmentRefused as refusal:  # it became so since it was looked at
        return render(
            request, "web/enrolling/undo.html", {"enrollment": enrollment, "refused": refusal.code}, status=422
        )
    messages.success(request, gettext("%(name)s is enrolled again.") % {"name": successor.contact.name})
    return redirect("contact", successor.contact_id)


def enrollments_of(user: User) -> EnrollmentQuerySet:
    """Return the enrollments of the contacts that ``user`` may communicate with, in private sequences too."""
    rows = Enrollment.objects.filter(contact__in=Contact.objects.visible_to(user))
    return rows.select_related("contact", "sequence").prefetch_related("contact__addresses")


def _dialog(request: access.Request, form: EnrollForm, status: int = 200) -> HttpResponse:
    context = _planned(form)
    return render(request, "web/enrolling/dialog.html", context, status=status)


def _initial(request: access.Request) -> dict[str, Any]:
    contact = Contact.objects.visible_to(request.user).filter(pk=_number(request.GET.get("contact"))).first()
    own = request.user.mailboxes.in_use().order_by("address").first()
    return {
        "who": contact.email if contact else "",
        "sequence": _number(request.GET.get("sequence")) or None,
        "mailbox": own.pk if own else None,
        "start_step": 1,
        # One dialog enrolls once, however often its button is pressed.
        "request_id": f"web-{uuid.uuid4()}",
    }


def _planned(form: EnrollForm) -> dict[str, Any]:
    """What the dialog shows below its fields: dates, what stands against it, and the steps as they may be edited."""
    if not form.is_bound or not form.is_valid():
        return {"form": form, "preview": None}
    version = form.cleaned_data["sequence"].current
    preview = enrolling.preview(form.request(), clock.now())
    edited = form.data.get("own-version") == str(version.pk)
    steps = [(step, split(step.delay)) for step in preview.steps]
    return {"form": form, "preview": preview, "version": version, "steps": steps, "edited": edited}


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0
