import pytest

from relent.mail import message
from relent.mail.bounces import dsn
from relent.mail.bounces.dsn import Report
from relent.terms.events import BounceKind
from tests.mail.letters import failed, letter, mixed, report


def read(raw: bytes) -> Report:
    found = dsn.read(message.parse(raw))
    assert found is not None
    return found


def test_a_report_tells_who_was_not_reached_and_why() -> None:
    (failure,) = read(report(failed("5.1.1", "550 5.1.1 no such user"))).failures
    assert (failure.address, failure.kind, failure.status) == ("ann@acme.example", BounceKind.HARD, "5.1.1")


@pytest.mark.parametrize("content_type", ["text/rfc822-headers", "message/rfc822", "message/global-headers"])
def test_a_report_names_the_mail_it_returns(content_type: str) -> None:
    returned = "Message-ID: <step-2@us.example>\nReferences: <step-1@us.example>\nTo: Ann <ann@acme.example>\n\nHi\n"
    parts = (("message/delivery-status", failed()), (content_type, returned))
    found = read(mixed(*parts, subtype="report"))
    assert found.original_ids == ("step-2@us.example", "step-1@us.example")
    assert found.original_to == ("ann@acme.example",)


def test_returned_headers_may_be_encoded() -> None:
    encoded = "Content-Type: text/rfc822-headers\nContent-Transfer-Encoding: base64"
    raw = mixed(
        ("message/delivery-status", failed()), (encoded, "TWVzc2FnZS1JRDogPGFAdXMuZXhhbXBsZT4K"), subtype="report"
    )
    assert read(raw).original_ids == ("a@us.example",)


def test_the_address_that_was_written_to_goes_before_where_it_was_forwarded() -> None:
    status = failed(who="old-ann@birch.example") + "Original-Recipient: rfc822;ann@acme.example\n"
    assert read(report(status)).failures[0].address == "ann@acme.example"


@pytest.mark.parametrize(
    "status",
    [
        "Reporting-MTA: dns; mx\nFinal-Recipient: rfc822; ann@acme.example\nAction: failed\nStatus: 5.1.1\n",
        "\n\nReporting-MTA: dns; mx\n\n\n\nFinal-Recipient:rfc822;ann@acme.example\nAction:failed\nStatus:5.1.1\n",
        "Final-Recipient: <ann@acme.example>\nAction: Failed (permanent)\nSTATUS: 5.1.1 (bad mailbox)\n",
        "Final-Recipient: RFC822; Ann@Acme.example\n  \nAction: failed\nStatus: 5.1.1\n".replace("  \n", ""),
    ],
)
def test_a_broken_report_is_read_all_the_same(status: str) -> None:
    (failure,) = read(report(status)).failures
    assert (failure.address, failure.kind) == ("ann@acme.example", BounceKind.HARD)


def test_recipients_are_told_apart_without_the_empty_line_between_them() -> None:
    status = failed() + failed("4.2.2", who="bob@acme.example").partition("\n\n")[2]
    assert [one.kind for one in read(report(status)).failures] == [BounceKind.HARD, BounceKind.SOFT]


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_report_of_success_holds_no_failure(action: str) -> None:
    assert read(report(failed("2.0.0", action=action))).failures == ()


def test_a_reason_told_to_the_reader_alone_counts_where_the_code_tells_none() -> None:
    (failure,) = read(report(failed("5.0.0"), words="The mailbox is full.")).failures
    assert failure.kind is BounceKind.SOFT


def test_a_footer_does_not_overrule_the_code() -> None:
    (failure,) = read(report(failed("5.1.1"), words="Scanned for viruses. Blocked content is removed.")).failures
    assert failure.kind is BounceKind.HARD


@pytest.mark.parametrize("raw", [letter(), mixed(("text/plain", "x")), report("Reporting-MTA: dns; mx\n")])
def test_a_mail_that_names_no_recipient_is_no_report(raw: bytes) -> None:
    assert dsn.read(message.parse(raw)) is None


def test_a_person_who_passes_a_report_on_reports_nothing() -> None:
    parts = (("text/plain", "What is this?"), ("message/delivery-status", failed()))
    assert dsn.read(message.parse(mixed(*parts, Subject="Fwd: Undelivered Mail"))) is None


def test_the_fields_are_read_where_a_gateway_made_text_of_them() -> None:
    raw = letter(f"Your mail did not arrive.\n\n{failed()}", From="postmaster@mx.acme.example", Subject="Undelivered")
    assert read(raw).failures[0].address == "ann@acme.example"


def test_a_report_is_read_within_another_mail_of_the_mail_system() -> None:
    raw = mixed(("message/rfc822", report(failed("5.2.2")).decode()), From="postmaster@mx.acme.example", Subject="x")
    assert read(raw).failures[0].kind is BounceKind.SOFT


def test_a_mail_returned_within_another_is_named() -> None:
    wrapped = "Content-Type: message/rfc822\n\nMessage-ID: <step-1@us.example>\nTo: ann@acme.example\n\nHi\n"
    parts = (("message/delivery-status", failed()), ("message/rfc822", wrapped))
    assert read(mixed(*parts, subtype="report")).original_ids == ("step-1@us.example",)


@pytest.mark.parametrize(
    ("field", "address"),
    [
        ("rfc822;ann+40acme.example", "ann@acme.example"),
        ("rfc822;ann+2Btag@acme.example", "ann+tag@acme.example"),
        ("rfc822;ann+2026@acme.example", "ann+2026@acme.example"),
        (r"utf-8;j\x{F6}rg@acme.example", "jörg@acme.example"),
        ("rfc822;<ann@acme.example>", "ann@acme.example"),
        ("x-local;ann", ""),
    ],
)
def test_the_encodings_of_an_address_are_undone(field: str, address: str) -> None:
    assert dsn.address_in(field) == address


def test_a_recipient_without_a_name_is_the_one_the_returned_mail_went_to() -> None:
    status = "Reporting-MTA: dns; mx\n\nFinal-Recipient: LOCAL;<ann>\nAction: failed\nStatus: 5.1.1\n"
    assert read(report(status)).failures[0].address == "ann@acme.example"


@pytest.mark.parametrize(
    ("action", "became"), [("delivered", "delivered"), ("relayed", "relayed"), ("expanded", "delivered")]
)
def test_a_report_of_success_says_what_became_of_the_mail(action: str, became: str) -> None:
    assert read(report(failed("2.0.0", action=action))).became == became


def test_the_words_that_tell_the_reason_are_shown_with_their_place() -> None:
    raw = report(failed("5.0.0"), words="The mailbox is full.")
    ((words, start, end),) = read(raw).words
    assert message.parse(raw).text[start:end] == words
