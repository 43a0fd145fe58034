"""The table of unenrollment by colleagues, and by those of whom only the domain is known."""

from dataclasses import replace
from datetime import timedelta

import pytest

from relent.decide.matching import Connection
from relent.terms.reasons import EndReason, HoldReason, KeepReason
from relent.terms.reviews import ReviewKind
from relent.terms.states import EnrollmentState
from relent.terms.steps import Trigger
from tests.decide.given import (
    BOB,
    BOB_AT_ACME,
    BY_COLLEAGUE,
    ELI,
    ENROLLED_AT,
    HELLO,
    SAME_DOMAIN,
    STRANGER,
    enrollment,
    wrote,
)
from tests.decide.table import Row, ended, held, kept

TICKED = enrollment(same_company=True)
COMPANY = enrollment(reply_trigger=Trigger.COMPANY)
OFF = enrollment(reply_trigger=Trigger.OFF, same_company=True)
OVER = enrollment(state=EnrollmentState.UNENROLLED, ended_for=EndReason.MANUAL)
IN_THIS_SEQUENCE, IN_ANOTHER = (
    Connection(colleague=replace(BOB_AT_ACME, sequence_ids=frozenset({pk}))) for pk in (HELLO, HELLO + 1)
)
BEFORE = ENROLLED_AT - timedelta(seconds=1)
REPLY, NEW_MAIL = wrote(sender=BOB, refers_to=("anything@us.example",)), wrote(sender=BOB)
TO_ELI, TO_STRANGER = (replace(REPLY, recipients=(reached,)) for reached in (ELI, STRANGER))
FORGED = replace(REPLY, authenticated=False)

BY_CHECKBOX = ended(EndReason.ACCOUNT_REPLY, "colleague.checkbox")
BY_TRIGGER = ended(EndReason.ACCOUNT_REPLY, "colleague.company_trigger")
STAYS = kept(KeepReason.TRIGGER_OFF, "colleague.trigger_off")
NOT_AN_ANSWER = kept(KeepReason.NOT_AN_ANSWER, "colleague.new_mail")
OUT_OF_SCOPE = kept(KeepReason.NOT_CONCERNED, "colleague.out_of_scope")
OTHER_SEQUENCE = kept(KeepReason.OTHER_SEQUENCE, "colleague.other_sequence")
DOUBTFUL = kept(KeepReason.DOUBTFUL_COLLEAGUE, "colleague.unauthenticated")
PRIOR = kept(KeepReason.BEFORE_ENROLLMENT, "before_enrollment")

UNKNOWN = wrote(sender="kai@acme.example")
ASKED = held(HoldReason.SAME_DOMAIN, "mail.same_domain", ReviewKind.SAME_DOMAIN)
DOMAIN_STAYS = kept(KeepReason.NOT_CONCERNED, "mail.same_domain.stays")
DOMAIN_ELSEWHERE = kept(KeepReason.NOT_CONCERNED, "mail.same_domain.out_of_scope")

TABLE = [
    # The older checkbox: any reply of a colleague, asked of the receiving enrollment's sequence.
    Row("a colleague answers this sequence, ticked", REPLY, IN_THIS_SEQUENCE, BY_CHECKBOX, enrollment=TICKED),
    Row("a colleague answers another sequence, ticked", REPLY, IN_ANOTHER, BY_CHECKBOX, enrollment=TICKED),
    Row("a colleague answers an ordinary mail, ticked", REPLY, BY_COLLEAGUE, BY_CHECKBOX, enrollment=TICKED),
    Row("a colleague answers, not ticked", REPLY, IN_THIS_SEQUENCE, STAYS),
    Row("a colleague writes anew, ticked", NEW_MAIL, BY_COLLEAGUE, NOT_AN_ANSWER, enrollment=TICKED),
    Row("a colleague answers before the enrollment", replace(REPLY, at=BEFORE), BY_COLLEAGUE, PRIOR, enrollment=TICKED),
    Row("a colleague's answer may be forged", FORGED, IN_THIS_SEQUENCE, DOUBTFUL, enrollment=TICKED),
    Row("a colleague answers, ticked, with the trigger off", REPLY, IN_THIS_SEQUENCE, STAYS, enrollment=OFF),
    # The trigger for the company: those of this sequence leave, and no others.
    Row("a colleague answers this sequence, for the company", REPLY, IN_THIS_SEQUENCE, BY_TRIGGER, enrollment=COMPANY),
    Row("a colleague answers another one, for the company", REPLY, IN_ANOTHER, OTHER_SEQUENCE, enrollment=COMPANY),
    Row("a colleague answers an ordinary mail, for the company", REPLY, BY_COLLEAGUE, BY_TRIGGER, enrollment=COMPANY),
    Row("a colleague writes anew, for the company", NEW_MAIL, BY_COLLEAGUE, NOT_AN_ANSWER, enrollment=COMPANY),
    Row("a colleague's answer may be forged, for the company", FORGED, IN_THIS_SEQUENCE, DOUBTFUL, enrollment=COMPANY),
    # An answer to an ordinary mail must have reached somebody whose mail counts.
    Row("a colleague answers another user's mail", TO_ELI, BY_COLLEAGUE, BY_CHECKBOX, OUT_OF_SCOPE, enrollment=TICKED),
    Row("a colleague answers a mail of nobody of ours", TO_STRANGER, BY_COLLEAGUE, OUT_OF_SCOPE, enrollment=TICKED),
    Row(
        "a colleague answers another user's mail, where the enroller counts",
        TO_ELI,
        BY_COLLEAGUE,
        OUT_OF_SCOPE,
        enrollment=TICKED,
        settings={"you_scope": "enroller"},
    ),
    Row("a colleague answers the sequence to another user", TO_ELI, IN_THIS_SEQUENCE, BY_TRIGGER, enrollment=COMPANY),
    # A domain in common asks, and waits a working day.
    Row("an unknown address of the domain", UNKNOWN, SAME_DOMAIN, ASKED, DOMAIN_STAYS),
    Row("an unknown address of the domain, ticked", UNKNOWN, SAME_DOMAIN, ASKED, DOMAIN_STAYS, enrollment=TICKED),
    *(
        Row(
            f"an unknown address of the domain, which shall {value}",
            UNKNOWN,
            SAME_DOMAIN,
            outcome,
            settings={"same_domain_review": value},
        )
        for value, outcome in (("hold", ASKED), ("stays", DOMAIN_STAYS))
    ),
    Row(
        "an unknown address of the domain writes to somebody else",
        replace(UNKNOWN, recipients=(STRANGER,)),
        SAME_DOMAIN,
        DOMAIN_ELSEWHERE,
    ),
    Row("an unknown address wrote before the enrollment", replace(UNKNOWN, at=BEFORE), SAME_DOMAIN, PRIOR),
    Row(
        "an unknown address of the domain after the end",
        UNKNOWN,
        SAME_DOMAIN,
        (*ASKED[:3], None),
        DOMAIN_STAYS,
        enrollment=OVER,
    ),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.sentence)
def test_the_table(row: Row) -> None:
    assert row.outcomes() == row.expected()
