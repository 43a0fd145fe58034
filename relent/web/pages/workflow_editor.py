"""The editor of a workflow, and the address that other systems post events to."""

from collections.abc import Sequence as Listing
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from relent import clock
from relent.flows import workflow_saving
from relent.flows.workflow_saving import BadWorkflow, Draft
from relent.records.models import Contact, Sequence, Workflow
from relent.terms.workflows import WorkflowAction, WorkflowTrigger
from relent.web import access
from relent.web.forms.workflows import (
    MOST_ROWS,
    ActionForm,
    ConditionForm,
    WorkflowForm,
    initial_of,
    posted_rows,
    property_names,
    show_problem,
)
from relent.web.pages import workflows as pages


def new(request: access.Request) -> HttpResponse:
    """Write a new workflow, embedded in the sequence that the address may name."""
    _require_editor(request)
    number = request.GET.get("sequence", "")
    visible = Sequence.objects.visible_to(request.user)
    sequence = get_object_or_404(visible, pk=number) if number.isdecimal() else None
    trigger = WorkflowTrigger.REPLY if sequence else WorkflowTrigger.PROPERTY
    return _edit(request, None, sequence, {"trigger": trigger.value}, [], [])


def edit(request: access.Request, pk: int) -> HttpResponse:
    """Edit a workflow."""
    _require_editor(request)
    workflow = pages.visible(request.user, pk)
    return _edit(
        request, workflow, workflow.sequence, initial_of(workflow), list(workflow.conditions), list(workflow.actions)
    )


@require_POST
def address(request: access.Request, pk: int) -> HttpResponse:
    """Make a new event address, after which the one before is dead; or revoke it."""
    _require_editor(request)
    workflow = pages.visible(request.user, pk)
    if request.POST.get("do") == "revoke":
        workflow_saving.revoke_event_address(workflow, request.user, clock.now())
        messages.success(request, gettext("The address is dead from now on."))
    else:
        workflow_saving.new_event_address(workflow, request.user, clock.now())
        messages.success(request, gettext("The new address works from now on; the one before is dead."))
    return redirect("workflow-edit", workflow.pk)


def _require_editor(request: access.Request) -> None:
    if not workflow_saving.may_edit(request.user):
        raise PermissionDenied


def _edit(
    request: access.Request,
    workflow: Workflow | None,
    sequence: Sequence | None,
    initial: dict[str, Any],
    conditions: list[dict[str, Any]],
    actions: list[dict[str, Any]],
) -> HttpResponse:
    if request.method != "POST":
        form = WorkflowForm(initial=initial, user=request.user, embedded_in=sequence)
        return _form(request, workflow, sequence, form, _conditions(conditions), _actions(request, actions))
    posted = posted_rows(request.POST, "c"), posted_rows(request.POST, "a")
    if request.POST.get("do", "save") != "save":
        rows = _changed(posted[0], posted[1], request.POST["do"])
        form = WorkflowForm(initial=request.POST.dict(), user=request.user, embedded_in=sequence)
        return _form(request, workflow, sequence, form, _conditions(rows[0]), _actions(request, rows[1]))
    form = WorkflowForm(request.POST, user=request.user, embedded_in=sequence)
    asked = [ConditionForm(request.POST, prefix=f"c{n}") for n in range(len(posted[0]))]
    done = [ActionForm(request.POST, prefix=f"a{n}", editor=request.user) for n in range(len(posted[1]))]
    valid = [one.is_valid() for one in (form, *asked, *done)]  # each of them shows its faults
    if all(valid):
        saved = _save(request, workflow, sequence, form, asked, done)
        if saved is not None:
            messages.success(request, gettext("Saved."))
            return redirect("workflow", saved.pk)
    return _form(request, workflow, sequence, form, asked, done, status=422)


def _save(
    request: access.Request,
    workflow: Workflow | None,
    sequence: Sequence | None,
    form: WorkflowForm,
    asked: list[ConditionForm],
    done: list[ActionForm],
) -> Workflow | None:
    draft = Draft(
        name=form.cleaned_data["name"],
        trigger=WorkflowTrigger(form.cleaned_data["trigger"]),
        options=form.options(),
        conditions=[one.written() for one in asked],
        actions=[one.written() for one in done],
        sequence=sequence,
    )
    try:
        return workflow_saving.save(draft, request.user, clock.now(), workflow)
    except BadWorkflow as bad:
        rows_of: dict[str, Listing[Form]] = {"conditions": asked, "actions": done}
        for problem in bad.problems:
            rows = rows_of.get(problem.part, [])
            show_problem(problem, rows[problem.index] if problem.index < len(rows) else form)
        return None


def _changed(
    conditions: list[dict[str, str]], actions: list[dict[str, str]], do: str
) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Apply one button of the editor: ``add-condition``, ``add-enroll``, ``remove-c2``, ``up-a2``, ``down-a2``."""
    verb, _dash, what = do.partition("-")
    if verb == "add" and what == "condition" and len(conditions) < MOST_ROWS:
        conditions.append({})
    elif verb == "add" and what in list(WorkflowAction) and len(actions) < MOST_ROWS:
        actions.append({"do": what})
    rows = conditions if what.startswith("c") else actions
    n = int(what[1:]) if what[1:].isdecimal() else -1
    if not 0 <= n < len(rows):
        return conditions, actions
    if verb == "remove":
        rows.pop(n)
    elif verb in {"up", "down"}:
        other = max(0, n - 1) if verb == "up" else min(len(rows) - 1, n + 1)
        rows[n], rows[other] = rows[other], rows[n]
    return conditions, actions


def _form(
    request: access.Request,
    workflow: Workflow | None,
    sequence: Sequence | None,
    form: WorkflowForm,
    conditions: list[ConditionForm],
    actions: list[ActionForm],
    status: int = 200,
) -> HttpResponse:
    example = Contact.objects.visible_to(request.user).exclude(properties={}).order_by("-pk").first()
    context = {
        "workflow": workflow,
        "sequence": sequence,
        "form": form,
        "conditions": conditions,
        "actions": actions,
        "kinds": list(WorkflowAction),
        "properties": property_names(example.properties if example else {}),
        "event_address": workflow_saving.event_address(workflow, request.user) if workflow else "",
        "signing_key": workflow_saving.signing_key(workflow, request.user) if workflow else "",
    }
    return render(request, "web/workflows/editor.html", context, status=status)


def _conditions(rows: list[dict[str, Any]]) -> list[ConditionForm]:
    return [ConditionForm(initial=row, prefix=f"c{n}") for n, row in enumerate(rows)]


def _actions(request: access.Request, rows: list[dict[str, Any]]) -> list[ActionForm]:
    return [ActionForm(initial=row, prefix=f"a{n}", editor=request.user) for n, row in enumerate(rows)]
