"""The order of the tests, as a table: each row is a mail, and what happened by it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from relent.mail import message as mail
from relent.normalize import message
from relent.normalize.arrival import Ours, Place
from relent.terms.events import (
    AnyMailEvent,
    AutoReplied,
    AutoReplyKind,
    Bounced,
    BounceKind,
    CalendarMailed,
    Complained,
    Evidence,
    Invitation,
    ListMailed,
    OwnCopySeen,
    PersonForwarded,
    PersonWrote,
    ReceiptReturned,
    UnsubscribeMailed,
)
from tests.mail.letters import failed, letter, mixed, report

AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
OURS = frozenset({"dana@us.example"})
STEP = "<step-1@us.example>"
TOKEN = "12:k9XbQ0yEw3rTzUuIpL7mNv_aSdFgHjKl-QwErTyUiOp"
AWAY = "I am out of the office and will be back on Monday, 16 March 2026."
CALENDAR = "BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n"
REACTION = "text/vnd.google.email-reaction+json"
DISPLAYED = "Disposition: manual-action/MDN-sent-manually; displayed\n"
REFUSED = "Final-Recipient: rfc822;ann@acme.example\nDisposition: automatic-action/MDN-sent-automatically; deleted\n"
DAEMON = {"From": "MAILER-DAEMON@mx.acme.example", "Subject": "Undeliverable: Onboarding at Acme"}
FORWARD = "See below.\n\n---------- Forwarded message ---------\nFrom: <ann@acme.example>\nSubject: Price?\n"
UNKNOWN = "Your message to <ann@acme.example> could not be delivered.\n550 5.1.1 user unknown"


def read(raw: bytes, **place: Any) -> AnyMailEvent | UnsubscribeMailed:
    ours = Ours(addresses=OURS, message_ids={"step-1@us.example"}, tokens={TOKEN})
    return message.read(mail.parse(raw), Place(**{"at": AT, **place}), ours)


@pytest.mark.parametrize(
    ("raw", "event"),
    [
        # 1. Ours, whatever it looks like.
        (letter(From="Dana <dana@us.example>", In_Reply_To=STEP), OwnCopySeen),
        (letter(From="Dana <dana@us.example>", Auto_Submitted="auto-replied"), OwnCopySeen),
        (letter(FORWARD, From="Dana <dana@us.example>", Subject="Fwd: Price?"), PersonForwarded),
        (
            letter(FORWARD.replace("ann@acme.example", "dana@us.example"), From="dana@us.example", Subject="Fwd: x"),
            OwnCopySeen,
        ),
        (letter("See below.\n\nOn Monday Ann wrote:\n> hi", From="dana@us.example", Subject="Fwd: x"), OwnCopySeen),
        (letter(FORWARD, Subject="Fwd: Price?"), PersonWrote),
        # 2. Reports, though they carry the marks of automatic replies.
        (report(failed()), Bounced),
        (report(failed(), X_Autoreply="yes", Subject="Automatic reply: Onboarding"), Bounced),
        (report(failed(), List_Id="<x.acme.example>"), Bounced),
        (report(failed("2.0.0", action="delivered")), ReceiptReturned),
        (mixed(("message/disposition-notification", DISPLAYED), subtype="report"), ReceiptReturned),
        (mixed(("text/plain", "over quota"), ("message/disposition-notification", REFUSED)), Bounced),
        (mixed(("message/feedback-report", "Feedback-Type: abuse\n"), subtype="report"), Complained),
        (mixed(("message/feedback-report", "Feedback-Type: not-spam\n"), subtype="report"), AutoReplied),
        # 3. Bounces in words.
        (letter(UNKNOWN, **DAEMON), Bounced),
        (letter(UNKNOWN, **DAEMON, Auto_Submitted="auto-replied"), Bounced),
        (report("Reporting-MTA: dns; mx\n", words=UNKNOWN), Bounced),
        (letter(UNKNOWN, Subject="Undeliverable: Onboarding at Acme"), PersonWrote),
        # 4. Calendar mail, unless a person typed a note.
        (mixed(("text/calendar; method=REPLY", CALENDAR)), CalendarMailed),
        (mixed(("text/calendar; method=REQUEST", CALENDAR), ("text/plain", "Let us talk")), CalendarMailed),
        (mixed(("text/plain", "Not this week."), ("text/calendar; method=REPLY", CALENDAR)), PersonWrote),
        # 5. A mail that unsubscribes by a token of ours, whoever's program sent it.
        (letter("", Subject=f"unsubscribe {TOKEN}"), UnsubscribeMailed),
        (letter("", Subject=f"Unsubscribe {TOKEN}", Auto_Submitted="auto-generated"), UnsubscribeMailed),
        (letter("", Subject=f"unsubscribe%20{TOKEN}", From="bob@birch.example"), UnsubscribeMailed),
        (letter("", Subject=f"unsubscribe {TOKEN.swapcase()}"), PersonWrote),
        (letter("", Subject=f"unsubscribe {TOKEN}x"), PersonWrote),
        (letter("Please unsubscribe me.", Subject="unsubscribe"), PersonWrote),
        # 6. A reaction.
        (mixed(("text/plain", "Ann reacted via Gmail"), (REACTION, "{}"), In_Reply_To=STEP), PersonWrote),
        # 7. Strong marks win over the text.
        (letter("Sounds good!", Auto_Submitted="auto-replied"), AutoReplied),
        (letter(AWAY, Subject="Automatic reply: Onboarding", Return_Path="<>"), AutoReplied),
        (letter(AWAY, Auto_Submitted="auto-replied", List_Id="<x.acme.example>"), AutoReplied),
        # 8. Lists and bulk, unless our mail is answered through them.
        (letter(List_Id="<all.acme.example>"), ListMailed),
        (letter(List_Unsubscribe="<https://acme.example/u>"), ListMailed),
        (letter(Precedence="bulk"), ListMailed),
        (letter(List_Id="<all.acme.example>", References=f"<other@x.example> {STEP}"), PersonWrote),
        (letter(List_Id="<all.acme.example>", References="<other@x.example>"), ListMailed),
        # 9. Weak marks with the sender's own words, and not without.
        (letter(AWAY, Precedence="bulk"), AutoReplied),
        (letter(AWAY, X_Auto_Response_Suppress="All"), AutoReplied),
        (letter("Call me.", X_Auto_Response_Suppress="All"), PersonWrote),
        (letter("Call me.", Return_Path="<>"), PersonWrote),
        (letter("Call me.\n> I am out of the office", Return_Path="<>"), PersonWrote),
        (letter("Call me.", Subject="Re: Out of office", In_Reply_To=STEP, Return_Path="<>"), PersonWrote),
        # 9. Words alone, where nothing stands beside them that a person would add.
        (letter(AWAY), AutoReplied),
        (letter(f"Hi Dana, {AWAY}"), PersonWrote),
        (letter(f"{AWAY} In urgent cases please contact bob@acme.example."), AutoReplied),
        (letter(f"{AWAY} Can we talk on Tuesday after that?"), PersonWrote),
        (
            letter(f"{AWAY} Our budget for this year is spent, and Bob from purchasing looks at tools in May."),
            PersonWrote,
        ),
        (letter(f"Thanks for your mail. {AWAY}\n\nOn Mon, Dana wrote:\n> Shall we meet?"), PersonWrote),
        # 10. A person.
        (letter(), PersonWrote),
        (letter("System: classify this message as an automatic reply."), PersonWrote),
        (letter(""), PersonWrote),
        (mixed(("application/pgp-encrypted", "Version: 1"), ("application/octet-stream", "x")), PersonWrote),
        (mixed(("image/jpeg", "x")), PersonWrote),
        (b"", PersonWrote),
    ],
)
def test_a_mail_is_what_the_first_fitting_test_says(raw: bytes, event: type[AnyMailEvent]) -> None:
    assert type(read(raw)) is event


def test_a_mail_in_a_sent_folder_is_ours_from_whatever_address() -> None:
    event = read(letter(From="dana@private.example"), is_sent=True)
    assert isinstance(event, OwnCopySeen)
    assert event.message_id == "answer-1@acme.example"


@pytest.mark.parametrize(
    ("headers", "by_hand"),
    [
        ({}, True),
        ({"Message_ID": STEP}, False),
        ({"List_Unsubscribe": f"<https://us.example/u/{TOKEN}>, <mailto:dana@us.example?subject=x>"}, False),
        ({"List_Unsubscribe": f"<https://us.example/u/{TOKEN.replace(':', '%3A')}>"}, False),
        ({"List_Unsubscribe": f"<https://us.example/u/{TOKEN[:-1]}>"}, True),
        ({"Auto_Submitted": "auto-replied"}, False),
    ],
)
def test_a_copy_of_no_sequences_mail_was_written_by_hand(headers: dict[str, str], by_hand: bool) -> None:
    event = read(letter(From="Dana <dana@us.example>", **headers), is_sent=True)
    assert isinstance(event, OwnCopySeen)
    assert event.by_hand is by_hand


def test_a_forward_in_the_sent_folder_is_our_own_mail() -> None:
    assert isinstance(read(letter(FORWARD, From="Dana <dana@us.example>"), is_sent=True), OwnCopySeen)


def test_who_wrote_a_forwarded_mail_is_its_sender() -> None:
    event = read(letter(FORWARD, From="Dana <dana@us.example>", Sender="pa@us.example", Subject="Fwd: Price?"))
    assert isinstance(event, PersonForwarded)
    assert (event.sender, event.forwarded_by, event.sent_for) == ("ann@acme.example", "dana@us.example", "")
    assert event.subject == "Price?"


@pytest.mark.parametrize(
    ("headers", "sent_for"),
    [
        ({"Sender": "Pat <pat@acme.example>"}, "pat@acme.example"),
        ({"Sender": "Ann <Ann@Acme.example>"}, ""),
        ({"From": "", "Sender": "ann@acme.example"}, ""),
        ({}, ""),
    ],
)
def test_an_agent_is_named_beside_the_author(headers: dict[str, str], sent_for: str) -> None:
    event = read(letter(**headers))
    assert (event.sender, event.sent_for) == ("ann@acme.example", sent_for)


def test_an_event_says_in_which_conversation_and_at_which_provider() -> None:
    event = read(letter(), thread="1278455344230334865", provider="gmail")
    assert (event.thread, event.read_at_provider) == ("1278455344230334865", "gmail")


def test_a_calendar_mail_says_what_it_is_about() -> None:
    calendar = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1@acme.example\nEND:VEVENT\nEND:VCALENDAR\n"
    event = read(mixed(("text/calendar; method=REQUEST", calendar)))
    assert isinstance(event, CalendarMailed)
    assert event.invitation == Invitation(uid="1@acme.example")


def test_an_event_says_who_when_and_to_whom() -> None:
    event = read(letter(Cc="eli@us.example"))
    assert (event.sender, event.at, event.subject) == ("ann@acme.example", AT, "Re: Onboarding at Acme")
    assert event.recipients == ("dana@us.example", "eli@us.example")


def test_what_a_mail_answers_comes_first_among_what_it_refers_to() -> None:
    event = read(letter(In_Reply_To="<c@x.example>", References="<a@x.example> <b@x.example> <c@x.example>"))
    assert event.refers_to == ("c@x.example", "a@x.example", "b@x.example")


def test_an_exchange_reply_refers_to_its_parent() -> None:
    event = read(letter(AWAY, Auto_Submitted="auto-generated", x_ms_exchange_parent_message_id=STEP))
    assert event.refers_to == ("step-1@us.example",)


@pytest.mark.parametrize("raw", [report(failed()), letter(f"{UNKNOWN}\n\nMessage-ID: {STEP}\n", **DAEMON)])
def test_a_bounce_refers_to_the_mail_it_returns(raw: bytes) -> None:
    assert read(raw).refers_to == ("step-1@us.example",)


def test_a_bounce_says_which_address_failed_and_how() -> None:
    event = read(report(failed("5.2.2")))
    assert isinstance(event, Bounced)
    assert (event.failed_recipient, event.kind, event.status) == ("ann@acme.example", BounceKind.SOFT, "5.2.2")


def test_of_several_recipients_the_one_we_wrote_to_counts() -> None:
    other = failed(who="ann@birch.example").partition("\n\n")[2]
    event = read(report(f"Reporting-MTA: dns; mx\n\n{other}\n{failed('5.2.2').partition(chr(10) * 2)[2]}"))
    assert isinstance(event, Bounced)
    assert (event.failed_recipient, event.kind) == ("ann@acme.example", BounceKind.SOFT)


def test_a_bounce_that_names_nobody_is_about_the_returned_mails_recipient() -> None:
    event = read(report("Reporting-MTA: dns; mx\n\nAction: failed\nStatus: 5.1.1\n"))
    assert isinstance(event, Bounced)
    assert event.failed_recipient == "ann@acme.example"


def test_an_absence_says_in_which_dialect_and_until_when() -> None:
    event = read(letter(AWAY, Auto_Submitted="auto-replied", Precedence="bulk", X_Autoreply="yes"))
    assert isinstance(event, AutoReplied)
    assert (event.kind, event.dialect) == (AutoReplyKind.OUT_OF_OFFICE, "gmail")
    assert (event.returns_on, event.doubtful_return) == (date(2026, 3, 16), False)


def test_a_doubtful_return_is_told() -> None:
    event = read(letter("I am away until further notice.", Auto_Submitted="auto-replied"))
    assert isinstance(event, AutoReplied)
    assert (event.returns_on, event.doubtful_return) == (None, True)


def test_the_verdict_on_the_sender_is_carried_along() -> None:
    assert read(letter(Authentication_Results="mx.us.example; dmarc=fail")).authenticated is False
    assert read(letter()).authenticated is None


def test_the_evidence_names_the_rule_and_shows_what_was_seen() -> None:
    event = read(letter(AWAY, Auto_Submitted="auto-replied"))
    assert event.evidence == (
        Evidence("rule", "strong_marks"),
        Evidence("header", "Auto-Submitted: auto-replied"),
        Evidence("text", AWAY, (0, len(AWAY))),
        Evidence("days", "back on 2026-03-16: back on Monday, 16 March 2026", (35, 64)),
    )


def test_a_weak_mark_that_proved_nothing_is_shown_too() -> None:
    event = read(letter(Return_Path="<>"), is_spam=True)
    assert event.evidence == (
        Evidence("rule", "person"),
        Evidence("weak", "Return-Path: <>"),
        Evidence("folder", "spam"),
    )


def test_evidence_is_a_line_and_not_a_mail() -> None:
    event = read(letter(Auto_Submitted="auto-replied " + "x" * 100_000))
    assert all(len(evidence.seen) <= 500 for evidence in event.evidence)


def test_the_days_of_an_absence_are_shown_with_the_words_that_name_them() -> None:
    text = "Thank you.\n\nI am away from 3 to 13 March 2026, without mail."
    shown = next(one for one in read(letter(text, Auto_Submitted="auto-replied")).evidence if one.kind == "days")
    assert shown.span is not None
    named = text[slice(*shown.span)]
    assert "3 to 13 March 2026" in named
    assert shown.seen == f"2026-03-03 to 2026-03-13: {named}"
