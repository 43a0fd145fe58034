import pytest

from relent.mail import message
from relent.mail.bounces import bounce_text
from relent.terms.events import SURE, BounceKind
from tests.mail.letters import letter

DAEMON = "MAILER-DAEMON@mx.acme.example"
QMAIL = """Hi. This is the qmail-send program at mx.acme.example.
I'm afraid I wasn't able to deliver your message to the following addresses.

<ann@acme.example>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <dana@us.example>
Message-ID: <step-1@us.example>
"""
EXIM = """This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its recipients:

  ann@acme.example
    mailbox is full

------ This is a copy of the message, including all the headers. ------

Message-ID: <step-1@us.example>
"""
PLAIN = "Your message to <ann@acme.example> could not be delivered.\n550 5.1.1 <ann@acme.example>: user unknown\n"
JAPANESE = "次の宛先に配信できませんでした: ann@acme.example\n宛先のアドレスが見つかりません。\n"
WARNING = "This is a warning message only.\nYour message to ann@acme.example has not yet been delivered.\n"


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (letter(QMAIL, From=DAEMON, Subject="failure notice"), BounceKind.HARD),
        (letter(EXIM, From=DAEMON, X_Failed_Recipients="ann@acme.example"), BounceKind.SOFT),
        (letter(EXIM, From="odd@acme.example", Subject="Mail delivery failed"), BounceKind.SOFT),
        (letter(PLAIN, From=DAEMON, Subject="Undeliverable: Onboarding at Acme"), BounceKind.HARD),
        (letter(PLAIN, From="Mail Delivery System <x1@mx.acme.example>", Subject="x"), BounceKind.HARD),
        (letter(JAPANESE, From="postmaster@acme.example", Subject="配信不能"), BounceKind.HARD),
        (letter(WARNING, From=DAEMON, Subject="Warning: delayed"), BounceKind.DELAYED),
    ],
)
def test_a_bounce_in_words_tells_who_and_why(raw: bytes, kind: BounceKind) -> None:
    report = bounce_text.read(message.parse(raw))
    assert report is not None
    assert (report.failures[0].address, report.failures[0].kind) == ("ann@acme.example", kind)


@pytest.mark.parametrize("text", [QMAIL, EXIM])
def test_a_bounce_in_words_names_the_mail_it_returns(text: str) -> None:
    report = bounce_text.read(message.parse(letter(text, From=DAEMON)))
    assert report is not None
    assert report.original_ids == ("step-1@us.example",)


@pytest.mark.parametrize(
    "raw",
    [
        letter(PLAIN, Subject="Undeliverable: Onboarding at Acme"),
        letter(PLAIN, Return_Path="<>"),
        letter("We could not deliver on our promise. Call me.", From="Ann <ann@acme.example>"),
        letter("Your new quota is 5 GB. Enjoy.", From="postmaster@acme.example", Subject="News"),
        letter(f"> {QMAIL}"),
        letter("Your mailbox is almost full.", From="postmaster@us.example", Subject="Your mailbox is almost full"),
        letter("2 mails to you were blocked.\n550 spam", From="postmaster@us.example", Subject="Quarantine summary"),
        letter("Your parcel could not be delivered.", From="Delivery System <a@b.example>", Subject="Delivery failed"),
        letter(
            "37 messages are in the queue: 451 4.7.1 busy", From="postmaster@us.example", Subject="Mail queue report"
        ),
        letter(
            PLAIN, From="postmaster@acme.example", Subject="Re: your mail to Ann", In_Reply_To="<a@us.example>"
        ).replace(b"550 5.1.1", b""),
    ],
)
def test_words_alone_make_no_bounce(raw: bytes) -> None:
    assert bounce_text.read(message.parse(raw)) is None


TWO = """The following addresses failed:

  ann@acme.example
    552 5.2.2 mailbox full
  bob@acme.example
    550 5.1.1 no such user
"""


def test_each_recipient_has_its_own_reason() -> None:
    report = bounce_text.read(message.parse(letter(TWO, From=DAEMON, Subject="Mail delivery failed")))
    assert report is not None
    assert [(one.address, one.kind, one.status) for one in report.failures] == [
        ("ann@acme.example", BounceKind.SOFT, "5.2.2"),
        ("bob@acme.example", BounceKind.HARD, "5.1.1"),
    ]


def test_a_gateway_without_a_name_is_believed_less() -> None:
    text = "Your message could not be delivered to\nann@acme.example\n\nunknown user\n"
    report = bounce_text.read(
        message.parse(letter(text, From="gate7@acme.example", Subject="Onboarding: not delivered"))
    )
    assert report is not None
    assert report.confidence < SURE


def test_a_failure_for_no_reason_asks_for_a_look() -> None:
    text = "Delivery to the following recipient failed permanently:\n\n  ann@acme.example\n"
    report = bounce_text.read(message.parse(letter(text, From=DAEMON, Subject="Delivery failure")))
    assert report is not None
    assert (report.failures[0].kind, report.confidence < SURE) == (BounceKind.HARD, True)


def test_our_own_subject_does_not_make_a_digest_of_a_bounce() -> None:
    text = f"Subject: Daily report on your quarantine\n\n{PLAIN}"
    assert (
        bounce_text.read(message.parse(letter(text, From="postmaster@acme.example", Subject="Undeliverable")))
        is not None
    )


def test_the_words_of_a_bounce_are_shown_with_their_place() -> None:
    read = message.parse(letter(PLAIN, From=DAEMON))
    report = bounce_text.read(read)
    assert report is not None
    assert [read.text[start:end] for _, start, end in report.words] == [words for words, _, _ in report.words]
