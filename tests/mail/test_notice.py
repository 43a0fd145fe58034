"""Notes that no header marks, and people who write much the same."""

import time
from datetime import date

import pytest

from relent.mail import message
from relent.mail.notes import auto_reply, notice
from relent.terms.events import SURE, AutoReplyKind
from tests.mail.letters import letter

RECEIVED = date(2026, 3, 2)


def read(text: str, subject: str = "Re: Onboarding") -> auto_reply.AutoReply | None:
    raw = letter(text, Subject=subject, Content_Type="text/plain; charset=utf-8")
    return auto_reply.read_words(message.parse(raw), RECEIVED)


@pytest.mark.parametrize(
    "text",
    [
        "Back March 9th. Emergencies: call Sue.",
        "Out sick. Invoices: Joe, joe@acme.example.",
        "Krank bis einschließlich Freitag. Vertretung: Frau Lang, lang@acme.example.",
        "En congés jusqu'au 9 mars. Urgences : Noé, noe@acme.example",
        "De baja hasta el 9 de marzo. Me sustituye Pilar Gil, pgil@acme.example.",
        "De férias até 9 de março. Urgências: Rui, rui@acme.example.",
        "In ferie fino al 9 marzo. Per le urgenze: Ugo, ugo@acme.example",
        "Met verlof tot 9 maart. Spoed: Els, els@acme.example.",
        "Föräldraledig till den 9 mars. Akut: Eva, eva@acme.example.",
        "Sygemeldt til og med fredag. Ordrer: Bo, bo@acme.example.",
        "Sykmeldt ut uken. Ved behov: Siv, siv@acme.example.",
        "Sairaslomalla perjantaihin asti. Kiireelliset: Olli, olli@acme.example.",
    ],
)
def test_a_day_and_somebody_to_turn_to_make_a_note_of_few_words(text: str) -> None:
    found = read(text)
    assert found is not None
    assert found.kind is AutoReplyKind.OUT_OF_OFFICE


@pytest.mark.parametrize(
    "text",
    [
        "I'm off until Monday but this looks useful, I'll read it then.",
        "We're closed between Christmas and New Year, so ship it before the 20th.",
        "Ich bin bis Montag im Urlaub, schaue es mir danach an.",
        "Nous serons au salon de Lyon la semaine prochaine, passez nous voir.",
        "Estamos interesados en un curso. Estoy en la oficina hasta el viernes.",
        "O meu chefe está de férias até dia 7, é ele que decide.",
        "Siamo interessati al corso, il venerdì non lavoro.",
        "Mijn chef is tot de 7e met vakantie, hij beslist.",
        "Min chef är på semester till den 7, det är han som bestämmer.",
        "Vi er på messe i Oslo neste uke, kom innom.",
        "Olemme kiinnostuneita koulutuksesta. Olen toimistolla perjantaihin asti.",
    ],
)
def test_who_answers_beside_an_absence_is_a_person(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("subject", "text", "kind"),
    [
        ("New e-mail address", "Please write to ann@acme-group.example from now on.", AutoReplyKind.ADDRESS_CHANGED),
        ("Sykmeldt", "Kontakt Siv, siv@acme.example.", AutoReplyKind.OUT_OF_OFFICE),
        ("Betriebsruhe", "Ab 9. März beantworten wir Ihre Nachricht.", AutoReplyKind.OUT_OF_OFFICE),
        (
            "We have received your request",
            "Your request is registered under case number 8821 and will be answered within two working days.",
            AutoReplyKind.ACKNOWLEDGEMENT,
        ),
    ],
)
def test_a_subject_that_answers_nothing_says_what_the_mail_is_about(
    subject: str, text: str, kind: AutoReplyKind
) -> None:
    found = read(text, subject)
    assert found is not None
    assert found.kind is kind
    assert read(text, f"Re: {subject}") is None


@pytest.mark.parametrize(
    ("text", "pointing"),
    [
        ("Invoices: Joe, joe@acme.example", True),
        ("Please write to ann@acme.example", False),  # her own
        ("joe@acme.example", False),
        ("No, thanks.\n\nBest regards\n\nJoe Hill, joe.hill@acme.example", False),
        ("free_page@LIB_4.0 is gone", False),
    ],
)
def test_who_names_an_address_for_something_points_to_somebody(text: str, pointing: bool) -> None:
    said = notice.said(message.parse(letter(f"{text}\n", From="Ann <ann@acme.example>")))
    assert any(languages == set() for heard in said.heard for languages in heard.values()) is pointing


@pytest.mark.parametrize(
    "text",
    [
        "Vacation. Back 9 March.",
        "Nicht im Haus. Wieder da: 9.3.",
        "De vacaciones. Vuelvo el 9/3.",
        "In ferie, rientro 9/3.",
        "På kurs. Svarar torsdag 5 mars.",
        "今週は休暇です。3月9日に戻ります。",
    ],
)
def test_who_says_an_absence_and_its_day_and_nothing_else_is_taken_for_away_but_asked_about(text: str) -> None:
    found = read(text)
    assert found is not None
    assert found.kind is AutoReplyKind.OUT_OF_OFFICE
    assert found.confidence < SURE


def test_a_mail_under_a_subject_of_its_own_may_come_to_its_matter_later() -> None:
    text = "For nine years the oven had no pause. The bakery is closed until 9 March. Orders: Sue, sue@acme.example."
    assert read(text, "The oven rests") is not None
    assert read(text, "Re: Your oven") is None


def test_a_page_of_dots_takes_no_longer_than_one_of_words() -> None:
    mail = message.parse(letter("." * 6000 + "x"))
    begun = time.process_time()
    notice.said(mail)
    assert time.process_time() - begun < 0.5  # tried from every dot to every other, it was four seconds
