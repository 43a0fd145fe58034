"""A contact is deleted, restored, or erased."""

import pytest

from relent.flows import deleting, enrolling, permissions, unsubscribing
from relent.records import facts, models, performance
from relent.terms.reasons import Refusal
from tests.cast import Cast, contact, state, super_admin


def test_deleting_a_contact_ends_what_it_is_enrolled_in(cast: Cast) -> None:
    enrollment = cast.enrolled()
    assert deleting.delete_contact(cast.ann, cast.dana, cast.clock()) == 1
    assert state(enrollment) == ("unenrolled", "contact_deleted")


def test_a_restored_contact_does_not_resume(cast: Cast) -> None:
    enrollment = cast.enrolled()
    deleting.delete_contact(cast.ann, cast.dana, cast.clock())
    assert deleting.restore_contact(cast.ann, cast.dana, cast.clock())
    assert cast.ann.deleted_at is None
    assert state(enrollment) == ("unenrolled", "contact_deleted")


def test_a_restored_contact_may_be_enrolled_again(cast: Cast) -> None:
    cast.enrolled()
    deleting.delete_contact(cast.ann, cast.dana, cast.clock())
    deleting.restore_contact(cast.ann, cast.dana, cast.clock())
    assert cast.enroll().is_open


def test_a_deleted_contact_is_not_enrolled(cast: Cast) -> None:
    deleting.delete_contact(cast.ann, cast.dana, cast.clock())
    with pytest.raises(enrolling.EnrollmentRefused):
        cast.enroll()


def test_eli_may_neither_delete_nor_restore_nor_erase_danas_contact(cast: Cast) -> None:
    for act in (deleting.delete_contact, deleting.restore_contact, deleting.erase_contact):
        with pytest.raises(permissions.NotAllowed):
            act(cast.ann, cast.eli, cast.clock())


def test_erasing_leaves_no_trace_of_name_or_address(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.deliver(cast.answer(enrollment))
    cast.turn()
    deleting.erase_contact(cast.ann, super_admin(), cast.clock())
    rows = [
        *models.Contact.objects.filter(pk=cast.ann.pk).values(),
        *models.ContactAddress.objects.filter(contact=cast.ann).values(),
        *models.Enrollment.objects.filter(contact=cast.ann).values(),
        *models.Delivery.objects.filter(enrollment=enrollment).values(),
        *models.InboundItem.objects.values(),
        *models.Decision.objects.values(),
        *models.TimelineEntry.objects.values(),
    ]
    assert not [row for row in rows for word in ("acme", "Ann", "Archer", "call me") if word in str(row)]


def test_the_ledger_keeps_the_reason_and_the_counters_stay(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.deliver(cast.answer(enrollment))
    cast.turn()
    before = performance.summaries([cast.sequence.pk])
    deleting.erase_contact(cast.ann, super_admin(), cast.clock())
    assert performance.summaries([cast.sequence.pk]) == before
    assert enrollment.decisions.filter(reason="reply", applied=True).exists()


def test_erasing_ends_what_is_open(cast: Cast) -> None:
    enrollment = cast.enrolled()
    deleting.erase_contact(cast.ann, super_admin(), cast.clock())
    assert state(enrollment) == ("unenrolled", "contact_deleted")
    assert not deleting.restore_contact(cast.ann, super_admin_again(), cast.clock())


def super_admin_again() -> models.User:
    """Return the super admin that the test made."""
    return models.User.objects.get(email="root@us.example")


def test_an_erased_contact_who_opted_out_stays_so_when_imported_anew(cast: Cast) -> None:
    models.Suppression.objects.create(
        address="ann@acme.example", code=Refusal.UNSUBSCRIBED, source="test", since=cast.clock()
    )
    deleting.erase_contact(cast.ann, super_admin(), cast.clock())
    assert not models.Suppression.objects.filter(address__contains="acme").exists()
    contact("Ann", "Archer", models.Company.objects.get(name="Acme"), cast.dana)
    assert facts.suppression_of("ann@acme.example") == Refusal.UNSUBSCRIBED


def test_an_address_that_somebody_else_has_too_stays_suppressed_by_name(cast: Cast) -> None:
    models.ContactAddress.objects.create(contact=cast.bob, address="ann@acme.example", since=cast.clock())
    models.Suppression.objects.create(
        address="ann@acme.example", code=Refusal.UNSUBSCRIBED, source="test", since=cast.clock()
    )
    deleting.erase_contact(cast.ann, super_admin(), cast.clock())
    assert facts.suppression_of("ann@acme.example") == Refusal.UNSUBSCRIBED


def test_a_reply_that_lay_in_the_queue_when_its_sender_was_erased_leaves_no_content(cast: Cast) -> None:
    enrollment = cast.enrolled()
    answer = cast.answer(enrollment)
    deleting.erase_contact(cast.ann, super_admin(), cast.clock())
    cast.deliver(answer)
    cast.turn()
    item = models.InboundItem.objects.get(kind="person_wrote")
    assert (item.text, item.subject, item.raw) == ("", "", None)
    assert item.sender.startswith(models.ERASED)


def test_what_a_colleague_wrote_is_not_erased_with_the_contact(cast: Cast) -> None:
    enrollment = cast.enrolled(cast.bob)
    cast.enrolled()
    cast.deliver(cast.answer(enrollment, "bob@acme.example"))
    cast.turn()
    deleting.erase_contact(cast.ann, super_admin(), cast.clock())
    assert models.InboundItem.objects.get(sender="bob@acme.example").text


def test_an_unsubscribe_link_of_an_erased_contact_still_works(cast: Cast) -> None:
    enrollment = cast.enrolled()
    deleting.erase_contact(cast.ann, super_admin(), cast.clock())
    enrollment.refresh_from_db()
    unsubscribing.unsubscribe(enrollment, "link", cast.clock())
    assert facts.suppression_of("ann@acme.example") == Refusal.UNSUBSCRIBED_PERSONAL
