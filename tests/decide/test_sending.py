from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relent.decide import policy, sending
from relent.decide.verdicts import SendLater, SendNever, SendNow, SendVerdict
from relent.terms.reasons import Refusal, WaitReason
from relent.terms.steps import FollowUpDays
from tests.decide import given as given_facts
from tests.decide.given import LATER, QUICK, calendar

NOW = LATER  # a Tuesday, 09:00 UTC
MINUTE = timedelta(minutes=1)
CLOSED_HOUR = calendar(window_start=10 * 60)
CLOSED_DAY = calendar(days=FollowUpDays.WEEKDAYS_ONLY)
SATURDAY = NOW + timedelta(days=4)


def decided(now: datetime = NOW, **differing: Any) -> SendVerdict:
    return sending.decide(given_facts.sending(**{"read_through": now, **differing}), now)


def ago(*seconds: int) -> tuple[datetime, ...]:
    return tuple(NOW - timedelta(seconds=each) for each in seconds)


def test_a_mail_may_leave_when_nothing_forbids_it_and_the_mailboxes_were_just_read() -> None:
    assert decided() == SendNow()


@pytest.mark.parametrize("code", [Refusal.UNSUBSCRIBED, Refusal.PREVIOUSLY_BOUNCED, Refusal.BLOCKED_ADDRESS])
def test_a_mail_to_a_suppressed_address_never_leaves(code: Refusal) -> None:
    assert decided(suppression=code, is_first=True, read_through=None) == SendNever(code)


def test_a_mail_waits_while_a_colleagues_reply_is_being_dealt_with() -> None:
    verdict = decided(company_stop=True, is_first=True)
    assert verdict == SendLater(NOW + timedelta(seconds=5), WaitReason.COMPANY_STOP)


def test_a_company_wide_stop_waits_for_no_suppressed_address() -> None:
    assert decided(company_stop=True, suppression=Refusal.UNSUBSCRIBED) == SendNever(Refusal.UNSUBSCRIBED)


def test_a_users_limit_holds_over_all_mailboxes() -> None:
    over = decided(user_sent=ago(3600, 7200), user_limit=2)
    assert over == SendLater(NOW + timedelta(seconds=86_400 - 7200), WaitReason.USER_LIMIT)
    assert decided(user_sent=ago(3600), user_limit=2) == SendNow()
    assert decided(user_sent=ago(3600, 7200), user_limit=None) == SendNow()


@pytest.mark.parametrize(("days", "allowed"), [(0, 20), (1, 40), (4, 100), (300, 400)])
def test_the_limit_of_a_new_mailbox_grows_day_by_day(days: int, allowed: int) -> None:
    assert sending.allowance(400, NOW - timedelta(days=days, hours=1), NOW) == allowed


def test_a_mail_waits_while_the_one_before_it_is_under_way() -> None:
    assert decided(no_mail_before=NOW + MINUTE, is_first=True) == SendLater(NOW + MINUTE, WaitReason.DELIVERY_DELAYED)
    assert decided(no_mail_before=NOW) == SendNow()


def test_a_mail_waits_for_the_window() -> None:
    opens = NOW.replace(hour=10)
    assert decided(calendar=CLOSED_HOUR) == SendLater(opens, WaitReason.OUTSIDE_WINDOW)


def test_a_mail_waits_for_a_day_on_which_the_sequence_sends() -> None:
    monday = SATURDAY + timedelta(days=2)
    assert decided(SATURDAY, calendar=CLOSED_DAY) == SendLater(monday, WaitReason.DAY_NOT_ELIGIBLE)


def test_the_first_mail_waits_for_neither_day_nor_window() -> None:
    assert decided(calendar=CLOSED_HOUR, is_first=True) == SendNow()
    assert decided(SATURDAY, claimed_at=SATURDAY, calendar=CLOSED_DAY, is_first=True) == SendNow()


def test_the_first_mail_waits_for_limits_and_for_the_reading_as_every_mail_does() -> None:
    assert decided(is_first=True, sent=ago(3600), daily_limit=1) != SendNow()
    assert decided(is_first=True, read_through=None) == SendLater(NOW, WaitReason.STALE)


def test_the_daily_limit_is_one_of_rolling_24_hours() -> None:
    sent = ago(3600, 7200, 86_000, 86_400)
    freed = NOW + timedelta(seconds=400)  # when the third newest of them is a day old
    assert decided(sent=sent, daily_limit=3) == SendLater(freed, WaitReason.DAILY_LIMIT)
    assert decided(sent=sent, daily_limit=4) == SendNow()


def test_a_mail_over_a_lowered_daily_limit_waits_until_it_is_under_it_again() -> None:
    assert decided(sent=ago(3600, 7200, 10_800), daily_limit=1) == SendLater(
        NOW + timedelta(seconds=86_400 - 3600), WaitReason.DAILY_LIMIT
    )


@pytest.mark.parametrize("sent", [(), ago(3600)])
def test_a_daily_limit_of_nothing_sends_nothing(sent: tuple[datetime, ...]) -> None:
    assert decided(daily_limit=0, sent=sent) == SendLater(NOW + timedelta(days=1), WaitReason.DAILY_LIMIT)


def test_the_limit_of_a_user_holds_over_all_mailboxes_and_frees_as_rolling_hours_do() -> None:
    freed = NOW + timedelta(seconds=86_400 - 7200)
    assert decided(user_sent=ago(3600, 7200), user_limit=2) == SendLater(freed, WaitReason.USER_LIMIT)
    assert decided(user_sent=ago(3600, 7200), user_limit=3) == SendNow()
    assert decided(user_sent=ago(3600, 7200), user_limit=None) == SendNow()


@pytest.mark.parametrize(
    ("days", "allowed"), [(-1, 20), (0, 20), (0.99, 20), (1, 40), (2, 60), (18.5, 380), (19, 400), (400, 400)]
)
def test_a_new_mailbox_sends_twenty_more_each_day_until_its_limit(days: float, allowed: int) -> None:
    assert sending.allowance(400, NOW - timedelta(days=days), NOW) == allowed


def test_a_mailbox_that_warms_up_is_free_again_when_its_limit_grows() -> None:
    began = NOW - timedelta(hours=20)
    sent = tuple(NOW - timedelta(minutes=minute) for minute in range(1, 21))
    verdict = decided(sent=sent, daily_limit=400, warm_up_from=began, spacing=timedelta())
    assert verdict == SendLater(began + timedelta(days=1), WaitReason.DAILY_LIMIT)


def test_the_minute_limit_is_one_of_the_clocks_minute() -> None:
    now = NOW + timedelta(seconds=50)
    sent = (now - timedelta(seconds=5), NOW, NOW - timedelta(seconds=1))
    assert decided(now, sent=sent, minute_limit=2) == SendLater(NOW + MINUTE, WaitReason.MINUTE_LIMIT)
    assert decided(now, sent=sent, minute_limit=3, spacing=timedelta()) == SendNow()


def test_mails_of_a_mailbox_are_spaced_out() -> None:
    verdict = decided(sent=ago(1), spacing=timedelta(seconds=30))
    assert isinstance(verdict, SendLater)
    assert verdict.reason is WaitReason.SPACING
    assert timedelta(seconds=29) <= verdict.at - NOW <= timedelta(seconds=44)


def test_spacing_varies_from_mail_to_mail_but_not_from_look_to_look() -> None:
    verdicts = [decided(delivery_id=number, sent=ago(1)) for number in (1, 2, 3, 1, 2, 3)]
    assert len(set(verdicts)) == 3
    assert verdicts[:3] == verdicts[3:]


@pytest.mark.parametrize(
    ("read", "claimed", "fresh"),
    [(0, 0, True), (-60, -60, True), (-61, -120, False), (-2, -1, False), (None, -1, False)],
)
def test_a_reading_is_fresh_after_the_claim_and_within_the_limit(read: int | None, claimed: int, fresh: bool) -> None:
    read_through = None if read is None else NOW + timedelta(seconds=read)
    verdict = decided(read_through=read_through, claimed_at=NOW + timedelta(seconds=claimed))
    assert verdict == (SendNow() if fresh else SendLater(NOW, WaitReason.STALE))


def test_what_waits_for_another_reason_asks_for_no_reading() -> None:
    assert decided(read_through=None, calendar=CLOSED_HOUR) != SendLater(NOW, WaitReason.STALE)


def test_while_a_mailbox_in_scope_cannot_be_read_a_mail_waits_and_under_the_strict_profile_never_leaves() -> None:
    safe, strict = (sending.unreadable(policy.of(name, {}), NOW, MINUTE) for name in policy.PROFILES)
    assert safe == SendLater(NOW + MINUTE, WaitReason.MAILBOX_UNREADABLE)
    assert strict == SendNever(Refusal.MAILBOX_DOWN)


seconds = st.integers(-90, 10).map(lambda number: NOW + timedelta(seconds=number))
facts = st.builds(
    given_facts.sending,
    claimed_at=seconds,
    read_through=st.none() | seconds,
    freshness=st.integers(0, 90).map(lambda number: timedelta(seconds=number)),
    is_first=st.booleans(),
    calendar=st.sampled_from([calendar(), CLOSED_HOUR]),
    no_mail_before=st.none() | seconds,
    sent=st.lists(seconds, max_size=3).map(lambda sent: tuple(sorted(sent, reverse=True))),
    daily_limit=st.integers(0, 4),
    minute_limit=st.integers(0, 4),
    spacing=st.sampled_from([timedelta(), timedelta(seconds=30)]),
    suppression=st.none() | st.sampled_from([Refusal.UNSUBSCRIBED]),
)


@pytest.mark.fuzz
@QUICK
@given(facts=facts)
def test_the_promise_no_mail_leaves_on_a_reading_that_is_missing_older_than_the_claim_or_stale(facts: Any) -> None:
    if sending.decide(facts, NOW) == SendNow():
        assert facts.read_through is not None
        assert facts.read_through >= facts.claimed_at
        assert NOW - facts.read_through <= facts.freshness


@pytest.mark.fuzz
@QUICK
@given(facts=facts, read=st.none() | seconds)
def test_the_promise_holds_where_nothing_but_the_reading_is_left_to_ask(facts: Any, read: datetime | None) -> None:
    only_reading = given_facts.sending(claimed_at=facts.claimed_at, freshness=facts.freshness, read_through=read)
    fresh = read is not None and facts.claimed_at <= read and NOW - read <= facts.freshness
    assert sending.decide(only_reading, NOW) == (SendNow() if fresh else SendLater(NOW, WaitReason.STALE))


@pytest.mark.fuzz
@QUICK
@given(facts=facts)
def test_a_mail_that_waits_is_looked_at_again_later_or_after_a_reading(facts: Any) -> None:
    verdict = sending.decide(facts, NOW)
    if isinstance(verdict, SendLater):
        assert verdict.at > NOW or verdict == SendLater(NOW, WaitReason.STALE)
