"""Saving, deleting and handing over a sequence. Every save is a new version; running enrollments stay on theirs."""

from collections.abc import Sequence as Listing
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction

from relent.flows import auditing, batches, permissions, removing, reviews
from relent.mail import templates
from relent.records import models
from relent.terms.events import SequenceDeleted
from relent.terms.reasons import Refusal
from relent.terms.reviews import ReviewAnswer, ReviewKind
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
    thread_to: int | None = None
    task_kind: TaskKind | None = None
    wait: bool = True


class ActiveEnrollments(Exception):
    """The sequence was not deleted: ``count`` enrollments have not ended. ``code`` is the Refusal for an API."""

    code = Refusal.ACTIVE_ENROLLMENTS

    def __init__(self, count: int) -> None:
        super().__init__(f"{self.code}: {count}")
        self.count = count


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


def delete(sequence: models.Sequence, by: models.User, now: datetime, *, override: bool = False) -> int:
    """Delete the sequence and return how many enrollments that ended; its history and its counters stay.

    Raises NotAllowed, and ActiveEnrollments where some have not ended, unless ``override``.
    """
    permissions.require_edit(by, sequence)
    with transaction.atomic():
        models.Sequence.objects.select_for_update().get(pk=sequence.pk)
        active = sequence.enrollments.open().count()
        if active and not override:
            raise ActiveEnrollments(active)
        # Before anything ends, so that nobody is enrolled behind the back of what follows.
        deleted = models.Sequence.objects.filter(pk=sequence.pk, deleted_at__isnull=True).update(deleted_at=now)
        models.Workflow.objects.filter(sequence=sequence, enabled=True).update(enabled=False, changed_at=now)
        _close_question(sequence, ReviewAnswer.DISMISS, by, now)
        if deleted:
            auditing.note(by, "sequence.deleted", f"sequence:{sequence.pk}", now, name=sequence.name, ended=active)
    sequence.refresh_from_db()
    return _end_all_of(sequence, by, now)


def finish_deletions(now: datetime) -> int:
    """End what a deletion that was cut short left open, or what was enrolled in that very moment; return how many."""
    left = models.Enrollment.objects.open().filter(sequence__deleted_at__isnull=False)
    unfinished = models.Sequence.objects.filter(pk__in=left.values("sequence_id").distinct())
    return sum(_end_all_of(sequence, None, now) for sequence in unfinished)


def _end_all_of(sequence: models.Sequence, by: models.User | None, now: datetime) -> int:
    at = sequence.deleted_at or now
    left = sequence.enrollments.open()
    return batches.each(left, lambda pk: SequenceDeleted(at=at, enrollment_id=pk), by, now)


def transfer(sequence: models.Sequence, to: models.User, by: models.User, now: datetime) -> int:
    """Let ``to`` own the sequence. What was held because it had no owner goes on, and what nobody else is left to send
    leaves from the mailbox of ``to``; return how many were held for the owner.

    Raises NotAllowed, and removing.CannotTakeOver where ``to`` may not use sequences.
    """
    permissions.require_edit(by, sequence)
    removing.require_taker(to)
    former = models.Sequence.objects.values_list("owner_id", flat=True).get(pk=sequence.pk)
    models.Sequence.objects.filter(pk=sequence.pk).update(owner=to)
    sequence.refresh_from_db()
    _close_question(sequence, ReviewAnswer.GO_ON, by, now)
    auditing.note(by, "sequence.transferred", f"sequence:{sequence.pk}", now, former=former, to=to.pk)
    went_on = removing.owner_is_back([sequence.pk], by, now)
    removing.taken_over(sequence, to, by, now)
    return went_on


def _close_question(sequence: models.Sequence, answer: ReviewAnswer, by: models.User, now: datetime) -> None:
    """It was asked who takes the sequence over: nobody needs to say so any more."""
    for item in models.ReviewItem.objects.open().filter(sequence=sequence, kind=ReviewKind.OWNER_GONE):
        reviews.close(item, answer, by, now)


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
