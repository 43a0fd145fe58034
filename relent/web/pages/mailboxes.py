"""Mailboxes: their state, connecting them, and their limits."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from relent import clock
from relent.flows import auditing, mailboxes
from relent.records.models import Delivery, Mailbox
from relent.terms.states import DeliveryState, MailboxState
from relent.web import access, attention
from relent.web.forms.mailboxes import SECRETS, LimitsForm, MailboxForm


def index(request: access.Request) -> HttpResponse:
    """List the mailboxes that the user sees, with their state and when they were last read."""
    found = attention.mailboxes_of(request.user).select_related("user").order_by("address")
    return render(request, "web/mailboxes/list.html", {"mailboxes": found})


@never_cache
@sensitive_post_parameters(*SECRETS)
def connect(request: access.Request) -> HttpResponse:
    """Test each part of a mailbox and, where all of them work, connect it."""
    form = MailboxForm(request.POST or None, user=request.user, initial={"address": request.user.email})
    checks = None
    if request.method == "POST" and form.is_valid():
        checks = tried(form)
        if "test" not in request.POST and all(check.ok for check in checks):
            mailbox = connected(request, form)
            if mailbox:
                messages.success(request, gettext("%(address)s is connected.") % {"address": mailbox.address})
                return redirect("mailbox", mailbox.pk)
    return render(request, "web/mailboxes/connect.html", {"form": form, "checks": checks})


def tried(form: MailboxForm) -> list[mailboxes.Tested]:
    """Return what came of each part of the connection."""
    data = form.cleaned_data
    return mailboxes.test(data["kind"], data["address"], form.options(), form.secrets())


def connected(request: access.Request, form: MailboxForm) -> Mailbox | None:
    """Connect the mailbox of a valid form for the user; ``None`` where a part stopped working in between."""
    data = form.cleaned_data
    try:
        return mailboxes.connect(
            request.user,
            data["address"],
            data["kind"],
            form.options(),
            form.secrets(),
            clock.now(),
            display_name=data["display_name"],
        )
    except mailboxes.ConnectionFailed:
        return None


def show(request: access.Request, pk: int) -> HttpResponse:
    """Show a mailbox: its state, why sending is held, its folders and limits; save the limits."""
    mailbox = get_object_or_404(attention.mailboxes_of(request.user).select_related("user"), pk=pk)
    form = LimitsForm(
        request.POST or None,
        instance=mailbox,
        initial={"shared": mailbox.user_id is None, "warm_up": mailbox.warm_up_from is not None},
    )
    may_edit = _may_edit(request, mailbox)
    if not request.user.is_super_admin:
        del form.fields["shared"]
    if request.method == "POST":
        if not may_edit:
            raise PermissionDenied
        if form.is_valid():
            _save_limits(request, form)
            return redirect("mailbox", pk)
        mailbox.refresh_from_db()
    held = Delivery.objects.filter(mailbox=mailbox, state=DeliveryState.PLANNED, due_at__lte=clock.now())
    context = {
        "mailbox": mailbox,
        "form": form,
        "may_edit": may_edit,
        "folders": mailbox.folders.order_by("name"),
        "held": held.count(),
        "disconnected": mailbox.state == MailboxState.DISCONNECTED,
    }
    return render(request, "web/mailboxes/show.html", context)


@never_cache
@sensitive_post_parameters(*SECRETS)
def reconnect(request: access.Request, pk: int) -> HttpResponse:
    """Change how a mailbox is reached, test it, and read on from where the last reading ended."""
    mailbox = _own(request, pk)
    form = MailboxForm(request.POST or None, user=request.user, mailbox=mailbox)
    checks = None
    if request.method == "POST" and form.is_valid():
        checks = tried(form)
        if "test" not in request.POST and all(check.ok for check in checks):
            mailbox.options = form.options()
            mailbox.display_name = form.cleaned_data["display_name"]
            try:
                mailboxes.reconnect(mailbox, form.secrets(), request.user, clock.now())
            except mailboxes.ConnectionFailed as failed:
                checks = failed.checks
            else:
                messages.success(request, gettext("%(address)s is connected.") % {"address": mailbox.address})
                return redirect("mailbox", mailbox.pk)
    return render(request, "web/mailboxes/connect.html", {"form": form, "checks": checks, "mailbox": mailbox})


@require_http_methods(["GET", "HEAD", "POST"])
def disconnect(request: access.Request, pk: int) -> HttpResponse:
    """Ask for confirmation; on POST, stop reading and sending."""
    mailbox = _own(request, pk)
    if request.method == "POST":
        mailboxes.disconnect(mailbox, request.user, clock.now())
        messages.success(request, gettext("%(address)s is disconnected.") % {"address": mailbox.address})
        return redirect("mailbox", mailbox.pk)
    return render(request, "web/mailboxes/disconnect.html", {"mailbox": mailbox})


def _own(request: access.Request, pk: int) -> Mailbox:
    mailbox = get_object_or_404(attention.mailboxes_of(request.user), pk=pk)
    if not _may_edit(request, mailbox):
        raise PermissionDenied
    return mailbox


def _may_edit(request: access.Request, mailbox: Mailbox) -> bool:
    return request.user.is_super_admin or mailbox.user_id == request.user.pk


def _save_limits(request: access.Request, form: LimitsForm) -> None:
    # Only the columns of this form: the row's state belongs to the worker that holds it.
    changed = [name for name in form.changed_data if name not in {"shared", "warm_up"}]
    if changed:
        # What an old limit put off is looked at anew under the new one.
        saved = {name: form.cleaned_data[name] for name in changed} | {"send_not_before": None, "waits_for": ""}
        Mailbox.objects.filter(pk=form.instance.pk).update(**saved)
    if "warm_up" in form.changed_data:
        begins = clock.now() if form.cleaned_data["warm_up"] else None
        Mailbox.objects.filter(pk=form.instance.pk).update(warm_up_from=begins, send_not_before=None, waits_for="")
    if "shared" in form.changed_data:
        owner = None if form.cleaned_data["shared"] else request.user
        Mailbox.objects.filter(pk=form.instance.pk).update(user=owner)
    auditing.note(
        request.user, "mailbox.changed", f"mailbox:{form.instance.pk}", clock.now(), fields=sorted(form.changed_data)
    )
    messages.success(request, gettext("Saved."))
