"""What holds for unenrollment whatever happens, to whomever, in whatever way."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relent.decide import policy, unenrollment
from relent.decide.matching import Connection, Known
from relent.terms.events import (
    AutoReplied,
    AutoReplyKind,
    Bounced,
    BounceKind,
    CalendarMailed,
    Complained,
    Evidence,
    ListMailed,
    OwnCopySeen,
    PersonWrote,
    ReceiptReturned,
    SendFailed,
    UnenrolledByHand,
    Unsubscribed,
)
from relent.terms.history import Action
from relent.terms.reasons import EndReason, HoldReason, KeepReason, PauseReason, Refusal
from relent.terms.states import EnrollmentState
from relent.terms.steps import Trigger
from tests.decide.given import ANN, BOB, DANA, ELI, ENROLLED_AT, ENROLLMENT, QUICK, STRANGER, enrollment

addresses = st.sampled_from(["", ANN, BOB, DANA, ELI, STRANGER, "ann+x@acme.example"])
moments = st.integers(-(10**6), 10**7).map(lambda seconds: ENROLLED_AT + timedelta(seconds=seconds))
evidence = st.lists(st.builds(Evidence, st.just("header"), st.sampled_from(["a", "b"])), max_size=2).map(tuple)
of_mail = {
    "at": moments,
    "evidence": evidence,
    "sender": addresses,
    "recipients": st.lists(addresses, max_size=2).map(tuple),
    "authenticated": st.sampled_from([None, True, False]),
}
direct = {"at": moments, "evidence": evidence, "enrollment_id": st.just(1)}
notes = st.builds(
    AutoReplied,
    **of_mail,
    kind=st.sampled_from(AutoReplyKind),
    dialect=st.just("gmail"),
    returns_on=st.none() | st.dates() | st.dates(date(2026, 2, 20), date(2026, 7, 1)),
    doubtful_return=st.booleans(),
)
machines = st.one_of(
    notes,
    st.builds(ReceiptReturned, **of_mail),
    st.builds(CalendarMailed, **of_mail, method=st.just("REQUEST")),
    st.builds(ListMailed, **of_mail),
    st.builds(OwnCopySeen, **of_mail, message_id=st.just("x@us.example")),
)
reports = st.builds(Bounced, **of_mail, kind=st.sampled_from(BounceKind), failed_recipient=addresses) | st.builds(
    Complained, **of_mail, complainant=addresses
)
happenings = st.one_of(
    machines,
    st.builds(PersonWrote, **of_mail),
    reports,
    st.builds(Unsubscribed, **direct, via=st.sampled_from(["link", "one_click", "mailto"])),
    st.builds(UnenrolledByHand, **direct, user_id=st.just(1), surface=st.just("record")),
    st.builds(SendFailed, **direct, code=st.sampled_from(Refusal), bounce=st.booleans()),
)
connections = st.builds(
    Connection,
    answers=st.sampled_from([None, *ENROLLMENT.sent]),
    sender_known=st.sampled_from([None, *Known]),
    evidence=evidence,
)
enrollments = st.builds(
    enrollment,
    state=st.sampled_from(EnrollmentState),
    reply_trigger=st.sampled_from(Trigger),
    time_zone=st.sampled_from(["UTC", "Asia/Tokyo", "America/New_York", "Pacific/Kiritimati", "Etc/GMT+12"]),
    soft_bounces=st.integers(0, 4),
)
policies = st.builds(
    lambda profile, scope: policy.of(profile, {"you_scope": scope}),
    st.sampled_from(policy.PROFILES),
    st.sampled_from(["enroller", "sender_or_enroller", "any_connected_user"]),
)
facts = st.tuples(connections, enrollments, policies)


@pytest.mark.fuzz
@QUICK
@given(event=happenings, facts=facts)
def test_whatever_happens_there_is_a_verdict_with_a_rule_and_all_the_evidence(event: Any, facts: Any) -> None:
    verdict = unenrollment.decide(event, *facts)
    assert verdict.rule
    assert verdict.evidence == (*event.evidence, *facts[0].evidence)


@pytest.mark.fuzz
@QUICK
@given(event=happenings, facts=facts)
def test_a_verdict_has_what_its_action_needs_and_nothing_that_contradicts_it(event: Any, facts: Any) -> None:
    verdict = unenrollment.decide(event, *facts)
    reasons = {Action.UNENROLL: EndReason, Action.KEEP: KeepReason, Action.PAUSE: PauseReason, Action.HOLD: HoldReason}
    assert isinstance(verdict.reason, reasons[verdict.action])
    assert (verdict.until is not None) is (verdict.action is Action.PAUSE)
    assert verdict.suppress is None or verdict.action is Action.UNENROLL


@pytest.mark.fuzz
@QUICK
@given(event=machines, facts=facts)
def test_nothing_that_a_machine_wrote_unenrolls_holds_or_suppresses(event: Any, facts: Any) -> None:
    verdict = unenrollment.decide(event, *facts)
    assert verdict.action in {Action.KEEP, Action.PAUSE}
    assert verdict.suppress is None


@pytest.mark.fuzz
@QUICK
@given(note=notes, facts=facts)
def test_a_pause_never_ends_before_the_event_or_the_stated_day_of_return(note: Any, facts: Any) -> None:
    verdict = unenrollment.decide(note, *facts)
    if verdict.until is not None:
        assert verdict.until > note.at
        ends = verdict.until.astimezone(ZoneInfo(facts[1].time_zone)).date()
        assert note.returns_on is None or ends >= min(note.returns_on, date(9999, 12, 31))


@pytest.mark.fuzz
@QUICK
@given(event=reports, facts=facts)
def test_a_report_that_names_no_mail_of_ours_changes_nothing(event: Any, facts: Any) -> None:
    connection, *rest = facts
    assert unenrollment.decide(event, replace(connection, answers=None), *rest).action is Action.KEEP


@pytest.mark.fuzz
@QUICK
@given(event=happenings, facts=facts)
def test_the_safe_profile_never_lets_mail_go_on_where_the_strict_one_stops_it(event: Any, facts: Any) -> None:
    connection, known, _ = facts
    safe, strict = (unenrollment.decide(event, connection, known, policy.of(name, {})) for name in policy.PROFILES)
    assert safe.action is not Action.KEEP or strict.action is Action.KEEP
