from dataclasses import replace
from typing import Any

import pytest

from relent.decide import matching
from relent.decide.matching import Known
from relent.terms.events import Evidence
from tests.decide.given import ANN, BOB, DANA, ELI, FIRST, SECOND, STRANGER, enrollment, wrote


def known(sender: str, **facts: Any) -> Known | None:
    connection = matching.connect(wrote(sender=sender), enrollment(**facts))
    return connection.sender_known if connection else None


@pytest.mark.parametrize(
    ("sender", "enrolled", "how"),
    [
        (ANN, ANN, Known.ENROLLED),
        ("ANN@Acme.Example", ANN, Known.ENROLLED),
        (ANN, "ann+news@acme.example", Known.PLUS),
        ("ann+news@acme.example", ANN, Known.PLUS),
        ("ann+a@acme.example", "ann+b@acme.example", Known.PLUS),
        ("a.n.n@gmail.com", "ann@gmail.com", Known.DOTS),
        ("ann@googlemail.com", "a.nn+news@gmail.com", Known.DOTS),
        ("a.nn@acme.example", ANN, None),
        ("+1555@acme.example", "+1666@acme.example", None),
        (BOB, ANN, None),
        (STRANGER, ANN, None),
        ("ann@mail.acme.example", ANN, None),
        ("", ANN, None),
    ],
)
def test_a_sender_is_the_contact_by_a_rule_or_not_at_all(sender: str, enrolled: str, how: Known | None) -> None:
    assert known(sender, address=enrolled) is how


def test_a_further_address_of_the_contact_is_the_contacts() -> None:
    assert known("ann@home.example", other_addresses=frozenset({"ann@home.example"})) is Known.SECONDARY


def test_an_alias_of_a_further_address_is_the_contacts() -> None:
    assert known("ann+shop@home.example", other_addresses=frozenset({"ann@home.example"})) is Known.PLUS


def test_a_further_address_itself_is_surer_than_an_alias_of_the_enrolled_one() -> None:
    facts = {"address": "ann+news@acme.example", "other_addresses": frozenset({ANN})}
    assert known(ANN, **facts) is Known.SECONDARY


def test_an_alias_of_two_addresses_is_known_by_the_enrolled_one() -> None:
    event, further = wrote(sender="ann+home@acme.example"), frozenset({"ann+news@acme.example"})
    connection = matching.connect(event, enrollment(other_addresses=further))
    assert connection is not None
    assert connection.evidence[0].seen == "ann+home@acme.example = ann@acme.example"


def test_a_mail_that_names_ours_is_connected_whoever_sent_it() -> None:
    connection = matching.connect(wrote(sender=STRANGER, refers_to=("two@us.example",)), enrollment())
    assert connection is not None
    assert (connection.answers, connection.sender_known) == (SECOND, None)


def test_the_mail_directly_answered_is_credited_and_not_the_oldest_of_its_thread() -> None:
    connection = matching.connect(wrote(refers_to=("two@us.example", "one@us.example")), enrollment())
    assert connection is not None
    assert connection.answers is SECOND


def test_an_older_reference_is_credited_where_the_nearest_one_is_not_ours() -> None:
    connection = matching.connect(wrote(refers_to=("theirs@acme.example", "one@us.example")), enrollment())
    assert connection is not None
    assert connection.answers is FIRST


def test_every_message_id_of_a_mail_is_its_own() -> None:
    renamed = replace(FIRST, message_ids=frozenset({"ours@x.example", "theirs@y.example"}))
    connection = matching.connect(wrote(sender=STRANGER, refers_to=("theirs@y.example",)), enrollment(sent=(renamed,)))
    assert connection is not None
    assert connection.answers is renamed


def test_a_stranger_who_names_nothing_of_ours_is_not_connected() -> None:
    assert matching.connect(wrote(sender=STRANGER, refers_to=("theirs@acme.example",)), enrollment()) is None


def test_a_domain_in_common_connects_nobody() -> None:
    assert matching.connect(wrote(sender=BOB), enrollment()) is None


def test_a_connection_says_what_it_rests_on() -> None:
    event = wrote(sender="ann+home@acme.example", refers_to=("one@us.example",))
    connection = matching.connect(event, enrollment())
    assert connection is not None
    assert connection.evidence == (
        Evidence("names_ours", "step 1: <one@us.example>"),
        Evidence("plus_rule", "ann+home@acme.example = ann@acme.example"),
    )


def test_a_mail_reached_whom_it_names_among_its_recipients() -> None:
    event = wrote(recipients=(STRANGER, DANA))
    assert matching.reached_somebody(event, frozenset({DANA}))
    assert not matching.reached_somebody(event, frozenset({ELI}))


@pytest.mark.parametrize("failed", [ANN, "ANN@acme.example", "ann+x@acme.example", ""])
def test_a_report_about_the_recipient_an_alias_or_nobody_named_is_about_our_mail(failed: str) -> None:
    assert matching.is_for(failed, FIRST)


def test_a_report_about_somebody_else_is_not_about_our_mail() -> None:
    assert not matching.is_for(BOB, FIRST)
