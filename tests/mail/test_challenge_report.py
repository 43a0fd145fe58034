import pytest

from relent.mail import message
from relent.mail.bounces import bounce_text, challenge_report, dsn
from tests.mail.letters import failed, letter, report

VERIFY = "Your message is pending sender verification.\nClick the link below to be added to my inbox.\n"
CONFIRM = (
    "This message was created automatically by mail delivery software (TMDA).\n"
    "To release your message for delivery, please send an empty message to ann-confirm@acme.example.\n"
)


@pytest.mark.parametrize("raw", [report(failed("4.7.0"), words=VERIFY), letter(CONFIRM, From="ann@acme.example")])
def test_a_filter_that_asks_for_proof_reports_no_failure(raw: bytes) -> None:
    read = message.parse(raw)
    assert challenge_report.asks(read)
    assert dsn.read(read) is None
    assert bounce_text.read(read) is None


def test_the_words_that_ask_are_shown_with_their_place() -> None:
    read = message.parse(letter(CONFIRM))
    found = challenge_report.asks(read)
    assert found is not None
    words, start, end = found
    assert read.text[start:end] == words


@pytest.mark.parametrize(
    "raw",
    [
        report(failed("5.1.1"), words=VERIFY),
        report(failed("5.7.1", "550 5.7.1 refused"), words=f"550 5.7.1 refused\n{VERIFY}"),
    ],
)
def test_a_final_refusal_stays_one_though_it_offers_a_click(raw: bytes) -> None:
    assert dsn.read(message.parse(raw)) is not None
