import pytest

from relent.mail import feedback, message, receipt
from relent.terms.events import BounceKind
from tests.mail.letters import letter, mixed

READ = "Final-Recipient: rfc822;ann@acme.example\nDisposition: manual-action/MDN-sent-manually; displayed\n"
DELETED = "Final-Recipient: rfc822;ann@acme.example\nDisposition: automatic-action/MDN-sent-automatically; deleted\n"
RETURNED = ("text/rfc822-headers", "Message-ID: <step-1@us.example>\nTo: ann@acme.example\n")


def mdn(disposition: str, words: str) -> bytes:
    return mixed(("text/plain", words), ("message/disposition-notification", disposition), RETURNED, subtype="report")


def arf(fields: str) -> bytes:
    return mixed(("text/plain", "Report"), ("message/feedback-report", fields), RETURNED, subtype="report")


def test_a_receipt_is_known_by_its_part() -> None:
    found = receipt.read(message.parse(mdn(READ, "Your mail was displayed.")))
    assert found is not None
    assert found.refusal is None
    assert found.seen[-1] == "Disposition: manual-action/MDN-sent-manually; displayed"


def test_a_receipt_that_deletes_for_want_of_room_refuses() -> None:
    found = receipt.read(message.parse(mdn(DELETED, "Quota exceeded (mailbox is full).")))
    assert found is not None
    assert found.refusal is not None
    assert (found.refusal.failures[0].address, found.refusal.failures[0].kind) == ("ann@acme.example", BounceKind.SOFT)


def test_a_mail_deleted_unread_refuses_nothing() -> None:
    found = receipt.read(message.parse(mdn(DELETED, "The mail was removed unread.")))
    assert found is not None
    assert found.refusal is None


@pytest.mark.parametrize("subject", ["Read: Onboarding", "開封済み: 在庫"])
def test_a_subject_makes_no_receipt(subject: str) -> None:
    assert receipt.read(message.parse(letter(Subject=subject))) is None


def test_a_complaint_names_the_mail_it_is_about() -> None:
    found = feedback.read(message.parse(arf("Feedback-Type: abuse\nOriginal-Rcpt-To: <Ann@acme.example>\n")))
    assert found is not None
    assert (found.complaint, found.complainant) == (True, "ann@acme.example")
    assert found.original_ids == ("step-1@us.example",)


def test_a_complaint_that_hides_who_complained_has_the_returned_recipient() -> None:
    found = feedback.read(message.parse(arf("Feedback-Type: abuse\n")))
    assert found is not None
    assert found.complainant == "ann@acme.example"


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure", "opt-out-list"])
def test_a_report_of_another_kind_complains_of_nothing(kind: str) -> None:
    found = feedback.read(message.parse(arf(f"Feedback-Type: {kind}\n")))
    assert found is not None
    assert not found.complaint


def test_a_forwarded_mail_is_no_abuse_report() -> None:
    assert feedback.read(message.parse(mixed(("message/rfc822", "Subject: x\n\n")))) is None


@pytest.mark.parametrize(
    ("kind", "became"),
    [("displayed", "displayed"), ("processed", "displayed"), ("dispatched", "relayed"), ("denied", ""), ("odd", "")],
)
def test_a_receipt_says_what_became_of_the_mail(kind: str, became: str) -> None:
    found = receipt.read(message.parse(mdn(READ.replace("displayed", kind), "x")))
    assert found is not None
    assert found.disposition == became


def test_a_receipt_names_the_mail_it_is_about() -> None:
    found = receipt.read(message.parse(mdn(f"{READ}Original-Message-ID: <step-1@us.example>\n", "x")))
    assert found is not None
    assert found.original_ids == ("step-1@us.example",)


def test_a_complaint_may_come_under_the_subject_of_a_junk_reporting_program() -> None:
    returned = "X-HmXmrOriginalRecipient: ann@acme.example\nMessage-ID: <step-1@us.example>\n"
    found = feedback.read(
        message.parse(mixed(("message/rfc822", returned), Subject="complaint about message from 192.0.2.3"))
    )
    assert found is not None
    assert (found.complaint, found.complainant) == (True, "ann@acme.example")
