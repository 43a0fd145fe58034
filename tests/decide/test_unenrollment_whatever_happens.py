"""What holds for unenrollment whatever happens, to whomever, in whatever way."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relent.decide import policy, unenrollment
from relent.decide.facts import ActorFacts
from relent.decide.matching import Connection, Known
from relent.terms.events import (
    AutoReplied,
    AutoReplyKind,
    Bounced,
    BounceKind,
    CalendarMailed,
    Complained,
    ContactDeleted,
    ContactMerged,
    CreatorRemoved,
    EnrollerRemoved,
    Evidence,
    ListMailed,
    MeetingBooked,
    OwnCopySeen,
    PersonForwarded,
    PersonWrote,
    ReceiptReturned,
    SendFailed,
    SequenceDeleted,
    UnenrolledByHand,
    UnenrolledByWorkflow,
    Unsubscribed,
)
from relent.terms.history import Action
from relent.terms.meetings import MeetingSource
from relent.terms.reasons import EndReason, HoldReason, KeepReason, PauseReason, Refusal
from relent.terms.states import EnrollmentState
from relent.terms.steps import Trigger
from tests.decide.given import (
    ANN,
    BOB,
    DANA,
    DANA_ID,
    ELI,
    ELI_ID,
    ENROLLED_AT,
    ENROLLMENT,
    HELLO,
    QUICK,
    SHARED,
    STRANGER,
    enrollment,
)

addresses = st.sampled_from(["", ANN, BOB, DANA, ELI, SHARED, STRANGER, "ann+x@acme.example"])
moments = st.integers(-(10**6), 10**7).map(lambda seconds: ENROLLED_AT + timedelta(seconds=seconds))
evidence = st.lists(st.builds(Evidence, st.just("header"), st.sampled_from(["a", "b"])), max_size=2).map(tuple)
of_mail = {
    "at": moments,
    "evidence": evidence,
    "sender": addresses,
    "recipients": st.lists(addresses, max_size=2).map(tuple),
    "refers_to": st.sampled_from([(), ("one@us.example",), ("two@us.example", "one@us.example")]),
    "authenticated": st.sampled_from([None, True, False]),
    "read_at_provider": st.sampled_from(["", "gmail", "microsoft"]),
}
direct = {"at": moments, "evidence": evidence, "enrollment_id": st.just(1)}
users = st.frozensets(st.sampled_from([DANA_ID, ELI_ID]))
notes = st.builds(
    AutoReplied,
    **of_mail,
    kind=st.sampled_from(AutoReplyKind),
    dialect=st.sampled_from(["gmail", "exchange", "rfc3834"]),
    returns_on=st.none() | st.dates() | st.dates(date(2026, 2, 20), date(2026, 7, 1)),
    doubtful_return=st.booleans(),
    replacement=addresses,
)
machines = st.one_of(
    notes.filter(lambda note: note.kind is not AutoReplyKind.LEFT_COMPANY),
    st.builds(ReceiptReturned, **of_mail),
    st.builds(CalendarMailed, **of_mail, method=st.sampled_from(["REPLY", "CANCEL", "PUBLISH"])),
    st.builds(ListMailed, **of_mail),
    st.builds(OwnCopySeen, **of_mail, message_id=st.just("x@us.example"), by_hand=st.booleans()),
)
bounces = st.builds(Bounced, **of_mail, kind=st.sampled_from(BounceKind), failed_recipient=addresses)
reports = bounces | st.builds(Complained, **of_mail, complainant=addresses)
meetings = st.builds(
    MeetingBooked,
    at=moments,
    evidence=evidence,
    meeting_id=st.just(1),
    source=st.sampled_from(MeetingSource),
    logged_at=moments,
    starts=moments,
    hosts=users,
    declined=users,
    link=st.sampled_from(["", "https://us.example/meet/eli"]),
)
orders = st.one_of(
    st.builds(Unsubscribed, **direct, via=st.sampled_from(["link", "one_click", "mailto", "elsewhere"])),
    st.builds(UnenrolledByHand, **direct, user_id=st.just(1), surface=st.just("record")),
    st.builds(UnenrolledByWorkflow, **direct, workflow_id=st.just(1), embedded=st.booleans()),
    st.builds(SendFailed, **direct, code=st.sampled_from(Refusal), bounce=st.booleans(), ours=st.booleans()),
    st.builds(EnrollerRemoved, **direct, waited=st.booleans()),
    st.builds(ContactMerged, **direct, ask=st.booleans()),
    *(st.builds(kind, **direct) for kind in (SequenceDeleted, CreatorRemoved, ContactDeleted)),
)
people = st.builds(PersonWrote, **of_mail) | st.builds(PersonForwarded, **of_mail, forwarded_by=addresses)
happenings = st.one_of(machines, notes, people, reports, meetings, orders)
own = st.builds(
    Connection,
    answers=st.sampled_from([None, *ENROLLMENT.sent]),
    sender_known=st.sampled_from([None, *Known]),
    stranger=st.booleans(),
    evidence=evidence,
)
actors = st.builds(
    ActorFacts, contact_ids=st.just(frozenset({2})), sequence_ids=st.frozensets(st.sampled_from([HELLO, HELLO + 1]))
)
connections = st.one_of(
    own, st.builds(Connection, colleague=actors, evidence=evidence), st.builds(Connection, same_domain=st.just(True))
)
enrollments = st.builds(
    enrollment,
    state=st.sampled_from(EnrollmentState),
    reply_trigger=st.sampled_from(Trigger),
    meeting_trigger=st.sampled_from(Trigger),
    same_company=st.booleans(),
    mail_task_open=st.booleans(),
    time_zone=st.sampled_from(["UTC", "Asia/Tokyo", "America/New_York", "Pacific/Kiritimati", "Etc/GMT+12"]),
    soft_bounces=st.integers(0, 4),
)
settings = st.fixed_dictionaries(
    {}, optional={setting.name: st.sampled_from(setting.allowed) for setting in policy.SETTINGS if setting.allowed}
)
policies = st.builds(policy.of, st.sampled_from(policy.PROFILES), settings)
facts = st.tuples(connections, enrollments, policies)


@pytest.mark.fuzz
@QUICK
@given(event=happenings, facts=facts)
def test_whatever_happens_there_is_a_verdict_with_a_rule_and_all_the_evidence(event: Any, facts: Any) -> None:
    verdict = unenrollment.decide(event, *facts)
    assert verdict.rule
    assert verdict.evidence[: len(event.evidence) + len(facts[0].evidence)] == (*event.evidence, *facts[0].evidence)


@pytest.mark.fuzz
@QUICK
@given(event=happenings, facts=facts)
def test_a_verdict_has_what_its_action_needs_and_nothing_that_contradicts_it(event: Any, facts: Any) -> None:
    verdict = unenrollment.decide(event, *facts)
    reasons = {Action.UNENROLL: EndReason, Action.KEEP: KeepReason, Action.PAUSE: PauseReason, Action.HOLD: HoldReason}
    assert isinstance(verdict.reason, reasons[verdict.action])
    assert verdict.until is None or verdict.action in {Action.PAUSE, Action.HOLD}
    assert (verdict.until is not None) is (verdict.reason in {PauseReason.OUT_OF_OFFICE, HoldReason.SAME_DOMAIN})
    assert verdict.suppress is None or verdict.action is Action.UNENROLL or isinstance(event, Unsubscribed)


@pytest.mark.fuzz
@QUICK
@given(event=machines, facts=facts)
def test_nothing_that_a_machine_wrote_unenrolls_holds_or_suppresses(event: Any, facts: Any) -> None:
    connection, known, rules = facts
    if rules["gmail_ooo_in_outlook"] == "as_ooo":  # where it is not, that one note is meant to be taken for a reply
        verdict = unenrollment.decide(event, connection, known, rules)
        assert verdict.action in {Action.KEEP, Action.PAUSE}
        assert verdict.suppress is None


@pytest.mark.fuzz
@QUICK
@given(note=notes, facts=facts)
def test_a_pause_never_ends_before_the_event_or_the_stated_day_of_return(note: Any, facts: Any) -> None:
    verdict = unenrollment.decide(note, *facts)
    if verdict.action is Action.PAUSE:
        assert verdict.until is not None
        assert verdict.until > note.at
        ends = verdict.until.astimezone(ZoneInfo(facts[1].time_zone)).date()
        assert note.returns_on is None or ends >= min(note.returns_on, date(9999, 12, 31))


@pytest.mark.fuzz
@QUICK
@given(event=reports, facts=facts)
def test_a_report_that_names_no_mail_of_ours_changes_nothing(event: Any, facts: Any) -> None:
    connection, *rest = facts
    unnamed = replace(connection, answers=None, sender_known=None)
    assert unenrollment.decide(event, unnamed, *rest).action is Action.KEEP


@pytest.mark.fuzz
@QUICK
@given(event=happenings, facts=facts)
def test_the_safe_profile_never_lets_mail_go_on_where_the_strict_one_stops_it(event: Any, facts: Any) -> None:
    connection, known, _ = facts
    safe, strict = (unenrollment.decide(event, connection, known, policy.of(name, {})) for name in policy.PROFILES)
    assert safe.action is not Action.KEEP or strict.action is Action.KEEP


@pytest.mark.fuzz
@QUICK
@given(event=happenings, facts=facts, state=st.sampled_from(EnrollmentState), reason=st.sampled_from(EndReason))
def test_what_happened_means_the_same_whatever_was_read_before_it(
    event: Any, facts: Any, state: EnrollmentState, reason: EndReason
) -> None:
    connection, known, rules = facts
    ended_for = reason if state is EnrollmentState.UNENROLLED else None
    now = unenrollment.decide(event, connection, replace(known, state=state, ended_for=ended_for), rules)
    first = unenrollment.decide(event, connection, replace(known, state=EnrollmentState.ACTIVE), rules)
    assert (now.action, now.reason, now.until, now.credited_step) == (
        first.action,
        first.reason,
        first.until,
        first.credited_step,
    )


@pytest.mark.fuzz
@QUICK
@given(event=meetings | people, facts=facts)
def test_what_happened_before_the_enrollment_ends_nothing_unless_it_names_a_mail_of_it(event: Any, facts: Any) -> None:
    connection, known, rules = facts
    named = connection.answers is not None
    if event.at < known.enrolled_at and not (named and not isinstance(event, MeetingBooked)):
        assert unenrollment.decide(event, connection, known, rules).action is Action.KEEP


@pytest.mark.fuzz
@QUICK
@given(event=meetings | people | notes, facts=facts)
def test_triggers_that_are_off_keep_what_they_name_and_nothing_else(event: Any, facts: Any) -> None:
    connection, known, rules = facts
    off = replace(known, reply_trigger=Trigger.OFF, meeting_trigger=Trigger.OFF)
    verdict = unenrollment.decide(event, connection, off, rules)
    assert verdict.action is not Action.UNENROLL or verdict.reason is EndReason.LEFT_COMPANY


@pytest.mark.fuzz
@QUICK
@given(order=orders, facts=facts)
def test_no_switch_of_the_sequence_keeps_an_order_from_being_obeyed(order: Any, facts: Any) -> None:
    connection, known, rules = facts
    off = replace(known, reply_trigger=Trigger.OFF, meeting_trigger=Trigger.OFF, same_company=False)
    assert unenrollment.decide(order, connection, off, rules) == unenrollment.decide(order, connection, known, rules)
