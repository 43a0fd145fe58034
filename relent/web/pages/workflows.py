"""Workflows: the list, each one's log of runs, and a dry run for one contact."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from relent import clock
from relent.flows import workflow_saving, workflows
from relent.records.models import Contact, ContactList, InboundItem, Sequence, User, Workflow, WorkflowRun
from relent.terms.workflows import RunState
from relent.web import access, paging
from relent.web.forms.people import WhoForm
from relent.web.forms.workflows import WorkflowForm

STATES = tuple(state.value for state in RunState)
Told = tuple[WorkflowRun, list[dict[str, Any]]]


def index(request: access.Request) -> HttpResponse:
    """List the workflows: what each waits for, what it does, and whether it is on."""
    found = visible_to(request.user).select_related("owner", "sequence")
    numbered = found.annotate(number=Count("runs"), last=Max("runs__at")).order_by("name", "pk")
    context = {"workflows": numbered[:500], "may_edit": workflow_saving.may_edit(request.user)}
    return render(request, "web/workflows/list.html", context)


def show(request: access.Request, pk: int) -> HttpResponse:
    """Show what a workflow does, and the log of its runs for contacts that the user sees."""
    workflow = visible(request.user, pk)
    runs = _runs(request.user, workflow)
    state = request.GET.get("state", "")
    if state in STATES:
        runs = runs.filter(state=state)
    page = paging.cut(runs, ("-id",), request.GET.get("after", ""), 25)
    context = {
        "workflow": workflow,
        "page": page,
        "rows": [(run, _lines(request.user, run.steps)) for run in page.rows],
        "states": STATES,
        "state": state,
        "may_edit": workflow_saving.may_edit(request.user),
        "who": WhoForm(user=request.user),
        "options": _options(request.user, workflow),
        "told_actions": [{"do": action["do"], "detail": _detail(request.user, action)} for action in workflow.actions],
    }
    return render(request, "web/workflows/show.html", context)


def dry_run(request: access.Request, pk: int) -> HttpResponse:
    """Say what the workflow would do for one contact; changes nothing."""
    workflow = visible(request.user, pk)
    form = WhoForm(request.GET if "who" in request.GET else None, user=request.user)
    told = None
    if form.is_bound and form.is_valid():
        told = workflows.dry_run(workflow, form.cleaned_data["who"], clock.now())
    context: dict[str, Any] = {"workflow": workflow, "who": form, "told": told}
    if told:
        context |= {"contact": form.cleaned_data["who"], "lines": _lines(request.user, told.lines)}
    return render(request, "web/workflows/dry_run.html", context, status=422 if form.errors else 200)


@require_POST
def switch(request: access.Request, pk: int) -> HttpResponse:
    """Switch a workflow on or off."""
    if not workflow_saving.may_edit(request.user):
        raise PermissionDenied
    workflow, on = visible(request.user, pk), request.POST.get("on") == "yes"
    workflow_saving.switch(workflow, on=on, by=request.user, now=clock.now())
    messages.success(request, gettext("It is on from now on.") if on else gettext("It is off from now on."))
    return redirect("workflow", workflow.pk)


def delete(request: access.Request, pk: int) -> HttpResponse:
    """Ask for confirmation; on POST, delete the workflow and the log of its runs."""
    if not workflow_saving.may_edit(request.user):
        raise PermissionDenied
    workflow = visible(request.user, pk)
    if request.method != "POST":
        return render(request, "web/workflows/delete.html", {"workflow": workflow})
    workflow_saving.delete(workflow, request.user, clock.now())
    messages.success(request, gettext("%(name)s was deleted.") % {"name": workflow.name})
    return redirect("workflows")


def visible_to(user: User) -> QuerySet[Workflow]:
    """Return the workflows that ``user`` may read: all but those embedded in a sequence that they do not see."""
    unseen = Sequence.objects.exclude(pk__in=Sequence.objects.visible_to(user).values("pk"))
    return Workflow.objects.exclude(sequence__in=unseen)


def visible(user: User, pk: int) -> Workflow:
    """Return the workflow, or answer 404 where the user may not read it."""
    return get_object_or_404(visible_to(user).select_related("owner", "sequence"), pk=pk)


def _options(user: User, workflow: Workflow) -> list[tuple[str, str]]:
    """Return by what the trigger is narrowed, as a person reads it."""
    labels = {name: str(field.label) for name, field in WorkflowForm.base_fields.items()}
    return [(labels.get(name, name), _named(user, name, value)) for name, value in workflow.options.items()]


def _detail(user: User, action: dict[str, Any]) -> str:
    """Return what an action is about: the sequence, the task, the property, the text, or the address."""
    if "property" in action:
        return f"{action['property']} = {action.get('value', '')}"
    about = next((name for name in ("sequence", "subject", "text", "url") if action.get(name)), "")
    if about == "url" and not workflow_saving.may_edit(user):
        return urlsplit(str(action[about])).hostname or ""  # the rest of such an address is often its password
    return _named(user, about, action[about]) if about else ""


def _lines(user: User, lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what came of a run, with the names of the sequences that it was about; see ``_named``."""
    return [
        {**line, "detail": ", ".join(_named(user, "sequence", pk) for pk in line["sequences"])}
        if line.get("sequences")
        else line
        for line in lines
    ]


def _named(user: User, name: str, value: Any) -> str:
    """Return a record's name in place of its id; a private sequence of somebody else's is not named."""
    if not str(value).isdecimal() or name not in {"sequence", "list"}:
        return str(value)
    rows = Sequence.objects.visible_to(user) if name == "sequence" else ContactList.objects.all()
    return str(rows.filter(pk=int(value)).first() or "–")


def started_by(user: User, item: InboundItem | None, contact: Contact | None = None) -> list[Told]:
    """Return the runs that rest on a mail, each with what came of it: those for contacts that ``user`` sees, or for one
    ``contact``."""
    if item is None:
        return []
    contacts = Contact.objects.visible_to(user)
    if contact is not None:
        contacts = contacts.filter(pk=contact.pk)
    runs = WorkflowRun.objects.filter(item=item, contact__in=contacts, workflow__in=visible_to(user))
    return [(run, _lines(user, run.steps)) for run in runs.select_related("workflow").order_by("pk")[:50]]


def _runs(user: User, workflow: Workflow) -> QuerySet[WorkflowRun]:
    runs = WorkflowRun.objects.filter(workflow=workflow, contact__in=Contact.objects.visible_to(user))
    return runs.select_related("contact").prefetch_related("contact__addresses")
