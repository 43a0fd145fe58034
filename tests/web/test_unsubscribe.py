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
