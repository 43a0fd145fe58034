"""The pages on which a user is removed, downgraded, brought back, and on which others take over."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from relent.flows import removing
from relent.records import models
from tests.cast import MONDAY, Cast, state, super_admin


@pytest.fixture
def admin(sign_in: Callable[[models.User], Client]) -> Client:
    """The browser of a super admin."""
    return sign_in(super_admin())


def leave(cast: Cast, way: str) -> str:
    """Return the address on which Dana leaves that way."""
    return reverse("user-leave", args=[cast.dana.pk, way])


def root() -> models.User:
    """Return the super admin."""
    return models.User.objects.get(email="root@us.example")


def finns_mailbox() -> models.Mailbox:
    """Give another rep a mailbox."""
    finn = models.User.objects.create_user("finn@us.example", "correct horse", name="Finn Low", created_at=MONDAY)
    return models.Mailbox.objects.create(
        user=finn, address="finn@us.example", kind="memory", connected_at=MONDAY, state_since=MONDAY
    )


def test_the_page_counts_what_runs_before_anybody_is_removed(cast: Cast, admin: Client) -> None:
    cast.enrolled()
    page = admin.get(leave(cast, "remove")).content.decode()
    assert "with 1 open enrollment" in page
    assert "What nobody takes over is held" in page


def test_removing_holds_what_nobody_takes_over(cast: Cast, admin: Client) -> None:
    enrollment = cast.enrolled()
    admin.post(leave(cast, "remove"))
    cast.dana.refresh_from_db()
    assert not cast.dana.is_active
    assert state(enrollment) == ("held", "creator_removed_hold")


def test_whoever_takes_over_first_keeps_everything_going(cast: Cast, admin: Client) -> None:
    enrollment, mailbox = cast.enrolled(), finns_mailbox()
    chosen = {"sequences_to": mailbox.user_id, "mailbox": mailbox.pk, "contacts_to": mailbox.user_id}
    admin.post(leave(cast, "remove"), chosen)
    cast.ann.refresh_from_db()
    assert state(enrollment) == ("active", "")
    assert (enrollment.mailbox, cast.ann.owner) == (mailbox, mailbox.user)


def test_what_is_held_can_be_handed_over_afterwards(cast: Cast, admin: Client) -> None:
    enrollment, mailbox = cast.enrolled(), finns_mailbox()
    removing.remove_user(cast.dana, root(), cast.clock())
    admin.post(leave(cast, "hand-over"), {"sequences_to": mailbox.user_id, "mailbox": mailbox.pk})
    assert state(enrollment) == ("active", "")


def test_a_removal_can_be_undone(cast: Cast, admin: Client) -> None:
    enrollment = cast.enrolled()
    admin.post(leave(cast, "remove"))
    admin.post(reverse("user-reactivate", args=[cast.dana.pk]))
    cast.dana.refresh_from_db()
    assert cast.dana.is_active
    assert state(enrollment) == ("active", "")


def test_the_page_says_that_a_new_sender_breaks_the_thread(cast: Cast, admin: Client) -> None:
    assert "begins a new conversation" in admin.get(leave(cast, "hand-over")).content.decode()


def test_the_last_super_admin_is_told_to_name_another(cast: Cast, admin: Client) -> None:
    answer = admin.post(reverse("user-leave", args=[root().pk, "remove"]))
    assert answer.status_code == 422
    assert "Somebody must stay" in answer.content.decode()


def test_a_removed_user_is_signed_out_at_once(cast: Cast, dana: Client) -> None:
    removing.remove_user(cast.dana, super_admin(), cast.clock())
    assert dana.get("/contacts/").status_code == 302


def test_nobody_leaves_in_a_way_that_is_not_known(cast: Cast, admin: Client) -> None:
    assert admin.get(leave(cast, "vanish")).status_code == 404


def test_deleting_a_sequence_with_open_enrollments_wants_a_tick(cast: Cast, dana: Client) -> None:
    enrollment = cast.enrolled()
    page = reverse("sequence-delete", args=[cast.sequence.pk])
    assert dana.post(page).status_code == 422
    assert state(enrollment) == ("active", "")
    dana.post(page, {"override": "yes"})
    assert state(enrollment) == ("unenrolled", "sequence_deleted")


def test_eli_sees_a_shared_sequence_but_may_neither_delete_nor_hand_it_over(cast: Cast, eli: Client) -> None:
    for page in ("sequence-delete", "sequence-transfer"):
        assert eli.post(reverse(page, args=[cast.sequence.pk])).status_code == 403


def test_dana_hands_a_sequence_over(cast: Cast, dana: Client) -> None:
    dana.post(reverse("sequence-transfer", args=[cast.sequence.pk]), {"to": cast.eli.pk})
    cast.sequence.refresh_from_db()
    assert cast.sequence.owner == cast.eli
