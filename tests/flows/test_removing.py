"""A user leaves, or loses the seat: what is held, who takes over, and what ends."""

from datetime import timedelta

import pytest

from relent.flows import permissions, profiles, removing, sequences
from relent.records import models
from relent.terms.reviews import ReviewKind
from relent.terms.roles import Role
from relent.terms.states import MailboxState
from tests.cast import MONDAY, Cast, sequence, state, super_admin


def finn(cast: Cast) -> models.Mailbox:
    """Another rep, Finn, with a mailbox; returns the mailbox."""
    user = models.User.objects.create_user("finn@us.example", "correct horse", name="Finn Low", created_at=MONDAY)
    return models.Mailbox.objects.create(
        user=user,
        address="finn@us.example",
        kind="memory",
        options={"sent_copies": "server"},
        connected_at=MONDAY,
        state_since=MONDAY,
        next_read_at=MONDAY,
    )


def questions(kind: ReviewKind) -> int:
    """Return how many questions of the kind are open."""
    return models.ReviewItem.objects.open().filter(kind=kind).count()


def test_what_runs_in_a_sequence_is_held_when_its_owner_is_removed(cast: Cast) -> None:
    enrollment = cast.enrolled()
    removing.remove_user(cast.dana, super_admin(), cast.clock())
    assert state(enrollment) == ("held", "creator_removed_hold")


def test_under_the_strict_profile_it_is_unenrolled(cast: Cast) -> None:
    root, enrollment = super_admin(), cast.enrolled()
    profiles.choose("hubspot-strict", {}, root, cast.clock())
    cast.clock.ahead(hours=1)
    removing.remove_user(cast.dana, root, cast.clock())
    assert state(enrollment) == ("unenrolled", "creator_removed")


def test_a_removed_enroller_holds_the_enrollment_under_both_profiles(cast: Cast) -> None:
    root = super_admin()
    cast.sequence = sequence(root)
    enrollment = cast.enrolled()
    profiles.choose("hubspot-strict", {}, root, cast.clock())
    removing.remove_user(cast.dana, root, cast.clock())
    assert state(enrollment) == ("held", "enroller_removed_hold")


def test_a_removed_user_cannot_sign_in_and_no_mailbox_of_theirs_is_read(cast: Cast) -> None:
    removing.remove_user(cast.dana, super_admin(), cast.clock())
    cast.mailbox.refresh_from_db()
    assert (cast.dana.is_active, cast.mailbox.state) == (False, MailboxState.DISCONNECTED)


def test_a_downgraded_user_still_signs_in_and_the_mailbox_is_still_read(cast: Cast) -> None:
    enrollment = cast.enrolled()
    removing.downgrade(cast.dana, super_admin(), cast.clock())
    cast.mailbox.refresh_from_db()
    assert (cast.dana.is_active, cast.mailbox.state) == (True, MailboxState.CONNECTED)
    assert state(enrollment) == ("held", "creator_removed_hold")


def test_a_transfer_before_the_removal_leaves_nothing_held(cast: Cast) -> None:
    root = super_admin()
    enrollment = cast.enrolled()
    sequences.transfer(cast.sequence, root, root, cast.clock())
    removing.reassign([enrollment.pk], finn(cast), root, cast.clock())
    removing.remove_user(cast.dana, root, cast.clock())
    assert state(enrollment) == ("active", "")
    assert models.ReviewItem.objects.count() == 0


def test_one_question_is_asked_for_each_sequence_and_user_not_for_each_enrollment(cast: Cast) -> None:
    root = super_admin()
    for contact in (cast.ann, cast.bob, cast.cora):
        cast.enroll(contact)
    sequences.transfer(cast.sequence, root, root, cast.clock())
    removing.remove_user(cast.dana, root, cast.clock())
    assert (questions(ReviewKind.OWNER_GONE), questions(ReviewKind.SENDER_GONE)) == (0, 1)


def test_after_a_transfer_the_new_owner_sends_what_nobody_else_is_left_to_send(cast: Cast) -> None:
    root, theirs = super_admin(), finn(cast)
    enrollment = cast.enrolled()
    removing.remove_user(cast.dana, root, cast.clock())
    assert theirs.user is not None
    sequences.transfer(cast.sequence, theirs.user, root, cast.clock())
    enrollment.refresh_from_db()
    assert (state(enrollment), enrollment.mailbox_id) == (("active", ""), theirs.pk)


def test_after_a_transfer_to_the_one_who_sends_already_it_goes_on(cast: Cast) -> None:
    root, theirs = super_admin(), finn(cast)
    enrollment = cast.enrolled()
    removing.reassign([enrollment.pk], theirs, root, cast.clock())
    models.TimelineEntry.objects.filter(enrollment=enrollment).delete()  # as if they had sent from the beginning
    removing.remove_user(cast.dana, root, cast.clock())
    assert theirs.user is not None
    sequences.transfer(cast.sequence, theirs.user, root, cast.clock())
    assert state(enrollment) == ("active", "")


def test_after_a_transfer_it_is_still_held_where_the_new_owner_has_no_mailbox(cast: Cast) -> None:
    root, enrollment = super_admin(), cast.enrolled()
    removing.remove_user(cast.dana, root, cast.clock())
    assert sequences.transfer(cast.sequence, root, root, cast.clock()) == 1
    assert state(enrollment) == ("held", "enroller_removed_hold")


def test_after_a_transfer_it_goes_on_where_somebody_else_sends(cast: Cast) -> None:
    root, theirs = super_admin(), sequence(cast.eli)
    cast.sequence = theirs
    enrollment = cast.enrolled()
    removing.remove_user(cast.eli, root, cast.clock())
    sequences.transfer(theirs, root, root, cast.clock())
    assert state(enrollment) == ("active", "")
    assert questions(ReviewKind.OWNER_GONE) == 0


def test_a_reassigned_enrollment_sends_its_next_mail_from_the_other_mailbox(cast: Cast) -> None:
    root, other = super_admin(), finn(cast)
    cast.sequence = sequence(root)
    enrollment = cast.enrolled()
    removing.remove_user(cast.dana, root, cast.clock())
    removing.reassign([enrollment.pk], other, root, cast.clock())
    cast.clock.ahead(days=2)
    cast.mailbox = other
    cast.turn()
    assert [mail.envelope_from for mail in cast.world.sent] == ["dana@us.example", "finn@us.example"]


def test_a_mail_of_another_sender_begins_a_new_conversation(cast: Cast) -> None:
    root, other = super_admin(), finn(cast)
    enrollment = cast.enrolled()
    removing.reassign([enrollment.pk], other, root, cast.clock())
    cast.clock.ahead(days=2)
    cast.mailbox = other
    cast.turn()
    second = cast.world.sent[-1].raw
    assert b"In-Reply-To" not in second
    assert b"Subject: Hello" in second


def test_a_reassigned_enrollment_keeps_its_enroller_and_the_mailbox_of_what_left(cast: Cast) -> None:
    root, other = super_admin(), finn(cast)
    enrollment = cast.enrolled()
    removing.reassign([enrollment.pk], other, root, cast.clock())
    enrollment.refresh_from_db()
    assert enrollment.enrolled_by == cast.dana
    assert [row.mailbox_id for row in enrollment.deliveries.order_by("position")] == [cast.mailbox.pk, other.pk]


def test_taking_over_answers_the_question_who_goes_on(cast: Cast) -> None:
    root, other = super_admin(), finn(cast)
    cast.sequence = sequence(root)
    enrollment = cast.enrolled()
    removing.remove_user(cast.dana, root, cast.clock())
    removing.reassign([enrollment.pk], other, root, cast.clock())
    assert questions(ReviewKind.SENDER_GONE) == 0


def test_eli_may_neither_remove_nor_reassign(cast: Cast) -> None:
    enrollment = cast.enrolled()
    with pytest.raises(permissions.NotAllowed):
        removing.remove_user(cast.dana, cast.eli, cast.clock())
    with pytest.raises(permissions.NotAllowed):
        removing.reassign([enrollment.pk], finn(cast), cast.eli, cast.clock())


def test_nobody_takes_over_who_was_removed(cast: Cast) -> None:
    root = super_admin()
    removing.remove_user(cast.eli, root, cast.clock())
    with pytest.raises(removing.CannotTakeOver):
        sequences.transfer(cast.sequence, cast.eli, root, cast.clock())


def test_the_last_super_admin_stays(cast: Cast) -> None:
    root = super_admin()
    with pytest.raises(removing.LastSuperAdmin):
        removing.remove_user(root, root, cast.clock())


def test_the_last_but_one_super_admin_may_go(cast: Cast) -> None:
    root = super_admin()
    models.User.objects.filter(pk=cast.eli.pk).update(role=Role.SUPER_ADMIN)
    removing.remove_user(cast.eli, root, cast.clock())
    assert not cast.eli.is_active


def test_what_nobody_took_over_in_thirty_days_ends(cast: Cast) -> None:
    root = super_admin()
    cast.sequence = sequence(root)
    enrollment = cast.enrolled()
    removing.remove_user(cast.dana, root, cast.clock())
    assert removing.next_abandoned(cast.clock()) == cast.clock() + removing.PATIENCE
    cast.clock.ahead(days=29)
    assert removing.end_abandoned(cast.clock()) == 0
    cast.clock.ahead(days=1)
    assert removing.end_abandoned(cast.clock()) == 1
    assert state(enrollment) == ("unenrolled", "enroller_removed")


def test_a_reactivated_user_goes_on_where_the_removal_held(cast: Cast) -> None:
    root, enrollment = super_admin(), cast.enrolled()
    removing.remove_user(cast.dana, root, cast.clock())
    assert removing.reactivate(cast.dana, root, cast.clock() + timedelta(hours=1)) == 1
    assert state(enrollment) == ("active", "")
    assert models.ReviewItem.objects.open().count() == 0


def test_a_seat_given_back_lets_what_was_held_go_on(cast: Cast) -> None:
    root, enrollment = super_admin(), cast.enrolled()
    removing.downgrade(cast.dana, root, cast.clock())
    removing.reactivate(cast.dana, root, cast.clock() + timedelta(hours=1))
    assert state(enrollment) == ("active", "")


def test_a_removal_that_was_cut_short_is_finished_by_the_upkeep(cast: Cast) -> None:
    enrollment = cast.enrolled()
    models.User.objects.filter(pk=cast.dana.pk).update(is_active=False, removed_at=cast.clock())
    removing.carry_on(cast.clock())
    assert state(enrollment) == ("held", "creator_removed_hold")


def test_what_a_person_released_is_not_held_again_by_the_upkeep(cast: Cast) -> None:
    root, theirs = super_admin(), sequence(cast.eli)
    cast.sequence = theirs
    enrollment = cast.enrolled()
    removing.remove_user(cast.eli, root, cast.clock())
    sequences.transfer(theirs, root, root, cast.clock())
    models.Sequence.objects.filter(pk=theirs.pk).update(owner=cast.eli)
    removing.carry_on(cast.clock())
    assert state(enrollment) == ("active", "")
