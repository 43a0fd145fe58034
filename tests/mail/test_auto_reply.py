from datetime import date

import pytest

from relent.mail import auto_reply, message
from relent.mail.auto_reply import EXCHANGE, GMAIL, RFC3834
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
        ("I have left Acme. Please write to bob@acme.example.", {"Auto_Submitted": "auto-replied"}),
        ("Ihre Nachricht ist eingegangen.", RULES | {"Subject": "Automatische Antwort: Wartung"}),
        ("お問い合わせを受け付けました。", {"Subject": "自動返信: 在庫管理"}),
    ],
)
def test_an_automatic_reply_need_not_be_an_absence(text: str, headers: dict[str, str]) -> None:
    found = auto_reply.read_strong(message.parse(letter(text, **headers)), RECEIVED)
    assert found is not None
    assert (found.kind, found.returns_on) == (AutoReplyKind.OTHER, None)
