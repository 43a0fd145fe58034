"""A person disconnects a mailbox: what falls due meanwhile, and what comes first once it is connected again."""

from relent.flows import mailboxes, profiles, turn
from relent.records import models
from tests.cast import Cast, state, super_admin


def disconnect_until_due(cast: Cast) -> models.Enrollment:
    """Let the first mail leave, disconnect the mailbox, and move on to when the second one is due."""
    enrollment = cast.enrolled()
    mailboxes.disconnect(cast.mailbox, cast.dana, cast.clock())
    cast.clock.ahead(days=2)
    for mailbox_id in turn.wanted(cast.clock()):
        turn.take(mailbox_id, cast.clock, "test")
    return enrollment


def test_a_mail_due_in_a_disconnected_mailbox_is_held_and_shown(cast: Cast) -> None:
    enrollment = disconnect_until_due(cast)
    assert state(enrollment) == ("held", "mailbox_down")
    assert enrollment.deliveries.get(position=2).waits_for == "mailbox_unreadable"


def test_it_is_told_once_and_wants_no_further_turn(cast: Cast) -> None:
    disconnect_until_due(cast)
    assert turn.wanted(cast.clock()) == []


def test_under_the_strict_profile_it_ends_with_an_error(cast: Cast) -> None:
    profiles.choose("hubspot-strict", {}, super_admin(), cast.clock())
    enrollment = disconnect_until_due(cast)
    assert state(enrollment) == ("unenrolled", "error")


def test_a_reply_that_came_meanwhile_is_read_before_the_due_mail_leaves(cast: Cast) -> None:
    enrollment = disconnect_until_due(cast)
    cast.deliver(cast.answer(enrollment))
    mailboxes.reconnect(cast.mailbox, None, cast.dana, cast.clock.ahead(hours=3))
    cast.turn()
    assert state(enrollment) == ("unenrolled", "reply")
    assert len(cast.world.sent) == 1


def test_without_a_reply_it_goes_on_once_the_mailbox_is_connected_again(cast: Cast) -> None:
    enrollment = disconnect_until_due(cast)
    mailboxes.reconnect(cast.mailbox, None, cast.dana, cast.clock.ahead(hours=3))
    cast.turn()
    assert state(enrollment) == ("active", "")
    assert len(cast.world.sent) == 2


def test_what_is_not_due_yet_runs_on_untouched(cast: Cast) -> None:
    enrollment = cast.enrolled()
    mailboxes.disconnect(cast.mailbox, cast.dana, cast.clock())
    assert turn.wanted(cast.clock()) == []
    assert state(enrollment) == ("active", "")
