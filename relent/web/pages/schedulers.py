"""The account's schedulers of somebody else's: where they report to, and what signs their reports."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from relent import clock
from relent.flows import schedulers
from relent.records.models import Scheduler
from relent.terms.meetings import SchedulerKind
from relent.web import access
from relent.web.forms.meetings import SchedulerForm


@access.super_admin_only
@never_cache
@sensitive_post_parameters()
def show(request: access.Request) -> HttpResponse:
    """Show each scheduler's address to report to; on POST, save its secret, or take no more of its reports."""
    posted = request.POST.get("kind", "")
    if request.method == "POST" and posted in set(SchedulerKind) and _changed(request, SchedulerKind(posted)):
        return redirect("schedulers")
    rows = [_row(request, kind, posted == kind) for kind in SchedulerKind]
    return render(request, "web/account/schedulers.html", {"rows": rows, "tab": "schedulers"})


def _changed(request: access.Request, kind: SchedulerKind) -> bool:
    if "disconnect" in request.POST:
        schedulers.disconnect(kind, request.user, clock.now())
        messages.success(request, gettext("No more reports are taken."))
        return True
    if "connect" in request.POST:
        schedulers.connect(kind, request.user, clock.now())
        return True
    form = SchedulerForm(request.POST, prefix=kind.value)
    if form.is_valid():
        data = form.cleaned_data
        schedulers.save(kind, data["secret"], data["hosts"], request.user, clock.now())
        messages.success(request, gettext("Saved."))
    return form.is_valid()


def _row(request: access.Request, kind: SchedulerKind, is_posted: bool) -> dict[str, object]:
    scheduler = Scheduler.objects.filter(kind=kind).first()
    initial = {"hosts": scheduler.hosts} if scheduler else {}
    form = SchedulerForm(request.POST if is_posted else None, prefix=kind.value, initial=initial)
    if kind is SchedulerKind.CALENDLY:
        del form.fields["hosts"]
    url = f"{settings.PUBLIC_URL}/hooks/{kind}/{scheduler.token}" if scheduler else ""
    return {"kind": kind, "scheduler": scheduler, "form": form, "url": url, "name": kind.en}
