from dataclasses import replace
from typing import Any

import pytest

from relent.decide import matching, policy
from relent.decide.facts import ActorFacts, Workplaces
from relent.decide.matching import Connection, Known
from relent.terms.events import AnyMailEvent, Complained, Evidence, ListMailed, MeetingBooked, ReceiptReturned
from tests.decide.given import (
    ACME,
    ANN,
    AT_ACME,
    BOB,
    BOB_AT_ACME,
    DANA,
    ELI,
    FIRST,
    NOBODY,
    SECOND,
    STRANGER,
    enrollment,
    mail,
    meeting,
    wrote,
)

BOTH_COMPANIES = Workplaces(primary=frozenset({2}), every=frozenset({ACME, 2}))


def connected(
    event: AnyMailEvent, actor: ActorFacts = NOBODY, settings: dict[str, Any] | None = None, **facts: Any
) -> Connection | None:
    return matching.connect(event, enrollment(**facts), actor, policy.of(policy.SAFE, settings or {}))


def joined(event: AnyMailEvent, actor: ActorFacts = NOBODY, **facts: Any) -> Connection:
    """The connection of what must be connected."""
    connection = connected(event, actor, **facts)
    assert connection is not None
    return connection


def met(event: MeetingBooked, actor: ActorFacts = NOBODY, **facts: Any) -> Connection:
    return matching.connect_meeting(event, enrollment(**facts), actor, policy.of(policy.SAFE, {}))


def known(sender: str, **facts: Any) -> Known | None:
    connection = connected(wrote(sender=sender), **facts)
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
        ("a.nn@googlemail.com.example", "ann@googlemail.com.example", None),
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


def test_a_former_address_of_the_contact_is_the_contacts_and_said_to_be_former() -> None:
    assert known("ann@old.example", former_addresses=frozenset({"ann@old.example"})) is Known.FORMER


def test_an_assistant_who_writes_for_the_contact_is_known_by_the_field_that_says_so() -> None:
    connection = joined(wrote(sender="desk@acme.example", sent_for=ANN))
    assert connection.sender_known is Known.SENT_FOR
    assert connection.evidence[0].seen == "desk@acme.example for ann@acme.example"


def test_one_who_writes_for_somebody_else_is_not_the_contact() -> None:
    assert connected(wrote(sender=STRANGER, sent_for="kai@elsewhere.example")) is None


def test_an_alias_of_two_addresses_is_known_by_the_enrolled_one() -> None:
    event, further = wrote(sender="ann+home@acme.example"), frozenset({"ann+news@acme.example"})
    connection = joined(event, other_addresses=further)
    assert connection.evidence[0].seen == "ann+home@acme.example = ann@acme.example"


def test_a_mail_that_names_ours_is_connected_whoever_sent_it() -> None:
    connection = joined(wrote(sender=STRANGER, refers_to=("two@us.example",)))
    assert (connection.answers, connection.sender_known) == (SECOND, None)


def test_the_mail_directly_answered_is_credited_and_not_the_oldest_of_its_thread() -> None:
    assert joined(wrote(refers_to=("two@us.example", "one@us.example"))).answers is SECOND


def test_an_older_reference_is_credited_where_the_nearest_one_is_not_ours() -> None:
    assert joined(wrote(refers_to=("theirs@acme.example", "one@us.example"))).answers is FIRST


def test_every_message_id_of_a_mail_is_its_own() -> None:
    renamed = replace(FIRST, message_ids=frozenset({"ours@x.example", "theirs@y.example"}))
    assert joined(wrote(sender=STRANGER, refers_to=("theirs@y.example",)), sent=(renamed,)).answers is renamed


def test_a_mail_in_the_providers_conversation_answers_the_latest_of_ours_in_it() -> None:
    sent = (replace(FIRST, thread="t1"), replace(SECOND, thread="t1"))
    connection = joined(wrote(sender=STRANGER, thread="t1"), sent=sent)
    assert connection.answers is sent[1]
    assert connection.evidence[0] == Evidence("thread", "step 2: t1")


def test_a_name_of_our_mail_is_surer_than_the_providers_conversation() -> None:
    sent = (replace(FIRST, thread="t1"), replace(SECOND, thread="t2"))
    assert joined(wrote(thread="t2", refers_to=("one@us.example",)), sent=sent).answers is sent[0]


def test_no_conversation_at_all_is_not_the_same_conversation() -> None:
    assert connected(wrote(sender=STRANGER, thread="")) is None
    assert connected(wrote(sender=STRANGER, thread="t9")) is None


def test_a_stranger_who_names_nothing_of_ours_is_not_connected() -> None:
    assert connected(wrote(sender=STRANGER, refers_to=("theirs@acme.example",))) is None


def test_only_an_unknown_address_in_the_thread_is_a_strangers() -> None:
    answering = {"refers_to": ("one@us.example",)}
    assert joined(wrote(sender=STRANGER, **answering)).stranger
    assert not joined(wrote(**answering)).stranger
    assert not joined(wrote(sender=BOB, **answering), BOB_AT_ACME).stranger


def test_a_domain_in_common_only_asks() -> None:
    connection = joined(wrote(sender=BOB))
    assert connection.same_domain
    assert not connection.is_the_contacts
    assert connection.evidence == (Evidence("same_domain", "acme.example"),)


def test_a_free_mail_domain_in_common_says_nothing() -> None:
    assert connected(wrote(sender="bob@gmail.com"), address="ann@gmail.com") is None


def test_a_domain_in_common_says_nothing_of_whoever_is_a_contact() -> None:
    elsewhere = replace(BOB_AT_ACME, workplaces=Workplaces())
    assert connected(wrote(sender=BOB), elsewhere) is None


@pytest.mark.parametrize("kind", [ListMailed, ReceiptReturned])
def test_what_no_person_wrote_concerns_neither_colleagues_nor_a_domain(kind: type[Any]) -> None:
    assert connected(mail(kind, sender=BOB), BOB_AT_ACME, workplaces=AT_ACME) is None
    assert connected(mail(kind, sender=BOB)) is None


def test_whoever_sends_a_report_of_abuse_is_not_the_one_who_complained() -> None:
    assert not joined(mail(Complained)).is_the_contacts
    assert joined(mail(Complained, sender=STRANGER, refers_to=("one@us.example",))).answers is FIRST


# Colleagues.


def test_a_contact_of_the_same_company_is_a_colleague_wherever_the_mail_comes_from() -> None:
    connection = joined(wrote(sender=STRANGER), BOB_AT_ACME, workplaces=AT_ACME)
    assert connection.colleague is BOB_AT_ACME
    assert connection.evidence == (Evidence("same_company", "company 1"),)


def test_a_contact_of_another_company_of_the_same_domain_is_no_colleague() -> None:
    assert connected(wrote(sender=BOB), BOB_AT_ACME, workplaces=Workplaces(primary=frozenset({2}))) is None


def test_nobody_is_their_own_colleague() -> None:
    itself = replace(BOB_AT_ACME, contact_ids=frozenset({1, 2}))
    assert connected(wrote(sender=STRANGER), itself, workplaces=AT_ACME) is None


def test_a_further_company_joins_colleagues_only_where_any_company_counts() -> None:
    facts = {"workplaces": BOTH_COMPANIES}
    assert connected(wrote(sender=BOB), BOB_AT_ACME, **facts) is None
    wide = connected(wrote(sender=BOB), BOB_AT_ACME, {"company_scope": "any"}, **facts)
    assert wide is not None
    assert wide.colleague is BOB_AT_ACME


def test_of_two_primary_companies_either_joins() -> None:
    two = Workplaces(primary=frozenset({ACME, 2}), every=frozenset({ACME, 2}))
    assert joined(wrote(sender=BOB), BOB_AT_ACME, workplaces=two).colleague is BOB_AT_ACME


def test_a_connection_says_what_it_rests_on() -> None:
    connection = joined(wrote(sender="ann+home@acme.example", refers_to=("one@us.example",)))
    assert connection.evidence == (
        Evidence("names_ours", "step 1: <one@us.example>"),
        Evidence("plus_rule", "ann+home@acme.example = ann@acme.example"),
    )


# Meetings.


@pytest.mark.parametrize("fields", [{"booked_by": ANN}, {"attendees": frozenset({ANN})}])
def test_a_meeting_is_the_contacts_by_an_address(fields: dict[str, Any]) -> None:
    assert met(meeting(**fields)).sender_known is Known.ENROLLED


def test_a_meeting_is_the_contacts_by_an_alias_which_is_said() -> None:
    assert met(meeting(attendees=frozenset({"ann+x@acme.example"}))).sender_known is Known.PLUS


def test_a_meeting_is_the_contacts_by_association() -> None:
    assert met(meeting(contact_ids=frozenset({1}))).is_the_contacts
    assert not met(meeting(contact_ids=frozenset({2}))).is_the_contacts


def test_a_meeting_is_a_colleagues_by_the_company() -> None:
    assert met(meeting(booked_by=BOB), BOB_AT_ACME, workplaces=AT_ACME).colleague is BOB_AT_ACME


def test_a_meeting_booked_from_the_contacts_domain_only_asks() -> None:
    assert met(meeting(booked_by="kai@acme.example")).same_domain
    assert not met(meeting(booked_by="kai@gmail.com"), address="ann@gmail.com").same_domain
    assert met(meeting(booked_by=STRANGER)) == matching.DIRECT


def test_a_mail_reached_whom_it_names_among_its_recipients() -> None:
    event = wrote(recipients=(STRANGER, DANA))
    assert matching.reached_somebody(event, frozenset({DANA}))
    assert not matching.reached_somebody(event, frozenset({ELI}))


@pytest.mark.parametrize("failed", [ANN, "ANN@acme.example", "ann+x@acme.example", ""])
def test_a_report_about_the_recipient_an_alias_or_nobody_named_is_about_our_mail(failed: str) -> None:
    assert matching.is_for(failed, FIRST)


def test_a_report_about_somebody_else_is_not_about_our_mail() -> None:
    assert not matching.is_for(BOB, FIRST)
