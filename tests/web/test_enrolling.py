"""The enroll dialog, unenrolling, pausing."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from relent import clock
from relent.records import models
from tests.cast import Cast, state

BOB = "bob@acme.example"


@pytest.fixture(autouse=True)
def _cast_time(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", cast.clock)


def wish(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {"who": "ann@acme.example", "sequence": cast.sequence.pk, "start_step": 1, "request_id": "w-1", **changes}


def test_the_dialog_opens_with_the_contact_it_was_opened_for(cast: Cast, dana: Client) -> None:
    page = dana.get(reverse("enroll"), {"contact": cast.ann.pk}, headers={"hx-request": "true"}).content.decode()
    assert 'value="ann@acme.example"' in page


def test_the_dialog_shows_the_date_of_each_step(cast: Cast, dana: Client) -> None:
    page = dana.post(reverse("enroll-preview"), wish(cast), headers={"hx-request": "true"}).content.decode()
    assert page.count("<time") == 3
    assert 'datetime="2026-03-04T09:00:00+00:00"' in page
    assert not models.Enrollment.objects.exists()


def test_the_dialog_says_what_stands_against_it_and_what_to_do(cast: Cast, dana: Client) -> None:
    cast.enroll()
    page = dana.post(reverse("enroll-preview"), wish(cast), headers={"hx-request": "true"}).content.decode()
    assert "The contact is already enrolled in a sequence." in page
    assert "Unenroll the contact from the other sequence first" in page


def test_enrolling_leads_to_the_record(cast: Cast, dana: Client) -> None:
    answer = dana.post(reverse("enroll"), wish(cast))
    assert answer["Location"] == reverse("contact", args=[cast.ann.pk])
    assert models.Enrollment.objects.get().enrolled_by == cast.dana


def test_pressing_enroll_twice_enrolls_once(cast: Cast, dana: Client) -> None:
    assert [dana.post(reverse("enroll"), wish(cast)).status_code for _ in range(2)] == [302, 302]
    assert models.Enrollment.objects.count() == 1


def test_a_button_of_one_contact_never_answers_with_the_enrollment_of_another(cast: Cast, dana: Client) -> None:
    pages = [dana.post(reverse("enroll"), wish(cast, who=who))["Location"] for who in ("ann@acme.example", BOB)]
    assert pages == [reverse("contact", args=[each.pk]) for each in (cast.ann, cast.bob)]
    assert models.Enrollment.objects.count() == 2


def test_a_refused_enrollment_creates_nothing_and_says_why(cast: Cast, dana: Client) -> None:
    answer = dana.post(reverse("enroll"), wish(cast, start_step=9))
    assert answer.status_code == 422
    assert "The sequence has no such step." in answer.content.decode()
    assert not models.Enrollment.objects.exists()


def test_a_contact_the_user_does_not_see_cannot_be_enrolled(cast: Cast, eli: Client) -> None:
    answer = eli.post(reverse("enroll"), wish(cast))
    assert "No contact has this address." in answer.content.decode()


def test_the_start_time_is_read_in_the_users_time_zone(cast: Cast, dana: Client) -> None:
    models.User.objects.filter(pk=cast.dana.pk).update(time_zone="Asia/Tokyo")
    dana.post(reverse("enroll"), wish(cast, start_at="2026-03-05T10:00"))
    assert models.Enrollment.objects.get().start_at.isoformat() == "2026-03-05T01:00:00+00:00"


def test_the_list_of_contacts_holds_only_those_the_user_sees(cast: Cast, dana: Client, eli: Client) -> None:
    pages = [browser.get(reverse("enroll-contacts"), {"who": "ann"}).content for browser in (dana, eli)]
    assert [b"ann@acme.example" in page for page in pages] == [True, False]


def test_asking_to_unenroll_changes_nothing_before_it_is_confirmed(cast: Cast, dana: Client) -> None:
    enrollment = cast.enrolled()
    assert "Unenroll Ann Archer?" in dana.get(reverse("unenroll", args=[enrollment.pk])).content.decode()
    assert state(enrollment) == ("active", "")


def test_confirming_unenrolls_and_notes_who_did_it(cast: Cast, dana: Client) -> None:
    enrollment = cast.enrolled()
    dana.post(reverse("unenroll", args=[enrollment.pk]) + "?surface=summary")
    assert state(enrollment) == ("unenrolled", "manual")
    assert models.Decision.objects.latest("pk").actor == cast.dana


def test_unenrolling_twice_says_that_it_was_over(cast: Cast, dana: Client) -> None:
    enrollment = cast.enrolled()
    dana.post(reverse("unenroll", args=[enrollment.pk]))
    page = dana.post(reverse("unenroll", args=[enrollment.pk]), follow=True).content.decode()
    assert "had left before" in page


def test_a_paused_enrollment_can_be_resumed(cast: Cast, dana: Client) -> None:
    enrollment = cast.enrolled()
    dana.post(reverse("pause", args=[enrollment.pk]))
    assert state(enrollment) == ("paused", "by_user")
    dana.post(reverse("resume", args=[enrollment.pk]))
    assert state(enrollment) == ("active", "")


def test_several_are_unenrolled_after_confirmation_with_a_result_for_each(cast: Cast, dana: Client) -> None:
    ann, bob, cora = cast.enrolled(), cast.enrolled(cast.bob), cast.enrolled(cast.cora)
    dana.post(reverse("unenroll", args=[bob.pk]))
    page = reverse("sequence-unenroll", args=[cast.sequence.pk])
    asked = dana.post(page, {"enrollment": [ann.pk, bob.pk]}).content.decode()
    assert "Unenroll 1 contact?" in asked
    assert state(ann) == ("active", "")
    results = dana.post(page, {"enrollment": [ann.pk, bob.pk], "confirmed": "yes"}).context["results"]
    assert [(row.pk, result) for row, result in results] == [(ann.pk, "unenrolled"), (bob.pk, "already_over")]
    assert state(cora) == ("active", "")


def test_unenrolling_nobody_asks_to_tick_somebody(cast: Cast, dana: Client) -> None:
    page = dana.post(reverse("sequence-unenroll", args=[cast.sequence.pk]), follow=True).content.decode()
    assert "Nobody was ticked" in page
