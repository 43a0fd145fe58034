"""The table of unenrollment: one row for each thing that can happen, with what must not happen beside it."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from relent.decide import policy, unenrollment
from relent.decide.facts import EnrollmentFacts
from relent.decide.matching import DIRECT, Connection, Known
from relent.terms.events import (
    AnyEvent,
    AutoReplyKind,
    BounceKind,
    CalendarMailed,
    Complained,
    ListMailed,
    OwnCopySeen,
    ReceiptReturned,
)
from relent.terms.history import Action
from relent.terms.reasons import EndReason, HoldReason, KeepReason, PauseReason, Refusal
from relent.terms.steps import Trigger
from tests.decide.given import (
    BOB,
    BY_ANN,
    DANA,
    ELI,
    ENROLLED_AT,
    ENROLLMENT,
    FROM_ANN,
    FROM_DOTS,
    FROM_PLUS,
    FROM_SECONDARY,
    IN_THREAD,
    SHARED,
    STRANGER,
    auto_replied,
    bounced,
    by_hand,
    enrollment,
    mail,
    send_failed,
    unsubscribed,
    wrote,
)

END, KEEP, PAUSE, HOLD = Action.UNENROLL, Action.KEEP, Action.PAUSE, Action.HOLD
OFF = enrollment(reply_trigger=Trigger.OFF)
DELEGATED = enrollment(enroller_addresses=frozenset({ELI}))
THE_SAME_SECOND, BEFORE = {"at": ENROLLED_AT}, {"at": ENROLLED_AT - timedelta(seconds=1)}

ENROLLER, BOTH = {"you_scope": "enroller"}, {"you_scope": "sender_or_enroller"}

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


def kept(reason: KeepReason, rule: str) -> Outcome:
    return (KEEP, reason, rule)


def ended(reason: EndReason, rule: str) -> Outcome:
    return (END, reason, rule)


TO_ELI, TO_SHARED, TO_STRANGER = (wrote(recipients=(reached,)) for reached in (ELI, SHARED, STRANGER))
FORGED = wrote(authenticated=False)
HARD_BOUNCE, SOFT_BOUNCE = bounced(BounceKind.HARD), bounced(BounceKind.SOFT)

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
COMPLAINT = ended(EndReason.SPAM_COMPLAINT, "complaint")
OTHER_RECIPIENT = kept(KeepReason.OTHER_RECIPIENT, "bounce.other_recipient")
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
    Row("a hard bounce of our mail", HARD_BOUNCE, IN_THREAD, HARD),
    Row("a hard bounce that names no recipient", bounced(BounceKind.HARD, ""), IN_THREAD, HARD),
    Row("a hard bounce of an alias of the recipient", bounced(BounceKind.HARD, "ann+x@acme.example"), IN_THREAD, HARD),
    Row("a hard bounce of another recipient", bounced(BounceKind.HARD, BOB), IN_THREAD, OTHER_RECIPIENT),
    Row("a hard bounce that names no mail of ours", HARD_BOUNCE, DIRECT, UNCORRELATED),
    Row("a bounce that only its sender joins to the contact", HARD_BOUNCE, FROM_ANN, UNCORRELATED),
    Row("a notice of delay", bounced(BounceKind.DELAYED), IN_THREAD, kept(KeepReason.DELAYED, "bounce.delayed")),
    Row(
        "a refusal because of content or sender",
        bounced(BounceKind.POLICY),
        IN_THREAD,
        kept(KeepReason.POLICY_BOUNCE, "bounce.policy"),
    ),
    Row("a first soft bounce", SOFT_BOUNCE, IN_THREAD, SOFT),
    Row("a second soft bounce", SOFT_BOUNCE, IN_THREAD, SOFT, enrollment=enrollment(soft_bounces=1)),
    Row("a third soft bounce", SOFT_BOUNCE, IN_THREAD, TOO_SOFT, enrollment=enrollment(soft_bounces=2)),
    Row("a later soft bounce", SOFT_BOUNCE, IN_THREAD, TOO_SOFT, enrollment=enrollment(soft_bounces=9)),
    Row("a hard bounce with the reply trigger off", HARD_BOUNCE, IN_THREAD, HARD, enrollment=OFF),
    # Complaints.
    Row("a complaint about our mail", mail(Complained), IN_THREAD, COMPLAINT),
    Row("a complaint with the reply trigger off", mail(Complained), IN_THREAD, COMPLAINT, enrollment=OFF),
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
    Row("a reply that fails authentication", FORGED, BY_ANN, REPLY),
    Row("a reply that reached somebody out of scope", TO_STRANGER, BY_ANN, REPLY),
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
    Row("a mail to a colleague", TO_ELI, FROM_ANN, OFF_SEQUENCE, OUT_OF_SCOPE),
    Row("a mail to a shared mailbox", TO_SHARED, FROM_ANN, OFF_SEQUENCE, OUT_OF_SCOPE),
    Row("a mail to nobody of ours", TO_STRANGER, FROM_ANN, OUT_OF_SCOPE),
    Row("a mail to a stranger and to us", wrote(recipients=(STRANGER, DANA)), FROM_ANN, OFF_SEQUENCE),
    Row("a mail whose recipients nobody knows", wrote(recipients=()), FROM_ANN, OFF_SEQUENCE),
    Row("a mail to a colleague, where the enroller counts", TO_ELI, FROM_ANN, OUT_OF_SCOPE, settings=ENROLLER),
    Row(
        "a mail to the sender alone, where the enroller counts",
        wrote(),
        FROM_ANN,
        OUT_OF_SCOPE,
        enrollment=DELEGATED,
        settings=ENROLLER,
    ),
    Row(
        "a mail to the sender alone, where both count",
        wrote(),
        FROM_ANN,
        OFF_SEQUENCE,
        enrollment=DELEGATED,
        settings=BOTH,
    ),
    Row(
        "a mail to the enroller alone, where both count",
        TO_ELI,
        FROM_ANN,
        OFF_SEQUENCE,
        enrollment=DELEGATED,
        settings=BOTH,
    ),
    Row("a mail to a shared mailbox, where both count", TO_SHARED, FROM_ANN, OUT_OF_SCOPE, settings=BOTH),
    Row("a mail that fails authentication", FORGED, FROM_ANN, UNSURE, OFF_SEQUENCE),
    Row(
        "an alias's mail that fails authentication", FORGED, FROM_PLUS, UNSURE, ended(EndReason.ALIAS, "mail.plus_rule")
    ),
    Row("a mail that passes authentication", wrote(authenticated=True), FROM_ANN, OFF_SEQUENCE),
    Row("a forged mail to nobody of ours", wrote(authenticated=False, recipients=(STRANGER,)), FROM_ANN, OUT_OF_SCOPE),
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
