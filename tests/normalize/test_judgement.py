from datetime import UTC, date, datetime
from typing import Any

import pytest

from relent.mail import message as mail
from relent.normalize import judgement, labels
from relent.normalize.judgement import Recipient
from relent.terms.events import (
    AutoReplied,
    AutoReplyKind,
    Bounced,
    BounceKind,
    CalendarMailed,
    Complained,
    Event,
    Evidence,
    Failure,
    Invitation,
    ListMailed,
    OwnCopySeen,
    PersonForwarded,
    PersonWrote,
    ReceiptReturned,
    UnsubscribeMailed,
)
from tests.mail.letters import failed, letter, report

KEYS = ["kind", "subkind", "severity", "confidence", "language", "returns_on", "recipients", "evidence"]
AWAY = "I am out of the office and will be back on 1 December.\n"
COMMON: dict[str, Any] = {"at": datetime(2026, 11, 22, tzinfo=UTC), "sender": "ann@acme.example"}


def of(event: type[Event], /, **told: Any) -> judgement.Judgement:
    return judgement.of(event(**COMMON, **told), mail.parse(letter()))  # type: ignore[arg-type]


def bounced(kind: BounceKind, **told: Any) -> judgement.Judgement:
    return of(Bounced, kind=kind, failed_recipient="bob@acme.example", **told)


def answered(kind: AutoReplyKind, **told: Any) -> judgement.Judgement:
    return of(AutoReplied, kind=kind, dialect="rfc3834", **told)


@pytest.mark.parametrize(
    ("judged", "kind", "subkind"),
    [
        (of(OwnCopySeen, message_id="1@us.example"), "own", ""),
        (bounced(BounceKind.HARD), "bounce", "hard"),
        (of(ReceiptReturned, disposition="deleted"), "receipt", "deleted"),
        (of(Complained), "complaint", ""),
        (of(CalendarMailed, method="CANCEL"), "calendar", "cancel"),
        (of(UnsubscribeMailed, token="1:x"), "unsubscribe", "token"),
        (of(PersonWrote, asks_to_stop=True), "unsubscribe", "words"),
        (answered(AutoReplyKind.CHALLENGE), "auto_reply", "challenge"),
        (of(ListMailed), "list", ""),
        (of(PersonWrote), "reply", ""),
        (of(PersonWrote, reaction=True), "reply", "reaction"),
        (of(PersonForwarded, forwarded_by="dana@us.example"), "reply", "forwarded"),
    ],
)
def test_what_happened_says_what_the_mail_is(judged: judgement.Judgement, kind: str, subkind: str) -> None:
    assert (judged.kind, judged.subkind) == (kind, subkind)


@pytest.mark.parametrize(
    ("kind", "severity"),
    [
        (BounceKind.HARD, "hard"),
        (BounceKind.SOFT, "soft"),
        (BounceKind.DELAYED, "delayed"),
        (BounceKind.POLICY, "soft"),
    ],
)
def test_only_a_bounce_is_severe_and_policy_says_nothing_of_the_address(kind: BounceKind, severity: str) -> None:
    assert bounced(kind).severity == severity


def test_everybody_a_report_names_is_told_with_what_became_of_the_mail() -> None:
    failures = (
        Failure(address="bob@acme.example", kind=BounceKind.HARD, status="5.1.1"),
        Failure(address="eve@acme.example", kind=BounceKind.DELAYED, status="4.4.1"),
    )
    assert bounced(BounceKind.HARD, failures=failures).recipients == (
        Recipient("bob@acme.example", "failed", "5.1.1"),
        Recipient("eve@acme.example", "delayed", "4.4.1"),
    )


def test_a_report_without_a_list_names_the_one_it_is_about() -> None:
    assert bounced(BounceKind.SOFT, status="4.2.2").recipients == (Recipient("bob@acme.example", "failed", "4.2.2"),)


def test_an_answer_to_an_invitation_says_who_answered_what() -> None:
    invitation = Invitation(uid="1", attendees=("ann@acme.example",), answer="DECLINED")
    judged = of(CalendarMailed, method="REPLY", invitation=invitation)
    assert judged.recipients == (Recipient("ann@acme.example", "declined"),)


def test_the_person_named_instead_is_among_the_evidence() -> None:
    judged = answered(AutoReplyKind.LEFT_COMPANY, replacement="bob@acme.example")
    assert judged.replacement == "bob@acme.example"
    assert Evidence("replacement", "bob@acme.example") in judged.evidence


def test_the_keys_are_the_ones_that_are_promised() -> None:
    assert list(of(ListMailed).as_json()) == KEYS


def test_evidence_in_the_text_says_where_it_stands_and_other_evidence_does_not() -> None:
    seen = (Evidence("header", "Auto-Submitted: auto-replied"), Evidence("text", "out of office", (5, 18)))
    told = answered(AutoReplyKind.OUT_OF_OFFICE, evidence=seen).as_json()["evidence"]
    assert told == [
        {"kind": "header", "seen": "Auto-Submitted: auto-replied", "start": None, "end": None},
        {"kind": "text", "seen": "out of office", "start": 5, "end": 18},
    ]


def test_a_day_of_return_is_told_as_iso_8601_and_no_day_as_nothing() -> None:
    back = answered(AutoReplyKind.OUT_OF_OFFICE, returns_on=date(2026, 12, 1))
    assert back.as_json()["returns_on"] == "2026-12-01"
    assert of(ListMailed).as_json()["returns_on"] is None


def test_a_report_is_judged_from_its_bytes() -> None:
    judged = judgement.judge(report(failed("5.1.1")))
    assert (judged.kind, judged.severity) == ("bounce", "hard")
    assert judged.recipients == (Recipient("ann@acme.example", "failed", "5.1.1"),)


def test_a_day_of_return_counts_from_when_the_mail_says_it_arrived() -> None:
    raw = letter(AWAY, Auto_Submitted="auto-replied", Date="Sun, 22 Nov 2026 09:00:00 +0000")
    assert judgement.judge(raw, at=datetime(2020, 1, 1, tzinfo=UTC)).returns_on == date(2026, 12, 1)


def test_a_mail_that_says_no_time_arrived_when_others_say() -> None:
    raw = letter(AWAY, Auto_Submitted="auto-replied", Date="")
    assert judgement.judge(raw, at=datetime(2020, 11, 20, tzinfo=UTC)).returns_on == date(2020, 12, 1)


@pytest.mark.parametrize(
    "raw", [b"", b"\x00\xff" * 50, b"Subject\n\n", b"From: \n\n\n", b"Content-Type: multipart/mixed\n\n--"]
)
def test_whatever_the_bytes_there_is_a_judgement(raw: bytes) -> None:
    assert judgement.judge(raw).kind == "reply"


@pytest.mark.parametrize(
    ("judged", "label", "right"),
    [
        (bounced(BounceKind.HARD), "bounce", True),
        (bounced(BounceKind.HARD), "bounce_soft", False),
        (bounced(BounceKind.POLICY), "bounce_soft", True),
        (bounced(BounceKind.POLICY), "bounce_policy", True),
        (bounced(BounceKind.SOFT), "bounce_policy", False),
        (answered(AutoReplyKind.OUT_OF_OFFICE), "ooo", True),
        (answered(AutoReplyKind.OUT_OF_OFFICE), "auto_reply", True),
        (answered(AutoReplyKind.OUT_OF_OFFICE), "auto_other", False),
        (answered(AutoReplyKind.CHALLENGE), "auto_other", True),
        (of(Complained), "auto_other", True),
        (of(PersonWrote), "auto_other", False),
        (of(PersonWrote), "human", True),
        (of(PersonWrote, asks_to_stop=True), "reply", True),
        (of(PersonWrote, asks_to_stop=True), "unsubscribe", True),
        (of(ListMailed), "other", True),
        (of(ListMailed), "reply", False),
        (bounced(BounceKind.SOFT), "other", False),
    ],
)
def test_a_label_may_be_coarse_or_fine(judged: judgement.Judgement, label: str, right: bool) -> None:
    assert (labels.name(judged) in labels.SATISFIED_BY[label]) is right


def test_the_name_of_every_judgement_is_a_label() -> None:
    every = [bounced(kind) for kind in BounceKind] + [answered(kind) for kind in AutoReplyKind]
    assert [labels.name(one) for one in every if labels.name(one) not in labels.SATISFIED_BY] == []
