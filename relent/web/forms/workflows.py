"""The forms of a workflow: what starts it, one row for each condition, one for each action."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from relent.flows import workflow_saving
from relent.flows.workflow_saving import FIELDS, OPTIONS, Problem
from relent.records.models import ContactList, Sequence, User, Workflow
from relent.records.properties import STANDARD
from relent.terms.steps import TaskKind
from relent.terms.workflows import Comparison, WorkflowAction, WorkflowTrigger
from relent.web import words

MOST_ROWS = 20


def _property() -> forms.CharField:
    return forms.CharField(
        label=_("Property"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"list": "properties", "autocomplete": "off"}),
    )


if TYPE_CHECKING:
    _ModelChoiceField = forms.ModelChoiceField[Any]
else:
    _ModelChoiceField = forms.ModelChoiceField  # generic for the type checker only


class _Record(_ModelChoiceField):
    """A record among those that the user may choose; empty stands for any, or for the usual one."""

    def __init__(self, label: Any, empty: Any) -> None:
        super().__init__(queryset=User.objects.none(), label=label, empty_label=empty, required=False)


class WorkflowForm(forms.Form):
    """Its name, what starts it, and by what that is narrowed."""

    name = forms.CharField(label=_("Name"), max_length=150)
    trigger = forms.ChoiceField(label=_("What happens"), choices=lambda: words.choices(WorkflowTrigger))
    property = _property()
    value = forms.CharField(label=_("Has the value"), max_length=1000, required=False, help_text=_("Empty: any value."))
    list = _Record(_("List"), _("Any list"))
    event = forms.CharField(
        label=_("Name of the event"), max_length=100, required=False, help_text=_("Empty: any event.")
    )
    sequence = _Record(_("Sequence"), _("Any sequence"))
    stage = forms.CharField(label=_("Stage"), max_length=60, required=False, help_text=_("Empty: any stage."))

    def __init__(self, *args: Any, user: User, embedded_in: Sequence | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "sequence", Sequence.objects.visible_to(user).order_by("name"))
        _offer(self, "list", ContactList.objects.order_by("name"))
        # Choosing another trigger shows what it is narrowed by; without JavaScript a button does.
        self.fields["trigger"].widget.attrs |= {
            "hx-post": "",
            "hx-vals": '{"do": "show"}',
            "hx-target": "#editor",
            "hx-select": "#editor",
            "hx-swap": "outerHTML",
        }
        shown = str(self["trigger"].value() or WorkflowTrigger.PROPERTY)
        wanted = OPTIONS[WorkflowTrigger(shown)] if shown in list(WorkflowTrigger) else ()
        for name in {"property", "value", "list", "event", "sequence", "stage"} - set(wanted):
            del self.fields[name]
        if embedded_in is not None:
            self.fields.pop("sequence", None)

    def options(self) -> dict[str, object]:
        """Return the trigger's options; call after ``is_valid``."""
        return _plain({name: value for name, value in self.cleaned_data.items() if name not in {"name", "trigger"}})


class ConditionForm(forms.Form):
    """One condition."""

    property = _property()
    compare = forms.ChoiceField(label=_("Comparison"), choices=lambda: words.choices(Comparison))
    value = forms.CharField(label=_("Value"), max_length=1000, required=False)

    def written(self) -> dict[str, object]:
        """Return the condition; call after ``is_valid``."""
        return dict(self.cleaned_data)


class ActionForm(forms.Form):
    """One action, with the fields that it knows."""

    do = forms.ChoiceField(choices=lambda: words.choices(WorkflowAction), widget=forms.HiddenInput)
    sequence = _Record(_("Sequence"), _("Every sequence"))
    by = _Record(_("In the name of"), _("Whoever saves this"))
    subject = forms.CharField(label=_("What is to be done"), max_length=300, required=False)
    kind = forms.ChoiceField(label=_("Kind of task"), choices=lambda: words.choices(TaskKind), required=False)
    body = forms.CharField(label=_("Notes"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    assignee = _Record(_("For"), _("The contact's owner"))
    property = _property()
    value = forms.CharField(
        label=_("Value"), max_length=1000, required=False, help_text=_("Empty: the value is taken away.")
    )
    text = forms.CharField(label=_("What to tell"), max_length=1000, required=False)
    user = _Record(_("Whom to tell"), _("The contact's owner"))
    url = forms.CharField(
        label=_("Web address"),
        max_length=1000,
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://crm.example/relent"}),
        help_text=_("It is sent a signed message (JSON, by POST)."),
    )

    def __init__(self, *args: Any, editor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        users = User.objects.filter(is_active=True).order_by("name")
        _offer(self, "sequence", Sequence.objects.visible_to(editor).order_by("name"))
        _offer(self, "assignee", users)
        _offer(self, "user", users)
        team = users if editor.is_super_admin else users.filter(pk__in=workflow_saving.may_name(editor))
        _offer(self, "by", team)
        shown = str(self["do"].value() or WorkflowAction.NOTIFY)
        self.action = WorkflowAction(shown) if shown in list(WorkflowAction) else WorkflowAction.NOTIFY
        needed, allowed = FIELDS[self.action]
        for name in set(self.fields) - {"do", *needed, *allowed}:
            del self.fields[name]
        if self.action == WorkflowAction.ENROLL:
            self.fields["sequence"].empty_label = _("Choose one")  # type: ignore[attr-defined]  # a ModelChoiceField
        for name in needed:
            self.fields[name].required = True

    def written(self) -> dict[str, object]:
        """Return the action; call after ``is_valid``."""
        return _plain(self.cleaned_data)


def initial_of(workflow: Workflow) -> dict[str, Any]:
    """Return what the form shows for a saved workflow."""
    return {"name": workflow.name, "trigger": workflow.trigger, **workflow.options}


def posted_rows(data: Mapping[str, str], letter: str) -> list[dict[str, str]]:
    """Return the rows as the browser sent them, unchecked, so that they can be added to and shown again."""
    count = data.get(f"{letter}-count", "0")
    number = min(int(count), MOST_ROWS) if count.isdecimal() and len(count) < 4 else 0
    return [
        {name.removeprefix(f"{letter}{n}-"): data[name] for name in data if name.startswith(f"{letter}{n}-")}
        for n in range(number)
    ]


def show_problem(problem: Problem, form: forms.Form) -> None:
    """Put what is wrong beside the field that it is about."""
    said = problem.fault.say(get_language() or "en")
    form.add_error(problem.field if problem.field in form.fields else None, said)


def property_names(known: Mapping[str, object]) -> list[str]:
    """Return the names to offer for a property: what every contact has, and those of one that has some."""
    return sorted({*STANDARD, *known})


def _offer(form: forms.Form, name: str, rows: Any) -> None:
    form.fields[name].queryset = rows  # type: ignore[attr-defined]  # a ModelChoiceField


def _plain(data: Mapping[str, Any]) -> dict[str, object]:
    """Name records by their ids, and leave out what is empty."""
    named = {name: getattr(value, "pk", value) for name, value in data.items()}
    return {name: value for name, value in named.items() if value not in (None, "")}
