"""The Scheduled tab: what is still to come, in the account or in one sequence; and changing it for one contact."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from relent import clock
from relent.flows import pending, rendering
from relent.flows.pending import Edited
from relent.flows.permissions import NotAllowed
from relent.records.models import Contact, Delivery, Sequence, User
from relent.records.models.contact import visible_through
from relent.terms.states import DeliveryState
from relent.terms.steps import StepKind
from relent.web import access, paging
from relent.web.forms.sequences import PendingForm
from relent.web.pages import sequences

ORDER = ("due_at", "id")


def index(request: access.Request) -> HttpResponse:
    """List all that is still to come, the next first."""
    return _list(request, None)


def of_sequence(request: access.Request, pk: int) -> HttpResponse:
    """List what is still to come in one sequence."""
    return _list(request, sequences.visible(request.user, pk))


def _list(request: access.Request, sequence: Sequence | None) -> HttpResponse:
    rows = _ahead(request.user)
    if sequence is not None:
        rows = rows.filter(sequence=sequence)
    kind = request.GET.get("kind", "")
    state = request.GET.get("state", "")
    words = request.GET.get("q", "").strip()
    if kind in set(StepKind):
        rows = rows.filter(kind=kind)
    if state in {"planned", "parked"}:
        rows = rows.filter(state=state)
    if request.GET.get("by") == "me":
        rows = rows.filter(enrollment__enrolled_by=request.user)
    if words:
        rows = rows.filter(enrollment__address__icontains=words)
    context = {
        "sequence": sequence,
        "page": paging.cut(rows, ORDER, request.GET.get("after", "")),
        "kind": kind,
        "state": state,
        "q": words,
        "by": request.GET.get("by", ""),
        "tab": "scheduled",
        "may_edit": sequence is not None and sequences.may_edit(request.user, sequence),
    }
    return render(request, "web/sequences/scheduled.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: access.Request, pk: int) -> HttpResponse:
    """Show a pending mail as it will be sent to this contact; on POST, change its text and when it may leave."""
    delivery = get_object_or_404(_deliveries(request.user), pk=pk)
    form = _form(request, delivery)
    if request.method == "POST" and form.is_valid():
        try:
            return _save(request, delivery, form)
        except pending.Unusable as unusable:
            form.add_error("body", gettext("It cannot be sent: %(why)s") % {"why": ", ".join(unusable.problems)})
        except NotAllowed as refusal:
            raise PermissionDenied from refusal
    context = {"delivery": delivery, "form": form, "is_mail": delivery.kind == StepKind.EMAIL}
    status = 422 if form.errors else 200
    return render(request, "web/sequences/pending.html", context, status=status)


@require_http_methods(["POST"])
def send_now(request: access.Request, pk: int) -> HttpResponse:
    """Let a planned step fall due at once."""
    delivery = get_object_or_404(_deliveries(request.user), pk=pk)
    try:
        moved = pending.move(delivery.pk, request.user, clock.now(), clock.now())
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    if moved:
        messages.success(request, gettext("It is due now, and leaves within the send window and the limits."))
    else:
        messages.warning(request, gettext("It is not planned any more."))
    return _back(request)


def _form(request: access.Request, delivery: Delivery) -> PendingForm:
    initial = {
        "subject": delivery.own_subject or rendering.own_subject(delivery),
        "body": delivery.own_body or delivery.step.body,
        "due_at": timezone.localtime(delivery.due_at),
    }
    return PendingForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        is_mail=delivery.kind == StepKind.EMAIL,
        threaded=rendering.continues(delivery),
        may_move=delivery.state == DeliveryState.PLANNED,
    )


def _save(request: access.Request, delivery: Delivery, form: PendingForm) -> HttpResponse:
    data, now = form.cleaned_data, clock.now()
    outcome = Edited.SAVED
    if "body" in data and {"body", "subject"} & set(form.changed_data):
        subject, body = data.get("subject", ""), data["body"].replace("\r\n", "\n")
        outcome = pending.edit(delivery.pk, request.user, now, subject=subject, body=body)
    due_at = data.get("due_at")
    if outcome is Edited.SAVED and due_at and "due_at" in form.changed_data:
        pending.move(delivery.pk, request.user, now, due_at)
    match outcome:
        case Edited.SAVED:
            messages.success(request, gettext("Saved for this contact. The sequence stays as it is."))
        case Edited.KEPT_AS_DRAFT:
            messages.warning(request, gettext("The mail was cancelled meanwhile. Your text is kept and not sent."))
        case Edited.TOO_LATE:
            messages.warning(request, gettext("The mail was being sent already. Your text was not used."))
    return _back(request)


def _back(request: access.Request) -> HttpResponseRedirect:
    sequence = request.GET.get("sequence", "")
    if sequence.isdecimal():
        return redirect("sequence-scheduled", int(sequence))
    return redirect("scheduled")


def _deliveries(user: User) -> QuerySet[Delivery]:
    """What a user may change: mails to contacts that they see, of sequences that they see."""
    seen = Delivery.objects.filter(enrollment__contact__in=Contact.objects.visible_to(user))
    return _with_names(seen.filter(enrollment__sequence__in=Sequence.objects.visible_to(user)))


def _ahead(user: User) -> QuerySet[Delivery]:
    return _with_names(Delivery.objects.ahead().filter(visible_through("enrollment__contact", user)))


def _with_names(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    related: tuple[Any, ...] = (
        "step",
        "mailbox",
        "enrollment__contact",
        "enrollment__sequence",
        "enrollment__enrolled_by",
    )
    return rows.select_related(*related).prefetch_related("enrollment__contact__addresses").defer("raw")
