"""The table of unenrollment by what a person wrote: each beside what must not happen."""

from dataclasses import replace
from datetime import timedelta

import pytest

from relent.decide.matching import Connection, Known
from relent.terms.events import (
    PersonForwarded,
)
from relent.terms.reasons import EndReason, HoldReason, KeepReason
from relent.terms.reviews import ReviewKind
from relent.terms.states import EnrollmentState
from relent.terms.steps import Trigger
from tests.decide.given import (
    BOB,
    BY_ANN,
    DANA,
    ELI,
    ENROLLED_AT,
    FIRST,
    FROM_ANN,
    IN_THREAD,
    SHARED,
    STRANGER,
    enrollment,
    mail,
    wrote,
)
from tests.decide.table import Row, ended, held, kept

OFF = enrollment(reply_trigger=Trigger.OFF)
DELEGATED = enrollment(enroller_addresses=frozenset({ELI}))
BOUNCED_BEFORE, REPLIED_BEFORE, STOPPED_BY_HAND = (
    enrollment(ended_for=reason, state=EnrollmentState.UNENROLLED)
    for reason in (EndReason.BOUNCED, EndReason.REPLY, EndReason.MANUAL)
)
STRANGER_IN_THREAD = replace(IN_THREAD, stranger=True)
IN_THE_OLD_THREAD = Connection(answers=replace(FIRST, inherited=True), sender_known=Known.ENROLLED)
THE_SAME_SECOND, BEFORE = {"at": ENROLLED_AT}, {"at": ENROLLED_AT - timedelta(seconds=1)}

ENROLLER, BOTH = {"you_scope": "enroller"}, {"you_scope": "sender_or_enroller"}

TO_ELI, TO_SHARED, TO_STRANGER = (wrote(recipients=(reached,)) for reached in (ELI, SHARED, STRANGER))
FORGED = wrote(authenticated=False)

REPLY = ended(EndReason.REPLY, "reply.in_thread")
OFF_SEQUENCE = ended(EndReason.OFF_SEQUENCE_MAIL, "mail.enrolled_address")
OUT_OF_SCOPE = kept(KeepReason.NOT_CONCERNED, "mail.out_of_scope")
TRIGGER_OFF = kept(KeepReason.TRIGGER_OFF, "reply.trigger_off")
PRIOR = kept(KeepReason.BEFORE_ENROLLMENT, "before_enrollment")
UNSURE = held(HoldReason.UNSURE_SENDER, "mail.unauthenticated", ReviewKind.UNSURE_SENDER)
THREAD_REPLY = ended(EndReason.THREAD_REPLY, "reply.in_thread.other_address")

ASKED_SHARED = held(HoldReason.SHARED_MAILBOX, "mail.shared_mailbox", ReviewKind.SHARED_MAILBOX)
FORWARDED = held(HoldReason.FORWARDED, "mail.forwarded", ReviewKind.FORWARDED)


TABLE = [
    # What a person wrote in the thread.
    Row("a reply of the contact", wrote(), BY_ANN, REPLY),
    Row("a reply from an alias of the contact", wrote(), replace(IN_THREAD, sender_known=Known.PLUS), REPLY),
    Row(
        "a reply from an unknown address",
        wrote(sender=STRANGER),
        STRANGER_IN_THREAD,
        (*THREAD_REPLY[:3], ReviewKind.NEW_ADDRESS),
    ),
    Row("a reply from another contact's address", wrote(sender=BOB), IN_THREAD, THREAD_REPLY),
    Row(
        "a reply from an unknown address after the end",
        wrote(sender=STRANGER),
        STRANGER_IN_THREAD,
        (*THREAD_REPLY[:3], ReviewKind.NEW_ADDRESS),
        enrollment=STOPPED_BY_HAND,
    ),
    Row(
        "a reply after the bounce", wrote(), BY_ANN, (*REPLY[:3], ReviewKind.BOUNCE_DOUBTED), enrollment=BOUNCED_BEFORE
    ),
    Row(
        "a new mail after the bounce",
        wrote(),
        FROM_ANN,
        (*OFF_SEQUENCE[:3], ReviewKind.BOUNCE_DOUBTED),
        enrollment=BOUNCED_BEFORE,
    ),
    Row(
        "a reply that asks for no more mail",
        wrote(asks_to_stop=True),
        BY_ANN,
        (*REPLY[:3], ReviewKind.ASKED_TO_STOP),
    ),
    Row(
        "a mail after the end that asks for no more mail",
        wrote(asks_to_stop=True),
        FROM_ANN,
        (*OFF_SEQUENCE[:3], ReviewKind.ASKED_TO_STOP),
        enrollment=STOPPED_BY_HAND,
    ),
    Row(
        "a reply that asks for no more mail with the trigger off",
        wrote(asks_to_stop=True),
        BY_ANN,
        (*REPLY[:3], ReviewKind.ASKED_TO_STOP),
        enrollment=OFF,
    ),
    Row(
        "a mail out of scope that asks for no more mail",
        replace(TO_STRANGER, asks_to_stop=True),
        FROM_ANN,
        (*OFF_SEQUENCE[:3], ReviewKind.ASKED_TO_STOP),
    ),
    Row(
        "a mail that asks for no more mail, but fails authentication",
        replace(FORGED, asks_to_stop=True),
        FROM_ANN,
        UNSURE,
        (*OFF_SEQUENCE[:3], ReviewKind.ASKED_TO_STOP),
    ),
    Row(
        "a reply after the bounce that asks for no more mail",
        wrote(asks_to_stop=True),
        BY_ANN,
        (*REPLY[:3], ReviewKind.ASKED_TO_STOP),
        enrollment=BOUNCED_BEFORE,
    ),
    Row("a stranger who asks for no more mail", wrote(sender=BOB, asks_to_stop=True), IN_THREAD, THREAD_REPLY),
    Row("a reply to the enrollment that this one took up again", wrote(), IN_THE_OLD_THREAD, REPLY),
    Row("a reply from before this one took the old one up again", wrote(**BEFORE), IN_THE_OLD_THREAD, PRIOR),
    Row("a reply whose clock is behind the enrollment's", wrote(**BEFORE), BY_ANN, REPLY),
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
    *(
        Row(
            f"a mail from an alias by {known}",
            wrote(),
            Connection(sender_known=known),
            ended(EndReason.ALIAS, f"mail.{known}"),
        )
        for known in Known
        if known is not Known.ENROLLED
    ),
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
    Row("a mail to a shared mailbox, where both count", TO_SHARED, FROM_ANN, ASKED_SHARED, OUT_OF_SCOPE, settings=BOTH),
    Row(
        "a mail to a shared mailbox that shall be held",
        TO_SHARED,
        FROM_ANN,
        ASKED_SHARED,
        settings={**BOTH, "shared_mailbox_mail": "hold"},
    ),
    Row(
        "a mail to a shared mailbox that shall stay",
        TO_SHARED,
        FROM_ANN,
        OUT_OF_SCOPE,
        settings={**BOTH, "shared_mailbox_mail": "stays"},
    ),
    Row(
        "a mail to a shared mailbox with the trigger off",
        TO_SHARED,
        FROM_ANN,
        TRIGGER_OFF,
        enrollment=OFF,
        settings=BOTH,
    ),
    Row(
        "a mail to a shared mailbox after the end",
        TO_SHARED,
        FROM_ANN,
        (*ASKED_SHARED[:3], None),
        OUT_OF_SCOPE,
        enrollment=REPLIED_BEFORE,
        settings=BOTH,
    ),
    Row("a mail that fails authentication", FORGED, FROM_ANN, UNSURE, OFF_SEQUENCE),
    Row(
        "an alias's mail that fails authentication",
        FORGED,
        Connection(sender_known=Known.PLUS),
        UNSURE,
        ended(EndReason.ALIAS, "mail.plus_rule"),
    ),
    Row("a mail that passes authentication", wrote(authenticated=True), FROM_ANN, OFF_SEQUENCE),
    Row("a forged mail to nobody of ours", wrote(authenticated=False, recipients=(STRANGER,)), FROM_ANN, OUT_OF_SCOPE),
    Row(
        "a mail that fails authentication, which counts",
        FORGED,
        FROM_ANN,
        OFF_SEQUENCE,
        settings={"unauthenticated": "counts"},
    ),
    Row(
        "a mail that fails authentication, which is held",
        FORGED,
        FROM_ANN,
        UNSURE,
        settings={"unauthenticated": "hold"},
    ),
    # What a user passes on is evidence at second hand.
    Row(
        "a colleague of ours passes on the contact's mail", mail(PersonForwarded, forwarded_by=ELI), FROM_ANN, FORWARDED
    ),
    Row(
        "a colleague of ours passes on a mail from before",
        mail(PersonForwarded, forwarded_by=ELI, **BEFORE),
        FROM_ANN,
        PRIOR,
    ),
    Row(
        "a mail that is passed on after the end",
        mail(PersonForwarded, forwarded_by=ELI),
        FROM_ANN,
        (*FORWARDED[:3], None),
        enrollment=REPLIED_BEFORE,
    ),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.sentence)
def test_the_table(row: Row) -> None:
    assert row.outcomes() == row.expected()
