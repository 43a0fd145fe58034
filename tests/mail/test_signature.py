"""Signatures that only the words above them show."""

import pytest

from relent.mail.notes import signature


@pytest.mark.parametrize(
    ("said", "below"),
    [
        ("Yes, Tuesday.\n\nBest regards,", "\nBob Miller\nHead of Sales\n+1 555 0100"),
        ("Gerne.\nMit freundlichen Grüßen", "\nBernd Müller\nMusterweg 3, 12345 Musterstadt"),
        ("承知しました。\n\nよろしくお願いいたします。", "\n山田太郎\n株式会社サンプル 営業部"),
        ("D'accord.\nCordialement", "\nJean Petit\n01 02 03 04 05"),
        ("Tak.\nMed venlig hilsen", "\nBo Hansen\nIndkøb"),
    ],
)
def test_names_and_numbers_below_closing_words_are_a_signature(said: str, below: str) -> None:
    assert signature.begins(said + below) == len(said)


@pytest.mark.parametrize(
    "text",
    [
        "Yes, Tuesday.\n\nBest regards,\nBob\n\nP.S. Please bring the contract.",
        "Best regards,\nBob Miller",
        "Yes, Tuesday.\n\nBest regards,",
        "We send our best regards to your team.\nBob",
        "",
    ],
)
def test_what_is_said_below_is_none(text: str) -> None:
    assert signature.begins(text) == len(text)


def test_the_quotation_below_it_is_not_looked_at() -> None:
    quotation = "On Mon, 2 Mar 2026 at 09:00, Dana <dana@us.example> wrote:\n> Hello."
    text = f"Yes.\n\nRegards\nBob Miller\nHead of Sales\n\n{quotation}"
    assert text[: signature.begins(text)] == "Yes.\n\nRegards"
