"""The forms of the sequence editor: the rules, and one form for each step."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from relent.flows import sequences
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
    reply_trigger = forms.ChoiceField(
        label=_("A reply unenrolls"), help_text=_("Unsubscribing, bounces and unenrolling by hand always count.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("follow_up_days", words.choices(FollowUpDays))
        self._offer("zone_of", [(ZoneOf.SENDER, gettext("The sender")), (ZoneOf.CONTACT, gettext("The contact"))])
        self._offer("reply_trigger", [each for each in words.choices(Trigger) if each[0] != Trigger.COMPANY])
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
            reply_trigger=Trigger(data["reply_trigger"]),
            meeting_trigger=Trigger(before.meeting_trigger) if before else Trigger.CONTACT,
            same_company=before.same_company if before else False,
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
    subject = forms.CharField(label=_("Subject"), max_length=300, required=False)
    body = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 6}), required=False)
    task_kind = forms.ChoiceField(label=_("Kind of task"), choices=lambda: words.choices(TaskKind), required=False)
    wait = forms.BooleanField(label=_("Wait until the task is done before going on"), required=False)

    def __init__(self, *args: Any, position: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.position = position
        shown = str(self["kind"].value() or StepKind.EMAIL)
        unused = ("task_kind", "wait") if shown == StepKind.EMAIL else ("threaded",)
        for name in (*unused, *(("delay", "unit", "threaded") if position == 1 else ())):
            self.fields.pop(name, None)
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
            task_kind=TaskKind(data["task_kind"]) if data.get("task_kind") else None,
            wait=bool(data.get("wait")),
        )


def rules_of(version: SequenceVersion) -> dict[str, Any]:
    """Return what the rules' form shows for a saved version."""
    names = ("follow_up_days", "window_start", "window_end", "zone_of", "reply_trigger")
    shown = {name: getattr(version, name) for name in names}
    if shown["reply_trigger"] == Trigger.COMPANY:  # not offered; no browser may fall back to “Nobody” instead
        shown["reply_trigger"] = Trigger.CONTACT
    return {**shown, "name": version.sequence.name, "private": version.sequence.private}


def step_of(step: Step) -> dict[str, Any]:
    """Return what a step's form shows for a saved step."""
    names = ("kind", "subject", "body", "threaded", "task_kind", "wait")
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
    names = ("kind", "delay", "unit", "subject", "body", "task_kind")
    return [
        {
            **{name: data[f"s{n}-{name}"] for name in names if f"s{n}-{name}" in data},
            "threaded": f"s{n}-threaded" in data,
            "wait": f"s{n}-wait" in data,
        }
        for n in range(number)
    ]
