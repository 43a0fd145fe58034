"""What a sequence's Settings and Automation tabs save: its rules, and whom a reply or a meeting unenrolls."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from relent import clock
from relent.flows import automating, sequences, workflows
from relent.records import facts
from relent.records.models import Sequence
from relent.web import access
from relent.web.forms.sequences import RulesForm, TriggersForm, rules_of, triggers_of
from relent.web.pages import sequences as sequence_pages


def settings(request: access.Request, pk: int) -> HttpResponse:
    """Show the rules; save them as a new version with the same steps."""
    sequence = sequence_pages.visible(request.user, pk)
    may_edit = sequence_pages.may_edit(request.user, sequence)
    form = RulesForm(request.POST or None, initial=rules_of(sequence.current))
    if request.method == "POST":
        if not may_edit:
            raise PermissionDenied
        if form.is_valid():
            _save_rules(request, sequence, form)
            messages.success(request, gettext("Saved."))
            return redirect("sequence-settings", pk)
    if not may_edit:
        for field in form.fields.values():
            field.disabled = True
    context = {"sequence": sequence, "form": form, "tab": "settings", "may_edit": may_edit}
    return render(request, "web/sequences/settings.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _save_rules(request: access.Request, sequence: Sequence, form: RulesForm) -> None:
    before, now = sequence.current, clock.now()
    sequence.name, sequence.private = form.cleaned_data["name"], form.cleaned_data["private"]
    sequence.save(update_fields=["name", "private"])
    rules = form.rules(before)
    if rules != automating.rules_of(before):
        sequences.save_version(sequence, rules, automating.steps_of(before), request.user, now)


def automation(request: access.Request, pk: int) -> HttpResponse:
    """Show the switches; save them in this sequence (``save=existing``) or in a copy of it (``save=new``)."""
    if not automating.is_on(clock.now()):
        raise Http404  # a super admin has not switched it on for the account
    sequence = sequence_pages.visible(request.user, pk)
    may_edit = sequence_pages.may_edit(request.user, sequence)
    name = gettext("%(name)s (copy)") % {"name": sequence.name}
    form = TriggersForm(request.POST or None, initial={**triggers_of(sequence.current), "name": name[:200]})
    if request.method == "POST" and form.is_valid():
        return _save_triggers(request, sequence, form)
    context: dict[str, Any] = {
        "sequence": sequence,
        "form": form,
        "tab": "automation",
        "may_edit": may_edit,
        "may_copy": request.user.may_enroll,
        "for_running": facts.policy_at(clock.now())["trigger_changes"] == "running",
        "workflows": workflows.of_sequence(sequence),
    }
    return render(request, "web/sequences/automation.html", context, status=422 if form.errors else 200)


def _save_triggers(request: access.Request, sequence: Sequence, form: TriggersForm) -> HttpResponse:
    try:
        if request.POST.get("save") == "new":
            copy = automating.save_as_new(
                sequence, form.triggers(), form.cleaned_data["name"], request.user, clock.now()
            )
            messages.success(request, gettext("Saved as “%(name)s”. Nobody is enrolled in it yet.") % {"name": copy})
            return redirect("sequence-automation", copy.pk)
        automating.save(sequence, form.triggers(), request.user, clock.now())
    except automating.NotAllowed as refusal:
        raise PermissionDenied from refusal
    messages.success(request, gettext("Saved. It decides what happens from now on."))
    return redirect("sequence-automation", sequence.pk)
