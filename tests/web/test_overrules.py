"""Overruling a judgement from the pages, and the list of what was overruled."""

import io
import json
import zipfile
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from relent.flows import reviews, workflows
from relent.records import models
from relent.terms.reviews import ReviewKind
from relent.terms.roles import Role
from tests.cast import Cast, state, super_admin

SignIn = Callable[..., Client]


def replied(cast: Cast, text: str = "Sounds good, call me.\n") -> tuple[models.Enrollment, models.InboundItem]:
    enrollment = cast.enrolled()
    cast.clock.ahead(hours=1)
    mail = cast.answer(enrollment)
    mail.set_content(text)
    cast.deliver(mail)
    cast.turn()
    return enrollment, models.InboundItem.objects.latest("pk")


def asked(cast: Cast) -> models.ReviewItem:
    """A question about Ann's reply, whose first word is what the judgement rests on."""
    enrollment, item = replied(cast, "Sounds good.\n\nOn Monday, Dana wrote:\n> Hi Ann\n")
    models.InboundItem.objects.filter(pk=item.pk).update(confidence=0.7, spans=[[0, 6]])
    decision = item.decisions.get()
    found = reviews.open_item(
        ReviewKind.LOOKS_AUTOMATIC, "1", cast.clock(), enrollment=enrollment, item=item, decision=decision
    )
    assert found is not None
    return found


def overrule(browser: Client, item: models.InboundItem, said: str, **more: str) -> str:
    shown = browser.post(reverse("overrule", args=[item.pk]), {"said": said, **more}, follow=True)
    return shown.content.decode()


def test_a_doubt_shows_the_words_it_rests_on_and_what_was_decided(cast: Cast, dana: Client) -> None:
    asked(cast)
    shown = dana.get("/attention/").content.decode()
    for part in (
        "Was this an automatic reply?",
        "<mark>Sounds</mark> good.",
        '<span class="quoted">',
        "The rules are 70 % sure.",
        "The contact replied to a mail of the sequence.",
        "This was a person",
        "This was automatic",
    ):
        assert part in shown


def test_one_click_answers_it_and_says_what_followed(cast: Cast, dana: Client) -> None:
    item = asked(cast)
    done = dana.post(reverse("review-answer", args=[item.pk]), {"answer": "it_was_automatic"}, follow=True)
    assert "A machine sent this. The sequence goes on where it stopped." in done.content.decode()


def test_it_is_asked_in_japanese(cast: Cast, sign_in: SignIn) -> None:
    asked(cast)
    shown = sign_in(cast.dana, "ja").get("/attention/").content.decode()
    assert "これは自動返信ですか。" in shown
    assert "人が書いたメール" in shown


def test_any_mail_is_overruled_where_it_is_shown(cast: Cast, dana: Client) -> None:
    enrollment, item = replied(cast)
    assert "This was automatic" in dana.get(reverse("inbox-item", args=[item.pk])).content.decode()
    shown = overrule(dana, item, "automatic")
    assert "The sequence goes on where it stopped." in shown
    assert "This was a person" in shown
    assert state(enrollment.successor) == ("scheduled", "")


def test_a_mail_is_overruled_from_the_timeline(cast: Cast, dana: Client) -> None:
    _, item = replied(cast)
    contact = reverse("contact", args=[cast.ann.pk])
    assert reverse("overrule", args=[item.pk]) in dana.get(contact).content.decode()
    assert "A user judged a mail otherwise." in overrule(dana, item, "automatic", contact=str(cast.ann.pk))


def test_what_cannot_be_undone_is_said(cast: Cast, dana: Client) -> None:
    _, item = replied(cast)
    models.Suppression.objects.create(
        address="ann@acme.example", code="UNSUBSCRIBED", source="test", since=cast.clock()
    )
    assert "It stays stopped, for it cannot be undone: " in overrule(dana, item, "automatic")


def test_the_same_word_twice_is_told(cast: Cast, dana: Client) -> None:
    _, item = replied(cast)
    overrule(dana, item, "automatic")
    assert "Somebody has said so already." in overrule(dana, item, "automatic")


def test_eli_overrules_no_mail_of_danas(cast: Cast, eli: Client) -> None:
    _, item = replied(cast)
    assert eli.post(reverse("overrule", args=[item.pk]), {"said": "automatic"}).status_code == 404


@pytest.mark.parametrize("said", ["", "nobody"])
def test_nonsense_overrules_nothing(cast: Cast, dana: Client, said: str) -> None:
    _, item = replied(cast)
    assert dana.post(reverse("overrule", args=[item.pk]), {"said": said}).status_code == 404


def test_a_mail_of_which_nothing_is_kept_says_so(cast: Cast, dana: Client) -> None:
    _, item = replied(cast)
    models.InboundItem.objects.update(raw=None)
    assert "Too little is kept of this mail to decide it anew." in overrule(dana, item, "automatic")


def test_the_list_counts_and_names_what_was_overruled(cast: Cast, dana: Client, sign_in: SignIn) -> None:
    _, item = replied(cast)
    overrule(dana, item, "automatic")
    models.InboundItem.objects.update(received_at=models.Overrule.objects.get().at)
    shown = sign_in(super_admin()).get(reverse("overruled")).content.decode()
    assert "1 of 1 judgements overruled in the last 90 days" in shown
    assert "Dana Reed" in shown


def test_a_list_of_nothing_says_what_would_come_here(cast: Cast, sign_in: SignIn) -> None:
    assert "Nothing was overruled" in sign_in(super_admin()).get(reverse("overruled")).content.decode()


def test_reps_see_no_list_of_everybodys_mail(cast: Cast, dana: Client) -> None:
    assert dana.get(reverse("overruled")).status_code == 403


def test_the_labels_are_for_super_admins(cast: Cast, dana: Client, sign_in: SignIn) -> None:
    models.User.objects.filter(pk=cast.eli.pk).update(role=Role.MANAGER)
    manager = sign_in(models.User.objects.get(pk=cast.eli.pk))
    assert [one.post(reverse("overruled-export")).status_code for one in (dana, manager)] == [403, 403]


def test_the_download_holds_labels_and_mails_and_is_noted(cast: Cast, dana: Client, sign_in: SignIn) -> None:
    _, item = replied(cast)
    overrule(dana, item, "automatic")
    answered = sign_in(super_admin()).post(reverse("overruled-export"))
    packed = zipfile.ZipFile(io.BytesIO(b"".join(answered.streaming_content)))  # type: ignore[attr-defined]
    [line] = [json.loads(one) for one in packed.read("labels.jsonl").decode().splitlines()]
    assert (line["label"], line["source"], line["trust"]) == ("auto_other", "overruled", "read")
    assert b"Sounds good" in packed.read(line["file"])
    assert models.AuditEntry.objects.get(action="labels.exported").detail == {"mails": 1}


def test_what_workflows_had_done_and_what_was_let_go_is_told(cast: Cast, dana: Client) -> None:
    at, task = cast.clock(), {"do": "task", "subject": "Call back"}
    for name in ("Call", "Call later"):
        models.Workflow.objects.create(
            name=name, enabled=True, trigger="reply", owner=cast.dana, actions=[task], created_at=at, changed_at=at
        )
    enrollment, item = replied(cast)
    workflows.run_due(cast.clock(), limit=1)
    shown = overrule(dana, item, "automatic")
    assert "stays done: Create a task A workflow was let go: its mail was judged otherwise." in shown
    assert "Workflows that it started" in shown
    timeline = dana.get(reverse("contact", args=[cast.ann.pk])).content.decode()
    assert "<p>Create a task</p>" in timeline
    why = dana.get(reverse("decision", args=[enrollment.decisions.earliest("pk").pk])).content.decode()
    assert "Let go: its mail was judged otherwise." in why
