from datetime import date

import pytest

from relent.mail import message
from relent.mail.notes import auto_reply
from relent.mail.notes.auto_reply import EXCHANGE, GMAIL, RFC3834
from relent.terms.events import AutoReplyKind
from tests.mail.letters import letter

RECEIVED = date(2026, 3, 2)
AWAY = "I am out of the office and will be back on Monday, 16 March 2026."
TRIO = {"Auto_Submitted": "auto-replied", "Precedence": "bulk", "X_Autoreply": "yes"}
RULES = {
    "Auto_Submitted": "auto-generated",
    "X_Auto_Response_Suppress": "All",
    "x_ms_exchange_generated_message_source": "Mailbox Rules Agent",
}


@pytest.mark.parametrize(
    ("headers", "dialect"),
    [
        (TRIO, GMAIL),
        (RULES, EXCHANGE),
        ({"Auto_Submitted": "auto-replied (vacation)"}, RFC3834),
        ({"Auto_Submitted": "auto-generated; owner-email=x"}, RFC3834),
        ({"X_Autorespond": "Onboarding"}, RFC3834),
        ({"Precedence": "auto_reply"}, RFC3834),
        ({"X_Auto_Response_Suppress": "All", "X_MS_Exchange_Inbox_Rules_Loop": "ann@acme.example"}, EXCHANGE),
        ({"Subject": "Automatic reply: Onboarding", "X_Auto_Response_Suppress": "All", "Return_Path": "<>"}, EXCHANGE),
        ({"Subject": "Auto reply: Onboarding"}, RFC3834),
        ({"Subject": "自動応答: 在庫管理のご相談"}, RFC3834),
        ({"Subject": "自動返信：在庫管理"}, RFC3834),
        ({"Subject": "【自動返信】在庫管理"}, RFC3834),
        ({"Subject": "Automatische Antwort: Wartung"}, RFC3834),
        ({"Subject": "AUTO: Ann is out of the office (returning 03/16/2026)"}, RFC3834),
    ],
)
def test_a_strong_mark_is_enough(headers: dict[str, str], dialect: str) -> None:
    found = auto_reply.read_strong(message.parse(letter(AWAY, **headers)), RECEIVED)
    assert found is not None
    assert (found.dialect, found.kind) == (dialect, AutoReplyKind.OUT_OF_OFFICE)
    assert found.returns_on == date(2026, 3, 16)
    assert found.seen


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Auto_Submitted": "no"},
        {"Auto_Submitted": "no; by=hand"},
        {"X_Autoreply": "no"},
        {"X_Auto_Response_Suppress": "All"},
        {"X_MS_Exchange_Inbox_Rules_Loop": "ann@acme.example"},
        {"Precedence": "bulk"},
        {"Return_Path": "<>"},
        {"Subject": "Re: Automatic reply: Onboarding"},
        {"Subject": "Automatic replies are annoying"},
        {"Subject": "自動応答の効率化について"},
    ],
)
def test_what_people_also_send_is_no_strong_mark(headers: dict[str, str]) -> None:
    assert auto_reply.read_strong(message.parse(letter("Call me.", **headers)), RECEIVED) is None


@pytest.mark.parametrize("mark", [{"X_Auto_Response_Suppress": "OOF"}, {"Return_Path": "<>"}, {"Precedence": "bulk"}])
def test_a_weak_mark_counts_beside_the_senders_own_words(mark: dict[str, str]) -> None:
    assert auto_reply.read_weak(message.parse(letter(AWAY, **mark)), RECEIVED) is not None
    assert auto_reply.read_weak(message.parse(letter("Call me.", **mark)), RECEIVED) is None


@pytest.mark.parametrize(
    "raw",
    [
        letter(AWAY),
        letter("Call me.\n\n> I am out of the office", Return_Path="<>"),
        letter("Call me.", Subject="Re: Out of office", In_Reply_To="<step-1@us.example>", Return_Path="<>"),
        letter("On it.\n\nOn Monday Dana wrote:\n> this is an automated message", X_Auto_Response_Suppress="All"),
    ],
)
def test_words_without_a_mark_or_words_of_ours_prove_nothing(raw: bytes) -> None:
    assert auto_reply.read_weak(message.parse(raw), RECEIVED) is None


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        ("We have received your request and opened ticket #4821.", {"Auto_Submitted": "auto-generated"}),
        ("Ihre Nachricht ist eingegangen.", RULES | {"Subject": "Automatische Antwort: Wartung"}),
        ("お問い合わせを受け付けました。", {"Subject": "自動返信: 在庫管理"}),
    ],
)
def test_an_automatic_reply_need_not_be_an_absence(text: str, headers: dict[str, str]) -> None:
    found = auto_reply.read_strong(message.parse(letter(text, **headers)), RECEIVED)
    assert found is not None
    assert (found.kind, found.returns_on) == (AutoReplyKind.ACKNOWLEDGEMENT, None)


MACHINE = {"Auto_Submitted": "auto-replied", "Content_Type": "text/plain; charset=utf-8"}


@pytest.mark.parametrize(
    ("text", "replacement"),
    [
        ("I have left Acme. Please write to bob@acme.example.", "bob@acme.example"),
        ("Ann Archer has left the company. For urgent matters contact Bob <Bob@acme.example>.", "bob@acme.example"),
        (
            "ann@acme.example is no longer in use: Ann no longer works here. Reach out to b.b@acme.example",
            "b.b@acme.example",
        ),
        ("I've left Acme as of 1 March 2026.", ""),
        ("Ann is no longer with us. This mailbox, noreply@acme.example, is not read.", ""),
        ("Frau Archer ist nicht mehr für uns tätig. Bitte wenden Sie sich an bob@acme.example.", "bob@acme.example"),
        ("Ich habe das Unternehmen verlassen.", ""),
        ("Je ne travaille plus chez Acme. Merci de contacter bob@acme.example", "bob@acme.example"),
        ("Ann ne fait plus partie de la société.", ""),
        ("Ann ya no trabaja en Acme. Escriba a bob@acme.example.", "bob@acme.example"),
        (
            "私事ですが、2月末をもちまして退職いたしました。後任の佐藤（bob@acme.example）までご連絡ください。",
            "bob@acme.example",
        ),
        ("アーチャーは退社いたしました。", ""),
    ],
)
def test_somebody_who_has_left_may_name_another(text: str, replacement: str) -> None:
    found = auto_reply.read_strong(message.parse(letter(text, **MACHINE)), RECEIVED)
    assert found is not None
    assert (found.kind, found.replacement) == (AutoReplyKind.LEFT_COMPANY, replacement)
    assert (found.returns_on, found.doubtful_return) == (None, False)


@pytest.mark.parametrize(
    "text",
    [
        "I have left for my holidays: I am away until 16 March 2026.",
        "I have left the office and will be back on 16 March 2026.",
        "I am out of office until 16 March 2026. Bob has left Acme, so please write to Cora.",
        "Ich bin bis 16.3.2026 nicht im Büro.",
        "3月15日まで休暇をいただいております。",
    ],
)
def test_an_absence_that_ends_is_none_for_good(text: str) -> None:
    found = auto_reply.read_strong(message.parse(letter(text, **MACHINE)), RECEIVED)
    assert found is not None
    assert (found.kind, found.replacement) == (AutoReplyKind.OUT_OF_OFFICE, "")


@pytest.mark.parametrize(
    "text",
    [
        "Please click the link below to prove that you are human.",
        "Your message has been placed in quarantine and is held until you confirm it.",
        "To verify that you are a real person, reply to this mail.",
        "Follow this link to release your message to Ann: https://filter.example/1",
        "I use a challenge-response filter. Please solve the captcha once.",
        "Bitte bestätigen Sie, dass Sie ein Mensch sind.",
        "Ihre Nachricht wurde zurückgehalten. Bitte bestätigen Sie Ihre Adresse.",
        "Veuillez cliquer ici et confirmez que vous êtes bien humain.",
        "Votre message est en attente : cliquez ici pour vous authentifier.",
        "Haga clic y confirme que es una persona.",
        "ロボットではないことを確認するため、下のリンクをクリックしてください。",
        "送信者の認証が必要です。リンクをクリックしてください。",
    ],
)
def test_a_filter_that_asks_for_a_person_is_a_challenge(text: str) -> None:
    found = auto_reply.read_strong(message.parse(letter(text, **MACHINE)), RECEIVED)
    assert found is not None
    assert found.kind is AutoReplyKind.CHALLENGE


@pytest.mark.parametrize(
    "text",
    [
        "I have left Acme. Please write to bob@acme.example.",
        "Please prove that you are human before I talk to you!",
        "Ann hat das Unternehmen verlassen.",
        "私は退職いたしました。",
    ],
)
def test_without_a_machines_mark_a_person_said_it(text: str) -> None:
    raw = letter(text, Content_Type="text/plain; charset=utf-8")
    assert auto_reply.read_strong(message.parse(raw), RECEIVED) is None
    assert auto_reply.read_weak(message.parse(raw), RECEIVED) is None


@pytest.mark.parametrize(
    ("sender", "automatic"),
    [
        ("Microsoft Outlook <no-reply@microsoft.com>", True),
        ("MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@us.example", True),
        ("Ann <ann@acme.example>", False),
    ],
)
def test_a_digest_of_reactions_is_a_machines(sender: str, automatic: bool) -> None:
    raw = letter("Ann liked your mail.", From=sender, Subject="Reaction Daily Digest - Monday, 2 March 2026")
    assert (auto_reply.read_strong(message.parse(raw), RECEIVED) is not None) is automatic


@pytest.mark.parametrize("words", ["I will return on the 16th of March.", "Rientro il 16 marzo 2026."])
def test_who_says_when_to_be_back_is_away(words: str) -> None:
    found = auto_reply.read_strong(message.parse(letter(words, Auto_Submitted="auto-replied")), RECEIVED)
    assert found is not None
    assert (found.kind, found.returns_on) == (AutoReplyKind.OUT_OF_OFFICE, date(2026, 3, 16))


@pytest.mark.parametrize("subject", ["Abwesend: Onboarding", "Away from office: Onboarding", "Auto: Onboarding"])
def test_a_subject_that_speaks_of_absence_counts_beside_words_that_do(subject: str) -> None:
    assert auto_reply.read_weak(message.parse(letter(AWAY, Subject=subject)), RECEIVED) is not None


def test_a_subject_that_speaks_of_absence_alone_proves_nothing() -> None:
    written = letter("Yes, please call me.", Subject="Auto: Onboarding")
    assert auto_reply.read_weak(message.parse(written), RECEIVED) is None
