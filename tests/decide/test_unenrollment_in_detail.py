"""What a verdict on an event carries beside its action, its reason and its rule, which the table is about."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from relent.decide import policy, unenrollment
from relent.decide.matching import DIRECT, Connection
from relent.decide.verdicts import Verdict
from relent.terms.events import (
    AnyEvent,
    AutoReplyKind,
    BounceKind,
    CalendarMailed,
    Complained,
    Evidence,
    ListMailed,
    ReceiptReturned,
)
from relent.terms.meetings import MeetingSource
from relent.terms.reasons import EndReason, KeepReason, Refusal
from relent.terms.states import EnrollmentState
from tests.decide.given import (
    BOB,
    BY_ANN,
    ENROLLMENT,
    FIRST,
    FROM_ANN,
    IN_THREAD,
    LATER,
    SAME_DOMAIN,
    STRANGER,
    auto_replied,
    bounced,
    by_hand,
    enrollment,
    mail,
    meeting,
    send_failed,
    unsubscribed,
    wrote,
)


def decided(event: AnyEvent, connection: Connection = BY_ANN, **differing: Any) -> Verdict:
    return unenrollment.decide(event, connection, enrollment(**differing), policy.of(policy.SAFE, {}))


def test_a_reply_is_credited_to_the_mail_it_answers() -> None:
    assert decided(wrote(), BY_ANN).credited_step == 1
    assert decided(wrote(sender=STRANGER), IN_THREAD).credited_step == 1
    assert decided(wrote(), FROM_ANN).credited_step is None


@pytest.mark.parametrize(
    "event", [auto_replied(), mail(ReceiptReturned), mail(ListMailed), mail(CalendarMailed, method="REPLY")]
)
def test_what_no_person_wrote_is_credited_to_nothing(event: AnyEvent) -> None:
    assert decided(event, BY_ANN).credited_step is None


def test_after_a_notice_of_delay_the_next_mail_waits_three_days() -> None:
    assert decided(bounced(BounceKind.DELAYED)).no_mail_before == LATER + timedelta(hours=72)


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (bounced(BounceKind.HARD), Refusal.PREVIOUSLY_BOUNCED),
        (mail(Complained), Refusal.MARKED_AS_SPAM),
        (unsubscribed("link"), Refusal.UNSUBSCRIBED_PERSONAL),
        (unsubscribed("link", everything=True), Refusal.UNSUBSCRIBED),
        (unsubscribed("elsewhere"), Refusal.UNSUBSCRIBED),
        (send_failed(Refusal.REJECTED, bounce=True), Refusal.PREVIOUSLY_BOUNCED),
        (send_failed(Refusal.REJECTED), None),
        (send_failed(Refusal.REJECTED, ours=True), None),
        (auto_replied(kind=AutoReplyKind.LEFT_COMPANY), None),
        (bounced(BounceKind.SOFT), None),
        (bounced(BounceKind.POLICY), None),
        (bounced(BounceKind.HARD, BOB), None),
        (wrote(), None),
        (by_hand("record"), None),
    ],
)
def test_only_what_speaks_against_the_address_suppresses_it(event: AnyEvent, code: Refusal | None) -> None:
    assert decided(event).suppress is code


def test_only_a_new_mail_that_may_be_forged_is_decided_in_doubt() -> None:
    assert decided(wrote(authenticated=False), FROM_ANN).confidence == "doubtful"
    assert {decided(wrote(authenticated=False)).confidence, decided(wrote(), FROM_ANN).confidence} == {"certain"}


@pytest.mark.parametrize(
    ("returns_on", "doubtful", "zone", "until"),
    [
        (date(2026, 3, 16), False, "UTC", "2026-03-16T00:00+00:00"),
        (date(2026, 3, 16), False, "Asia/Tokyo", "2026-03-15T15:00+00:00"),
        (date(2026, 3, 30), False, "Europe/Berlin", "2026-03-29T22:00+00:00"),
        (date(2026, 4, 24), False, "Africa/Cairo", "2026-04-23T22:00+00:00"),  # a day without a midnight
        (date(2026, 3, 4), False, "UTC", "2026-03-04T00:00+00:00"),
        (date(2026, 3, 4), True, "UTC", "2026-03-10T09:00+00:00"),
        (date(2026, 5, 7), True, "UTC", "2026-05-07T00:00+00:00"),
        (date(2026, 3, 3), False, "UTC", "2026-03-10T09:00+00:00"),
        (date(2026, 2, 10), False, "UTC", "2026-03-10T09:00+00:00"),
        (date.min, False, "Asia/Tokyo", "2026-03-10T09:00+00:00"),
        (None, True, "UTC", "2026-03-10T09:00+00:00"),
    ],
)
def test_a_pause_lasts_until_the_day_of_return_or_where_none_is_sure_for_the_accounts_days(
    returns_on: date | None, doubtful: bool, zone: str, until: str
) -> None:
    verdict = decided(auto_replied(returns_on=returns_on, doubtful_return=doubtful), time_zone=zone)
    assert verdict.until == datetime.fromisoformat(until)


def test_the_accounts_days_of_pause_are_a_setting() -> None:
    longer = policy.of(policy.SAFE, {"ooo_pause_days": 14})
    verdict = unenrollment.decide(auto_replied(), BY_ANN, ENROLLMENT, longer)
    assert verdict.until == LATER + timedelta(days=14)


def test_an_opt_out_elsewhere_forbids_mail_also_where_the_enrollment_goes_on() -> None:
    strict = policy.of(policy.STRICT, {})
    assert unenrollment.decide(unsubscribed("elsewhere"), DIRECT, ENROLLMENT, strict).suppress is Refusal.UNSUBSCRIBED


def test_a_bounce_after_a_reply_does_not_give_the_address_up() -> None:
    replied = {"state": EnrollmentState.UNENROLLED, "ended_for": EndReason.REPLY}
    assert decided(bounced(BounceKind.HARD), IN_THREAD, **replied).suppress is None


def test_a_question_proposes_the_address_that_it_is_about() -> None:
    left = auto_replied(kind=AutoReplyKind.LEFT_COMPANY, replacement=BOB)
    assert decided(left).proposal == BOB
    assert decided(wrote(sender=STRANGER), replace(IN_THREAD, stranger=True)).proposal == STRANGER


def test_a_filter_that_asks_for_a_person_is_a_task_for_the_rep() -> None:
    assert decided(auto_replied(kind=AutoReplyKind.CHALLENGE)).task is KeepReason.CHALLENGE


@pytest.mark.parametrize(
    ("wrote_at", "zone", "until"),
    [
        ("2026-03-03T09:00+00:00", "UTC", "2026-03-04T09:00+00:00"),
        ("2026-03-06T09:00+00:00", "UTC", "2026-03-09T09:00+00:00"),  # a Friday
        ("2026-03-05T20:00+00:00", "Asia/Tokyo", "2026-03-08T20:00+00:00"),  # a Friday in Tokyo
        ("2026-03-27T09:00+00:00", "Europe/Berlin", "2026-03-30T08:00+00:00"),  # clocks change in between
    ],
)
def test_an_unknown_address_of_the_domain_holds_for_one_working_day(wrote_at: str, zone: str, until: str) -> None:
    event = wrote(sender="kai@acme.example", at=datetime.fromisoformat(wrote_at))
    assert decided(event, SAME_DOMAIN, time_zone=zone).until == datetime.fromisoformat(until)


def test_a_meeting_through_a_link_says_in_which_mail_it_stood() -> None:
    link = "https://us.example/meet/eli"
    booked = meeting(source=MeetingSource.LINK, link=link)
    verdict = decided(booked, FROM_ANN, sent=(replace(FIRST, links=frozenset({link})),))
    assert verdict.evidence == (Evidence("link", f"step 1: {link}"),)


def test_an_ended_enrollment_is_decided_as_an_open_one_so_that_late_evidence_is_kept() -> None:
    assert decided(wrote(), state=EnrollmentState.UNENROLLED) == decided(wrote())


def test_every_moment_is_given_back_in_utc() -> None:
    verdict = decided(auto_replied(returns_on=date(2026, 3, 16)), time_zone="Asia/Tokyo")
    assert verdict.until is not None
    assert verdict.until.tzinfo is UTC
