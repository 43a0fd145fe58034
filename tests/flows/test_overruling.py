"""A person says who wrote a mail: what follows, whichever way it had been judged."""

from datetime import timedelta
from email.message import EmailMessage

import pytest

from relent.flows import overruling, undoing, upkeep
from relent.flows.overruling import CannotOverrule, NotAllowed, SaidAlready
from relent.records import models
from relent.terms.reasons import Refusal
from relent.terms.reviews import ReviewKind, Wrote
from relent.terms.states import DeliveryState
from tests.cast import Cast, state

AUTOMATIC, PERSON = Wrote.AUTOMATIC, Wrote.PERSON


def came(cast: Cast, mail: EmailMessage) -> models.InboundItem:
    cast.clock.ahead(hours=1)
    cast.deliver(mail)
    cast.turn()
    return models.InboundItem.objects.latest("pk")


def replied(cast: Cast) -> tuple[models.Enrollment, models.InboundItem]:
    enrollment = cast.enrolled()
    return enrollment, came(cast, cast.answer(enrollment))


def absent(cast: Cast) -> tuple[models.Enrollment, models.InboundItem]:
    enrollment = cast.enrolled()
    return enrollment, came(cast, cast.absence(enrollment))


def say(cast: Cast, item: models.InboundItem, said: Wrote, by: models.User | None = None) -> models.Overrule:
    return overruling.overrule(item.pk, said, by or cast.dana, cast.clock())


def test_what_a_person_wrote_after_all_stops_the_sequence_as_any_reply(cast: Cast) -> None:
    enrollment, item = absent(cast)
    assert state(enrollment) == ("paused", "out_of_office")
    say(cast, item, PERSON)
    assert state(enrollment) == ("unenrolled", "reply")
    assert (enrollment.credited_step, enrollment.reason_at) == (1, item.received_at)


def test_nothing_leaves_after_it(cast: Cast) -> None:
    enrollment, item = absent(cast)
    say(cast, item, PERSON)
    cast.clock.ahead(days=60)
    cast.turn()
    assert enrollment.deliveries.filter(state=DeliveryState.SENT).count() == 1


def test_the_wrong_stop_is_undone_and_the_successor_goes_on(cast: Cast) -> None:
    enrollment, item = replied(cast)
    say(cast, item, AUTOMATIC)
    assert state(enrollment) == ("unenrolled", "reply")
    assert state(enrollment.successor) == ("scheduled", "")
    assert enrollment.credited_step is None


def test_the_successor_waits_where_the_mail_names_a_day_of_return(cast: Cast) -> None:
    enrollment = cast.enrolled()
    mail = cast.answer(enrollment)
    mail.set_content("Which price do you ask, Dana? I will be back on March 20.\n")
    item = came(cast, mail)
    row = say(cast, item, AUTOMATIC)
    successor = enrollment.successor
    assert state(successor) == ("paused", "out_of_office")
    assert successor.paused_until is not None
    assert successor.paused_until.date().isoformat() == "2026-03-20"
    assert row.followed == [[enrollment.pk, "paused"]]


def test_a_day_of_return_that_is_over_is_not_waited_for(cast: Cast) -> None:
    enrollment = cast.enrolled()
    mail = cast.answer(enrollment)
    mail.set_content("Which price do you ask, Dana? I will be back on March 20.\n")
    item = came(cast, mail)
    cast.clock.ahead(days=30)
    say(cast, item, AUTOMATIC)
    assert state(enrollment.successor) == ("scheduled", "")


def test_the_stop_stays_where_the_contact_has_written_since(cast: Cast) -> None:
    enrollment, item = replied(cast)
    came(cast, cast.write(Subject="Another matter"))
    row = say(cast, item, AUTOMATIC)
    assert row.followed == [[enrollment.pk, "stays_ended"]]
    assert not hasattr(models.Enrollment.objects.get(pk=enrollment.pk), "successor")


def test_it_goes_on_where_that_other_mail_was_automatic_too(cast: Cast) -> None:
    enrollment, item = replied(cast)
    other = came(cast, cast.answer(enrollment, Subject="Once more"))
    say(cast, other, AUTOMATIC)
    say(cast, item, AUTOMATIC)
    assert state(models.Enrollment.objects.get(predecessor=enrollment)) == ("scheduled", "")


def test_what_cannot_be_undone_says_why(cast: Cast) -> None:
    enrollment, item = replied(cast)
    models.Suppression.objects.create(
        address="ann@acme.example", code=Refusal.UNSUBSCRIBED, source="test", since=cast.clock()
    )
    assert say(cast, item, AUTOMATIC).followed == [[enrollment.pk, Refusal.UNSUBSCRIBED]]
    item.refresh_from_db()
    assert item.said == AUTOMATIC


def test_colleagues_whom_a_reply_took_out_go_on_too(cast: Cast) -> None:
    models.SequenceVersion.objects.update(same_company=True)
    ann, bob = cast.enrolled(), cast.enrolled(cast.bob)
    item = came(cast, cast.answer(ann))
    assert state(bob) == ("unenrolled", "account_reply")
    say(cast, item, AUTOMATIC)
    assert (state(ann.successor), state(bob.successor)) == (("scheduled", ""), ("scheduled", ""))


def test_colleagues_are_taken_out_by_what_was_a_reply_after_all(cast: Cast) -> None:
    models.SequenceVersion.objects.update(same_company=True)
    ann, bob = cast.enrolled(), cast.enrolled(cast.bob)
    item = came(cast, cast.absence(ann))
    row = say(cast, item, PERSON)
    assert state(bob) == ("unenrolled", "account_reply")
    assert row.followed == [[ann.pk, "stopped"], [bob.pk, "stopped"]]


def test_a_word_can_be_taken_back(cast: Cast) -> None:
    enrollment, item = replied(cast)
    say(cast, item, AUTOMATIC)
    successor = enrollment.successor
    say(cast, item, PERSON)
    assert state(successor) == ("unenrolled", "reply")
    assert models.Overrule.objects.filter(item=item).count() == 2


def test_and_taken_back_again(cast: Cast) -> None:
    enrollment, item = absent(cast)
    for said in (PERSON, AUTOMATIC, PERSON, AUTOMATIC):
        cast.clock.ahead(minutes=1)
        say(cast, item, said)
    last = models.Enrollment.objects.latest("pk")
    assert last.lineage()[-1] == enrollment.pk
    assert state(last) == ("paused", "out_of_office")


def test_the_same_word_twice_is_said_once(cast: Cast) -> None:
    _, item = replied(cast)
    say(cast, item, AUTOMATIC)
    with pytest.raises(SaidAlready):
        say(cast, item, AUTOMATIC)
    assert models.Overrule.objects.count() == 1


def test_what_the_rules_say_already_is_no_overrule(cast: Cast) -> None:
    _, item = replied(cast)
    with pytest.raises(SaidAlready):
        say(cast, item, PERSON)


def test_eli_overrules_nothing_of_danas(cast: Cast) -> None:
    _, item = replied(cast)
    with pytest.raises(NotAllowed):
        say(cast, item, AUTOMATIC, cast.eli)


def test_who_has_no_seat_may_say_so_and_the_stop_stays(cast: Cast) -> None:
    enrollment, item = replied(cast)
    models.User.objects.filter(pk=cast.dana.pk).update(may_enroll=False)
    cast.dana.refresh_from_db()
    assert say(cast, item, AUTOMATIC).followed == [[enrollment.pk, Refusal.NOT_ALLOWED]]


def test_our_own_copy_is_neither(cast: Cast) -> None:
    copy = came(cast, cast.write("dana@us.example"))
    with pytest.raises(CannotOverrule):
        say(cast, copy, PERSON)


def test_a_mail_of_which_nothing_is_kept_is_not_guessed_at(cast: Cast) -> None:
    _, item = replied(cast)
    models.InboundItem.objects.update(raw=None)
    with pytest.raises(CannotOverrule):
        say(cast, item, AUTOMATIC)


def test_what_is_kept_of_an_old_mail_is_enough(cast: Cast) -> None:
    enrollment, item = replied(cast)
    upkeep.run(cast.clock() + timedelta(days=100))
    say(cast, item, AUTOMATIC)
    assert state(enrollment.successor) == ("scheduled", "")


def test_the_first_line_of_the_ledger_stays_beside_the_new_one(cast: Cast) -> None:
    enrollment, item = absent(cast)
    row = say(cast, item, PERSON)
    first, second = models.Decision.objects.filter(enrollment=enrollment, item=item).order_by("pk")
    assert (first.verdict, first.overrule, second.verdict, second.overrule) == ("pause", None, "unenroll", row)
    assert ["person", "Dana Reed"] in second.evidence


def test_it_is_told_on_the_timeline_and_in_the_audit_log(cast: Cast) -> None:
    _, item = absent(cast)
    say(cast, item, PERSON)
    assert models.TimelineEntry.objects.get(kind="overruled").actor == cast.dana
    assert models.AuditEntry.objects.get(action="mail.overruled").subject == f"mail:{item.pk}"


def test_a_note_that_somebody_has_left_was_a_person(cast: Cast) -> None:
    enrollment = cast.enrolled()
    mail = cast.answer(enrollment, Subject="Automatic reply: Hello", Auto_Submitted="auto-replied")
    mail.set_content("I have left the company. I no longer work here.\n")
    item = came(cast, mail)
    assert state(enrollment) == ("unenrolled", "left_company")
    say(cast, item, PERSON)
    assert state(enrollment) == ("unenrolled", "reply")


def test_a_report_that_was_none_suppresses_nothing_any_more(cast: Cast) -> None:
    enrollment = cast.enrolled()
    mail = cast.answer(enrollment, "mailer-daemon@acme.example", Subject="Undelivered Mail Returned to Sender")
    mail["Auto-Submitted"] = "auto-replied"
    mail.set_content("This is the mail system.\n\n<ann@acme.example>: host mx said: 550 5.1.1 User unknown\n")
    item = came(cast, mail)
    assert state(enrollment) == ("unenrolled", "bounced")
    say(cast, item, PERSON)
    assert not models.Suppression.objects.holding_for(["ann@acme.example"]).exists()
    assert state(enrollment)[1] in {"reply", "thread_reply"}


def test_a_mail_that_held_an_enrollment_lets_it_go_on(cast: Cast) -> None:
    enrollment = cast.enrolled()
    item = came(cast, cast.write("kim@acme.example", Subject="About the shelves"))
    assert state(enrollment) == ("held", "same_domain")
    say(cast, item, AUTOMATIC)
    assert state(enrollment) == ("active", "")
    assert not models.ReviewItem.objects.open().exists()


def test_an_end_that_somebody_has_undone_already_stays_undone(cast: Cast) -> None:
    enrollment, item = replied(cast)
    undoing.undo(enrollment.pk, cast.dana, cast.clock())
    row = say(cast, item, AUTOMATIC)
    assert row.followed == [[enrollment.pk, Refusal.ALREADY_OVER]]
    assert models.Enrollment.objects.count() == 2


def test_words_that_ask_for_no_more_mail_are_heard_once_they_are_a_persons(cast: Cast) -> None:
    enrollment = cast.enrolled()
    mail = cast.answer(enrollment, Auto_Submitted="auto-replied")
    mail.set_content("Please remove me from your list.\n")
    item = came(cast, mail)
    say(cast, item, PERSON)
    assert models.ReviewItem.objects.open().get().kind == ReviewKind.ASKED_TO_STOP


def test_what_they_asked_is_moot_once_they_are_a_machines(cast: Cast) -> None:
    enrollment = cast.enrolled()
    mail = cast.answer(enrollment)
    mail.set_content("Please remove me from your list.\n")
    item = came(cast, mail)
    assert models.ReviewItem.objects.open().get().kind == ReviewKind.ASKED_TO_STOP
    say(cast, item, AUTOMATIC)
    assert not models.ReviewItem.objects.open().exists()
