"""Who may not be mailed: the list for everybody; managers and super admins change it."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from relent import clock
from relent.flows import opt_outs, permissions, unsubscribing
from relent.records.models import ERASED, Contact, OptOutImport, Suppression
from relent.terms.reasons import Refusal
from relent.web import access, paging
from relent.web.forms.suppressions import BecauseForm, BlockForm, ListForm, SourceForm

NEWEST = ("-since", "-id")
CODES = (
    Refusal.UNSUBSCRIBED,
    Refusal.UNSUBSCRIBED_PERSONAL,
    Refusal.MARKED_AS_SPAM,
    Refusal.PREVIOUSLY_BOUNCED,
    Refusal.BLOCKED_ADDRESS,
)


def index(request: access.Request) -> HttpResponse:
    """List the suppressed addresses, newest first, by reason, by when, and by whether they still are."""
    page = paging.cut(_found(request).select_related("lifted_by"), NEWEST, request.GET.get("after", ""))
    language = get_language() or "en"
    context: dict[str, Any] = {
        "page": page,
        "codes": [(code.value, code.say(language)) for code in CODES],
        "code": request.GET.get("code", ""),
        "lifted": request.GET.get("lifted", ""),
        "since": request.GET.get("since", ""),
        "q": request.GET.get("q", ""),
        "may_change": permissions.leads_team(request.user),
        "unfinished": OptOutImport.objects.filter(ended_at__isnull=True).order_by("-pk")[:5],
        "erased": ERASED,
    }
    return render(request, "web/suppressions/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: access.Request) -> HttpResponse:
    """Block an address by hand."""
    _require_team_lead(request)
    form = BlockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        new = unsubscribing.block(data["address"], request.user, data["because"], clock.now())
        said = gettext("%(address)s is not mailed any more.") if new else gettext("%(address)s was blocked before.")
        messages.success(request, said % {"address": data["address"]})
        return redirect("suppressions")
    return _dialog(request, "web/suppressions/add.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
def lift(request: access.Request, pk: int) -> HttpResponse:
    """Ask why an address may be mailed again; on POST, let it be."""
    _require_team_lead(request)
    row = get_object_or_404(Suppression, pk=pk, lifted_at__isnull=True)
    form = BecauseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        unsubscribing.lift(row, request.user, form.cleaned_data["because"], clock.now())
        messages.success(request, gettext("It may be mailed again. Nobody is enrolled by this."))
        return redirect("suppressions")
    return _dialog(request, "web/suppressions/lift.html", form, row=row, erased=row.address.startswith(ERASED))


@require_http_methods(["GET", "HEAD", "POST"])
def of_contact(request: access.Request, pk: int) -> HttpResponse:
    """Ask where a contact has opted out; on POST, obey. Whoever may write to the contact may note that."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user).prefetch_related("addresses"), pk=pk)
    form = SourceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        unsubscribing.elsewhere(contact, form.cleaned_data["source"], clock.now(), by=request.user)
        messages.success(request, gettext("Noted: nothing more is sent to %(name)s.") % {"name": contact.name})
        return redirect("contact", pk)
    return _dialog(request, "web/suppressions/of_contact.html", form, contact=contact)


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: access.Request) -> HttpResponse:
    """Take in a list of opt-outs."""
    _require_team_lead(request)
    form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
    if request.method == "POST" and form.is_valid():
        name, content = form.content
        row = opt_outs.start(name or gettext("Pasted addresses"), content, request.user, clock.now())
        return redirect("opt-outs-progress", row.pk)
    return _dialog(request, "web/suppressions/import.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
def progress(request: access.Request, pk: int) -> HttpResponse:
    """Show how far a list is and what became of its rows; each POST does the next portion."""
    _require_team_lead(request)
    row = get_object_or_404(OptOutImport, pk=pk)
    if request.method == "POST":
        row = opt_outs.work_off(row.pk, clock.now())
        if not request.htmx:
            return redirect("opt-outs-progress", pk)
    template = "web/suppressions/progress.html" if request.htmx else "web/suppressions/imported.html"
    return render(request, template, {"row": row})


def export(request: access.Request) -> StreamingHttpResponse:
    """Return what the list shows as CSV (RFC 4180), in UTF-8 with a mark, as spreadsheets want it."""
    _require_team_lead(request)
    head = ("address", "code", "source", "since", "lifted_at", "lifted_by", "lifted_because")
    rows = _found(request).order_by("pk").select_related("lifted_by").iterator(chunk_size=2000)
    answer = StreamingHttpResponse(_csv(head, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="suppressions.csv"'
    return answer


def _found(request: access.Request) -> QuerySet[Suppression]:
    found = Suppression.objects.all()
    if words := request.GET.get("q", "").strip().lower():
        found = found.filter(address__contains=words)
    if request.GET.get("code") in set(CODES):
        found = found.filter(code=request.GET["code"])
    if (day := _day(request.GET.get("since", ""))) is not None:
        found = found.filter(since__gte=day)
    match request.GET.get("lifted", ""):
        case "all":
            return found
        case "yes":
            return found.filter(lifted_at__isnull=False)
        case _:
            return found.filter(lifted_at__isnull=True)


def _day(written: str) -> datetime | None:
    try:
        day = parse_date(written)
    except ValueError:
        return None
    return datetime.combine(day, time(), timezone.get_current_timezone()) if day is not None else None


def _csv(head: Iterable[str], rows: Iterable[Suppression]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(head)
    for row in rows:
        by = row.lifted_by.email if row.lifted_by else ""
        lifted = row.lifted_at.isoformat() if row.lifted_at else ""
        cells = (row.address, row.code, row.source, row.since.isoformat(), lifted, by, row.lifted_because)
        yield writer.writerow([_harmless(cell) for cell in cells])


def _harmless(cell: str) -> str:
    # A spreadsheet runs what begins so (OWASP, CSV injection).
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


class _Echo:
    """A file that gives back what is written, for csv.writer to hand on."""

    def write(self, line: str) -> str:
        """Return ``line``."""
        return line


def _require_team_lead(request: access.Request) -> None:
    if not permissions.leads_team(request.user):
        raise PermissionDenied


def _dialog(request: access.Request, template: str, form: Any, **context: Any) -> HttpResponse:
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)
