"""Saving a sequence: every save is a new version; running enrollments stay on theirs."""

from collections.abc import Sequence as Listing
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction

from relent.flows import auditing
from relent.mail import templates
from relent.records import models
from relent.terms.steps import FollowUpDays, StepKind, TaskKind, Trigger, ZoneOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """A version's settings; see ``records.SequenceVersion``."""

    follow_up_days: FollowUpDays = FollowUpDays.WEEKDAYS_ONLY
    window_start: int = 0
    window_end: int = 24 * 60
    zone_of: ZoneOf = ZoneOf.SENDER
    reply_trigger: Trigger = Trigger.CONTACT
    meeting_trigger: Trigger = Trigger.CONTACT
    same_company: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDraft:
    """A step as it was edited; see ``records.Step``."""

    kind: StepKind
    delay: timedelta = timedelta()
    subject: str = ""
    body: str = ""
    threaded: bool = False
    task_kind: TaskKind | None = None
    wait: bool = True


@transaction.atomic
def save_version(
    sequence: models.Sequence, rules: Rules, steps: Listing[StepDraft], by: models.User, now: datetime
) -> models.SequenceVersion:
    """Save rules and steps as the sequence's next version and return it."""
    models.Sequence.objects.select_for_update().get(pk=sequence.pk)
    newest = sequence.versions.order_by("-number").first()
    version = models.SequenceVersion.objects.create(
        sequence=sequence, number=newest.number + 1 if newest else 1, saved_at=now, saved_by=by, **asdict(rules)
    )
    models.Step.objects.bulk_create(
        models.Step(version=version, position=position, **_columns(step)) for position, step in enumerate(steps, 1)
    )
    auditing.note(by, "sequence.saved", f"sequence:{sequence.pk}", now, version=version.number)
    return version


def problems(subject: str, body: str, language: str = "en") -> list[str]:
    """Return what is wrong with a template, in words for the person who edits it."""
    return [*templates.problems(subject, language), *templates.problems(body, language)]


def known_tokens() -> list[str]:
    """Return the tokens that every contact can have a value for."""
    return [
        "contact.name",
        "contact.first_name",
        "contact.last_name",
        "contact.email",
        "company.name",
        "company.domain",
        "sender.name",
        "sender.email",
        "unsubscribe_link",
    ]


def _columns(step: StepDraft) -> dict[str, object]:
    columns = asdict(step)
    columns["task_kind"] = step.task_kind or ""
    return columns
