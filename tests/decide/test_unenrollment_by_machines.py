"""The table of unenrollment by what no person wrote: each beside what must not happen."""

from dataclasses import replace
from datetime import timedelta

import pytest

from relent.decide.matching import DIRECT
from relent.terms.events import (
    AutoReplyKind,
    BounceKind,
    CalendarMailed,
    Complained,
    ListMailed,
    OwnCopySeen,
    ReceiptReturned,
)
from relent.terms.reasons import EndReason, HoldReason, KeepReason, PauseReason
from relent.terms.reviews import ReviewKind
from relent.terms.states import EnrollmentState
from relent.terms.steps import Trigger
from tests.decide.given import (
    ANN,
    BOB,
    BY_ANN,
    DANA,
    ENROLLED_AT,
    FROM_ANN,
    IN_THREAD,
    auto_replied,
    bounced,
    enrollment,
    mail,
)
from tests.decide.table import Row, ended, held, kept, paused

OFF = enrollment(reply_trigger=Trigger.OFF)
BOUNCED_BEFORE, REPLIED_BEFORE, STOPPED_BY_HAND = (
    enrollment(ended_for=reason, state=EnrollmentState.UNENROLLED)
    for reason in (EndReason.BOUNCED, EndReason.REPLY, EndReason.MANUAL)
)
THE_SAME_SECOND, BEFORE = {"at": ENROLLED_AT}, {"at": ENROLLED_AT - timedelta(seconds=1)}


HARD_BOUNCE, SOFT_BOUNCE = bounced(BounceKind.HARD), bounced(BounceKind.SOFT)

REPLY = ended(EndReason.REPLY, "reply.in_thread")
OFF_SEQUENCE = ended(EndReason.OFF_SEQUENCE_MAIL, "mail.enrolled_address")
TRIGGER_OFF = kept(KeepReason.TRIGGER_OFF, "reply.trigger_off")
PRIOR = kept(KeepReason.BEFORE_ENROLLMENT, "before_enrollment")
HARD = ended(EndReason.BOUNCED, "bounce.hard")
SOFT = kept(KeepReason.SOFT_BOUNCE, "bounce.soft")
TOO_SOFT = held(HoldReason.SOFT_BOUNCES, "bounce.soft.repeated", ReviewKind.SOFT_BOUNCES)
UNCORRELATED = kept(KeepReason.UNCORRELATED_BOUNCE, "bounce.uncorrelated")
AWAY = paused(PauseReason.OUT_OF_OFFICE, "auto_reply.out_of_office.pause")
STAYS = kept(KeepReason.AUTOMATIC_REPLY, "auto_reply.out_of_office.stays")
COMPLAINT = ended(EndReason.SPAM_COMPLAINT, "complaint")
OTHER_RECIPIENT = kept(KeepReason.OTHER_RECIPIENT, "bounce.other_recipient")
OTHER = kept(KeepReason.AUTOMATIC_REPLY, "auto_reply.other.stays")
OWN_COPY = kept(KeepReason.OWN_COPY, "own_copy")
LEFT = ended(EndReason.LEFT_COMPANY, "auto_reply.left_company")
LEFT_STAYS = kept(KeepReason.LEFT_COMPANY_STAYS, "auto_reply.left_company.stays")
SENDER_WROTE = kept(KeepReason.SENDER_WROTE, "sender_follow_up.stays")
CALENDAR = kept(KeepReason.CALENDAR_MAIL, "calendar_mail")
FOLLOW_UP = paused(PauseReason.SENDER_FOLLOW_UP, "sender_follow_up.pause", ReviewKind.SENDER_FOLLOW_UP)
ASKED_WHEN = (*AWAY[:3], ReviewKind.RETURN_DATE)


BY_HAND = mail(OwnCopySeen, message_id="x@us.example", sender=DANA, recipients=(ANN,), by_hand=True)
GMAIL_IN_OUTLOOK = auto_replied(read_at_provider="microsoft")
GONE = auto_replied(kind=AutoReplyKind.LEFT_COMPANY)
MOVED_TO_BOB = auto_replied(kind=AutoReplyKind.ADDRESS_CHANGED, replacement=BOB)
MOVED = kept(KeepReason.AUTOMATIC_REPLY, "auto_reply.address_changed.stays")
GONE_NAMING_BOB = replace(GONE, replacement=BOB)
INVITED = mail(CalendarMailed, method="REQUEST", recipients=(DANA,))

TABLE = [
    # Mail that nobody wrote ends nothing, in the thread or not.
    Row("a note that names a new address", MOVED_TO_BOB, BY_ANN, (*MOVED[:3], ReviewKind.ADDRESS_CHANGED)),
    Row("a stranger's note that names a new address", MOVED_TO_BOB, IN_THREAD, MOVED),
    Row(
        "our own copy in the thread",
        mail(OwnCopySeen, message_id="x@us.example", sender=DANA),
        IN_THREAD,
        OWN_COPY,
    ),
    # What the rep writes in the thread by hand.
    Row("the rep writes in the thread by hand", BY_HAND, IN_THREAD, FOLLOW_UP, SENDER_WROTE),
    Row(
        "the rep writes by hand, which shall stay",
        BY_HAND,
        IN_THREAD,
        SENDER_WROTE,
        settings={"sender_follow_up": "stays"},
    ),
    Row(
        "the rep writes by hand, which shall pause",
        BY_HAND,
        IN_THREAD,
        FOLLOW_UP,
        settings={"sender_follow_up": "pause"},
    ),
    Row("the rep writes by hand outside the thread", BY_HAND, DIRECT, OWN_COPY),
    Row("the rep writes to somebody else in the thread", replace(BY_HAND, recipients=(BOB,)), IN_THREAD, OWN_COPY),
    Row(
        "the rep writes the mail of a task by hand",
        BY_HAND,
        IN_THREAD,
        kept(KeepReason.OWN_COPY, "own_copy.mail_task"),
        enrollment=enrollment(mail_task_open=True),
    ),
    Row(
        "the rep wrote by hand after the end",
        BY_HAND,
        IN_THREAD,
        (*FOLLOW_UP[:3], None),
        SENDER_WROTE,
        enrollment=REPLIED_BEFORE,
    ),
    Row("a receipt for our mail", mail(ReceiptReturned), BY_ANN, kept(KeepReason.RECEIPT, "receipt")),
    *(
        Row(f"calendar mail in the thread, {method}", mail(CalendarMailed, method=method), BY_ANN, CALENDAR)
        for method in ("REPLY", "CANCEL", "PUBLISH")
    ),
    # An invitation is a calendar's mail, and the contact's own act.
    Row("the contact sends an invitation", INVITED, FROM_ANN, OFF_SEQUENCE),
    Row("the contact answers with an invitation", INVITED, BY_ANN, REPLY),
    Row("the contact proposes another time", replace(INVITED, method="COUNTER"), FROM_ANN, OFF_SEQUENCE),
    Row("the contact invites with the trigger off", INVITED, FROM_ANN, TRIGGER_OFF, enrollment=OFF),
    Row("the contact had invited before the enrollment", replace(INVITED, **BEFORE), FROM_ANN, CALENDAR),
    Row("somebody else sends an invitation", INVITED, DIRECT, CALENDAR),
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
        held(HoldReason.SENDER_REFUSED, "bounce.policy"),
    ),
    Row("a first soft bounce", SOFT_BOUNCE, IN_THREAD, SOFT),
    Row("a second soft bounce", SOFT_BOUNCE, IN_THREAD, SOFT, enrollment=enrollment(soft_bounces=1)),
    Row("a third soft bounce", SOFT_BOUNCE, IN_THREAD, TOO_SOFT, enrollment=enrollment(soft_bounces=2)),
    Row("a later soft bounce", SOFT_BOUNCE, IN_THREAD, TOO_SOFT, enrollment=enrollment(soft_bounces=9)),
    Row("a hard bounce with the reply trigger off", HARD_BOUNCE, IN_THREAD, HARD, enrollment=OFF),
    Row(
        "a hard bounce after a reply",
        HARD_BOUNCE,
        IN_THREAD,
        ended(EndReason.BOUNCED, "bounce.hard.after_a_reply", ReviewKind.BOUNCE_DOUBTED),
        enrollment=REPLIED_BEFORE,
    ),
    Row("a hard bounce after an unenrollment by hand", HARD_BOUNCE, IN_THREAD, HARD, enrollment=STOPPED_BY_HAND),
    Row(
        "soft bounces after the end ask nothing",
        SOFT_BOUNCE,
        IN_THREAD,
        (*TOO_SOFT[:3], None),
        enrollment=replace(REPLIED_BEFORE, soft_bounces=2),
    ),
    # Complaints.
    Row("a complaint about our mail", mail(Complained), IN_THREAD, COMPLAINT),
    Row("a complaint with the reply trigger off", mail(Complained), IN_THREAD, COMPLAINT, enrollment=OFF),
    Row(
        "a complaint that names no mail of ours",
        mail(Complained),
        DIRECT,
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
    Row("an out-of-office note in the second of the enrollment", auto_replied(**THE_SAME_SECOND), FROM_ANN, PRIOR),
    Row("a doubtful day of return", auto_replied(doubtful_return=True), BY_ANN, ASKED_WHEN, STAYS),
    Row(
        "a doubtful day of return after the end",
        auto_replied(doubtful_return=True),
        BY_ANN,
        AWAY,
        STAYS,
        enrollment=REPLIED_BEFORE,
    ),
    Row("Gmail's note in a Gmail inbox", auto_replied(read_at_provider="gmail"), BY_ANN, AWAY, STAYS),
    Row(
        "Exchange's note in a Gmail inbox",
        auto_replied(dialect="exchange", read_at_provider="gmail"),
        BY_ANN,
        AWAY,
        STAYS,
    ),
    Row(
        "Exchange's note in an Outlook inbox",
        auto_replied(dialect="exchange", read_at_provider="microsoft"),
        BY_ANN,
        AWAY,
        STAYS,
    ),
    Row("Gmail's note in an Outlook inbox", GMAIL_IN_OUTLOOK, BY_ANN, AWAY, REPLY),
    Row("Gmail's note in an Outlook inbox, outside the thread", GMAIL_IN_OUTLOOK, FROM_ANN, AWAY, OFF_SEQUENCE),
    Row(
        "Gmail's note in an Outlook inbox, which shall unenroll",
        GMAIL_IN_OUTLOOK,
        BY_ANN,
        REPLY,
        settings={"gmail_ooo_in_outlook": "unenrolls"},
    ),
    Row(
        "Gmail's note in an Outlook inbox, known as one",
        GMAIL_IN_OUTLOOK,
        BY_ANN,
        AWAY,
        STAYS,
        settings={"gmail_ooo_in_outlook": "as_ooo"},
    ),
    Row(
        "Gmail's note in an Outlook inbox, with the trigger off",
        GMAIL_IN_OUTLOOK,
        BY_ANN,
        AWAY,
        TRIGGER_OFF,
        enrollment=OFF,
    ),
    Row(
        "Gmail's note in an Outlook inbox, before the enrollment", replace(GMAIL_IN_OUTLOOK, **BEFORE), FROM_ANN, PRIOR
    ),
    Row("a note that the contact has left", GONE, BY_ANN, LEFT, LEFT_STAYS),
    Row("a note that the contact has left, with the trigger off", GONE, BY_ANN, LEFT, LEFT_STAYS, enrollment=OFF),
    Row(
        "a note that the contact has left and who follows",
        GONE_NAMING_BOB,
        FROM_ANN,
        (*LEFT[:3], ReviewKind.REPLACEMENT),
        LEFT_STAYS,
    ),
    Row(
        "who follows is still asked after the end",
        GONE_NAMING_BOB,
        FROM_ANN,
        (*LEFT[:3], ReviewKind.REPLACEMENT),
        LEFT_STAYS,
        enrollment=STOPPED_BY_HAND,
    ),
    Row(
        "a note that the contact has left, which shall stay",
        GONE,
        BY_ANN,
        LEFT_STAYS,
        settings={"left_company": "stays"},
    ),
    Row(
        "a note that somebody unknown has left",
        GONE,
        IN_THREAD,
        kept(KeepReason.AUTOMATIC_REPLY, "auto_reply.left_company.stays"),
    ),
    Row(
        "a filter asks for a person",
        auto_replied(kind=AutoReplyKind.CHALLENGE),
        BY_ANN,
        kept(KeepReason.CHALLENGE, "auto_reply.challenge"),
    ),
    Row("any other automatic reply", auto_replied(kind=AutoReplyKind.OTHER), BY_ANN, OTHER),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.sentence)
def test_the_table(row: Row) -> None:
    assert row.outcomes() == row.expected()
