import pytest

from relent.mail.bounces import delivery_status
from relent.terms.events import BounceKind

HARD, SOFT, POLICY, DELAYED = BounceKind.HARD, BounceKind.SOFT, BounceKind.POLICY, BounceKind.DELAYED


@pytest.mark.parametrize(
    ("action", "status", "words", "kind"),
    [
        # The code alone.
        ("failed", "5.1.1", "", HARD),
        ("failed", "5.1.2", "", HARD),
        ("failed", "5.1.10", "", HARD),
        ("failed", "5.2.1", "", HARD),
        ("failed", "5.4.4", "", HARD),
        ("failed", "5.0.0", "", HARD),
        ("failed", "5.2.2", "", SOFT),
        ("failed", "5.3.0", "", SOFT),
        ("failed", "5.4.7", "", SOFT),
        ("failed", "5.1.8", "", POLICY),
        ("failed", "5.2.3", "", POLICY),
        ("failed", "5.6.0", "", POLICY),
        ("failed", "5.7.1", "", POLICY),
        ("failed", "5.7.26", "", POLICY),
        ("failed", "4.2.2", "", SOFT),
        ("failed", "4.4.7", "", SOFT),
        ("delayed", "4.4.1", "", DELAYED),
        ("delayed", "5.1.1", "", DELAYED),
        # The words beside a code that says little, or something else.
        ("failed", "5.0.0", "550 5.1.1 no such user", HARD),
        ("failed", "5.0.0", "552 mailbox is full", SOFT),
        ("failed", "5.0.0", "554 blocked by our policy", POLICY),
        ("failed", "5.5.0", "550 Requested action not taken: mailbox unavailable", HARD),
        ("failed", "5.4.1", "550 Recipient address rejected: Access denied", HARD),
        ("failed", "5.7.1", "550 user unknown", HARD),
        ("failed", "5.7.1", "550 relay denied", POLICY),
        ("failed", "5.1.1", "550 rejected as spam", POLICY),
        ("failed", "5.1.1", "550 quota exceeded", SOFT),
        ("failed", "4.0.0", "450 user unknown", HARD),
        # No code.
        ("failed", "", "550 No such user here", HARD),
        ("failed", "", "宛先のメールボックスが見つかりませんでした。", HARD),
        ("failed", "", "メールボックスの容量がいっぱいです。", SOFT),
        ("failed", "", "please try again later", SOFT),
        ("failed", "", "550 whatever", HARD),
        ("failed", "", "it did not work", SOFT),
        ("", "", "", SOFT),
    ],
)
def test_a_failure_is_judged_by_its_code_and_its_words(action: str, status: str, words: str, kind: BounceKind) -> None:
    assert delivery_status.kind(action, status, words) is kind


def test_the_subject_of_our_own_mail_is_no_witness() -> None:
    assert delivery_status.witness("Subject: User unknown?\nIt did not work.") is None


def test_what_the_server_answered_goes_before_what_is_told_about_it() -> None:
    assert delivery_status.witness("It was blocked.\n550 5.1.1 no such user") is HARD


@pytest.mark.parametrize(("text", "status"), [("550 5.1.1 no", "5.1.1"), ("from 10.5.1.1 to", ""), ("4.4.1.2", "")])
def test_a_status_code_is_not_part_of_an_address(text: str, status: str) -> None:
    assert delivery_status.status_in(text) == status
