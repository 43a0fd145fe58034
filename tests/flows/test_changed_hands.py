"""What must hold where a sender, a contact or a version changes while an enrollment runs: no mail leaves past a reason
to stop, and nothing stands still for ever."""

from relent.flows import (
    apply,
    mailboxes,
    merging,
    pausing,
    profiles,
    removing,
    reviewing,
    sequences,
    settling,
    tasks,
    turn,
    undoing,
    unenrolling,
    unsubscribing,
    versions,
)
from relent.records import facts, models
from relent.terms.reasons import HoldReason
from relent.terms.reviews import ReviewKind
from relent.terms.states import DeliveryState
from relent.terms.steps import StepKind, TaskKind
from tests.cast import MONDAY, THREE_MAILS, Cast, sequence, state, super_admin

EMAIL_TASK = sequences.StepDraft(kind=StepKind.TASK, task_kind=TaskKind.EMAIL, subject="Write", wait=True)


def mailbox_of(user: models.User) -> models.Mailbox:
    return models.Mailbox.objects.create(
        user=user,
        address=user.email,
        kind="memory",
        options={"sent_copies": "server"},
        connected_at=MONDAY,
        state_since=MONDAY,
        next_read_at=MONDAY,
    )


def unknown(cast: Cast, enrollment: models.Enrollment) -> models.Delivery:
    """Let nobody know whether the second mail left."""
    second = enrollment.deliveries.get(position=2)
    models.Delivery.objects.filter(pk=second.pk).update(state=DeliveryState.SENDING, sending_at=cast.clock())
    settling.nobody_knows(second, cast.clock(), "the connection was lost")
    return second


def test_the_mailbox_that_sent_before_is_read_too_whatever_you_means(cast: Cast) -> None:
    root, elis, enrollment = super_admin(), mailbox_of(cast.eli), cast.enrolled()
    models.Enrollment.objects.filter(pk=enrollment.pk).update(enrolled_by=cast.eli)
    removing.reassign([enrollment.pk], elis, root, cast.clock())
    enrollment.refresh_from_db()
    assert facts.mailboxes_in_scope(enrollment, "enroller") == [elis, cast.mailbox]


def test_a_mailbox_that_sent_nothing_is_not_in_the_narrow_scope(cast: Cast) -> None:
    enrollment, elis = cast.enrolled(), mailbox_of(cast.eli)
    assert elis not in facts.mailboxes_in_scope(enrollment, "enroller")


def test_a_mailbox_that_cannot_be_read_keeps_back_those_only_whose_scope_it_is_in(cast: Cast) -> None:
    root, elis = super_admin(), mailbox_of(cast.eli)
    profiles.choose("safe", {"you_scope": "enroller"}, root, cast.clock())
    models.Mailbox.objects.filter(pk=cast.mailbox.pk).update(spacing=0)
    first, second = cast.enroll(cast.ann), cast.enroll(cast.bob)
    models.Enrollment.objects.filter(pk=first.pk).update(enrolled_by=cast.eli)
    cast.world.mailbox(elis.address).down = True
    cast.turn()
    assert [mail.recipient for mail in cast.world.sent] == ["bob@acme.example"]
    assert (state(first), state(second)) == (("held", "mailbox_down"), ("active", ""))


def test_what_was_held_for_a_refused_mailbox_goes_on_from_another(cast: Cast) -> None:
    root, enrollment = super_admin(), cast.enrolled()
    models.Mailbox.objects.filter(pk=cast.mailbox.pk).update(refused_since=cast.clock())
    apply.hold(enrollment, HoldReason.SENDER_REFUSED)
    removing.reassign([enrollment.pk], mailbox_of(root), root, cast.clock())
    assert state(enrollment) == ("active", "")


def test_an_end_is_not_undone_into_the_name_of_somebody_without_a_seat(cast: Cast) -> None:
    enrollment = cast.enrolled()
    unenrolling.by_hand(enrollment.pk, cast.dana, cast.clock())
    root = super_admin()
    removing.downgrade(cast.dana, root, cast.clock.ahead(hours=1))
    successor = undoing.undo(enrollment.pk, root, cast.clock.ahead(hours=1))
    assert state(successor) == ("held", "enroller_removed_hold")
    removing.carry_on(cast.clock())
    assert models.ReviewItem.objects.open().filter(kind=ReviewKind.SENDER_GONE).exists()


def test_an_answer_does_not_send_in_the_name_of_somebody_who_lost_the_seat_meanwhile(cast: Cast) -> None:
    root, enrollment = super_admin(), cast.enrolled()
    apply.hold(enrollment, HoldReason.UNSURE_SENDER)
    removing.downgrade(cast.dana, root, cast.clock())
    reviewing.let_go_on(enrollment.pk, root, cast.clock())
    assert state(enrollment) == ("held", "enroller_removed_hold")


def test_a_users_pause_outlasts_a_change_of_owners(cast: Cast) -> None:
    root = super_admin()
    cast.sequence = sequence(cast.eli)
    enrollment = cast.enrolled()
    pausing.pause(enrollment.pk, cast.dana, cast.clock())
    removing.remove_user(cast.eli, root, cast.clock())
    sequences.transfer(cast.sequence, root, root, cast.clock())
    assert state(enrollment) == ("paused", "by_user")


def test_a_users_pause_outlasts_the_question_whether_a_mail_left(cast: Cast) -> None:
    enrollment = cast.enrolled()
    pausing.pause(enrollment.pk, cast.dana, cast.clock())
    settling.it_left(unknown(cast, enrollment), cast.clock(), cast.clock())
    assert state(enrollment) == ("paused", "by_user")
    assert enrollment.deliveries.get(position=3).state == DeliveryState.PARKED


def test_a_task_whose_mail_is_under_way_stays_with_its_version(cast: Cast) -> None:
    cast.sequence = sequence(cast.dana, THREE_MAILS[0], EMAIL_TASK, THREE_MAILS[1])
    enrollment = cast.enrolled()
    cast.turn()
    task = models.Task.objects.get()
    tasks.send_mail(task.pk, cast.dana, cast.clock(), subject="", body="By hand")
    sequences.save_version(
        cast.sequence, sequences.Rules(), (THREE_MAILS[0], EMAIL_TASK, THREE_MAILS[2]), cast.dana, cast.clock()
    )
    versions.apply_to_active(cast.sequence, cast.dana, cast.clock())
    assert enrollment.deliveries.get(position=2).kind == StepKind.EMAIL


def test_a_mail_being_sent_when_its_mailbox_was_disconnected_is_asked_about_a_day_later(cast: Cast) -> None:
    enrollment = cast.enrolled()
    enrollment.deliveries.filter(position=2).update(state=DeliveryState.SENDING, sending_at=cast.clock())
    mailboxes.disconnect(cast.mailbox, cast.dana, cast.clock())
    assert turn.wanted(cast.clock()) == []
    cast.clock.ahead(hours=25)
    for mailbox_id in turn.wanted(cast.clock()):
        turn.take(mailbox_id, cast.clock, "test")
    assert state(enrollment) == ("held", "sent_unknown")


def test_who_has_opted_out_gets_no_mail_at_an_address_that_a_merge_brings(cast: Cast) -> None:
    before = cast.enrolled(cast.ann)
    unsubscribing.unsubscribe(before, "link", cast.clock())
    running = cast.enrolled(cast.bob)
    merging.merge_contacts(cast.ann, cast.bob, cast.dana, cast.clock())
    cast.clock.ahead(days=2)
    cast.turn()
    assert state(running) == ("unenrolled", "unsubscribed")
    assert [mail.recipient for mail in cast.world.sent] == ["ann@acme.example"]
