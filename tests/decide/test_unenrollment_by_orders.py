"""The table of unenrollment by orders, by what happens to the records, and by mails that cannot be sent."""

import pytest

from relent.decide.matching import DIRECT
from relent.terms.events import (
    ContactDeleted,
    ContactMerged,
    CreatorRemoved,
    EnrollerRemoved,
    SequenceDeleted,
    UnenrolledByWorkflow,
)
from relent.terms.reasons import EndReason, HoldReason, KeepReason, Refusal
from relent.terms.reviews import ReviewKind
from relent.terms.states import EnrollmentState
from relent.terms.steps import Trigger
from tests.decide.given import LATER, by_hand, enrollment, send_failed, unsubscribed
from tests.decide.table import Row, ended, held, kept

ONE = {"at": LATER, "enrollment_id": 1}
OFF = enrollment(reply_trigger=Trigger.OFF, meeting_trigger=Trigger.OFF)
OVER = enrollment(state=EnrollmentState.UNENROLLED, ended_for=EndReason.REPLY)

ELSEWHERE = ended(EndReason.UNSUBSCRIBED, "unsubscribe.elsewhere")
REFUSED_LATER = kept(KeepReason.UNSUBSCRIBED_ELSEWHERE, "unsubscribe.elsewhere.refused_at_send")
NO_OWNER = held(HoldReason.CREATOR_REMOVED, "creator_removed.hold")
OWNER_REMOVED = ended(EndReason.CREATOR_REMOVED, "creator_removed")
ASKS_ABOUT_MERGE = ended(EndReason.MERGED, "contact_merged", ReviewKind.MERGED)

TABLE = [
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
    *(
        Row(f"unenrolled on the {surface}", by_hand(surface), DIRECT, ended(EndReason.MANUAL, f"manual.{surface}"))
        for surface in ("scheduled", "gmail", "outlook", "api")
    ),
    Row("unsubscribed elsewhere", unsubscribed("elsewhere"), DIRECT, ELSEWHERE, REFUSED_LATER),
    *(
        Row(
            f"unsubscribed elsewhere, where that {value}",
            unsubscribed("elsewhere"),
            DIRECT,
            outcome,
            settings={"unsubscribed_elsewhere": value},
        )
        for value, outcome in (("unenrolls", ELSEWHERE), ("refused_at_send", REFUSED_LATER))
    ),
    # Workflows, which the triggers of the sequence do not bind.
    Row(
        "a workflow unenrolls",
        UnenrolledByWorkflow(**ONE, workflow_id=1),
        DIRECT,
        ended(EndReason.WORKFLOW, "workflow"),
        enrollment=OFF,
    ),
    Row(
        "a trigger of the sequence's own unenrolls",
        UnenrolledByWorkflow(**ONE, workflow_id=1, embedded=True),
        DIRECT,
        ended(EndReason.AUTOMATION_TRIGGER, "workflow.embedded"),
    ),
    # What happens to the records.
    Row(
        "the sequence is deleted",
        SequenceDeleted(**ONE),
        DIRECT,
        ended(EndReason.SEQUENCE_DELETED, "sequence_deleted"),
        enrollment=OFF,
    ),
    Row("the owner is removed", CreatorRemoved(**ONE), DIRECT, NO_OWNER, OWNER_REMOVED),
    *(
        Row(
            f"the owner is removed, which {value}",
            CreatorRemoved(**ONE),
            DIRECT,
            outcome,
            settings={"creator_removed": value},
        )
        for value, outcome in (("hold", NO_OWNER), ("unenrolls", OWNER_REMOVED))
    ),
    Row(
        "the enroller is removed",
        EnrollerRemoved(**ONE),
        DIRECT,
        held(HoldReason.ENROLLER_REMOVED, "enroller_removed.hold"),
    ),
    Row(
        "nobody took over from the enroller in time",
        EnrollerRemoved(**ONE, waited=True),
        DIRECT,
        ended(EndReason.ENROLLER_REMOVED, "enroller_removed.nobody_took_over"),
    ),
    Row(
        "the contact is deleted",
        ContactDeleted(**ONE),
        DIRECT,
        ended(EndReason.CONTACT_DELETED, "contact_deleted"),
        enrollment=OFF,
    ),
    Row("the contact is merged", ContactMerged(**ONE), DIRECT, ended(EndReason.MERGED, "contact_merged")),
    Row("the contact is merged out of another sequence", ContactMerged(**ONE, ask=True), DIRECT, ASKS_ABOUT_MERGE),
    Row(
        "the merge is asked about though the enrollment is over",
        ContactMerged(**ONE, ask=True),
        DIRECT,
        ASKS_ABOUT_MERGE,
        enrollment=OVER,
    ),
    # A mail that could not be sent.
    Row(
        "the server refuses our mails",
        send_failed(Refusal.REJECTED, ours=True),
        DIRECT,
        held(HoldReason.SENDER_REFUSED, "send.refused_for_our_sake"),
    ),
    Row(
        "a mailbox could not be read when a mail was due",
        send_failed(Refusal.MAILBOX_DOWN),
        DIRECT,
        ended(EndReason.ERROR, "send.mailbox_down"),
    ),
    *(
        Row(
            f"the address turns out to be opted out, where that {value}",
            send_failed(Refusal.UNSUBSCRIBED),
            DIRECT,
            outcome,
            settings={"unsubscribed_elsewhere": value},
        )
        for value, outcome in (
            ("unenrolls", ended(EndReason.UNSUBSCRIBED, "send.suppressed")),
            ("refused_at_send", ended(EndReason.ERROR, "send.unsubscribed")),
        )
    ),
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


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.sentence)
def test_the_table(row: Row) -> None:
    assert row.outcomes() == row.expected()
