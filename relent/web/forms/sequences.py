"""The forms of the sequence editor: the rules, and one form for each step."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from relent.flows import automating, sequences
from relent.records.models import SequenceVersion, Step
from relent.terms.steps import FollowUpDays, StepKind, TaskKind, Trigger, ZoneOf
from relent.web import words

DAY = 24 * 60
UNITS = {"days": timedelta(days=1), "hours": timedelta(hours=1), "minutes": timedelta(minutes=1)}
MOST_STEPS = 40


class RulesForm(forms.Form):
    """Name, sharing, and the rules of a sequence."""

    name = forms.CharField(label=_("Name"), max_length=200)
    private = forms.BooleanField(label=_("Private: only you and super admins see it"), required=False)
    follow_up_days = forms.ChoiceField(
        label=_("Later steps run on"), help_text=_("The first step runs at once, on any day.")
    )
    window_start = forms.TypedChoiceField(label=_("Send from"), coerce=int)
    window_end = forms.TypedChoiceField(label=_("until"), coerce=int)
    zone_of = forms.ChoiceField(label=_("In the time zone of"))
    same_company = forms.BooleanField(
        label=_("A reply or a meeting also unenrolls the contact's colleagues in this sequence"),
        required=False,
        help_text=_("The older option. It counts beside the triggers of the Automation tab, for replies and meetings."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("follow_up_days", words.choices(FollowUpDays))
        self._offer("zone_of", [(ZoneOf.SENDER, gettext("The sender")), (ZoneOf.CONTACT, gettext("The contact"))])
        minutes = {
            *range(0, DAY + 1, 30),
            int(self.initial.get("window_start", 0)),
            int(self.initial.get("window_end", 0)),
        }
        times = [(minute, f"{minute // 60:02}:{minute % 60:02}") for minute in sorted(minutes)]
        self._offer("window_start", [time for time in times if time[0] < DAY])
        self._offer("window_end", [time for time in times if time[0] > 0])

    def clean(self) -> dict[str, Any]:
        """Refuse an empty window."""
        data = self.cleaned_data
        if data.get("window_start", 0) >= data.get("window_end", DAY):
            self.add_error("window_end", gettext("The window must end after it starts."))
        return data

    def rules(self, before: SequenceVersion | None) -> sequences.Rules:
        """Return the rules as flows take them; what this editor does not show stays as it was ``before``."""
        data = self.cleaned_data
        return sequences.Rules(
            follow_up_days=FollowUpDays(data["follow_up_days"]),
            window_start=data["window_start"],
            window_end=data["window_end"],
            zone_of=ZoneOf(data["zone_of"]),
            reply_trigger=Trigger(before.reply_trigger) if before else Trigger.CONTACT,
            meeting_trigger=Trigger(before.meeting_trigger) if before else Trigger.CONTACT,
            same_company=data["same_company"],
        )

    def _offer(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


class StepForm(forms.Form):
    """One step."""

    kind = forms.ChoiceField(choices=lambda: words.choices(StepKind), widget=forms.HiddenInput)
    delay = forms.IntegerField(label=_("Delay"), min_value=0, max_value=1000, initial=3)
    unit = forms.ChoiceField(
        label=_("Unit"), choices=[("days", _("days")), ("hours", _("hours")), ("minutes", _("minutes"))], initial="days"
    )
    threaded = forms.BooleanField(label=_("Answer in the thread of the mail before"), required=False)
    thread_to = forms.TypedChoiceField(
        label=_("Which mail it answers"), coerce=int, empty_value=None, required=False, choices=[]
    )
    subject = forms.CharField(label=_("Subject"), max_length=300, required=False)
    body = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 6}), required=False)
    task_kind = forms.ChoiceField(label=_("Kind of task"), choices=lambda: words.choices(TaskKind), required=False)
    wait = forms.BooleanField(label=_("Wait until the task is done before going on"), required=False)

    def __init__(self, *args: Any, position: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.position = position
        shown = str(self["kind"].value() or StepKind.EMAIL)
        unused = ("task_kind", "wait") if shown == StepKind.EMAIL else ("threaded", "thread_to")
        for name in (*unused, *(("delay", "unit", "threaded", "thread_to") if position == 1 else ())):
            self.fields.pop(name, None)
        if "thread_to" in self.fields:
            earlier = [(n, gettext("Mail of step %(number)d") % {"number": n}) for n in range(1, position)]
            offered = [("", gettext("The last mail before it")), *earlier]
            self.fields["thread_to"].choices = offered  # type: ignore[attr-defined]  # a ChoiceField
        self.is_mail = shown == StepKind.EMAIL
        if not self.is_mail:
            self.fields["subject"].label = _("What is to be done")
            self.fields["body"].label = _("Notes")

    def clean(self) -> dict[str, Any]:
        """Ask for what the step cannot run without, and show the faults of its template."""
        data = self.cleaned_data
        subject, body = data.get("subject", ""), data.get("body", "")
        if not subject and not (self.is_mail and data.get("threaded")):
            self.add_error("subject", gettext("This cannot be empty."))
        if self.is_mail and not body.strip():
            self.add_error("body", gettext("A mail needs a text."))
        for problem in sequences.problems(subject, body, get_language() or "en") if self.is_mail else []:
            self.add_error("body", problem)
        return data

    def draft(self) -> sequences.StepDraft:
        """Return the step as flows take it; call after ``is_valid``."""
        data = self.cleaned_data
        return sequences.StepDraft(
            kind=StepKind(data["kind"]),
            delay=data.get("delay", 0) * UNITS[data.get("unit", "days")],
            subject=data["subject"],
            body=data["body"],
            threaded=bool(data.get("threaded")),
            thread_to=data.get("thread_to") if data.get("threaded") else None,
            task_kind=TaskKind(data["task_kind"]) if data.get("task_kind") else None,
            wait=bool(data.get("wait")),
        )


def rules_of(version: SequenceVersion) -> dict[str, Any]:
    """Return what the rules' form shows for a saved version."""
    names = ("follow_up_days", "window_start", "window_end", "zone_of", "same_company")
    shown = {name: getattr(version, name) for name in names}
    return {**shown, "name": version.sequence.name, "private": version.sequence.private}


def step_of(step: Step) -> dict[str, Any]:
    """Return what a step's form shows for a saved step."""
    names = ("kind", "subject", "body", "threaded", "thread_to", "task_kind", "wait")
    return {**{name: getattr(step, name) for name in names}, **split(step.delay)}


def split(delay: timedelta) -> dict[str, Any]:
    """Write a delay as a number and the largest unit that fits."""
    for unit, length in UNITS.items():
        if delay and not delay % length:
            return {"delay": delay // length, "unit": unit}
    return {"delay": int(delay / UNITS["minutes"]), "unit": "minutes" if delay else "days"}


def posted_steps(data: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the steps as the browser sent them, unchecked, so that they can be moved and shown again."""
    number = min(int(data.get("count", "0") or 0), MOST_STEPS) if data.get("count", "0").isdecimal() else 0
    names = ("kind", "delay", "unit", "subject", "body", "task_kind", "thread_to")
    return [
        {
            **{name: data[f"s{n}-{name}"] for name in names if f"s{n}-{name}" in data},
            "threaded": f"s{n}-threaded" in data,
            "wait": f"s{n}-wait" in data,
        }
        for n in range(number)
    ]


class TriggersForm(forms.Form):
    """The section “Automate sequence”: two switches, and for each that is on, whom it unenrolls."""

    reply = forms.BooleanField(label=_("A contact replies to an email: unenroll from this sequence"), required=False)
    reply_whom = forms.ChoiceField(label=_("Whom a reply unenrolls"))
    meeting = forms.BooleanField(label=_("A contact books a meeting: unenroll from this sequence"), required=False)
    meeting_whom = forms.ChoiceField(label=_("Whom a meeting unenrolls"))
    name = forms.CharField(label=_("Name of the new sequence"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whom = [
            (Trigger.CONTACT.value, gettext("Contact")),
            (Trigger.COMPANY.value, gettext("All contacts at company")),
        ]
        for name in ("reply_whom", "meeting_whom"):
            self.fields[name].choices = whom  # type: ignore[attr-defined]  # a ChoiceField
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        """A copy needs a name."""
        if self.data.get("save") == "new" and not self.cleaned_data.get("name", "").strip():
            self.add_error("name", gettext("This cannot be empty."))
        return self.cleaned_data

    def triggers(self) -> automating.Triggers:
        """Return the triggers as flows take them; call after ``is_valid``."""
        data = self.cleaned_data
        return automating.Triggers(
            reply=Trigger(data["reply_whom"] or Trigger.CONTACT) if data["reply"] else Trigger.OFF,
            meeting=Trigger(data["meeting_whom"] or Trigger.CONTACT) if data["meeting"] else Trigger.OFF,
        )


def triggers_of(version: SequenceVersion) -> dict[str, Any]:
    """Return what the triggers' form shows for a saved version."""
    shown: dict[str, Any] = {}
    for name, trigger in (("reply", version.reply_trigger), ("meeting", version.meeting_trigger)):
        shown[name] = trigger != Trigger.OFF
        shown[f"{name}_whom"] = trigger if trigger != Trigger.OFF else Trigger.CONTACT
    return shown


class PendingForm(forms.Form):
    """The text of a mail that has not left, for this one contact, and when it may leave."""

    subject = forms.CharField(label=_("Subject"), max_length=300, required=False)
    body = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 10}), required=False)
    due_at = forms.DateTimeField(
        label=_("Not before"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("It still leaves within the send window and the limits only."),
    )

    def __init__(self, *args: Any, is_mail: bool, threaded: bool, may_move: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if threaded or not is_mail:
            del self.fields["subject"]
        if not is_mail:
            del self.fields["body"]
        if not may_move:
            del self.fields["due_at"]


class TaskMailForm(forms.Form):
    """The mail that a task asks for."""

    subject = forms.CharField(label=_("Subject"), max_length=300, required=False)
    body = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 8}))

    def __init__(self, *args: Any, may_answer: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if may_answer:
            self.fields["subject"].help_text = _("Empty: it answers the mail before it, in the same thread.")
        else:
            self.fields["subject"].required = True
