"""Enrolling several contacts at once: from the ticks of the contact list to a result for each."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from relent import clock
from relent.flows import bulk_enrolling
from relent.records.models import Contact, EnrollBatch, EnrollRow
from relent.web import access, paging
from relent.web.forms.enrolling import BulkEnrollForm

MOST_AT_ONCE = 500


@require_POST
def begin(request: access.Request) -> HttpResponse:
    """Ask in what to enroll the ticked contacts; with ``confirmed``, begin."""
    ids = [int(text) for text in request.POST.getlist("contact")[:MOST_AT_ONCE] if text.isdecimal()]
    ticked = list(Contact.objects.visible_to(request.user).filter(pk__in=ids).prefetch_related("addresses"))
    if not ticked:
        messages.warning(request, gettext("Nobody was ticked. Tick the contacts to enroll first."))
        return redirect("contacts")
    confirmed = "confirmed" in request.POST
    form = BulkEnrollForm(request.POST if confirmed else None, user=request.user, initial=_initial(request))
    if confirmed and form.is_valid():
        now = clock.now()
        batch = bulk_enrolling.begin(form.wish(), [contact.pk for contact in ticked], now)
        bulk_enrolling.work(batch, now)  # the first ones at once; workers do the rest
        return redirect("enroll-batch", batch.pk)
    context: dict[str, Any] = {"form": form, "ticked": ticked}
    return render(request, "web/enrolling/bulk.html", context, status=422 if form.errors else 200)


def show(request: access.Request, pk: int) -> HttpResponse:
    """Show how far a batch is and what became of each row; htmx asks again while it goes on."""
    batches = EnrollBatch.objects.select_related("sequence", "by")
    batch = get_object_or_404(batches if request.user.is_super_admin else batches.filter(by=request.user), pk=pk)
    rows = EnrollRow.objects.filter(batch=batch)
    done = rows.filter(at__isnull=False)
    context = {
        "batch": batch,
        "total": rows.count(),
        "done": done.count(),
        "enrolled": done.filter(code="").count(),
        "page": paging.cut(
            done.select_related("contact", "enrollment").prefetch_related("contact__addresses"),
            ("id",),
            request.GET.get("after", ""),
        ),
    }
    template = "web/enrolling/batch_progress.html" if request.htmx else "web/enrolling/batch.html"
    return render(request, template, context)


def _initial(request: access.Request) -> dict[str, Any]:
    own = request.user.mailboxes.in_use().order_by("address").first()
    return {"mailbox": own.pk if own else None, "start_step": 1}
