"""Needs you: what no machine can decide."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from relent import clock
from relent.flows import reviewing
from relent.records.models import ReviewItem
from relent.terms.reviews import ReviewAnswer, ReviewKind
from relent.web import access, attention


def index(request: access.Request) -> HttpResponse:
    """List mails that may have left, held enrollments, and mailboxes that cannot be read."""
    context = {
        "unknown": attention.unknown_deliveries(request.user).defer("raw")[:100],
        "held": attention.held_enrollments(request.user)[:100],
        "silent": attention.silent_mailboxes(request.user),
    }
    return render(request, "web/attention.html", context)


@require_POST
def settle(request: access.Request, pk: int) -> HttpResponse:
    """Take the user's word for whether a mail left: ``left=yes`` it did, ``left=no`` it did not and is sent."""
    delivery = get_object_or_404(attention.unknown_deliveries(request.user), pk=pk)
    left = request.POST.get("left") == "yes"
    asked = ReviewItem.objects.open().filter(enrollment=delivery.enrollment_id, kind=ReviewKind.SENT_UNKNOWN)
    answer = ReviewAnswer.LEFT if left else ReviewAnswer.NOT_LEFT
    reviewing.answer(get_object_or_404(asked).pk, answer, request.user, clock.now())
    said = gettext("Noted as sent. The sequence goes on.") if left else gettext("Noted. The mail is sent again.")
    messages.success(request, said)
    return redirect("attention")


@require_POST
def release(request: access.Request, pk: int) -> HttpResponse:
    """Let a held enrollment go on."""
    enrollment = get_object_or_404(attention.held_enrollments(request.user), pk=pk)
    reviewing.release(enrollment.pk, clock.now(), enrollment.reason)
    messages.success(request, gettext("The sequence goes on for %(name)s.") % {"name": enrollment.contact.name})
    return redirect("attention")
