"""The mails of a story look like those that real programs and servers write."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from relent.workers.scenarios import letters
from relent.workers.scenarios.letters import Answered, Complaint, Letter, Report

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SENT = b"Message-ID: <two@us.example>\r\nReferences: <one@us.example>\r\nTo: ann@acme.example\r\n\r\nHello\r\n"
ANSWERED = Answered(message_id="two@us.example", subject="Shelves", raw=SENT)
LETTER = Letter(
    sender="ann@acme.example", to=("dana@us.example",), message_id="a@acme.example", date=NOON, received_at=NOON
)
REPORT = Report(
    reporter="mx.acme.example", to="dana@us.example", message_id="b@acme.example", at=NOON, action="failed",
    status="5.1.1", final_recipient="ann@acme.example", original_recipient=None, returned=SENT,
)  # fmt: skip


def parsed(raw: bytes) -> EmailMessage:
    read = message_from_bytes(raw, policy=policy.default)
    assert isinstance(read, EmailMessage)
    assert not read.defects
    return read


def test_an_answer_names_the_mail_and_repeats_its_references() -> None:
    mail = parsed(letters.write(replace(LETTER, in_reply_to=ANSWERED)))
    assert mail["In-Reply-To"] == "<two@us.example>"
    assert mail["References"] == "<one@us.example> <two@us.example>"
    assert mail["Subject"] == "Re: Shelves"


def test_references_alone_leave_in_reply_to_out() -> None:
    mail = parsed(letters.write(replace(LETTER, references=ANSWERED)))
    assert (mail["In-Reply-To"], mail["References"]) == (None, "<one@us.example> <two@us.example>")


def test_text_and_subject_may_be_of_any_script() -> None:
    mail = parsed(
        letters.write(replace(LETTER, subject="在庫のご相談について、もう一度ご連絡いたします", text="はい。"))
    )
    assert mail["Subject"] == "在庫のご相談について、もう一度ご連絡いたします"
    assert mail.get_content().strip() == "はい。"


def test_parts_keep_their_type_and_parameters() -> None:
    part = {"type": "text/calendar", "params": {"method": "REPLY"}, "text": "BEGIN:VCALENDAR"}
    mail = parsed(letters.write(replace(LETTER, parts=(part,))))
    (calendar,) = mail.iter_parts()
    assert (calendar.get_content_type(), calendar.get_param("method")) == ("text/calendar", "REPLY")


def test_a_header_of_the_story_replaces_ours() -> None:
    mail = parsed(letters.write(replace(LETTER, headers={"Subject": "Mine", "X-Loop": "yes"})))
    assert (mail.get_all("Subject"), mail["X-Loop"]) == (["Mine"], "yes")


@pytest.mark.parametrize(
    ("style", "marked"), [("gmail", True), ("exchange", True), ("rfc3834", True), ("plain", False)]
)
def test_most_machines_mark_their_replies(style: str, marked: bool) -> None:
    headers = letters.auto_reply_headers(style, "ann@acme.example", ANSWERED)
    assert ("Auto-Submitted" in headers) is marked


def test_a_delivery_report_tells_the_status_and_returns_the_head() -> None:
    mail = parsed(letters.delivery_report(REPORT))
    _, status, returned = mail.iter_parts()
    assert mail.get_param("report-type") == "delivery-status"
    assert status.get_payload()[1]["Status"] == "5.1.1"
    assert "<two@us.example>" in returned.get_payload()


def test_a_report_that_names_no_mail_returns_nothing() -> None:
    assert len(list(parsed(letters.delivery_report(replace(REPORT, returned=None))).iter_parts())) == 2


def test_a_redacted_complaint_hides_who_complains() -> None:
    complaint = Complaint(
        to="dana@us.example", message_id="c@acme.example", at=NOON, complainant="ann@acme.example", redacted=True,
        returned=SENT,
    )  # fmt: skip
    assert b"ann@acme.example" not in letters.feedback_report(complaint)
    assert b"ann@acme.example" in letters.feedback_report(replace(complaint, redacted=False))


def test_a_raw_mail_answers_what_the_story_says_and_stays_otherwise_as_it_was() -> None:
    raw = (
        b"In-Reply-To: <x@y.example>\nReferences: <w@y.example>\n <x@y.example>\nTo: d@us.example\n\nIn-Reply-To: \xff"
    )
    changed = letters.answering(raw, ANSWERED)
    assert changed.endswith(b"\nTo: d@us.example\n\nIn-Reply-To: \xff")
    assert b"y.example" not in changed
    assert changed.startswith(b"In-Reply-To: <two@us.example>\r\n")
