import pytest

from relent.mail import language, message

by_the_model = pytest.mark.slow  # loading it takes most of a second


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("承知しました。", "ja"),
        ("株式会社山丘 営業部 ﾀﾅｶ", "ja"),
        ("谢谢,星期二可以。", "zh"),
        ("謝謝，請將報價單寄給我。", "zh"),
        ("네, 전화 주세요.", "ko"),
        ("", ""),
        ("1234 https://acme.example/offer ann@acme.example", ""),
        ("OK", ""),
    ],
)
def test_a_script_of_its_own_tells_a_language(text: str, code: str) -> None:
    assert language.tell(text) == code


def test_han_characters_alone_are_japanese_in_a_charset_made_for_it() -> None:
    raw = "Subject: x\nContent-Type: text/plain; charset=iso-2022-jp\n\n了解\n".encode("iso-2022-jp")
    assert language.of(message.parse(raw)) == "ja"


@by_the_model
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Could you send the price list to my colleague?", "en"),
        ("Können Sie das Angebot bitte an meine Kollegin schicken?", "de"),
        ("Pouvez-vous envoyer le devis à ma collègue ?", "fr"),
        ("¿Puede enviar el presupuesto a mi compañera?", "es"),
        ("Pode enviar o orçamento para a minha colega?", "pt"),
        ("Può inviare il preventivo alla mia collega?", "it"),
        ("Kunt u de offerte naar mijn collega sturen?", "nl"),
        ("Kan du skicka offerten till min kollega?", "sv"),
        ("Kan du sende tilbuddet til min kollega? Hun står for indkøb.", "da"),
        ("Kan du sende tilbudet til kollegaen min? Hun tar seg av innkjøp.", "no"),
        ("Voitteko lähettää tarjouksen kollegalleni?", "fi"),
        ("Czy może Pan wysłać ofertę do mojej koleżanki?", "pl"),
        ("Můžete poslat nabídku mé kolegyni?", "cs"),
        ("Teklifi meslektaşıma gönderebilir misiniz?", "tr"),
        ("Отправьте, пожалуйста, предложение моей коллеге.", "ru"),
        ("Надішліть, будь ласка, пропозицію моїй колезі.", "uk"),
    ],
)
def test_an_alphabet_that_many_share_is_told_by_the_letters(text: str, code: str) -> None:
    assert language.tell(text) == code


@by_the_model
def test_a_name_in_another_script_tells_nothing() -> None:
    assert language.tell("Could you send the price list to my colleague 田中? She handles purchasing.") == "en"


@by_the_model
def test_it_is_the_language_of_what_was_written_and_not_of_the_quotation() -> None:
    raw = "Subject: x\n\nKunt u de offerte sturen?\n\n> Shall we talk about the offer on Monday?\n"
    assert language.of(message.parse(raw.encode())) == "nl"
