"""Replay: what past mail would have meant under other settings."""

from datetime import timedelta

from relent.decide import policy
from relent.flows import overruling, replaying, upkeep
from relent.records import models
from relent.terms.reviews import Wrote
from tests.cast import MONDAY, Cast, state

STRICT = policy.of(policy.STRICT, {})
SAFE = policy.of(policy.SAFE, {})


def paused_by_an_absence(cast: Cast) -> models.Enrollment:
    enrollment = cast.enrolled()
    cast.clock.ahead(hours=1)
    cast.deliver(cast.absence(enrollment))
    cast.turn()
    return enrollment


def test_what_would_be_decided_differently_is_told(cast: Cast) -> None:
    paused_by_an_absence(cast)
    [difference] = replaying.since(MONDAY - timedelta(days=1), STRICT).differences
    assert (difference.was, difference.would_be) == (("pause", "out_of_office"), ("keep", "automatic_reply"))


def test_under_the_settings_that_held_nothing_differs(cast: Cast) -> None:
    paused_by_an_absence(cast)
    replayed = replaying.since(MONDAY - timedelta(days=1), SAFE)
    assert (replayed.mails > 0, replayed.differences) == (True, [])


def test_a_reply_that_ended_the_enrollment_is_decided_as_if_it_were_open(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.deliver(cast.answer(enrollment))
    cast.turn()
    assert replaying.since(MONDAY - timedelta(days=1), STRICT).differences == []


def test_replay_changes_nothing(cast: Cast) -> None:
    enrollment = paused_by_an_absence(cast)
    before = (state(enrollment), models.Decision.objects.count(), models.TimelineEntry.objects.count())
    replaying.since(MONDAY - timedelta(days=1), STRICT)
    assert (state(enrollment), models.Decision.objects.count(), models.TimelineEntry.objects.count()) == before


def test_what_came_before_the_span_is_left_out(cast: Cast) -> None:
    paused_by_an_absence(cast)
    assert replaying.since(cast.clock.ahead(days=1), STRICT).mails == 0


def test_a_mail_whose_text_was_dropped_is_counted_and_not_guessed(cast: Cast) -> None:
    paused_by_an_absence(cast)
    models.InboundItem.objects.update(raw=None)
    replayed = replaying.since(MONDAY - timedelta(days=1), STRICT)
    assert (replayed.dropped > 0, replayed.differences) == (True, [])


def test_a_colleagues_reply_is_replayed_for_all_of_the_company(cast: Cast) -> None:
    models.SequenceVersion.objects.update(same_company=True)
    ann = cast.enrolled()
    cast.clock.ahead(minutes=10)
    bob = cast.enroll(cast.bob)
    cast.turn()
    cast.clock.ahead(hours=1)
    cast.deliver(cast.answer(ann))
    cast.turn()
    assert state(bob) == ("unenrolled", "account_reply")
    assert replaying.since(MONDAY - timedelta(days=1), SAFE).differences == []


def test_what_is_kept_of_an_old_mail_is_enough_to_decide_it_again(cast: Cast) -> None:
    paused_by_an_absence(cast)
    upkeep.run(cast.clock.ahead(days=100))
    replayed = replaying.since(MONDAY - timedelta(days=1), STRICT)
    assert (replayed.dropped, len(replayed.differences)) == (0, 1)


def test_what_the_rules_of_now_take_for_something_else_is_told(cast: Cast) -> None:
    paused_by_an_absence(cast)
    models.InboundItem.objects.filter(kind="auto_replied").update(kind="person_wrote", subkind="")
    [found] = replaying.since(MONDAY - timedelta(days=1), SAFE).rejudged
    assert (found.was, found.would_be) == (("person_wrote", ""), ("auto_replied", "out_of_office"))


def test_a_kind_that_was_stored_without_a_finer_one_is_the_same(cast: Cast) -> None:
    paused_by_an_absence(cast)
    models.InboundItem.objects.update(subkind="")
    assert replaying.since(MONDAY - timedelta(days=1), SAFE).rejudged == []


def test_a_persons_word_stands_under_any_settings(cast: Cast) -> None:
    paused_by_an_absence(cast)
    item = models.InboundItem.objects.get(kind="auto_replied")
    overruling.overrule(item.pk, Wrote.PERSON, cast.dana, cast.clock())
    assert replaying.since(MONDAY - timedelta(days=1), STRICT).differences == []
