"""The triggers of a sequence: saved as its next version with the same steps, or with a copy of it."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from relent.flows import auditing, permissions, sequences
from relent.flows.permissions import NotAllowed
from relent.records import models
from relent.terms.steps import FollowUpDays, StepKind, TaskKind, Trigger, ZoneOf

__all__ = ["NotAllowed", "Triggers", "is_on", "rules_of", "save", "save_as_new", "steps_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Triggers:
    """Whom a reply and whom a meeting unenrolls."""

    reply: Trigger
    meeting: Trigger


def is_on(now: datetime) -> bool:
    """Whether the account has switched the Automation tab on."""
    return models.AccountSettings.objects.at(now).automation


@transaction.atomic
def save(sequence: models.Sequence, wanted: Triggers, by: models.User, now: datetime) -> models.SequenceVersion:
    """Let the sequence have other triggers from now on; what happened before is decided by what held before.

    Raises NotAllowed.
    """
    permissions.require_edit(by, sequence)
    version = sequence.current
    return sequences.save_version(sequence, _rules(version, wanted), steps_of(version), by, now)


@transaction.atomic
def save_as_new(
    sequence: models.Sequence, wanted: Triggers, name: str, by: models.User, now: datetime
) -> models.Sequence:
    """Make a copy of the sequence that has other triggers, no enrollments, and ``by`` as its owner; the old one stays
    as it is. Whoever sees a sequence and may enroll may copy it. Raises NotAllowed."""
    visible = models.Sequence.objects.visible_to(by).filter(pk=sequence.pk).exists()
    if not (visible and by.may_enroll and by.is_active):
        raise NotAllowed(f"{by} may not copy {sequence}")
    version = sequence.current
    copy = models.Sequence.objects.create(name=name, owner=by, private=sequence.private, created_at=now)
    sequences.save_version(copy, _rules(version, wanted), steps_of(version), by, now)
    auditing.note(by, "sequence.copied", f"sequence:{copy.pk}", now, of=sequence.pk)
    return copy


def steps_of(version: models.SequenceVersion) -> list[sequences.StepDraft]:
    """Return the steps of ``version`` as they are saved."""
    return [
        sequences.StepDraft(
            kind=StepKind(step.kind),
            delay=step.delay,
            subject=step.subject,
            body=step.body,
            threaded=step.threaded,
            thread_to=step.thread_to,
            task_kind=TaskKind(step.task_kind) if step.task_kind else None,
            wait=step.wait,
        )
        for step in version.steps.all()
    ]


def rules_of(version: models.SequenceVersion) -> sequences.Rules:
    """Return the settings of ``version`` as they are saved."""
    return sequences.Rules(
        follow_up_days=FollowUpDays(version.follow_up_days),
        window_start=version.window_start,
        window_end=version.window_end,
        zone_of=ZoneOf(version.zone_of),
        reply_trigger=Trigger(version.reply_trigger),
        meeting_trigger=Trigger(version.meeting_trigger),
        same_company=version.same_company,
    )


def _rules(version: models.SequenceVersion, wanted: Triggers) -> sequences.Rules:
    return replace(rules_of(version), reply_trigger=wanted.reply, meeting_trigger=wanted.meeting)
