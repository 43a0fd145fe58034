"""No word on who wrote a mail leads past anything else that speaks against the next one."""

from email.message import EmailMessage

import pytest

from relent.flows import overruling, reviewing
from relent.flows.overruling import NotAllowed
from relent.records import models
from relent.terms.reviews import ReviewAnswer, ReviewKind, Wrote
from tests.cast import Cast, state

AUTOMATIC, PERSON = Wrote.AUTOMATIC, Wrote.PERSON

INVITATION = """BEGIN:VCALENDAR\r
METHOD:REQUEST\r
BEGIN:VEVENT\r
UID:meet-1@acme.example\r
DTSTAMP:20260302T100000Z\r
DTSTART:20260310T090000Z\r
DTEND:20260310T093000Z\r
SUMMARY:Shelves\r
ORGANIZER:mailto:ann@acme.example\r
ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:dana@us.example\r
END:VEVENT\r
END:VCALENDAR\r
"""


def came(cast: Cast, mail: EmailMessage) -> models.InboundItem:
    cast.clock.ahead(hours=1)
    cast.deliver(mail)
    cast.turn()
    return models.InboundItem.objects.exclude(kind="own_copy_seen").latest("pk")


def say(cast: Cast, item: models.InboundItem, *words: Wrote) -> None:
    for said in words:
        cast.clock.ahead(minutes=1)
        overruling.overrule(item.pk, said, cast.dana, cast.clock())


def nothing_leaves(cast: Cast) -> bool:
    """Whether two months later nothing but the first mail has left."""
    for _ in range(6):
        cast.clock.ahead(days=10)
        cast.turn()
    return len(cast.world.sent) == 1


def unsure(cast: Cast) -> EmailMessage:
    """A mail from Ann's address of which nobody knows whether she wrote it."""
    failed = "us.example; dmarc=fail header.from=acme.example"
    return cast.write(Subject="About the shelves", Authentication_Results=failed)


def bounce(cast: Cast, enrollment: models.Enrollment) -> EmailMessage:
    mail = cast.answer(enrollment, "mailer-daemon@acme.example", Subject="Undelivered Mail Returned to Sender")
    mail["Auto-Submitted"] = "auto-replied"
    mail.set_content("This is the mail system.\n\n<ann@acme.example>: host mx said: 550 5.1.1 User unknown\n")
    return mail


def test_a_bounce_that_was_a_persons_and_then_not_is_a_bounce_again(cast: Cast) -> None:
    enrollment = cast.enrolled()
    item = came(cast, bounce(cast, enrollment))
    say(cast, item, PERSON, AUTOMATIC)
    assert state(enrollment) == ("unenrolled", "bounced")
    assert models.Suppression.objects.holding_for(["ann@acme.example"]).exists()
    assert nothing_leaves(cast)


def test_an_invitation_of_the_contacts_stops_whatever_is_said_and_taken_back(cast: Cast) -> None:
    enrollment = cast.enrolled()
    mail = cast.answer(enrollment)
    mail.set_content(INVITATION, subtype="calendar", params={"method": "REQUEST"})
    item = came(cast, mail)
    assert item.kind == "calendar_mailed"
    assert state(enrollment)[0] == "unenrolled"
    say(cast, item, PERSON, AUTOMATIC)
    assert not models.Enrollment.objects.open().exists()
    assert nothing_leaves(cast)


def test_a_note_that_somebody_has_left_ends_it_again_once_it_is_a_machines(cast: Cast) -> None:
    enrollment = cast.enrolled()
    mail = cast.answer(enrollment, Subject="Automatic reply: Hello", Auto_Submitted="auto-replied")
    mail.set_content("I have left the company. I no longer work here.\n")
    say(cast, came(cast, mail), PERSON, AUTOMATIC)
    assert not models.Enrollment.objects.open().exists()


def test_what_was_held_before_the_wrong_stop_is_held_again_and_asked_again(cast: Cast) -> None:
    enrollment = cast.enrolled()
    came(cast, unsure(cast))
    assert state(enrollment) == ("held", "unsure_sender")
    say(cast, came(cast, cast.answer(enrollment)), AUTOMATIC)
    assert state(enrollment.successor) == ("held", "unsure_sender")
    assert models.ReviewItem.objects.open().get().kind == ReviewKind.UNSURE_SENDER
    assert nothing_leaves(cast)


def test_an_answer_to_what_is_asked_again_lets_it_go_on(cast: Cast) -> None:
    enrollment = cast.enrolled()
    came(cast, unsure(cast))
    say(cast, came(cast, cast.answer(enrollment)), AUTOMATIC)
    question = models.ReviewItem.objects.open().get()
    reviewing.answer(question.pk, ReviewAnswer.GO_ON, cast.dana, cast.clock())
    assert state(enrollment.successor) == ("active", "")


def test_what_somebody_has_answered_before_is_not_asked_again(cast: Cast) -> None:
    enrollment = cast.enrolled()
    came(cast, unsure(cast))
    question = models.ReviewItem.objects.open().get()
    reviewing.answer(question.pk, ReviewAnswer.GO_ON, cast.dana, cast.clock())
    say(cast, came(cast, cast.answer(enrollment)), AUTOMATIC)
    assert state(enrollment.successor) == ("scheduled", "")


def test_what_would_have_held_it_since_the_wrong_stop_holds_it_now(cast: Cast) -> None:
    enrollment = cast.enrolled()
    item = came(cast, cast.answer(enrollment))
    cast.clock.ahead(hours=1)
    by_hand = cast.answer(enrollment, "dana@us.example")
    by_hand.replace_header("To", "ann@acme.example")
    cast.deliver(by_hand, "Sent")
    cast.turn()
    say(cast, item, AUTOMATIC)
    assert state(enrollment.successor) == ("paused", "sender_follow_up_pause")
    assert nothing_leaves(cast)


def test_a_note_that_was_a_persons_stops_also_what_took_its_enrollment_up_again(cast: Cast) -> None:
    enrollment = cast.enrolled()
    note = came(cast, cast.absence(enrollment))
    say(cast, came(cast, cast.answer(enrollment)), AUTOMATIC)
    say(cast, note, PERSON)
    assert not models.Enrollment.objects.open().exists()
    assert nothing_leaves(cast)


def test_so_it_does_where_that_was_taken_up_again_twice(cast: Cast) -> None:
    enrollment = cast.enrolled()
    first = came(cast, cast.answer(enrollment))
    say(cast, first, AUTOMATIC)
    say(cast, came(cast, cast.answer(enrollment, Subject="Once more")), AUTOMATIC)
    say(cast, first, PERSON)
    assert not models.Enrollment.objects.open().exists()


def test_who_may_write_to_a_colleague_only_says_nothing_of_the_mail(cast: Cast) -> None:
    models.SequenceVersion.objects.update(same_company=True)
    ann, bob = cast.enrolled(), cast.enrolled(cast.bob)
    models.Contact.objects.filter(pk=cast.bob.pk).update(owner=cast.eli)
    item = came(cast, cast.answer(ann))
    assert state(bob) == ("unenrolled", "account_reply")
    with pytest.raises(NotAllowed):
        overruling.overrule(item.pk, AUTOMATIC, cast.eli, cast.clock())
