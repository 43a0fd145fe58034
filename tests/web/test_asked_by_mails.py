"""What mails ask of a person, as the review queue shows it: no more mail in words, and a new address."""

import pytest
from django.test import Client
from django.urls import reverse

from relent.records import models
from relent.terms.reasons import Refusal
from relent.terms.reviews import ReviewKind
from tests.cast import Cast, state
from tests.web.test_overrules import SignIn

MOVED = "My e-mail address has changed. Please use my new address ann.archer@acme-group.example from now on.\n"


@pytest.fixture
def moved(cast: Cast) -> models.ReviewItem:
    """A question about the new address that an automatic reply of Ann's names."""
    enrollment = cast.enrolled()
    cast.clock.ahead(hours=1)
    mail = cast.answer(enrollment, Subject="Automatic reply: Hello", Auto_Submitted="auto-replied")
    mail.set_content(MOVED)
    cast.deliver(mail)
    cast.turn()
    return models.ReviewItem.objects.open().get(kind=ReviewKind.ADDRESS_CHANGED)


@pytest.fixture
def asked(cast: Cast) -> models.ReviewItem:
    """A question about Ann's reply, which asks in words for no more mail."""
    enrollment = cast.enrolled()
    cast.clock.ahead(hours=1)
    mail = cast.answer(enrollment)
    mail.set_content("Please remove me from your list.\n")
    cast.deliver(mail)
    cast.turn()
    return models.ReviewItem.objects.open().get(kind=ReviewKind.ASKED_TO_STOP)


def shown(browser: Client) -> str:
    return browser.get(reverse("attention")).content.decode()


def test_a_new_address_is_shown_and_offered(moved: models.ReviewItem, dana: Client) -> None:
    page = shown(dana)
    assert "<strong>ann.archer@acme-group.example</strong>" in page
    assert 'value="ann.archer@acme-group.example"' in page
    assert "It is not" in page


def test_the_new_address_is_added_and_the_sequence_goes_on(cast: Cast, moved: models.ReviewItem, dana: Client) -> None:
    dana.post(reverse("review-answer", args=[moved.pk]), {"answer": "attach"})
    assert cast.ann.addresses.filter(address="ann.archer@acme-group.example", primary=False).exists()
    assert moved.enrollment is not None
    assert state(moved.enrollment) == ("active", "")


def test_both_are_asked_in_japanese(cast: Cast, moved: models.ReviewItem, sign_in: SignIn) -> None:
    page = sign_in(cast.dana, "ja").get(reverse("attention")).content.decode()
    assert "自動返信に新しいアドレスが書かれています。" in page
    assert "いいえ" in page


def test_who_asks_in_words_can_be_opted_out_by_one_click(asked: models.ReviewItem, dana: Client) -> None:
    assert "Never mail again" in shown(dana)
    dana.post(reverse("review-answer", args=[asked.pk]), {"answer": "opt_out"})
    assert models.Suppression.objects.get(address="ann@acme.example").code == Refusal.UNSUBSCRIBED


def test_or_only_this_sequence_stays_stopped(cast: Cast, asked: models.ReviewItem, sign_in: SignIn) -> None:
    browser = sign_in(cast.dana, "ja")
    assert "今回のシーケンスのみ停止" in shown(browser)
    browser.post(reverse("review-answer", args=[asked.pk]), {"answer": "dismiss"})
    assert not models.Suppression.objects.exists()
    assert asked.enrollment is not None
    assert state(asked.enrollment) == ("unenrolled", "reply")


def test_eli_sees_neither_and_answers_neither(asked: models.ReviewItem, eli: Client) -> None:
    assert "remove me" not in shown(eli)
    assert eli.post(reverse("review-answer", args=[asked.pk]), {"answer": "opt_out"}).status_code == 404
    assert not models.Suppression.objects.exists()
