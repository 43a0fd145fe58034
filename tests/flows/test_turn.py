"""The turn: what leaves, what does not, and why."""

from datetime import timedelta

import pytest

from relent.flows import turn
from relent.records import models
from relent.terms.reasons import WaitReason
from relent.terms.states import DeliveryState, EnrollmentState, MailboxState
from tests.cast import Cast, state


def recipients(cast: Cast) -> list[str]:
    return [mail.recipient for mail in cast.world.sent]


def test_the_first_mail_leaves_in_the_first_turn_after_enrolling(cast: Cast) -> None:
    cast.enroll()
    cast.turn()
    assert recipients(cast) == ["ann@acme.example"]


def test_the_first_mail_leaves_at_once_on_a_sunday_too(cast: Cast) -> None:
    cast.clock.ahead(days=6)
    cast.enrolled()
    assert recipients(cast) == ["ann@acme.example"]


def test_the_second_mail_is_planned_two_days_later_at_the_same_time(cast: Cast) -> None:
    enrollment = cast.enrolled()
    second = enrollment.deliveries.get(position=2)
    assert second.due_at == cast.clock() + timedelta(days=2)


def test_a_sent_mail_carries_the_proof_that_its_mailbox_was_read_after_the_claim(cast: Cast) -> None:
    sent = cast.enrolled().deliveries.get(position=1)
    (mailbox,) = sent.proof["mailboxes"]
    assert mailbox["address"] == "dana@us.example"
    assert mailbox["read_through"] >= sent.proof["claimed_at"]
    assert set(mailbox["cursors"]) == {"INBOX", "Sent", "Spam"}


def test_a_reply_that_arrives_just_before_the_next_mail_stops_it(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.clock.ahead(days=2)
    cast.deliver(cast.answer(enrollment))
    cast.turn()
    assert state(enrollment) == ("unenrolled", "reply")
    assert len(cast.world.sent) == 1


def test_a_mailbox_that_cannot_be_read_sends_nothing_and_says_so(cast: Cast) -> None:
    enrollment = cast.enroll()
    cast.world.mailbox("dana@us.example").down = True
    report = cast.turn()
    delivery = enrollment.deliveries.get()
    assert report.error
    assert cast.world.sent == []
    assert (delivery.state, delivery.waits_for) == (DeliveryState.PLANNED, WaitReason.MAILBOX_UNREADABLE)
    assert models.Mailbox.objects.get().state == MailboxState.UNREADABLE


def test_what_was_missed_is_read_before_anything_is_sent(cast: Cast) -> None:
    enrollment = cast.enrolled()
    there = cast.world.mailbox("dana@us.example")
    there.down = True
    cast.clock.ahead(days=1)
    cast.deliver(cast.answer(enrollment))
    cast.clock.ahead(days=1)
    cast.turn()
    there.down = False
    cast.clock.ahead(minutes=10)
    cast.turn()
    assert state(enrollment) == ("unenrolled", "reply")
    assert len(cast.world.sent) == 1


def test_a_colleagues_mailbox_in_scope_that_cannot_be_read_holds_the_mail(cast: Cast) -> None:
    models.Mailbox.objects.create(
        user=cast.eli, address="eli@us.example", kind="memory", connected_at=cast.clock(), state_since=cast.clock()
    )
    cast.world.mailbox("eli@us.example").down = True
    enrollment = cast.enrolled()
    assert cast.world.sent == []
    assert enrollment.deliveries.get().waits_for == WaitReason.MAILBOX_UNREADABLE


def test_a_mailbox_held_by_another_worker_is_left_alone(cast: Cast) -> None:
    cast.enroll()
    models.Mailbox.objects.update(holder="another", held_until=cast.clock() + timedelta(minutes=1))
    assert cast.turn().busy
    assert cast.world.sent == []


def test_a_dead_workers_lease_runs_out(cast: Cast) -> None:
    cast.enroll()
    models.Mailbox.objects.update(holder="dead", held_until=cast.clock() + timedelta(minutes=1))
    cast.clock.ahead(minutes=2)
    cast.turn()
    assert len(cast.world.sent) == 1


def test_a_claim_that_a_dead_worker_left_is_taken_up_again(cast: Cast) -> None:
    enrollment = cast.enroll()
    enrollment.deliveries.update(state=DeliveryState.CLAIMED, claimed_by="dead", claimed_at=cast.clock())
    cast.turn()
    cast.turn()
    assert len(cast.world.sent) == 1


def test_mails_of_one_mailbox_are_spaced_out(cast: Cast) -> None:
    cast.enroll(cast.ann)
    cast.enroll(cast.bob)
    cast.turn()
    cast.turn()
    assert len(cast.world.sent) == 1
    assert models.Mailbox.objects.get().waits_for == WaitReason.SPACING
    cast.clock.ahead(seconds=46)
    cast.turn()
    assert recipients(cast) == ["ann@acme.example", "bob@acme.example"]


def test_what_waits_for_the_mailboxs_limit_asks_for_no_turn_before(cast: Cast) -> None:
    cast.enroll(cast.ann)
    cast.enroll(cast.bob)
    cast.turn()
    cast.turn()
    assert turn.wanted(cast.clock()) == []
    free = turn.next_due(cast.clock())
    assert free is not None
    assert turn.wanted(free) == [cast.mailbox.pk]


def test_the_daily_limit_holds_for_a_rolling_day(cast: Cast) -> None:
    models.Mailbox.objects.update(daily_limit=1, spacing=0)
    cast.enroll(cast.ann)
    cast.enroll(cast.bob)
    cast.turn()
    cast.turn()
    assert len(cast.world.sent) == 1
    cast.clock.ahead(hours=23, minutes=59)
    cast.turn()
    assert len(cast.world.sent) == 1
    cast.clock.ahead(minutes=1)
    cast.turn()
    assert len(cast.world.sent) == 2


def test_a_sequence_that_ran_to_its_end_is_finished(cast: Cast) -> None:
    enrollment = cast.enrolled()
    for _ in range(3):
        due = turn.next_due(cast.clock())
        if due is not None:
            cast.clock.moment = due
            cast.turn()
    assert state(enrollment) == ("finished", "")
    assert len(cast.world.sent) == 3


@pytest.mark.parametrize("position", [2, 3])
def test_a_threaded_mail_answers_the_ones_before_it(cast: Cast, position: int) -> None:
    enrollment = cast.enrolled()
    while enrollment.deliveries.filter(state=DeliveryState.SENT).count() < position:
        cast.clock.moment = turn.next_due(cast.clock()) or cast.clock()
        cast.turn()
    ids = list(enrollment.deliveries.order_by("position").values_list("message_id", flat=True))
    raw = enrollment.deliveries.get(position=position).raw
    assert f"In-Reply-To: <{ids[position - 2]}>".encode() in raw
    assert f"References: <{ids[0]}>".encode() in raw
    assert b"Subject: Re: Hello" in raw


def test_an_unfilled_token_at_send_time_ends_the_enrollment_and_sends_nothing(cast: Cast) -> None:
    enrollment = cast.enroll()
    models.Contact.objects.filter(pk=cast.ann.pk).update(first_name="")
    cast.turn()
    assert state(enrollment) == ("unenrolled", "error")
    assert cast.world.sent == []


def test_a_scheduled_enrollment_starts_at_its_time(cast: Cast) -> None:
    enrollment = cast.enroll(start_at=cast.clock() + timedelta(hours=3))
    cast.turn()
    assert state(enrollment)[0] == EnrollmentState.SCHEDULED
    cast.clock.ahead(hours=3)
    cast.turn()
    assert state(enrollment)[0] == EnrollmentState.ACTIVE
    assert len(cast.world.sent) == 1


def test_a_worker_told_to_end_gives_back_what_it_has_not_sent(cast: Cast) -> None:
    enrollment = cast.enroll()
    turn.take(cast.mailbox.pk, cast.clock, "test", stopping=lambda: True)
    delivery = enrollment.deliveries.get()
    assert (delivery.state, delivery.due_at) == (DeliveryState.PLANNED, cast.clock())
    assert cast.world.sent == []
