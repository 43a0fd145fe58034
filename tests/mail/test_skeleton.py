"""The skeleton of a mail keeps what it is judged by, and nothing else."""

from email.message import EmailMessage

import pytest

from relent.mail import message, skeleton
from relent.mail.bounces import dsn


def mail(text: str = "Sounds good, call me.\n") -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "ann@acme.example", "dana@us.example", "Re: Hello"
    made["Message-ID"], made["X-Mailer"] = "<1@acme.example>", "Post 1.0"
    made.set_content(text)
    return made


def with_offer() -> bytes:
    made = mail()
    made.add_alternative("<p>Sounds good, call me.</p>", subtype="html")
    made.add_attachment(b"%PDF-1.7 " + b"x" * 50_000, maintype="application", subtype="pdf", filename="offer.pdf")
    made.add_attachment("a list of secrets\n" * 50, filename="notes.txt")
    return made.as_bytes()


def test_headers_and_text_stay_as_they_were() -> None:
    raw = with_offer()
    before, after = message.parse(raw), message.parse(skeleton.of(raw))
    assert [header.line for header in after.headers] == [header.line for header in before.headers]
    assert after.text == before.text


def test_attachments_leave_their_headers_and_nothing_else() -> None:
    kept = skeleton.of(with_offer())
    assert b'filename="offer.pdf"' in kept
    assert len(kept) < 2000
    assert b"secrets" not in kept


def test_a_mail_in_a_mail_becomes_a_skeleton_too() -> None:
    outer = mail("Please see below.\n")
    outer.add_attachment(message_of(with_offer()))
    kept = skeleton.of(outer.as_bytes())
    assert b"Sounds good, call me." in kept
    assert len(kept) < 3000


def message_of(raw: bytes) -> EmailMessage:
    import email
    import email.policy

    return email.message_from_bytes(raw, policy=email.policy.default)  # type: ignore[return-value]


REPORT = b"""From: MAILER-DAEMON@mx.acme.example
To: dana@us.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The mail did not reach ann@acme.example.
--b
Content-Type: message/delivery-status
Content-Disposition: attachment

Reporting-MTA: dns; mx.acme.example

Final-Recipient: rfc822; ann@acme.example
Action: failed
Status: 5.1.1
--b
Content-Type: text/rfc822-headers
Content-Disposition: attachment

Message-ID: <ours@us.example>
To: ann@acme.example
--b--
"""


def test_a_report_reads_as_before() -> None:
    before, after = (dsn.read(message.parse(raw)) for raw in (REPORT, skeleton.of(REPORT)))
    assert before == after
    assert after is not None
    assert after.original_ids == ("ours@us.example",)


def test_a_long_text_is_cut_at_the_end_of_a_line() -> None:
    kept = message.parse(skeleton.of(mail("one line of words\n" * 20_000).as_bytes()))
    assert kept.text.rstrip().endswith("one line of words")
    assert len(kept.raw) <= skeleton.MOST_TEXT + 1000


@pytest.mark.parametrize("raw", [b"", b"\r\r\r", b"--", b"Content-Type: multipart/mixed\n\n", REPORT[:400]])
def test_whatever_the_bytes_there_is_a_skeleton(raw: bytes) -> None:
    assert skeleton.of(skeleton.of(raw)) == skeleton.of(raw)


def test_it_is_never_longer_than_a_megabyte() -> None:
    parts = b"--b\nContent-Type: text/plain\n\n" + b"word\n" * 12_000
    raw = b'Content-Type: multipart/mixed; boundary="b"\n\n' + parts * 40
    assert len(skeleton.of(raw)) == skeleton.MOST
