"""What is asked where the rules are not sure who wrote a mail, and what each answer leads to."""

from dataclasses import replace

import pytest

from relent.flows import inbound, overruling, reviewing, understanding, upkeep
from relent.records import models
from relent.terms.events import AutoReplied, MailEvent, PersonWrote
from relent.terms.reviews import ReviewAnswer, ReviewKind
from tests.cast import Cast, state

PERSON, AUTOMATIC = ReviewAnswer.IT_WAS_A_PERSON, ReviewAnswer.IT_WAS_AUTOMATIC


def doubted(cast: Cast, kind: type[MailEvent], confidence: float = 0.6) -> models.Enrollment:
    """Ann's enrollment, and a mail that the rules take for ``kind`` with this confidence."""
    enrollment = cast.enrolled()
    cast.clock.ahead(hours=1)
    mail = cast.answer(enrollment) if kind is PersonWrote else cast.absence(enrollment)
    item = models.InboundItem(
        mailbox=cast.mailbox, identity="x", folder="INBOX", received_at=cast.clock(), raw=mail.as_bytes(), size=1
    )
    event = understanding.again(item)
    assert isinstance(event, kind)
    item.kind, item.sender = ("person_wrote" if kind is PersonWrote else "auto_replied"), event.sender
    inbound._record(item, replace(event, confidence=confidence), cast.clock())  # type: ignore[type-var]  # a mail's
    return enrollment


def answer(cast: Cast, said: ReviewAnswer, by: models.User | None = None) -> None:
    item = models.ReviewItem.objects.open().get()
    reviewing.answer(item.pk, said, by or cast.dana, cast.clock())


def asked() -> list[str]:
    return list(models.ReviewItem.objects.open().values_list("kind", flat=True))


def test_a_doubtful_reply_stops_at_once_and_is_asked_about(cast: Cast) -> None:
    enrollment = doubted(cast, PersonWrote)
    assert state(enrollment) == ("unenrolled", "reply")
    assert asked() == [ReviewKind.LOOKS_AUTOMATIC]


def test_a_doubtful_note_does_not_stop_and_is_asked_about(cast: Cast) -> None:
    enrollment = doubted(cast, AutoReplied)
    assert state(enrollment) == ("paused", "out_of_office")
    assert asked() == [ReviewKind.LOOKS_HUMAN]


@pytest.mark.parametrize("kind", [PersonWrote, AutoReplied])
def test_nobody_is_asked_about_what_is_sure(cast: Cast, kind: type[MailEvent]) -> None:
    doubted(cast, kind, confidence=0.9)
    assert asked() == []


def test_a_decision_says_that_it_is_doubtful(cast: Cast) -> None:
    doubted(cast, PersonWrote)
    assert models.Decision.objects.latest("pk").confidence == "doubtful"


def test_it_was_a_person_and_nothing_more_follows(cast: Cast) -> None:
    enrollment = doubted(cast, PersonWrote)
    answer(cast, PERSON)
    assert (state(enrollment), models.Overrule.objects.count()) == (("unenrolled", "reply"), 0)


def test_it_was_automatic_and_the_sequence_goes_on(cast: Cast) -> None:
    enrollment = doubted(cast, PersonWrote)
    answer(cast, AUTOMATIC)
    assert state(enrollment.successor) == ("scheduled", "")


def test_the_note_was_a_persons_and_the_sequence_stops(cast: Cast) -> None:
    enrollment = doubted(cast, AutoReplied)
    answer(cast, PERSON)
    assert state(enrollment) == ("unenrolled", "reply")
    assert models.Overrule.objects.get().kind == "auto_replied"


def test_the_note_was_automatic_and_the_pause_stays(cast: Cast) -> None:
    enrollment = doubted(cast, AutoReplied)
    answer(cast, AUTOMATIC)
    assert (state(enrollment), asked()) == (("paused", "out_of_office"), [])


def test_an_answer_elsewhere_closes_the_question(cast: Cast) -> None:
    doubted(cast, PersonWrote)
    overruling.overrule(models.InboundItem.objects.latest("pk").pk, overruling.Wrote.AUTOMATIC, cast.dana, cast.clock())
    assert asked() == []


def test_of_two_answers_the_first_holds(cast: Cast) -> None:
    doubted(cast, PersonWrote)
    item = models.ReviewItem.objects.open().get()
    answer(cast, AUTOMATIC)
    with pytest.raises(reviewing.NoSuchAnswer):
        reviewing.answer(item.pk, PERSON, cast.dana, cast.clock())
    assert models.Overrule.objects.count() == 1


def test_a_question_about_a_note_is_moot_once_the_enrollment_ends(cast: Cast) -> None:
    enrollment = doubted(cast, AutoReplied)
    cast.deliver(cast.answer(enrollment))
    cast.turn()
    assert asked() == []


def test_nobody_is_asked_where_the_enrollment_had_ended(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.deliver(cast.answer(enrollment))
    cast.turn()
    mail = models.InboundItem.objects.latest("pk")
    event = understanding.again(mail)
    assert isinstance(event, PersonWrote)
    mail.pk, mail.identity = None, "again"
    inbound._record(mail, replace(event, confidence=0.6), cast.clock())
    assert asked() == []


def test_what_is_dropped_leaves_enough_to_answer_by(cast: Cast) -> None:
    enrollment = doubted(cast, PersonWrote)
    upkeep.run(cast.clock.ahead(days=100))
    assert models.InboundItem.objects.latest("pk").raw is None
    answer(cast, AUTOMATIC)
    assert hasattr(models.Enrollment.objects.get(pk=enrollment.pk), "successor")


ACKNOWLEDGED = "We have received your message. A member of our team will get back to you within 2 business days."


def test_what_only_words_show_to_be_automatic_stops_unless_it_tells_of_an_absence(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.clock.ahead(hours=1)
    mail = cast.answer(enrollment)
    mail.set_content(f"Thank you for contacting us. {ACKNOWLEDGED}")
    cast.deliver(mail)
    cast.turn()
    assert state(enrollment) == ("unenrolled", "reply")
    assert asked() == [ReviewKind.LOOKS_AUTOMATIC]


def test_an_absence_that_only_words_show_waits_and_is_asked_about(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.clock.ahead(hours=1)
    mail = cast.answer(enrollment)
    mail.set_content("I am out of the office until 9 March 2026. In urgent cases please contact bob@acme.example.")
    cast.deliver(mail)
    cast.turn()
    assert state(enrollment) == ("paused", "out_of_office")
    assert asked() == [ReviewKind.LOOKS_HUMAN]
