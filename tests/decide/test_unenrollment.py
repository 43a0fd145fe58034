"""The table of unenrollment: one row for each thing that can happen, with what must not happen beside it."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from relent.decide import policy, unenrollment
from relent.decide.facts import EnrollmentFacts
from relent.decide.matching import DIRECT, Connection, Known
from relent.decide.verdicts import Verdict
from relent.terms.events import (
    AnyEvent,
    AutoReplyKind,
    BounceKind,
    CalendarMailed,
    Complained,
    ListMailed,
    OwnCopySeen,
    ReceiptReturned,
    SendFailed,
    UnenrolledByHand,
    Unsubscribed,
)
from relent.terms.history import Action
from relent.terms.reasons import EndReason, HoldReason, KeepReason, PauseReason, Refusal
from relent.terms.states import EnrollmentState
from relent.terms.steps import Trigger
from tests.decide.given import (
    ANN,
    BOB,
    DANA,
    ELI,
    ENROLLED_AT,
    ENROLLMENT,
    IN_THREAD,
    LATER,
    SHARED,
    STRANGER,
    auto_replied,
    bounced,
    enrollment,
    wrote,
)

END, KEEP, PAUSE, HOLD = Action.UNENROLL, Action.KEEP, Action.PAUSE, Action.HOLD
BY_ANN = replace(IN_THREAD, sender_known=Known.ENROLLED)
FROM_ANN, FROM_PLUS, FROM_DOTS, FROM_SECONDARY = (
    Connection(sender_known=known) for known in (Known.ENROLLED, Known.PLUS, Known.DOTS, Known.SECONDARY)
)
OFF = enrollment(reply_trigger=Trigger.OFF)
DELEGATED = enrollment(enroller_addresses=frozenset({ELI}))
THE_SAME_SECOND, BEFORE = {"at": ENROLLED_AT}, {"at": ENROLLED_AT - timedelta(seconds=1)}

Outcome = tuple[Action, Any, str]


@dataclass(frozen=True)
class Row:
    """One row: what happened, to whom, and what follows; under the strict profile too, where that differs."""

    sentence: str
    event: AnyEvent
    connection: Connection
    safe: Outcome
    strict: Outcome | None = None
    enrollment: EnrollmentFacts = ENROLLMENT
    settings: dict[str, Any] = field(default_factory=dict)

    def outcome(self, profile: str) -> Outcome:
        return self.strict if self.strict and profile == policy.STRICT else self.safe


def mail(kind: type[Any], **fields: Any) -> Any:
    return kind(**{"at": LATER, "sender": ANN, **fields})


def by_hand(surface: str) -> UnenrolledByHand:
    return UnenrolledByHand(at=LATER, enrollment_id=1, user_id=1, surface=surface)


def unsubscribed(via: str) -> Unsubscribed:
    return Unsubscribed(at=LATER, enrollment_id=1, via=via)


def send_failed(code: str, *, bounce: bool = False) -> SendFailed:
    return SendFailed(at=LATER, enrollment_id=1, code=code, bounce=bounce)


def kept(reason: KeepReason, rule: str) -> Outcome:
    return (KEEP, reason, rule)


def ended(reason: EndReason, rule: str) -> Outcome:
    return (END, reason, rule)


REPLY = ended(EndReason.REPLY, "reply.in_thread")
OFF_SEQUENCE = ended(EndReason.OFF_SEQUENCE_MAIL, "mail.enrolled_address")
OUT_OF_SCOPE = kept(KeepReason.NOT_CONCERNED, "mail.out_of_scope")
TRIGGER_OFF = kept(KeepReason.TRIGGER_OFF, "reply.trigger_off")
PRIOR = kept(KeepReason.BEFORE_ENROLLMENT, "before_enrollment")
HARD = ended(EndReason.BOUNCED, "bounce.hard")
SOFT = kept(KeepReason.SOFT_BOUNCE, "bounce.soft")
TOO_SOFT = (HOLD, HoldReason.SOFT_BOUNCES, "bounce.soft.repeated")
UNCORRELATED = kept(KeepReason.UNCORRELATED_BOUNCE, "bounce.uncorrelated")
UNSURE = (HOLD, HoldReason.UNSURE_SENDER, "mail.unauthenticated")
AWAY = (PAUSE, PauseReason.OUT_OF_OFFICE, "auto_reply.out_of_office.pause")
STAYS = kept(KeepReason.AUTOMATIC_REPLY, "auto_reply.out_of_office.stays")
OTHER = kept(KeepReason.AUTOMATIC_REPLY, "auto_reply.other.stays")

TABLE = [
    # Mail that nobody wrote ends nothing, in the thread or not.
    Row(
        "our own copy in the thread",
        mail(OwnCopySeen, message_id="x@us.example", sender=DANA),
        IN_THREAD,
        kept(KeepReason.OWN_COPY, "own_copy"),
    ),
    Row("a receipt for our mail", mail(ReceiptReturned), BY_ANN, kept(KeepReason.RECEIPT, "receipt")),
    Row(
        "calendar mail in the thread",
        mail(CalendarMailed, method="REPLY"),
        BY_ANN,
        kept(KeepReason.CALENDAR_MAIL, "calendar_mail"),
    ),
    Row("the contact's mail through a list", mail(ListMailed), FROM_ANN, kept(KeepReason.LIST_MAIL, "list_mail")),
    # Delivery reports.
    Row("a hard bounce of our mail", bounced(BounceKind.HARD), IN_THREAD, HARD),
    Row("a hard bounce that names no recipient", bounced(BounceKind.HARD, ""), IN_THREAD, HARD),
    Row("a hard bounce of an alias of the recipient", bounced(BounceKind.HARD, "ann+x@acme.example"), IN_THREAD, HARD),
    Row(
        "a hard bounce of another recipient",
        bounced(BounceKind.HARD, BOB),
        IN_THREAD,
        kept(KeepReason.OTHER_RECIPIENT, "bounce.other_recipient"),
    ),
    Row("a hard bounce that names no mail of ours", bounced(BounceKind.HARD), DIRECT, UNCORRELATED),
    Row("a bounce that only its sender joins to the contact", bounced(BounceKind.HARD), FROM_ANN, UNCORRELATED),
    Row("a notice of delay", bounced(BounceKind.DELAYED), IN_THREAD, kept(KeepReason.DELAYED, "bounce.delayed")),
    Row(
        "a refusal because of content or sender",
        bounced(BounceKind.POLICY),
        IN_THREAD,
        kept(KeepReason.POLICY_BOUNCE, "bounce.policy"),
    ),
    Row("a first soft bounce", bounced(BounceKind.SOFT), IN_THREAD, SOFT),
    Row("a second soft bounce", bounced(BounceKind.SOFT), IN_THREAD, SOFT, enrollment=enrollment(soft_bounces=1)),
    Row("a third soft bounce", bounced(BounceKind.SOFT), IN_THREAD, TOO_SOFT, enrollment=enrollment(soft_bounces=2)),
    Row("a later soft bounce", bounced(BounceKind.SOFT), IN_THREAD, TOO_SOFT, enrollment=enrollment(soft_bounces=9)),
    Row("a hard bounce with the reply trigger off", bounced(BounceKind.HARD), IN_THREAD, HARD, enrollment=OFF),
    # Complaints.
    Row("a complaint about our mail", mail(Complained), IN_THREAD, ended(EndReason.SPAM_COMPLAINT, "complaint")),
    Row(
        "a complaint with the reply trigger off",
        mail(Complained),
        IN_THREAD,
        ended(EndReason.SPAM_COMPLAINT, "complaint"),
        enrollment=OFF,
    ),
    Row(
        "a complaint that names no mail of ours",
        mail(Complained),
        FROM_ANN,
        kept(KeepReason.COMPLAINT_UNCLEAR, "complaint.unclear"),
    ),
    # Automatic replies.
    Row("an out-of-office note in the thread", auto_replied(), BY_ANN, AWAY, STAYS),
    Row("an out-of-office note from another address, in the thread", auto_replied(), IN_THREAD, AWAY, STAYS),
    Row("an out-of-office note outside the thread", auto_replied(), FROM_ANN, AWAY, STAYS),
    Row("an out-of-office note with the reply trigger off", auto_replied(), BY_ANN, AWAY, STAYS, enrollment=OFF),
    Row("an out-of-office note that shall pause", auto_replied(), BY_ANN, AWAY, settings={"ooo": "pause"}),
    Row("an out-of-office note that shall stay", auto_replied(), BY_ANN, STAYS, settings={"ooo": "stays"}),
    Row("an out-of-office note before the enrollment", auto_replied(**BEFORE), FROM_ANN, PRIOR),
    Row("any other automatic reply", auto_replied(kind=AutoReplyKind.OTHER), BY_ANN, OTHER),
    # What a person wrote in the thread.
    Row("a reply of the contact", wrote(), BY_ANN, REPLY),
    Row("a reply from an alias of the contact", wrote(), replace(IN_THREAD, sender_known=Known.PLUS), REPLY),
    Row(
        "a reply from an unknown address",
        wrote(sender=STRANGER),
        IN_THREAD,
        ended(EndReason.THREAD_REPLY, "reply.in_thread.other_address"),
    ),
    Row("a reply that fails authentication", wrote(authenticated=False), BY_ANN, REPLY),
    Row("a reply that reached somebody out of scope", wrote(recipients=(STRANGER,)), BY_ANN, REPLY),
    Row("a reply in the second of the enrollment", wrote(**THE_SAME_SECOND), BY_ANN, REPLY),
    Row(
        "a reply with the trigger for the company",
        wrote(),
        BY_ANN,
        REPLY,
        enrollment=enrollment(reply_trigger=Trigger.COMPANY),
    ),
    Row("a reply with the trigger off", wrote(), BY_ANN, TRIGGER_OFF, enrollment=OFF),
    Row("a stranger's reply with the trigger off", wrote(sender=STRANGER), IN_THREAD, TRIGGER_OFF, enrollment=OFF),
    # What a person wrote anew.
    Row("a mail from the enrolled address", wrote(), FROM_ANN, OFF_SEQUENCE),
    Row("a mail from a plus alias", wrote(), FROM_PLUS, ended(EndReason.ALIAS, "mail.plus_rule")),
    Row("a mail from a dotted alias", wrote(), FROM_DOTS, ended(EndReason.ALIAS, "mail.dots_rule")),
    Row("a mail from a further address", wrote(), FROM_SECONDARY, ended(EndReason.ALIAS, "mail.secondary_address")),
    Row("a mail with the trigger off", wrote(), FROM_ANN, TRIGGER_OFF, enrollment=OFF),
    Row("a mail before the enrollment", wrote(**BEFORE), FROM_ANN, PRIOR),
    Row("a mail in the second of the enrollment", wrote(**THE_SAME_SECOND), FROM_ANN, PRIOR),
    Row("a mail before the enrollment with the trigger off", wrote(**BEFORE), FROM_ANN, PRIOR, enrollment=OFF),
    Row("a mail to a colleague", wrote(recipients=(ELI,)), FROM_ANN, OFF_SEQUENCE, OUT_OF_SCOPE),
    Row("a mail to a shared mailbox", wrote(recipients=(SHARED,)), FROM_ANN, OFF_SEQUENCE, OUT_OF_SCOPE),
    Row("a mail to nobody of ours", wrote(recipients=(STRANGER,)), FROM_ANN, OUT_OF_SCOPE),
    Row("a mail to a stranger and to us", wrote(recipients=(STRANGER, DANA)), FROM_ANN, OFF_SEQUENCE),
    Row("a mail whose recipients nobody knows", wrote(recipients=()), FROM_ANN, OFF_SEQUENCE),
    Row(
        "a mail to a colleague, where only the enroller counts",
        wrote(recipients=(ELI,)),
        FROM_ANN,
        OUT_OF_SCOPE,
        settings={"you_scope": "enroller"},
    ),
    Row(
        "a mail to the sender who did not enroll, where only the enroller counts",
        wrote(),
        FROM_ANN,
        OUT_OF_SCOPE,
        enrollment=DELEGATED,
        settings={"you_scope": "enroller"},
    ),
    Row(
        "a mail to the sender who did not enroll, where both count",
        wrote(),
        FROM_ANN,
        OFF_SEQUENCE,
        enrollment=DELEGATED,
        settings={"you_scope": "sender_or_enroller"},
    ),
    Row(
        "a mail to the enroller who does not send, where both count",
        wrote(recipients=(ELI,)),
        FROM_ANN,
        OFF_SEQUENCE,
        enrollment=DELEGATED,
        settings={"you_scope": "sender_or_enroller"},
    ),
    Row(
        "a mail to a shared mailbox, where sender and enroller count",
        wrote(recipients=(SHARED,)),
        FROM_ANN,
        OUT_OF_SCOPE,
        settings={"you_scope": "sender_or_enroller"},
    ),
    Row("a mail that fails authentication", wrote(authenticated=False), FROM_ANN, UNSURE, OFF_SEQUENCE),
    Row(
        "an alias's mail that fails authentication",
        wrote(authenticated=False),
        FROM_PLUS,
        UNSURE,
        ended(EndReason.ALIAS, "mail.plus_rule"),
    ),
    Row("a mail that passes authentication", wrote(authenticated=True), FROM_ANN, OFF_SEQUENCE),
    Row(
        "a mail that fails authentication and reached nobody in scope",
        wrote(authenticated=False, recipients=(STRANGER,)),
        FROM_ANN,
        OUT_OF_SCOPE,
    ),
    # The contact's and the user's own word.
    *(
        Row(
            f"unsubscribed by {via}",
            unsubscribed(via),
            DIRECT,
            ended(EndReason.UNSUBSCRIBED, f"unsubscribe.{via}"),
            enrollment=OFF,
        )
        for via in ("link", "one_click", "mailto")
    ),
    *(
        Row(f"unenrolled on the {surface}", by_hand(surface), DIRECT, ended(EndReason.MANUAL, f"manual.{surface}"))
        for surface in ("record", "summary", "bulk")
    ),
    Row(
        "unenrolled by hand with the trigger off",
        by_hand("record"),
        DIRECT,
        ended(EndReason.MANUAL, "manual.record"),
        enrollment=OFF,
    ),
    # A mail that could not be sent.
    Row(
        "the server refuses the recipient",
        send_failed(Refusal.REJECTED, bounce=True),
        DIRECT,
        ended(EndReason.BOUNCED, "send.recipient_refused"),
    ),
    Row(
        "the server refuses the mail",
        send_failed(Refusal.REJECTED),
        DIRECT,
        ended(EndReason.ERROR, "send.other_send_rejected"),
    ),
    *(
        Row(
            f"the address turns out to be {code.lower()} when a mail is due",
            send_failed(code),
            DIRECT,
            ended(EndReason.UNSUBSCRIBED, "send.suppressed"),
            ended(EndReason.ERROR, f"send.{code.lower()}"),
        )
        for code in (Refusal.UNSUBSCRIBED, Refusal.UNSUBSCRIBED_PERSONAL)
    ),
    Row(
        "the address turns out to be blocked when a mail is due",
        send_failed(Refusal.BLOCKED_ADDRESS),
        DIRECT,
        ended(EndReason.ERROR, "send.blocked_address"),
    ),
    Row(
        "a token has lost its value when a mail is due",
        send_failed(Refusal.MISSING_TOKEN),
        DIRECT,
        ended(EndReason.ERROR, "send.missing_token"),
    ),
]


@pytest.mark.parametrize("profile", policy.PROFILES)
@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.sentence)
def test_the_table(row: Row, profile: str) -> None:
    verdict = unenrollment.decide(row.event, row.connection, row.enrollment, policy.of(profile, row.settings))
    assert (verdict.action, verdict.reason, verdict.rule) == row.outcome(profile)


def decided(event: AnyEvent, connection: Connection = BY_ANN, **differing: Any) -> Verdict:
    return unenrollment.decide(event, connection, enrollment(**differing), policy.of(policy.SAFE, {}))


def test_a_reply_is_credited_to_the_mail_it_answers() -> None:
    assert decided(wrote(), BY_ANN).credited_step == 1
    assert decided(wrote(sender=STRANGER), IN_THREAD).credited_step == 1
    assert decided(wrote(), FROM_ANN).credited_step is None


def test_after_a_notice_of_delay_the_next_mail_waits_three_days() -> None:
    assert decided(bounced(BounceKind.DELAYED)).no_mail_before == LATER + timedelta(hours=72)


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (bounced(BounceKind.HARD), Refusal.PREVIOUSLY_BOUNCED),
        (mail(Complained), Refusal.MARKED_AS_SPAM),
        (unsubscribed("link"), Refusal.UNSUBSCRIBED_PERSONAL),
        (send_failed(Refusal.REJECTED, bounce=True), Refusal.PREVIOUSLY_BOUNCED),
        (send_failed(Refusal.REJECTED), None),
        (bounced(BounceKind.SOFT), None),
        (bounced(BounceKind.POLICY), None),
        (bounced(BounceKind.HARD, BOB), None),
        (wrote(), None),
        (by_hand("record"), None),
    ],
)
def test_only_what_speaks_against_the_address_suppresses_it(event: AnyEvent, code: Refusal | None) -> None:
    assert decided(event).suppress is code


def test_only_a_mail_that_may_be_forged_is_decided_in_doubt() -> None:
    doubtful = {row.sentence for row in TABLE if decided(row.event, row.connection).confidence == "doubtful"}
    assert doubtful == {"a mail that fails authentication", "an alias's mail that fails authentication"}


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


def test_an_ended_enrollment_is_decided_as_an_open_one_so_that_late_evidence_is_kept() -> None:
    assert decided(wrote(), state=EnrollmentState.UNENROLLED) == decided(wrote())


def test_every_moment_is_given_back_in_utc() -> None:
    verdict = decided(auto_replied(returns_on=date(2026, 3, 16)), time_zone="Asia/Tokyo")
    assert verdict.until is not None
    assert verdict.until.tzinfo is UTC
