"""What arrives, what it does, and what the ledger keeps of it."""

from email.message import EmailMessage

import pytest

from relent.records import models
from relent.terms.states import DeliveryState
from tests.cast import Cast, contact, sequence, state


def line(enrollment: models.Enrollment) -> models.Decision:
    return enrollment.decisions.latest("pk")


def test_a_reply_in_the_thread_is_credited_to_the_mail_it_answers(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.deliver(cast.answer(enrollment))
    cast.turn()
    assert state(enrollment) == ("unenrolled", "reply")
    assert enrollment.credited_step == 1
    assert enrollment.deliveries.get(position=2).state == DeliveryState.CANCELLED


def test_a_reply_from_another_address_stops_as_a_thread_reply(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.deliver(cast.answer(enrollment, sender="ann@elsewhere.example"))
    cast.turn()
    assert state(enrollment) == ("unenrolled", "thread_reply")


def test_a_new_mail_from_the_enrolled_address_stops(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.clock.ahead(minutes=1)
    cast.deliver(cast.write())
    cast.turn()
    assert state(enrollment) == ("unenrolled", "off_sequence_mail")


@pytest.mark.parametrize(
    ("alias", "rule"),
    [("ann+news@acme.example", "mail.plus_rule"), ("a.private@home.example", "mail.secondary_address")],
)
def test_a_new_mail_from_an_alias_stops_and_says_which_rule_matched(cast: Cast, alias: str, rule: str) -> None:
    models.ContactAddress.objects.create(contact=cast.ann, address="a.private@home.example", since=cast.clock())
    enrollment = cast.enrolled()
    cast.clock.ahead(minutes=1)
    cast.deliver(cast.write(alias))
    cast.turn()
    assert state(enrollment) == ("unenrolled", "alias")
    assert line(enrollment).rule == rule


def test_a_colleagues_new_mail_does_not_stop_the_contact(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.clock.ahead(minutes=1)
    cast.deliver(cast.write("bob@acme.example"))
    cast.turn()
    assert state(enrollment)[0] == "active"


def test_an_older_mail_does_not_stop_a_younger_enrollment(cast: Cast) -> None:
    cast.deliver(cast.write())
    cast.clock.ahead(minutes=1)
    enrollment = cast.enrolled()
    assert state(enrollment)[0] == "active"
    assert line(enrollment).reason == "before_enrollment"


def test_an_automatic_reply_pauses_and_the_strict_profile_would_have_kept(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.deliver(cast.absence(enrollment))
    cast.turn()
    assert state(enrollment) == ("paused", "out_of_office")
    assert line(enrollment).other_profile == {"hubspot-strict": ["keep", "automatic_reply"]}


def test_a_pause_ends_by_itself_and_the_mail_leaves_at_its_time_of_day(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.deliver(cast.absence(enrollment))
    cast.turn()
    cast.clock.ahead(days=7, hours=1)
    cast.turn()
    assert state(enrollment)[0] == "active"
    assert enrollment.deliveries.get(position=2).due_at.hour == 9


def test_an_absence_pauses_every_sequence_of_the_contact(cast: Cast) -> None:
    models.AccountSettings.objects.create(overrides={"exclusive": "false"}, since=cast.clock())
    first = cast.enrolled()
    cast.sequence = sequence(cast.dana)
    second = cast.enrolled()
    cast.clock.ahead(minutes=5)
    cast.deliver(cast.absence(first))
    cast.turn()
    assert [state(one) for one in (first, second)] == [("paused", "out_of_office")] * 2
    assert first.credited_step is second.credited_step is None


@pytest.mark.parametrize(
    "headers",
    [
        {"List_Id": "<talk.lists.example>"},
        {"Precedence": "bulk", "List_Unsubscribe": "<mailto:leave@lists.example>"},
        {"Auto_Submitted": "auto-generated"},
    ],
)
def test_mail_that_nobody_wrote_to_dana_changes_nothing(cast: Cast, headers: dict[str, str]) -> None:
    enrollment = cast.enrolled()
    cast.clock.ahead(minutes=1)
    cast.deliver(cast.write(**headers))
    cast.turn()
    assert state(enrollment)[0] == "active"
    assert line(enrollment).verdict == "keep"


def test_a_receipt_is_not_a_reply(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.deliver(receipt(cast, enrollment))
    cast.turn()
    assert state(enrollment)[0] == "active"
    assert line(enrollment).reason == "receipt"


def receipt(cast: Cast, enrollment: models.Enrollment) -> bytes:
    sent = enrollment.deliveries.get(position=1)
    return (
        f"From: ann@acme.example\nTo: dana@us.example\nSubject: Read: Hello\nIn-Reply-To: <{sent.message_id}>\n"
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nYour message was read.\n"
        "--b\nContent-Type: message/disposition-notification\n\nDisposition: manual-action/MDN-sent; displayed\n--b--\n"
    ).encode()


def bounce(cast: Cast, enrollment: models.Enrollment, status: str, action: str = "failed") -> bytes:
    sent = enrollment.deliveries.filter(message_id__isnull=False).latest("position")
    return (
        "From: mailer-daemon@us.example\nTo: dana@us.example\nSubject: Undelivered\nAuto-Submitted: auto-replied\n"
        f"Message-ID: <{status}.{cast.clock().timestamp()}@us.example>\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nSorry.\n"
        f"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; us.example\n\n"
        f"Final-Recipient: rfc822; ann@acme.example\nAction: {action}\nStatus: {status}\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{sent.message_id}>\n--b--\n"
    ).encode()


def test_a_hard_bounce_stops_and_the_address_is_not_mailed_again(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.deliver(bounce(cast, enrollment, "5.1.1"))
    cast.turn()
    assert state(enrollment) == ("unenrolled", "bounced")
    assert models.Suppression.objects.filter(address="ann@acme.example").exists()


def test_a_soft_bounce_keeps(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.deliver(bounce(cast, enrollment, "4.2.2"))
    cast.turn()
    assert state(enrollment)[0] == "active"
    assert line(enrollment).reason == "soft_bounce"


def test_a_delay_notice_puts_the_next_mail_off_for_three_days(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.clock.ahead(days=1)
    cast.deliver(bounce(cast, enrollment, "4.4.1", action="delayed"))
    cast.turn()
    cast.clock.ahead(days=1)
    cast.turn()
    assert len(cast.world.sent) == 1
    cast.clock.ahead(days=2)
    cast.turn()
    cast.turn()
    assert len(cast.world.sent) == 2


def test_the_same_mail_met_again_leaves_one_item_and_one_line(cast: Cast) -> None:
    enrollment = cast.enrolled()
    mail = cast.absence(enrollment)
    cast.deliver(mail)
    cast.turn()
    cast.world.move("dana@us.example", "INBOX", "Archive")
    cast.deliver(mail, folder="Archive")
    cast.turn()
    assert models.InboundItem.objects.filter(sender="ann@acme.example").count() == 1
    assert enrollment.decisions.count() == 1


def test_a_folder_that_was_renumbered_is_read_again_without_harm(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.deliver(cast.write("bob@acme.example"))
    cast.turn()
    cast.world.renumber("dana@us.example", "INBOX")
    cast.deliver(cast.answer(enrollment))
    cast.turn()
    assert state(enrollment) == ("unenrolled", "reply")
    assert models.InboundItem.objects.filter(sender="bob@acme.example").count() == 1


def test_a_second_reason_is_kept_as_evidence_and_replaces_nothing(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.deliver(cast.answer(enrollment))
    cast.turn()
    cast.deliver(bounce(cast, enrollment, "5.1.1"))
    cast.turn()
    assert state(enrollment) == ("unenrolled", "reply")
    assert not line(enrollment).applied


def test_one_address_on_two_contacts_concerns_the_enrolled_one(cast: Cast) -> None:
    twin = contact("Ann", "Twin", cast.ann.company, cast.dana)
    enrollment = cast.enrolled()
    cast.clock.ahead(minutes=1)
    cast.deliver(cast.write())
    cast.turn()
    assert state(enrollment) == ("unenrolled", "off_sequence_mail")
    assert not twin.enrollments.exists()


def test_mail_in_the_sent_folder_is_our_own_whatever_it_says(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.deliver(cast.answer(enrollment, sender="dana@us.example"), folder="Sent")
    cast.turn()
    assert state(enrollment)[0] == "active"


@pytest.mark.parametrize(
    "raw", [b"", b"\x00\x00\x00", b"From: \xff\xfe\nSubject: =?utf-8?b?////?=\n\n\x00", b"no headers"]
)
def test_a_malformed_mail_is_kept_and_stops_nothing_else(cast: Cast, raw: bytes) -> None:
    enrollment = cast.enrolled()
    cast.deliver(raw)
    cast.deliver(cast.answer(enrollment))
    assert cast.turn().read == 3  # these two, and the Sent copy
    assert state(enrollment) == ("unenrolled", "reply")
    assert models.InboundItem.objects.get(size=len(raw)).raw == raw


def test_mail_that_fails_authentication_outside_the_thread_holds(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.clock.ahead(minutes=1)
    mail = EmailMessage()
    mail["Authentication-Results"] = "mx.us.example; dmarc=fail header.from=acme.example"
    for name, value in cast.write().items():
        if name not in {"Content-Type", "Content-Transfer-Encoding", "MIME-Version"}:
            mail[name] = value
    mail.set_content("Pay here.")
    cast.deliver(mail)
    cast.turn()
    assert state(enrollment) == ("held", "unsure_sender")


@pytest.mark.parametrize("reply_is_read_first", [False, True])
def test_an_address_that_bounced_before_the_contact_wrote_is_asked_about_whichever_is_read_first(
    cast: Cast, reply_is_read_first: bool
) -> None:
    enrollment = cast.enrolled()
    bounced_at, replied_at = cast.clock.ahead(hours=1), cast.clock.ahead(hours=1)
    report, reply = bounce(cast, enrollment, "5.1.1"), cast.answer(enrollment).as_bytes()
    arrivals = [(report, bounced_at), (reply, replied_at)]
    for raw, at in reversed(arrivals) if reply_is_read_first else arrivals:
        cast.world.deliver("dana@us.example", raw, at)
        cast.turn()
    assert state(enrollment) == ("unenrolled", "bounced")
    assert models.Suppression.objects.filter(address="ann@acme.example").exists()
    assert models.ReviewItem.objects.open().get().kind == "bounce_doubted"


@pytest.mark.parametrize(("language", "word"), [("en", "human"), ("ja", "人間")])
def test_a_filter_that_asks_for_a_person_leaves_a_task_in_the_reps_language(
    cast: Cast, language: str, word: str
) -> None:
    models.User.objects.filter(pk=cast.dana.pk).update(language=language)
    enrollment = cast.enrolled()
    mail = cast.answer(enrollment, Subject="Please confirm your message", Auto_Submitted="auto-replied")
    mail.set_content("Your message is waiting. Click this link to prove that you are human: https://x.example/c\n")
    cast.deliver(mail)
    cast.turn()
    assert state(enrollment)[0] == "active"
    assert word in models.Task.objects.get().subject
