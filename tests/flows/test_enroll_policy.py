"""What keeps a contact from being enrolled again, and what is said before."""

from datetime import timedelta

import pytest

from relent.flows import enrolling, profiles, sequences, touches, unenrolling
from relent.records import models
from relent.terms.cautions import Caution
from relent.terms.reasons import Refusal
from relent.terms.states import TaskState
from relent.terms.steps import StepKind, TaskKind
from tests.cast import Cast, sequence


def asked(cast: Cast, **wish: object) -> enrolling.Preview:
    request = enrolling.EnrollRequest(contact=cast.ann, sequence=cast.sequence, by=cast.dana, **wish)
    return enrolling.preview(request, cast.clock())


def refusals(cast: Cast, **wish: object) -> list[Refusal]:
    return [refused.code for refused in asked(cast, **wish).refusals]


def setting(cast: Cast, **values: str) -> None:
    profiles.choose("safe", values, None, cast.clock())


def ended(cast: Cast) -> None:
    unenrolling.by_hand(cast.enrolled().pk, cast.dana, cast.clock())


def test_by_default_a_contact_may_be_enrolled_again_at_once(cast: Cast) -> None:
    ended(cast)
    assert refusals(cast) == []


def test_an_account_may_allow_each_sequence_once(cast: Cast) -> None:
    setting(cast, reenroll="once")
    ended(cast)
    assert refusals(cast) == [Refusal.ENROLLED_BEFORE]
    cast.sequence = sequence(cast.dana)
    assert refusals(cast) == []


def test_a_cool_down_after_an_enrollment_says_until_when(cast: Cast) -> None:
    setting(cast, cooldown_days="3")
    ended(cast)
    (refused,) = asked(cast).refusals
    assert (refused.code, refused.until) == (Refusal.COOLING_DOWN, cast.clock() + timedelta(days=3))
    assert asked(cast).another_day == cast.clock() + timedelta(days=3)
    assert refusals(cast, start_at=cast.clock() + timedelta(days=3)) == []


def test_a_call_that_was_done_is_a_touch(cast: Cast) -> None:
    setting(cast, touch_cooldown_days="2")
    done = {"state": TaskState.DONE, "done_at": cast.clock(), "created_at": cast.clock(), "subject": "Call"}
    task = models.Task.objects.create(contact=cast.ann, assignee=cast.dana, kind=TaskKind.TODO, **done)
    assert refusals(cast) == []
    models.Task.objects.filter(pk=task.pk).update(kind=TaskKind.CALL)
    assert refusals(cast) == [Refusal.COOLING_DOWN]
    cast.clock.ahead(days=2)
    assert refusals(cast) == []


def test_a_mail_by_hand_seen_in_two_mailboxes_is_one_touch(cast: Cast) -> None:
    setting(cast, touch_cooldown_days="2")
    for identity in ("a", "b"):
        item = models.InboundItem.objects.create(
            mailbox=cast.mailbox, identity=identity, folder="Sent", received_at=cast.clock(), read_at=cast.clock(),
            kind="own_copy_seen", message_id="m@us.example", size=1,
        )  # fmt: skip
        touches.note(["Ann@Acme.example", "nobody@else.example"], item, cast.dana.pk)
    assert cast.ann.timeline.filter(kind="written_by_hand").count() == 1
    assert refusals(cast) == [Refusal.COOLING_DOWN]


def test_mails_that_a_sequence_sends_by_itself_are_no_touch(cast: Cast) -> None:
    setting(cast, touch_cooldown_days="5")
    ended(cast)
    assert refusals(cast) == []


def test_a_sender_over_the_limit_of_the_mailbox_is_offered_another_day(cast: Cast) -> None:
    models.Mailbox.objects.update(daily_limit=1, spacing=0)
    cast.mailbox.refresh_from_db()
    cast.enrolled(cast.bob)
    (refused,) = asked(cast).refusals
    assert (refused.code, refused.until) == (Refusal.OVER_LIMIT, cast.clock() + timedelta(days=1))
    assert refusals(cast, start_at=refused.until) == []


def test_a_sender_over_the_own_limit_is_refused_from_every_mailbox(cast: Cast) -> None:
    cast.enrolled(cast.bob)
    models.User.objects.filter(pk=cast.dana.pk).update(daily_limit=1)
    cast.dana.refresh_from_db()
    assert refusals(cast) == [Refusal.OVER_LIMIT]


def test_a_sequence_that_begins_with_a_task_needs_no_room_for_mails(cast: Cast) -> None:
    models.Mailbox.objects.update(daily_limit=0)
    call = sequences.StepDraft(kind=StepKind.TASK, subject="Call", task_kind=TaskKind.CALL)
    cast.sequence = sequence(cast.dana, call)
    assert refusals(cast) == []


@pytest.mark.parametrize(("days", "warned"), [(6, [Caution.PRIOR_CONTACT]), (8, [])])
def test_a_recent_mail_of_the_contact_is_warned_of(cast: Cast, days: int, warned: list[Caution]) -> None:
    cast.deliver(cast.write())
    cast.turn()
    cast.clock.ahead(days=days)
    assert [each.caution for each in asked(cast).warnings] == warned
    assert refusals(cast) == []


def test_eli_learns_nothing_of_who_wrote_to_whom(cast: Cast) -> None:
    cast.deliver(cast.write())
    cast.turn()
    request = enrolling.EnrollRequest(contact=cast.ann, sequence=cast.sequence, by=cast.eli)
    assert enrolling.preview(request, cast.clock()).warnings == ()


def test_a_planned_meeting_is_warned_of(cast: Cast) -> None:
    start = cast.clock() + timedelta(days=1)
    meeting = models.Meeting.objects.create(
        source="user", uid="1", starts_at=start, ends_at=start + timedelta(hours=1), logged_at=cast.clock()
    )
    models.MeetingAssociation.objects.create(meeting=meeting, contact=cast.ann, since=cast.clock())
    (warned,) = asked(cast).warnings
    assert (warned.caution, warned.at) == (Caution.PLANNED_MEETING, start)


def test_the_same_request_for_another_contact_is_refused(cast: Cast) -> None:
    cast.enroll(request_id="r-1")
    with pytest.raises(enrolling.EnrollmentRefused):
        cast.enroll(cast.bob, request_id="r-1")


def test_a_contact_may_have_mails_and_times_of_its_own(cast: Cast) -> None:
    own = {
        1: enrolling.OwnStep(body="Only for {{ contact.first_name }}"),
        2: enrolling.OwnStep(delay=timedelta(days=4)),
    }
    enrollment = cast.enroll(own_steps=own)
    cast.turn()
    first, second = enrollment.deliveries.order_by("position")
    assert b"Only for Ann" in first.raw
    assert second.due_at == cast.clock() + timedelta(days=4)
    assert cast.sequence.current.steps.first().body == "Hi {{ contact.first_name }}"


def test_a_token_without_a_value_in_an_own_text_is_refused(cast: Cast) -> None:
    own = {2: enrolling.OwnStep(body="{{ contact.shoe_size }}")}
    assert refusals(cast, own_steps=own) == [Refusal.MISSING_TOKEN]
