"""The table of unenrollment by meetings: each route beside what must not happen."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from relent.decide.matching import DIRECT, Connection
from relent.terms.meetings import MeetingSource
from relent.terms.reasons import EndReason, HoldReason, KeepReason
from relent.terms.reviews import ReviewKind
from relent.terms.states import EnrollmentState
from relent.terms.steps import Trigger
from tests.decide.given import (
    ANN,
    BOB_AT_ACME,
    BY_COLLEAGUE,
    DANA_ID,
    ELI_ID,
    ENROLLED_AT,
    FIRST,
    FROM_ANN,
    HELLO,
    SAME_DOMAIN,
    SECOND,
    STRANGER,
    enrollment,
    meeting,
)
from tests.decide.table import Outcome, Row, ended, held, kept

LINK = "https://us.example/meet/eli"
SOON, BEFORE = ENROLLED_AT + timedelta(hours=1), ENROLLED_AT - timedelta(seconds=1)
WITH_DANA, WITH_ELI = frozenset({DANA_ID}), frozenset({ELI_ID})
WITH_LINK = enrollment(sent=(replace(FIRST, links=frozenset({LINK})), SECOND))
OFF, COMPANY = (enrollment(meeting_trigger=trigger) for trigger in (Trigger.OFF, Trigger.COMPANY))
COMPANY_WITH_LINK = replace(WITH_LINK, meeting_trigger=Trigger.COMPANY)
OVER = replace(WITH_LINK, state=EnrollmentState.UNENROLLED, ended_for=EndReason.MANUAL)
SENT_BY_ELI = enrollment(sender_id=ELI_ID)
IN_THIS_SEQUENCE, IN_ANOTHER = (
    Connection(colleague=replace(BOB_AT_ACME, sequence_ids=frozenset({pk}))) for pk in (HELLO, HELLO + 1)
)


def booked(hosts: frozenset[int] = WITH_ELI, **differing: Any) -> Any:
    """A booking through the link of Eli."""
    return meeting(**{"source": MeetingSource.LINK, "booked_by": ANN, "link": LINK, "hosts": hosts, **differing})


def told(source: str, **differing: Any) -> Any:
    return meeting(source=MeetingSource(source), **differing)


def met(source: str) -> Outcome:
    return ended(EndReason.MEETING, f"meeting.{source}")


THROUGH_LINK = ended(EndReason.MEETING, "meeting.link_in_sent_mail")
FROM_ELSEWHERE = ended(EndReason.MEETING, "meeting.own_link_from_elsewhere")
ELSEWHERE_STAYS = kept(KeepReason.MEETING_OTHER_LINK, "meeting.own_link_from_elsewhere")
OTHER_LINK = kept(KeepReason.MEETING_OTHER_LINK, "meeting.other_link")
OTHER_HOST = kept(KeepReason.MEETING_OTHER_HOST, "meeting.other_host")
OTHER_PERSON = kept(KeepReason.MEETING_OTHER_PERSON, "meeting.other_person")
ASKS_WHO_BOOKED = (*OTHER_PERSON[:3], ReviewKind.BOOKED_BY_ANOTHER)
OFF_STAYS = kept(KeepReason.TRIGGER_OFF, "meeting.trigger_off")
LOGGED_BEFORE = kept(KeepReason.MEETING_LOGGED_BEFORE, "meeting.logged_before")
NOT_ASSOCIATED = kept(KeepReason.MEETING_NOT_ASSOCIATED, "meeting.not_associated")
ACCOUNT = ended(EndReason.ACCOUNT_MEETING, "meeting.same_company")
OTHER_SEQUENCE = kept(KeepReason.OTHER_SEQUENCE, "meeting.other_sequence")
PLANNED = held(HoldReason.PLANNED_MEETING, "meeting.planned_before", ReviewKind.PLANNED_MEETING)
DECLINED = kept(KeepReason.MEETING_DECLINED, "meeting.host_declined")
ASKS_WHETHER_ON = (*DECLINED[:3], ReviewKind.DECLINED_HOST)


def other_calendar(source: str) -> Outcome:
    return kept(KeepReason.MEETING_OTHER_CALENDAR, f"meeting.{source}")


TABLE = [
    # Through a link: it must have stood in a mail that was sent to this contact; the host may be anybody.
    Row("a link in a sent mail, whoever the host", booked(), FROM_ANN, THROUGH_LINK, enrollment=WITH_LINK),
    Row("a link in a sent mail, with the enroller", booked(WITH_DANA), FROM_ANN, THROUGH_LINK, enrollment=WITH_LINK),
    Row("a link in no sent mail, with somebody else", booked(), FROM_ANN, OTHER_LINK),
    Row("a link in no sent mail, with the enroller", booked(WITH_DANA), FROM_ANN, FROM_ELSEWHERE, ELSEWHERE_STAYS),
    *(
        Row(
            f"a link in no sent mail, with the enroller, where such a one {value}",
            booked(WITH_DANA),
            FROM_ANN,
            outcome,
            settings={"own_link_from_elsewhere": value},
        )
        for value, outcome in (("unenrolls", FROM_ELSEWHERE), ("stays", ELSEWHERE_STAYS))
    ),
    Row("a stranger uses the contact's link", booked(booked_by=STRANGER), DIRECT, OTHER_PERSON, enrollment=WITH_LINK),
    Row("a colleague uses the contact's link", booked(), BY_COLLEAGUE, ASKS_WHO_BOOKED, enrollment=WITH_LINK),
    Row("an unknown one of the domain uses it", booked(), SAME_DOMAIN, ASKS_WHO_BOOKED, enrollment=WITH_LINK),
    Row("a colleague used it after the end", booked(), BY_COLLEAGUE, OTHER_PERSON, enrollment=OVER),
    Row("a colleague uses it, for the company", booked(), BY_COLLEAGUE, ACCOUNT, enrollment=COMPANY_WITH_LINK),
    Row(
        "one of the domain uses it, for the company",
        booked(),
        SAME_DOMAIN,
        ASKS_WHO_BOOKED,
        enrollment=COMPANY_WITH_LINK,
    ),
    Row(
        "a link in a sent mail with the trigger off",
        booked(),
        FROM_ANN,
        OFF_STAYS,
        enrollment=replace(WITH_LINK, meeting_trigger=Trigger.OFF),
    ),
    # Every other way: with the user who enrolled, by default also with the one whose mailbox sends.
    *(
        Row(f"a meeting with the enroller, {source}", told(source), FROM_ANN, met(source))
        for source in ("record", "google", "imip", "import")
    ),
    *(
        Row(f"a meeting with the enroller, {source}", told(source), FROM_ANN, met(source), other_calendar(source))
        for source in ("microsoft", "caldav")
    ),
    *(
        Row(f"a meeting with somebody else, {source}", told(source, hosts=WITH_ELI), FROM_ANN, OTHER_HOST)
        for source in ("record", "google", "imip", "import")
    ),
    Row(
        "a calendar that was left out",
        told("google"),
        FROM_ANN,
        other_calendar("google"),
        settings={"calendars_that_count": "caldav"},
    ),
    Row(
        "a calendar that was chosen",
        told("caldav"),
        FROM_ANN,
        met("caldav"),
        settings={"calendars_that_count": "caldav"},
    ),
    Row(
        "a record is no calendar", told("record"), FROM_ANN, met("record"), settings={"calendars_that_count": "caldav"}
    ),
    Row(
        "a meeting with the sender",
        told("record", hosts=WITH_ELI),
        FROM_ANN,
        met("record"),
        OTHER_HOST,
        enrollment=SENT_BY_ELI,
    ),
    Row(
        "a meeting with the enroller who does not send", told("record"), FROM_ANN, met("record"), enrollment=SENT_BY_ELI
    ),
    *(
        Row(
            f"a meeting with the sender, where {value} counts",
            told("record", hosts=WITH_ELI),
            FROM_ANN,
            outcome,
            enrollment=SENT_BY_ELI,
            settings={"meeting_hosts": value},
        )
        for value, outcome in (("enroller", OTHER_HOST), ("enroller_or_sender", met("record")))
    ),
    Row("a meeting with two hosts", told("google", hosts=WITH_DANA | WITH_ELI), FROM_ANN, met("google")),
    Row("a meeting with nobody of ours", told("google", hosts=frozenset()), FROM_ANN, OTHER_HOST),
    Row("a meeting with the trigger off", told("google"), FROM_ANN, OFF_STAYS, enrollment=OFF),
    Row("a meeting with the trigger for the company", told("google"), FROM_ANN, met("google"), enrollment=COMPANY),
    # A host who declined is not met.
    Row("the only host declined", told("google", declined=WITH_DANA), FROM_ANN, ASKS_WHETHER_ON, DECLINED),
    Row(
        "the host who counts declined",
        told("google", hosts=WITH_DANA | WITH_ELI, declined=WITH_DANA),
        FROM_ANN,
        ASKS_WHETHER_ON,
        DECLINED,
    ),
    Row(
        "another host declined", told("google", hosts=WITH_DANA | WITH_ELI, declined=WITH_ELI), FROM_ANN, met("google")
    ),
    Row(
        "the host declined, which asks",
        told("google", declined=WITH_DANA),
        FROM_ANN,
        ASKS_WHETHER_ON,
        settings={"declined_host": "review"},
    ),
    Row(
        "the host declined, which stays",
        told("google", declined=WITH_DANA),
        FROM_ANN,
        DECLINED,
        settings={"declined_host": "stays"},
    ),
    Row("the host declined after the end", told("google", declined=WITH_DANA), FROM_ANN, DECLINED, enrollment=OVER),
    # It must be the contact's.
    Row("a meeting on another record alone", told("record"), DIRECT, NOT_ASSOCIATED),
    Row("a meeting of one of the same domain", told("google"), SAME_DOMAIN, NOT_ASSOCIATED),
    # When it was logged decides, not when it takes place.
    Row("logged while enrolled, took place before", told("record", starts=BEFORE), FROM_ANN, met("record")),
    Row("logged before the enrollment, takes place in it", told("record", at=BEFORE), FROM_ANN, LOGGED_BEFORE),
    Row("logged before the enrollment, associated in it", told("record", logged_at=BEFORE), FROM_ANN, LOGGED_BEFORE),
    Row("logged on another record, associated later", told("record", logged_at=SOON), FROM_ANN, met("record")),
    Row(
        "logged in the second of the enrollment, with somebody else",
        told("record", at=ENROLLED_AT, hosts=WITH_ELI),
        FROM_ANN,
        LOGGED_BEFORE,
    ),
    # Known when the contact is enrolled, and still to come.
    Row(
        "planned when the contact is enrolled",
        told("google", at=ENROLLED_AT, logged_at=BEFORE),
        FROM_ANN,
        PLANNED,
        LOGGED_BEFORE,
    ),
    Row(
        "over when the contact is enrolled",
        told("google", at=ENROLLED_AT, logged_at=BEFORE, starts=BEFORE),
        FROM_ANN,
        LOGGED_BEFORE,
    ),
    *(
        Row(
            f"planned when the contact is enrolled, where that is to {value}",
            told("google", at=ENROLLED_AT, logged_at=BEFORE),
            FROM_ANN,
            outcome,
            settings={"planned_meeting": value},
        )
        for value, outcome in (("hold", PLANNED), ("stays", LOGGED_BEFORE))
    ),
    # A colleague's meeting.
    Row("a colleague meets, for the company", told("google"), BY_COLLEAGUE, ACCOUNT, enrollment=COMPANY),
    Row(
        "a colleague meets somebody else", told("google", hosts=WITH_ELI), BY_COLLEAGUE, OTHER_HOST, enrollment=COMPANY
    ),
    Row("a colleague's meeting ended this sequence", booked(), IN_THIS_SEQUENCE, ACCOUNT, enrollment=COMPANY),
    Row("a colleague's meeting ended another sequence", told("google"), IN_ANOTHER, OTHER_SEQUENCE, enrollment=COMPANY),
    Row("a colleague meets, for the contact alone", told("google"), BY_COLLEAGUE, ASKS_WHO_BOOKED),
    Row("a colleague meets with the trigger off", told("google"), IN_THIS_SEQUENCE, OFF_STAYS, enrollment=OFF),
    Row(
        "a colleague met before the enrollment",
        told("google", at=BEFORE),
        IN_THIS_SEQUENCE,
        LOGGED_BEFORE,
        enrollment=COMPANY,
    ),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.sentence)
def test_the_table(row: Row) -> None:
    assert row.outcomes() == row.expected()
