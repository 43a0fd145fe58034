"""The pages on which contacts are deleted, restored, erased and merged; and private sequences on a record."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from relent.flows import deleting
from relent.records import models
from tests.cast import Cast, state, super_admin


@pytest.fixture
def admin(sign_in: Callable[[models.User], Client]) -> Client:
    """The browser of a super admin."""
    return sign_in(super_admin())


def test_a_contact_is_deleted_after_a_question_and_can_be_restored_from_the_message(cast: Cast, dana: Client) -> None:
    enrollment = cast.enrolled()
    page = reverse("contact-delete", args=[cast.ann.pk])
    dana.get(page)
    assert state(enrollment) == ("active", "")
    answer = dana.post(page, follow=True)
    assert state(enrollment) == ("unenrolled", "contact_deleted")
    assert reverse("contact-restore", args=[cast.ann.pk]) in answer.content.decode()


def test_a_deleted_contact_stands_in_the_list_of_the_deleted_ones(cast: Cast, dana: Client, eli: Client) -> None:
    deleting.delete_contact(cast.ann, cast.dana, cast.clock())
    assert "Ann Archer" in dana.get(reverse("contacts-deleted")).content.decode()
    assert "Ann Archer" not in eli.get(reverse("contacts-deleted")).content.decode()


def test_restoring_brings_the_record_back(cast: Cast, dana: Client) -> None:
    deleting.delete_contact(cast.ann, cast.dana, cast.clock())
    dana.post(reverse("contact-restore", args=[cast.ann.pk]))
    assert dana.get(reverse("contact", args=[cast.ann.pk])).status_code == 200


def test_erasing_wants_a_tick(cast: Cast, admin: Client) -> None:
    page = reverse("contact-erase", args=[cast.ann.pk])
    assert admin.post(page).status_code == 422
    admin.post(page, {"sure": "yes"})
    cast.ann.refresh_from_db()
    assert (cast.ann.first_name, cast.ann.erased_at is not None) == ("", True)


def test_who_has_the_same_address_is_offered_for_a_merge(cast: Cast, dana: Client) -> None:
    models.ContactAddress.objects.create(contact=cast.bob, address="ann@acme.example", since=cast.clock())
    page = dana.get(reverse("contact", args=[cast.ann.pk])).content.decode()
    assert f"{reverse('contact-merge', args=[cast.ann.pk])}?other={cast.bob.pk}" in page


def test_two_records_are_merged_after_a_question(cast: Cast, dana: Client) -> None:
    page = reverse("contact-merge", args=[cast.ann.pk])
    assert "Bob Baker" in dana.get(f"{page}?other={cast.bob.pk}").content.decode()
    dana.post(page, {"other": cast.bob.pk})
    cast.bob.refresh_from_db()
    assert cast.bob.merged_into == cast.ann


def test_eli_may_not_merge_danas_contact_into_his_own(cast: Cast, eli: Client) -> None:
    models.Contact.objects.filter(pk=cast.cora.pk).update(owner=cast.eli)
    eli.post(reverse("contact-merge", args=[cast.cora.pk]), {"other": cast.ann.pk})
    cast.ann.refresh_from_db()
    assert cast.ann.merged_into is None


def test_an_address_that_is_taken_off_stays_as_a_former_one(cast: Cast, dana: Client) -> None:
    enrollment = cast.enrolled()
    answer = dana.post(
        reverse("contact-edit", args=[cast.ann.pk]),
        {"first_name": "Ann", "last_name": "Archer", "email": "ann@new.example", "company": "Acme"},
    )
    assert answer.status_code == 302
    rows = {row.address: row for row in cast.ann.addresses.all()}
    assert rows["ann@acme.example"].until is not None
    assert rows["ann@new.example"].primary
    enrollment.refresh_from_db()
    assert enrollment.address == "ann@acme.example"


def test_further_companies_are_kept_with_the_primary_first(cast: Cast, dana: Client) -> None:
    wish = {"first_name": "Ann", "email": "ann@acme.example", "company": "Acme", "other_companies": "Birch\nCedar"}
    dana.post(reverse("contact-edit", args=[cast.ann.pk]), wish)
    present = cast.ann.associations.filter(until=None).values_list("company__name", "primary")
    assert set(present) == {("Acme", True), ("Birch", False), ("Cedar", False)}


def test_a_company_that_is_left_stays_as_history(cast: Cast, dana: Client) -> None:
    edit = reverse("contact-edit", args=[cast.ann.pk])
    dana.post(edit, {"first_name": "Ann", "email": "ann@acme.example", "company": "Acme"})
    dana.post(edit, {"first_name": "Ann", "email": "ann@acme.example", "company": "Birch"})
    past = cast.ann.associations.filter(until__isnull=False).values_list("company__name", flat=True)
    assert "Acme" in past


def test_a_private_sequence_is_not_named_to_who_may_only_unenroll(cast: Cast, sign_in: Callable[..., Client]) -> None:
    cast.enrolled()
    models.Sequence.objects.update(private=True, name="Secret plan")
    models.Contact.objects.update(owner=None)
    page = sign_in(cast.eli).get(reverse("contact", args=[cast.ann.pk])).content.decode()
    assert "Secret plan" not in page
    assert "A private sequence" in page
    assert 'id="unenroll"' in page


def test_companies_are_listed_with_the_contacts_that_the_user_sees(cast: Cast, dana: Client, eli: Client) -> None:
    acme = models.Company.objects.get(name="Acme")
    cast.ann.work_at([acme], cast.clock())
    page = reverse("company", args=[acme.pk])
    assert "Ann Archer" in dana.get(page).content.decode()
    assert "Ann Archer" not in eli.get(page).content.decode()


def test_a_super_admin_merges_two_companies(cast: Cast, admin: Client) -> None:
    acme, birch = models.Company.objects.get(name="Acme"), models.Company.objects.get(name="Birch")
    admin.post(reverse("company-merge", args=[acme.pk]), {"other": birch.pk})
    birch.refresh_from_db()
    assert birch.merged_into == acme
    assert admin.get(reverse("company", args=[birch.pk])).headers["Location"] == reverse("company", args=[acme.pk])


def test_a_company_cannot_be_its_own_grandparent(cast: Cast, admin: Client) -> None:
    acme, birch = models.Company.objects.get(name="Acme"), models.Company.objects.get(name="Birch")
    models.Company.objects.filter(pk=birch.pk).update(parent=acme)
    answer = admin.post(reverse("company-edit", args=[acme.pk]), {"name": "Acme", "parent": birch.pk})
    assert answer.status_code == 422


def test_who_is_of_the_owners_team_restores_a_contact(cast: Cast, eli: Client) -> None:
    models.User.objects.filter(pk=cast.eli.pk).update(team=cast.dana.team)
    models.Contact.objects.filter(pk=cast.ann.pk).update(deleted_at=cast.clock())
    assert eli.post(reverse("contact-restore", args=[cast.ann.pk])).status_code == 302
    cast.ann.refresh_from_db()
    assert cast.ann.deleted_at is None
