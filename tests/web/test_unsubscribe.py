"""The page behind the unsubscribe link."""

import pytest
from django.test import Client

from relent.flows import unsubscribing
from relent.records import models
from tests.cast import Cast, state


@pytest.fixture
def stranger() -> Client:
    """A browser that checks forms as a real one makes the server do."""
    return Client(enforce_csrf_checks=True)


def link(enrollment: models.Enrollment) -> str:
    return "/u/" + unsubscribing.url_for(enrollment.pk).rpartition("/u/")[2]


def test_opening_the_link_shows_the_address_and_changes_nothing(cast: Cast, stranger: Client) -> None:
    enrollment = cast.enrolled()
    page = stranger.get(link(enrollment))
    assert b"ann@acme.example" in page.content
    assert state(enrollment) == ("active", "")


def test_pressing_the_button_unsubscribes(cast: Cast, stranger: Client) -> None:
    enrollment = cast.enrolled()
    assert stranger.post(link(enrollment)).status_code == 200
    assert state(enrollment) == ("unenrolled", "unsubscribed")


def test_a_one_click_post_unsubscribes_without_a_redirect(cast: Cast, stranger: Client) -> None:
    enrollment = cast.enrolled()
    answer = stranger.post(link(enrollment), {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert state(enrollment) == ("unenrolled", "unsubscribed")


def test_the_ledger_says_that_it_was_one_click(cast: Cast, stranger: Client) -> None:
    enrollment = cast.enrolled()
    stranger.post(link(enrollment), {"List-Unsubscribe": "One-Click"})
    assert models.Suppression.objects.get().source == "unsubscribe.one_click"


def test_a_forged_token_finds_nothing(cast: Cast, stranger: Client) -> None:
    enrollment = cast.enrolled()
    assert stranger.post(f"/u/{enrollment.pk}:forged").status_code == 404
    assert state(enrollment) == ("active", "")


def test_the_page_speaks_the_recipients_language(cast: Cast) -> None:
    page = Client(headers={"accept-language": "ja"}).get(link(cast.enrolled())).content.decode()
    assert "配信を停止" in page


def codes() -> set[str]:
    return set(models.Suppression.objects.filter(lifted_at__isnull=True).values_list("code", flat=True))


def test_a_scanner_that_opens_the_link_with_head_changes_nothing(cast: Cast, stranger: Client) -> None:
    enrollment = cast.enrolled()
    assert stranger.head(link(enrollment)).status_code == 200
    assert state(enrollment) == ("active", "")


def test_the_recipient_chooses_all_mail(cast: Cast, stranger: Client) -> None:
    stranger.post(link(cast.enrolled()), {"what": "all"})
    assert codes() == {"UNSUBSCRIBED"}


def test_a_second_look_says_that_it_is_done(cast: Cast, stranger: Client) -> None:
    enrollment = cast.enrolled()
    stranger.post(link(enrollment))
    assert "You are unsubscribed" in stranger.get(link(enrollment)).content.decode()


def test_pressing_twice_changes_nothing(cast: Cast, stranger: Client) -> None:
    enrollment = cast.enrolled()
    stranger.post(link(enrollment))
    entries = models.TimelineEntry.objects.count()
    assert stranger.post(link(enrollment)).status_code == 200
    assert models.TimelineEntry.objects.count() == entries


def test_the_link_works_years_after_the_end(cast: Cast, stranger: Client) -> None:
    enrollment = cast.enrolled()
    models.Enrollment.objects.update(state="finished")
    models.Contact.objects.update(deleted_at=cast.clock())
    stranger.post(link(enrollment))
    assert codes() == {"UNSUBSCRIBED_PERSONAL"}


def test_the_recipient_takes_it_back_on_the_same_page(cast: Cast, stranger: Client) -> None:
    enrollment = cast.enrolled()
    stranger.post(link(enrollment))
    page = stranger.post(link(enrollment), {"what": "again"}).content.decode()
    assert "You may be written to again." in page
    assert codes() == set()
    assert state(enrollment) == ("unenrolled", "unsubscribed")


def test_an_erased_address_is_not_shown(cast: Cast, stranger: Client) -> None:
    enrollment = cast.enrolled()
    models.Enrollment.objects.update(address="erased:abc")
    page = stranger.get(link(enrollment)).content.decode()
    assert "erased:" not in page
    assert "nothing more is sent to you" in page
