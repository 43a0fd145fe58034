"""Needs you: what a question shows, who may answer it, and what an answer does to the page."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from relent.flows import apply, reviews, unenrolling
from relent.records import models
from relent.terms.reasons import HoldReason
from relent.terms.reviews import ReviewKind
from relent.terms.roles import Role
from tests.cast import MONDAY, Cast, state, super_admin

HTMX = {"hx-request": "true"}


def asked_about_a_stranger(cast: Cast) -> models.ReviewItem:
    cast.enrolled()
    cast.clock.ahead(hours=1)
    cast.deliver(cast.write("kim@acme.example", Subject="About the shelves"))
    cast.turn()
    return models.ReviewItem.objects.open().get(kind=ReviewKind.SAME_DOMAIN)


def page(browser: Client, **wanted: str) -> str:
    return browser.get("/attention/", wanted).content.decode()


def answer_to(item: models.ReviewItem) -> str:
    return reverse("review-answer", args=[item.pk])


def test_a_question_shows_the_mail_its_evidence_and_what_happens_meanwhile(cast: Cast, dana: Client) -> None:
    asked_about_a_stranger(cast)
    shown = page(dana)
    for part in (
        "Does this mail from the contact&#x27;s domain answer the sequence?",
        "kim@acme.example",
        "About the shelves",
        "Sounds good, call me.",
        "Writes from the same domain",
        "Without an answer it goes on by itself:",
        "Why?",
    ):
        assert part in shown


def test_it_is_asked_in_japanese(cast: Cast, sign_in: Callable[..., Client]) -> None:
    asked_about_a_stranger(cast)
    assert "同じドメインからのこのメールは、シーケンスへの返答ですか。" in page(sign_in(cast.dana, "ja"))


def test_eli_sees_and_answers_no_question_about_danas_contacts(cast: Cast, eli: Client) -> None:
    item = asked_about_a_stranger(cast)
    assert "kim@acme.example" not in page(eli)
    assert eli.post(answer_to(item), {"answer": "go_on"}).status_code == 404
    assert '<span class="count">' not in page(eli)


def test_who_may_write_to_the_contact_answers_but_reads_no_mail_of_anothers_mailbox(cast: Cast, eli: Client) -> None:
    item = asked_about_a_stranger(cast)
    models.Contact.objects.filter(pk=cast.ann.pk).update(owner=None)
    shown = page(eli)
    assert "About the shelves" in shown
    assert "Sounds good, call me." not in shown
    eli.post(answer_to(item), {"answer": "go_on"})
    assert not models.ReviewItem.objects.open().exists()


def test_a_private_sequence_of_somebody_else_is_not_named(cast: Cast, eli: Client) -> None:
    models.Sequence.objects.update(private=True, name="Secret plan")
    asked_about_a_stranger(cast)
    models.Contact.objects.filter(pk=cast.ann.pk).update(owner=None)
    shown = page(eli)
    assert "A private sequence" in shown
    assert "Secret plan" not in shown


def test_an_answer_takes_the_question_away_and_is_announced(cast: Cast, dana: Client) -> None:
    item = asked_about_a_stranger(cast)
    answered = dana.post(answer_to(item), {"answer": "go_on"}, headers=HTMX).content.decode()
    assert 'id="messages" hx-swap-oob="innerHTML"' in answered
    assert "<html" not in answered
    assert "kim@acme.example" not in page(dana)


def test_without_javascript_an_answer_leads_back_to_the_queue(cast: Cast, dana: Client) -> None:
    item = asked_about_a_stranger(cast)
    answered = dana.post(answer_to(item), {"answer": "unenroll"}, follow=True)
    assert "Answered. Thank you." in answered.content.decode()
    assert item.enrollment is not None
    assert state(item.enrollment) == ("unenrolled", "manual")


def test_a_second_answer_says_that_somebody_was_first(cast: Cast, dana: Client) -> None:
    item = asked_about_a_stranger(cast)
    dana.post(answer_to(item), {"answer": "go_on"})
    assert (
        "Somebody has answered this already."
        in dana.post(answer_to(item), {"answer": "go_on"}, headers=HTMX).content.decode()
    )


@pytest.mark.parametrize("given", [{"answer": "attach", "address": "nonsense"}, {"answer": "hop"}, {}])
def test_an_answer_that_cannot_be_used_leaves_the_question_open(
    cast: Cast, dana: Client, given: dict[str, str]
) -> None:
    item = asked_about_a_stranger(cast)
    shown = dana.post(answer_to(item), given, headers=HTMX).content.decode()
    assert 'role="alert"' in shown
    assert models.ReviewItem.objects.open().filter(pk=item.pk).exists()


def test_a_contact_is_made_from_the_question(cast: Cast, dana: Client) -> None:
    item = asked_about_a_stranger(cast)
    dana.post(answer_to(item), {"answer": "create_contact", "address": "kim@acme.example", "name": "Kim Cho"})
    made = models.Contact.objects.get(first_name="Kim")
    assert (made.email, made.owner, made.company_id) == ("kim@acme.example", cast.dana, cast.ann.company_id)


def test_a_day_of_return_is_typed_in(cast: Cast, dana: Client) -> None:
    enrollment = cast.enrolled()
    cast.deliver(cast.absence(enrollment))
    cast.turn()
    item = reviews.open_item(ReviewKind.RETURN_DATE, "1", cast.clock(), enrollment=enrollment)
    assert item is not None
    assert 'type="date"' in page(dana)
    day = (datetime.now(UTC) + timedelta(days=20)).date()
    dana.post(answer_to(item), {"answer": "back_on", "returns_on": day.isoformat()})
    enrollment.refresh_from_db()
    assert enrollment.paused_until is not None
    assert enrollment.paused_until.date() == day


def test_questions_are_chosen_by_kind_and_by_whose_they_are(cast: Cast, sign_in: Callable[..., Client]) -> None:
    asked_about_a_stranger(cast)
    root = sign_in(super_admin())
    assert "kim@acme.example" in page(root)
    assert "kim@acme.example" in page(root, kind="same_domain")
    assert "No such question is open" in page(root, kind="loop")
    assert "No such question is open" in page(root, whose="mine")


def test_a_long_queue_is_shown_a_page_at_a_time(cast: Cast, dana: Client) -> None:
    for number in range(30):
        reviews.open_item(ReviewKind.LOOP, str(number), MONDAY + timedelta(minutes=number), contact=cast.ann)
    first = dana.get("/attention/").context["page"]
    second = dana.get("/attention/", {"after": first.next}).context["page"]
    assert (len(first.rows), len(second.rows)) == (25, 5)
    assert not {row.pk for row in first.rows} & {row.pk for row in second.rows}


def test_the_badge_costs_one_query(
    cast: Cast, dana: Client, django_assert_num_queries: Callable[[int], object]
) -> None:
    from relent.web import attention

    asked_about_a_stranger(cast)
    with django_assert_num_queries(1):  # type: ignore[attr-defined]  # a context manager
        assert attention.count(cast.dana) == 1


def test_an_owner_who_is_gone_is_for_who_leads_the_team(
    cast: Cast, dana: Client, sign_in: Callable[..., Client]
) -> None:
    reviews.open_item(ReviewKind.OWNER_GONE, "1", cast.clock(), sequence=cast.sequence)
    assert reverse("sequence-transfer", args=[cast.sequence.pk]) in page(sign_in(super_admin()))
    models.User.objects.filter(pk=cast.eli.pk).update(role=Role.MANAGER)
    assert "Who takes it over?" in page(sign_in(models.User.objects.get(pk=cast.eli.pk)))
    assert "Who takes it over?" not in page(dana)


def test_two_contacts_of_one_address_lead_to_the_merge(cast: Cast, dana: Client) -> None:
    about = {"contact_id": cast.ann.pk, "proposal": {"other": cast.bob.pk}}
    reviews.open_item(ReviewKind.SAME_ADDRESS, "1:2", cast.clock(), **about)
    assert f"{reverse('contact-merge', args=[cast.ann.pk])}?other={cast.bob.pk}" in page(dana)


def test_what_is_held_for_its_mailbox_is_shown_without_a_button_to_go_on(cast: Cast, dana: Client) -> None:
    enrollment = cast.enrolled()
    apply.hold(enrollment, HoldReason.MAILBOX_DOWN)
    assert "It goes on by itself once it can." in page(dana)
    assert reverse("enrollment-release", args=[enrollment.pk]) not in page(dana)


def test_a_mail_is_shown_as_text_and_nothing_in_it_writes_over_the_page(cast: Cast, dana: Client) -> None:
    item = asked_about_a_stranger(cast)
    models.InboundItem.objects.filter(pk=item.item_id).update(text="<script>alert(1)</script>\u202eevil")
    shown = page(dana)
    assert "<script>alert" not in shown
    assert "\u202e" not in shown


def test_nothing_to_decide_says_what_would_come_here(cast: Cast, dana: Client) -> None:
    assert "Nothing waits for you" in page(dana)


def test_the_timeline_leads_to_the_question(cast: Cast, dana: Client) -> None:
    asked_about_a_stranger(cast)
    shown = dana.get(reverse("contact", args=[cast.ann.pk])).content.decode()
    assert "/attention/?kind=same_domain" in shown


def ended(cast: Cast) -> models.Enrollment:
    enrollment = cast.enrolled()
    unenrolling.by_hand(enrollment.pk, cast.dana, cast.clock())
    return enrollment


def test_a_wrong_end_offers_to_undo_it_on_the_record_and_beside_its_reason(cast: Cast, dana: Client) -> None:
    enrollment = ended(cast)
    undo = reverse("enrollment-undo", args=[enrollment.pk])
    assert undo in dana.get(reverse("contact", args=[cast.ann.pk])).content.decode()
    decision = models.Decision.objects.get(enrollment=enrollment)
    assert undo in dana.get(reverse("decision", args=[decision.pk])).content.decode()
    assert "It would run" in dana.get(undo).content.decode()


def test_an_end_by_the_contacts_own_word_says_why_it_cannot_be_undone(cast: Cast, dana: Client) -> None:
    enrollment = ended(cast)
    models.Suppression.objects.create(address="ann@acme.example", code="UNSUBSCRIBED", source="x", since=cast.clock())
    undo = reverse("enrollment-undo", args=[enrollment.pk])
    assert "The contact has opted out of all mail." in dana.get(undo).content.decode()
    assert dana.post(undo).status_code == 422
    assert not hasattr(enrollment, "successor")


def test_eli_undoes_nothing_of_danas(cast: Cast, eli: Client) -> None:
    assert eli.post(reverse("enrollment-undo", args=[ended(cast).pk])).status_code == 404
