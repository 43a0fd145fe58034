"""Companies: the list, the record with the contacts who work there, editing, and merging two into one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from relent import clock
from relent.flows import auditing, merging
from relent.records.models import Company, Contact, ContactCompany, Enrollment
from relent.web import access, paging
from relent.web.forms.companies import CompanyForm

BY_NAME = ("name", "id")
FORMER = 20


def index(request: access.Request) -> HttpResponse:
    """List the companies, with how many of the contacts that the user sees work there."""
    words = request.GET.get("q", "").strip()
    found = Company.objects.filter(merged_into=None)
    if words:
        found = found.filter(Q(name__icontains=words) | Q(domain__icontains=words))
    page = paging.cut(found.select_related("parent"), BY_NAME, request.GET.get("after", ""))
    present = ContactCompany.objects.filter(until=None, company__in=page.rows, contact__in=_seen(request))
    counts = dict(present.values_list("company").annotate(n=Count("contact", distinct=True)))
    rows = [(company, counts.get(company.pk, 0)) for company in page.rows]
    context = {"page": page, "rows": rows, "q": words, "may_edit": access.sees_whole_team(request.user)}
    return render(request, "web/companies/list.html", context)


def record(request: access.Request, pk: int) -> HttpResponse:
    """Show one company: who works there, who did, and what belongs to it."""
    company = get_object_or_404(Company.objects.select_related("parent", "merged_into"), pk=pk)
    if company.merged_into is not None:
        return redirect("company", company.merged_into.pk)
    of_it = ContactCompany.objects.filter(company=company, contact__in=_seen(request))
    rows = of_it.select_related("contact").prefetch_related("contact__addresses")
    page = paging.cut(rows.filter(until=None), ("id",), request.GET.get("after", ""))
    running = {
        row.contact_id: row
        for row in Enrollment.objects.open()
        .filter(contact__in=[one.contact_id for one in page.rows])
        .select_related("sequence")
    }
    context = {
        "company": company,
        "page": page,
        "rows": [(row, running.get(row.contact_id)) for row in page.rows],
        "former": rows.filter(until__isnull=False).order_by("-until")[:FORMER],
        "daughters": company.children.filter(merged_into=None).order_by("name"),
        "merged": company.merged.order_by("name"),
        "may_edit": access.sees_whole_team(request.user),
    }
    return render(request, "web/companies/record.html", context)


def new(request: access.Request) -> HttpResponse:
    """Create a company."""
    return _edit(request, Company(created_at=clock.now()))


def edit(request: access.Request, pk: int) -> HttpResponse:
    """Edit a company."""
    return _edit(request, get_object_or_404(Company, pk=pk, merged_into=None))


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: access.Request, pk: int) -> HttpResponse:
    """Choose the record that is the same company; on POST, let everybody there work here."""
    _require_team(request)
    company = get_object_or_404(Company, pk=pk, merged_into=None)
    others = Company.objects.filter(merged_into=None).exclude(pk=pk)
    chosen = request.POST.get("other") or request.GET.get("other", "")
    other = others.filter(pk=int(chosen) if chosen.isdecimal() else 0).first()
    if request.method == "POST" and other is not None:
        try:
            merging.merge_companies(company, other, request.user, clock.now())
        except merging.CannotMerge:
            messages.error(request, gettext("One of the two was merged meanwhile."))
            return redirect("companies")
        messages.success(request, gettext("The two companies are one now."))
        return redirect("company", pk)
    words = request.GET.get("q", "").strip()
    alike = Q(name__icontains=words) | Q(domain__icontains=words) if words else Q(domain=company.domain or None)
    context = {"company": company, "other": other, "found": others.filter(alike).order_by("name")[:10], "q": words}
    return render(request, "web/companies/merge.html", context)


def _edit(request: access.Request, company: Company) -> HttpResponse:
    _require_team(request)
    form = CompanyForm(request.POST if request.method == "POST" else None, instance=company)
    if request.method == "POST" and form.is_valid():
        action = "company.changed" if company.pk else "company.created"
        saved = form.save()
        auditing.note(request.user, action, f"company:{saved.pk}", clock.now(), fields=sorted(form.changed_data))
        messages.success(request, gettext("Saved."))
        return redirect("company", saved.pk)
    return render(
        request, "web/companies/form.html", {"form": form, "company": company}, status=422 if form.errors else 200
    )


def _require_team(request: access.Request) -> None:
    """Associations decide whom a colleague's reply stops: a rep sees them, and changes them on the own contacts."""
    if not access.sees_whole_team(request.user):
        raise PermissionDenied


def _seen(request: access.Request) -> QuerySet[Contact]:
    return Contact.objects.visible_to(request.user)
