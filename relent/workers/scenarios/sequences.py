"""Sequences of a story, saved as versions."""

from datetime import datetime
from typing import Any

from relent.flows import automating, sequences
from relent.records import models
from relent.terms.steps import FollowUpDays, StepKind, TaskKind, Trigger, ZoneOf


def save(row: models.Sequence, fields: dict[str, Any], at: datetime) -> None:
    """Save a version with the steps and settings among ``fields``; what they leave out stays as it was."""
    before = row.versions.order_by("-number").first()
    if row.owner is None:
        raise ValueError(f"The sequence {row} has no owner to save it.")
    if "steps" in fields:
        steps = [_draft(step) for step in fields["steps"]]
    else:
        steps = automating.steps_of(before) if before else []
    sequences.save_version(row, _rules(fields.get("settings", {}), before), steps, row.owner, at)


def _rules(settings: dict[str, Any], before: models.SequenceVersion | None) -> sequences.Rules:
    held = before or models.SequenceVersion()
    window = settings.get("send_window", (held.window_start, held.window_end))
    return sequences.Rules(
        follow_up_days=FollowUpDays(settings.get("follow_up_days", held.follow_up_days)),
        window_start=window[0],
        window_end=window[1],
        zone_of=ZoneOf(settings.get("time_zone", held.zone_of)),
        reply_trigger=Trigger(settings.get("reply_trigger", held.reply_trigger)),
        meeting_trigger=Trigger(settings.get("meeting_trigger", held.meeting_trigger)),
        same_company=settings.get("same_company", held.same_company),
    )


def _draft(step: dict[str, Any]) -> sequences.StepDraft:
    if "task" in step:
        return sequences.StepDraft(
            kind=StepKind.TASK,
            delay=step["after"],
            subject=step["task"].get("subject", ""),
            task_kind=TaskKind(step["task"]["type"]),
            wait=step.get("wait", True),
        )
    return sequences.StepDraft(
        kind=StepKind.EMAIL,
        delay=step["after"],
        subject=step["email"].get("subject", ""),
        body=step["email"].get("body", ""),
        threaded=step.get("thread", False),
    )
