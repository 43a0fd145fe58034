from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from relent.decide import enrolling
from relent.decide.enrolling import EnrollFacts, Fault
from relent.terms.reasons import Refusal
from tests.decide.given import ANN

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
WELCOME = EnrollFacts(
    may_use_sequences=True,
    may_see=True,
    may_use_mailbox=True,
    mailbox_connected=True,
    has_step=True,
    address=ANN,
    suppression=None,
    open_enrollments=0,
    exclusive=True,
)


def test_a_contact_without_a_fault_may_be_enrolled() -> None:
    assert enrolling.faults(WELCOME) == ()


@pytest.mark.parametrize(
    ("differing", "fault"),
    [
        ({"may_use_sequences": False}, Fault(Refusal.NOT_ALLOWED)),
        ({"may_see": False}, Fault(Refusal.NOT_ALLOWED)),
        ({"may_use_mailbox": False}, Fault(Refusal.NOT_ALLOWED)),
        ({"suppression": Refusal.UNSUBSCRIBED}, Fault(Refusal.UNSUBSCRIBED, ANN)),
        ({"suppression": Refusal.PREVIOUSLY_BOUNCED}, Fault(Refusal.PREVIOUSLY_BOUNCED, ANN)),
        ({"open_enrollments": 1}, Fault(Refusal.ALREADY_ENROLLED)),
        ({"address": ""}, Fault(Refusal.NO_ADDRESS)),
        ({"has_step": False}, Fault(Refusal.NO_STEPS)),
        ({"mailbox_connected": False}, Fault(Refusal.NO_MAILBOX)),
        (
            {"missing_tokens": ("company.name", "contact.first_name")},
            Fault(Refusal.MISSING_TOKEN, "company.name, contact.first_name"),
        ),
    ],
)
def test_each_thing_that_is_wrong_refuses_by_its_own_code(differing: dict[str, Any], fault: Fault) -> None:
    assert enrolling.faults(replace(WELCOME, **differing)) == (fault,)


def test_a_second_enrollment_is_welcome_where_the_account_allows_several() -> None:
    assert enrolling.faults(replace(WELCOME, open_enrollments=3, exclusive=False)) == ()


def test_nobody_is_twice_in_one_sequence_at_a_time() -> None:
    running = replace(WELCOME, open_enrollments=1, runs_in_sequence=True, exclusive=False)
    assert enrolling.faults(running) == (Fault(Refusal.ALREADY_ENROLLED),)


def test_every_fault_is_named_and_first_the_one_that_the_user_cannot_mend() -> None:
    wrong = replace(WELCOME, may_see=False, suppression=Refusal.UNSUBSCRIBED, missing_tokens=("company.name",))
    codes = [fault.code for fault in enrolling.faults(wrong)]
    assert codes == [Refusal.NOT_ALLOWED, Refusal.UNSUBSCRIBED, Refusal.MISSING_TOKEN]


def test_rights_that_are_missing_together_are_one_fault() -> None:
    nobody = replace(WELCOME, may_use_sequences=False, may_see=False, may_use_mailbox=False)
    assert enrolling.faults(nobody) == (Fault(Refusal.NOT_ALLOWED),)


@pytest.mark.parametrize(
    ("differing", "codes"),
    [
        ({"only_once": True, "was_in_sequence": True}, [Refusal.ENROLLED_BEFORE]),
        ({"was_in_sequence": True}, []),
        ({"last_ended": NOW, "cooldown": DAY}, [Refusal.COOLING_DOWN]),
        ({"last_ended": NOW - DAY, "cooldown": DAY}, []),
        ({"last_ended": NOW}, []),
        ({"last_touched": NOW, "touch_cooldown": DAY}, [Refusal.COOLING_DOWN]),
        ({"over_limit_until": NOW + DAY}, [Refusal.OVER_LIMIT]),
        ({"over_limit_until": NOW + DAY, "starts": NOW + DAY}, []),
    ],
)
def test_what_another_day_mends_says_so(differing: dict[str, Any], codes: list[Refusal]) -> None:
    found = enrolling.faults(replace(WELCOME, **{"starts": NOW, **differing}))
    assert [fault.code for fault in found] == codes
    assert all(fault.until is None or fault.until > NOW for fault in found)


def test_the_longer_of_two_cool_downs_holds() -> None:
    facts = replace(WELCOME, starts=NOW, last_ended=NOW, cooldown=DAY, last_touched=NOW - DAY, touch_cooldown=3 * DAY)
    (fault,) = enrolling.faults(facts)
    assert fault.until == NOW + 2 * DAY


def test_a_week_is_what_counts_as_lately() -> None:
    for days, warned in ((7, 1), (7.01, 0)):
        facts = replace(WELCOME, wrote_at=NOW - days * DAY)
        assert len(enrolling.warnings(facts, NOW)) == warned
