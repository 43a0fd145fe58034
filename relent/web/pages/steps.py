"""The editor of a sequence's steps. Saving makes a new version; running enrollments stay on theirs until somebody says
otherwise."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from relent import clock
from relent.flows import sequences, versions
from relent.records.models import Contact, Enrollment, Sequence, SequenceVersion, Template, User
from relent.terms.steps import StepKind
from relent.web import access, samples
from relent.web.forms.sequences import MOST_STEPS, RulesForm, StepForm, posted_steps, rules_of, step_of
from relent.web.pages import sequences as sequence_pages


def new(request: access.Request) -> HttpResponse:
    """Create a sequence, from nothing or from a sample."""
    if not request.user.may_enroll:
        raise PermissionDenied
    sample = samples.chosen(request.GET.get("sample", ""), get_language() or "en")
    if request.method != "POST" and not sample and "blank" not in request.GET:
        return render(request, "web/sequences/new.html", {"samples": samples.offered(get_language() or "en")})
    rules = {**DEFAULTS, "name": sample.name if sample else ""}
    return _edit(request, None, rules, list(sample.steps) if sample else [_blank(StepKind.EMAIL)])


def edit(request: access.Request, pk: int) -> HttpResponse:
    """Edit a sequence; who may only see it gets the steps without the fields."""
    sequence = sequence_pages.visible(request.user, pk)
    version = sequence.current
    if not sequence_pages.may_edit(request.user, sequence):
        if request.method == "POST":
            raise PermissionDenied
        context = {"sequence": sequence, "version": version, "tab": "steps"}
        return render(request, "web/sequences/steps.html", context)
    return _edit(request, version, rules_of(version), [step_of(step) for step in version.steps.all()])


@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: access.Request, pk: int) -> HttpResponse:
    """Say how many enrollments would move to the newest version; on POST, move them and name those that stay."""
    sequence = sequence_pages.visible(request.user, pk)
    if not sequence_pages.may_edit(request.user, sequence):
        raise PermissionDenied
    context: dict[str, Any] = {"sequence": sequence, "version": sequence.current, "tab": "steps"}
    if request.method != "POST":
        return render(request, "web/sequences/apply.html", {**context, "outlook": versions.outlook(sequence)})
    done = versions.apply_to_active(sequence, request.user, clock.now())
    seen = set(
        Contact.objects.visible_to(request.user)
        .filter(pk__in=[row.contact_id for row in done.stayed])
        .values_list("pk", flat=True)
    )
    stayed = [row for row in done.stayed if row.contact_id in seen]
    return render(request, "web/sequences/applied.html", {**context, "done": done, "stayed": stayed})


def _edit(
    request: access.Request, version: SequenceVersion | None, rules: dict[str, Any], steps: list[dict[str, Any]]
) -> HttpResponse:
    if request.method != "POST":
        return _form(request, version, RulesForm(initial=rules), _unchecked(steps))
    if request.POST.get("do", "save") != "save":
        typed = RulesForm(initial={**rules, **request.POST.dict(), **_ticks(request)})
        return _form(
            request, version, typed, _unchecked(_moved(posted_steps(request.POST), request.POST["do"], request))
        )
    # The rules of a saved sequence have a tab of their own.
    rules_form = RulesForm(rules if version else request.POST, initial=rules)
    step_forms = [
        StepForm(request.POST, prefix=f"s{n}", position=n + 1) for n in range(len(posted_steps(request.POST)))
    ]
    valid = [form.is_valid() for form in (rules_form, *step_forms)]
    valid.append(_answers_what_is_there(step_forms))
    if not step_forms:
        rules_form.add_error(None, gettext("A sequence needs at least one step."))
    if not all(valid) or not step_forms:
        return _form(request, version, rules_form, step_forms, status=422)
    saved = _save(request.user, version, rules_form, step_forms)
    messages.success(request, _said(saved))
    return redirect("sequence-steps", saved.sequence_id)


@transaction.atomic
def _save(user: User, before: SequenceVersion | None, rules: RulesForm, steps: list[StepForm]) -> SequenceVersion:
    now = clock.now()
    name, private = rules.cleaned_data["name"], rules.cleaned_data["private"]
    sequence = (
        before.sequence if before else Sequence.objects.create(name=name, private=private, owner=user, created_at=now)
    )
    return sequences.save_version(sequence, rules.rules(before), [form.draft() for form in steps], user, now)


def _answers_what_is_there(steps: list[StepForm]) -> bool:
    """Refuse a mail that is to answer a step which is none, or no mail."""
    for form in steps:
        answers = getattr(form, "cleaned_data", {}).get("thread_to")
        if answers and not steps[answers - 1].is_mail:
            form.add_error("thread_to", gettext("Step %(number)d is no mail.") % {"number": answers})
    return not any(form.errors for form in steps)


def _on_older_versions(newest: SequenceVersion) -> int:
    return Enrollment.objects.open().filter(sequence=newest.sequence_id).exclude(version=newest).count()


def _said(saved: SequenceVersion) -> str:
    older = _on_older_versions(saved)
    if not older:
        return gettext("Saved as version %(number)d.") % {"number": saved.number}
    said = gettext("Saved as version %(number)d. %(older)d running enrollments stay on the version they started with.")
    return said % {"number": saved.number, "older": older}


def _moved(steps: list[dict[str, Any]], do: str, request: access.Request) -> list[dict[str, Any]]:
    """Apply one button of the editor: ``add-email``, ``up-2``, ``down-2``, ``remove-2``, ``template-2``."""
    verb, _dash, what = do.partition("-")
    if verb == "add" and len(steps) < MOST_STEPS:
        return [*steps, _blank(StepKind.TASK if what == "task" else StepKind.EMAIL, first=not steps)]
    n = int(what) if what.isdecimal() else -1
    if not 0 <= n < len(steps):
        return steps
    if verb == "remove":
        steps.pop(n)
    elif verb in {"up", "down"}:
        other = max(0, n - 1) if verb == "up" else min(len(steps) - 1, n + 1)
        steps[n], steps[other] = steps[other], steps[n]
    elif verb == "template":
        chosen = request.POST.get(f"s{n}-template", "")
        template = Template.objects.filter(pk=int(chosen)).first() if chosen.isdecimal() else None
        if template:
            steps[n] |= {"subject": template.subject, "body": template.body}
    return steps


def _form(
    request: access.Request,
    version: SequenceVersion | None,
    rules: RulesForm,
    steps: list[StepForm],
    status: int = 200,
) -> HttpResponse:
    sequence = version.sequence if version else None
    running = Enrollment.objects.open().filter(sequence=sequence).count() if sequence else 0
    context = {
        "sequence": sequence,
        "version": version,
        "rules": rules,
        "steps": steps,
        "running": running,
        "older": _on_older_versions(version) if version else 0,
        "tokens": [f"{{{{ {name} }}}}" for name in sequences.known_tokens()],
        "templates": Template.objects.order_by("name").only("pk", "name")[:100],
        "tab": "steps",
        "may_edit": True,
    }
    return render(request, "web/sequences/editor.html", context, status=status)


def _unchecked(steps: list[dict[str, Any]]) -> list[StepForm]:
    return [StepForm(initial=step, prefix=f"s{n}", position=n + 1) for n, step in enumerate(steps)]


def _blank(kind: StepKind, *, first: bool = True) -> dict[str, Any]:
    return {"kind": kind, "delay": 3, "unit": "days", "threaded": not first and kind == StepKind.EMAIL, "wait": True}


def _ticks(request: access.Request) -> dict[str, bool]:
    return {name: name in request.POST for name in ("private", "same_company")}


DEFAULTS: dict[str, Any] = {
    "follow_up_days": "weekdays_only",
    "window_start": 8 * 60,
    "window_end": 18 * 60,
    "zone_of": "sender",
    "same_company": False,
    "private": False,
}
