"""What the tests of the core start from: Ann at Acme, enrolled by Dana on a Monday, and events about her."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import hypothesis

from relent.decide.facts import ActorFacts, Calendar, EnrollmentFacts, SendFacts, SentMail, Workplaces
from relent.decide.matching import Connection, Known
from relent.terms.events import (
    AutoReplied,
    AutoReplyKind,
    Bounced,
    BounceKind,
    MeetingBooked,
    PersonWrote,
    SendFailed,
    UnenrolledByHand,
    Unsubscribed,
)
from relent.terms.meetings import MeetingSource
from relent.terms.states import EnrollmentState
from relent.terms.steps import FollowUpDays

# The same few examples in every run, so that the pure floors stay quick and never fail by chance.
QUICK = hypothesis.settings(
    max_examples=20,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],  # a busy machine is no fault
)

ANN, BOB, STRANGER = "ann@acme.example", "bob@acme.example", "kim@elsewhere.example"
DANA, ELI, SHARED = "dana@us.example", "eli@us.example", "sales@us.example"

# The ids of the users Dana and Eli, of the company Acme, and of the sequence.
DANA_ID, ELI_ID, ACME, HELLO = 1, 2, 1, 1
AT_ACME = Workplaces(primary=frozenset({ACME}), every=frozenset({ACME}))
NOBODY = ActorFacts()
BOB_AT_ACME = ActorFacts(contact_ids=frozenset({2}), workplaces=AT_ACME)

ENROLLED_AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = ENROLLED_AT + timedelta(days=1)
FIRST = SentMail(position=1, message_ids=frozenset({"one@us.example"}), recipient=ANN)
SECOND = SentMail(position=2, message_ids=frozenset({"two@us.example"}), recipient=ANN)
ENROLLMENT = EnrollmentFacts(
    id=1,
    contact_id=1,
    state=EnrollmentState.ACTIVE,
    enrolled_at=ENROLLED_AT,
    address=ANN,
    sequence_id=HELLO,
    enroller_id=DANA_ID,
    sender_id=DANA_ID,
    enroller_addresses=frozenset({DANA}),
    sender_addresses=frozenset({DANA}),
    any_user_addresses=frozenset({DANA, ELI}),
    shared_addresses=frozenset({SHARED}),
    sent=(FIRST, SECOND),
)
IN_THREAD = Connection(answers=FIRST)
BY_ANN = replace(IN_THREAD, sender_known=Known.ENROLLED)
FROM_ANN = Connection(sender_known=Known.ENROLLED)
BY_COLLEAGUE, SAME_DOMAIN = Connection(colleague=BOB_AT_ACME), Connection(same_domain=True)


def enrollment(**differing: Any) -> EnrollmentFacts:
    """Return Ann's enrollment, with what differs."""
    return replace(ENROLLMENT, **differing)


def wrote(**differing: Any) -> PersonWrote:
    """Return a mail that Ann wrote to Dana a day after she was enrolled."""
    return PersonWrote(**{"at": LATER, "sender": ANN, "recipients": (DANA,), **differing})


def auto_replied(**differing: Any) -> AutoReplied:
    """Return Ann's out-of-office note."""
    kind = AutoReplyKind.OUT_OF_OFFICE
    return AutoReplied(**{"at": LATER, "sender": ANN, "kind": kind, "dialect": "gmail", **differing})


def bounced(kind: BounceKind, failed_recipient: str = ANN) -> Bounced:
    """Return a delivery report."""
    return Bounced(at=LATER, sender="mailer-daemon@acme.example", kind=kind, failed_recipient=failed_recipient)


def mail(kind: type[Any], **fields: Any) -> Any:
    """Return a mail event of ``kind`` with Ann as its sender."""
    return kind(**{"at": LATER, "sender": ANN, **fields})


def meeting(**differing: Any) -> MeetingBooked:
    """Return a meeting with Dana in Google Calendar, logged a day after Ann was enrolled, two days ahead."""
    fields = {
        "at": LATER,
        "meeting_id": 1,
        "source": MeetingSource.GOOGLE,
        "logged_at": differing.get("at", LATER),
        "starts": LATER + timedelta(days=2),
        "hosts": frozenset({DANA_ID}),
    }
    return MeetingBooked(**{**fields, **differing})


def by_hand(surface: str) -> UnenrolledByHand:
    """Return a user's order."""
    return UnenrolledByHand(at=LATER, enrollment_id=1, user_id=1, surface=surface)


def unsubscribed(via: str, *, everything: bool = False) -> Unsubscribed:
    """Return Ann's order."""
    return Unsubscribed(at=LATER, enrollment_id=1, via=via, everything=everything)


def send_failed(code: str, *, bounce: bool = False, ours: bool = False) -> SendFailed:
    """Return a mail that could not be sent."""
    return SendFailed(at=LATER, enrollment_id=1, code=code, bounce=bounce, ours=ours)


def calendar(**differing: Any) -> Calendar:
    """Return a calendar that is open all day on every day in UTC, with what differs."""
    everyday = Calendar(days=FollowUpDays.EVERYDAY, window_start=0, window_end=1440, time_zone="UTC")
    return replace(everyday, **differing)


def sending(**differing: Any) -> SendFacts:
    """Return a claimed mail that may leave at ``LATER``, with what differs."""
    facts = SendFacts(
        delivery_id=1,
        claimed_at=LATER - timedelta(seconds=10),
        is_first=False,
        calendar=calendar(),
        no_mail_before=None,
        read_through=LATER,
        freshness=timedelta(seconds=60),
        daily_limit=400,
        minute_limit=3,
        spacing=timedelta(seconds=30),
    )
    return replace(facts, **differing)
