import pytest

from relent.mail import quoting


@pytest.mark.parametrize(
    "quotation",
    [
        "> Shall we talk?",
        "On Mon, 2 Mar 2026 at 10:00, Dana <dana@us.example> wrote:\n> Shall we talk?",
        "On Mon, 2 Mar 2026 at 10:00, Dana\n<dana@us.example> wrote:\nShall we talk?",
        "Am Mo., 2. März 2026 um 10:00 Uhr schrieb Dana <dana@us.example>:\n\n> Shall we talk?",
        "2026年3月2日(月) 10:00 Dana <dana@us.example>:\n\n> Shall we talk?",
        "-----Original Message-----\nFrom: Dana",
        "________________________________\nFrom: Dana <dana@us.example>\nSent: Monday",
        "From: Dana\nSent: Monday\nTo: Ann\nSubject: Onboarding\n\nShall we talk?",
        "差出人: Dana\n送信日時: 2026年3月2日\n宛先: Ann\n件名: 在庫\n\n本文",
        "---------- Forwarded message ---------\nFrom: Dana",
        "-- \nAnn, Acme",
        "Sent from my iPhone",
    ],
)
def test_what_the_program_added_is_left_out(quotation: str) -> None:
    assert quoting.written(f"Yes, call me.\n\n{quotation}\n") == "Yes, call me."


def test_answers_between_quoted_lines_are_kept() -> None:
    text = "On Monday Dana wrote:\n> One?\nYes.\n> Two?\nNo."
    assert quoting.written(text) == "Yes.\nNo."


def test_a_sentence_that_merely_mentions_writing_is_kept() -> None:
    assert quoting.written("On Monday I wrote:\nnothing") != "On Monday"


def test_quotation_alone_is_nothing_written() -> None:
    assert quoting.written("> Shall we talk?\n> Dana") == ""


@pytest.mark.parametrize(
    "paragraph",
    [
        "This e-mail and any attachments are confidential and intended\nsolely for the addressee.",
        "Diese E-Mail enthält vertrauliche Informationen.",
        "Ce message est confidentiel.",
        "本メールには機密情報が含まれている場合があります。",
    ],
)
def test_what_lawyers_let_stand_below_mails_is_not_written(paragraph: str) -> None:
    assert quoting.written(f"Yes, gladly.\n\n{paragraph}") == "Yes, gladly."


def test_a_question_about_confidence_is_written() -> None:
    text = "Yes, gladly.\n\nIs this message confidential?"
    assert quoting.written(text) == text
