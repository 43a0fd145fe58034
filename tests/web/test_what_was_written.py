"""What a person wrote, where their mail is shown: the quotation is folded away."""

import pytest
from django.test import Client
from django.urls import reverse

from relent.flows import explaining
from relent.records import models
from tests.cast import Cast

QUOTED = "On Mon, 2 Mar 2026 at 10:00, Dana <dana@us.example> wrote:\n> Hi Ann,\n>\n> shall we talk?\n"
FOLD = '<details class="quotation"><summary>Quotation and signature</summary>'


def replied(cast: Cast, text: str = f"Sounds good.\n\n{QUOTED}") -> models.InboundItem:
    mail = cast.answer(cast.enrolled())
    mail.set_content(text)
    cast.clock.ahead(hours=1)
    cast.deliver(mail)
    cast.turn()
    return models.InboundItem.objects.latest("pk")


def record(cast: Cast, browser: Client) -> str:
    return browser.get(reverse("contact", args=[cast.ann.pk])).content.decode()


def test_the_timeline_shows_what_was_written_and_folds_the_quotation(cast: Cast, dana: Client) -> None:
    replied(cast)
    shown = record(cast, dana)
    assert '<div class="mail-body wrote">Sounds good.' in shown
    assert FOLD in shown


def test_the_page_of_the_mail_folds_the_quotation_too(cast: Cast, dana: Client) -> None:
    item = replied(cast)
    assert FOLD in dana.get(reverse("inbox-item", args=[item.pk])).content.decode()


def test_a_mail_without_quotation_folds_nothing(cast: Cast, dana: Client) -> None:
    replied(cast, "Sounds good.\n")
    assert "<details class=" not in record(cast, dana).partition("mail-body wrote")[2].partition("</div>")[0]


def test_words_of_a_mailbox_that_the_user_may_not_read_are_not_shown(cast: Cast, eli: Client) -> None:
    replied(cast)
    models.Contact.objects.update(owner=cast.eli)
    shown = record(cast, eli)
    assert "A mail arrived." in shown
    assert "Sounds good." not in shown


@pytest.mark.parametrize(
    ("text", "own", "folds"),
    [
        ("Yes.\n", ["Yes.\n"], []),
        (f"Yes.\n\n{QUOTED}", ["Yes.\n\n"], [QUOTED]),
        ("> One?\nYes.\n> Two?\nNo.", ["Yes.\n", "No."], []),
        ("Yes.\nRegards\nAnn\nHead of Sales\nAcme\n", ["Yes.\nRegards\n"], ["Ann\nHead of Sales\nAcme\n"]),
    ],
)
def test_pieces_are_the_senders_or_not_and_only_long_ones_fold(text: str, own: list[str], folds: list[str]) -> None:
    pieces = explaining.passages(text)
    assert "".join(one.text for one in pieces) == text
    assert [one.text for one in pieces if one.own] == own
    assert [one.text for one in pieces if one.folds] == folds


def test_a_quotation_on_which_the_judgement_rests_is_not_folded() -> None:
    text = f"Yes.\n\n{QUOTED}"
    start = text.index("shall")
    seen = [one for one in explaining.passages(text, [(start, start + 5)]) if one.seen]
    assert [(one.text, one.folds) for one in seen] == [("shall", False)]
