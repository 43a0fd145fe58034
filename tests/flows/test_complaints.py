"""Abuse reports and shared addresses: whom they are about, and when a person is asked."""

from relent.records import models
from relent.terms.reviews import ReviewKind
from tests.cast import MONDAY, Cast, contact, state

REPORT = """\
From: reports@feedback.example
To: dana@us.example
Subject: Abuse report {number}
Message-ID: <report.{number}@feedback.example>
{headers}MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary=b

--b
Content-Type: text/plain

This is an abuse report.
--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Feedback/1
Version: 1
{fields}
--b
Content-Type: text/rfc822-headers

From: dana@us.example
Subject: Hello
{returned}
--b--
"""


def report(fields: str = "", returned: str = "", headers: str = "", number: int = 1) -> bytes:
    return REPORT.format(fields=fields, returned=returned, headers=headers, number=number).encode()


def suppressed(address: str) -> bool:
    return models.Suppression.objects.holding_for([address]).filter(code="PREVIOUSLY_MARKED_AS_SPAM").exists()


def asked() -> list[str]:
    return list(models.ReviewItem.objects.open().values_list("kind", flat=True))


def test_a_report_that_shows_the_complainant_stops_every_sequence_to_them(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.deliver(report("Original-Rcpt-To: <ann@acme.example>"))
    cast.turn()
    assert state(enrollment) == ("unenrolled", "spam_complaint")
    assert suppressed("ann@acme.example")
    assert asked() == []


def test_a_report_that_hides_them_is_known_by_the_mail_that_it_returns(cast: Cast) -> None:
    enrollment = cast.enrolled()
    message_id = enrollment.deliveries.get(position=1).message_id
    cast.deliver(report(returned=f"Message-ID: <{message_id}>"))
    cast.turn()
    assert state(enrollment) == ("unenrolled", "spam_complaint")


def test_a_report_of_an_ended_enrollment_suppresses_the_address(cast: Cast) -> None:
    enrollment = cast.enrolled()
    models.Enrollment.objects.update(state="finished")
    cast.deliver(report("Original-Rcpt-To: <ann@acme.example>"))
    cast.turn()
    assert state(enrollment)[0] == "finished"
    assert suppressed("ann@acme.example")


def test_a_report_that_names_nobody_is_put_to_a_person(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.deliver(report())
    cast.turn()
    assert state(enrollment) == ("active", "")
    assert asked() == [ReviewKind.COMPLAINT]


def test_a_report_about_somebody_whom_we_never_wrote_to_is_put_to_a_person(cast: Cast) -> None:
    cast.deliver(report("Original-Rcpt-To: <bob@acme.example>"))
    cast.turn()
    assert not suppressed("bob@acme.example")
    assert asked() == [ReviewKind.COMPLAINT]


def test_a_forged_report_switches_nobody_off(cast: Cast) -> None:
    enrollment = cast.enrolled()
    failed = "Authentication-Results: us.example; dmarc=fail header.from=feedback.example\n"
    cast.deliver(report("Original-Rcpt-To: <ann@acme.example>", headers=failed))
    cast.turn()
    assert state(enrollment) == ("active", "")
    assert asked() == [ReviewKind.COMPLAINT]


def twin(cast: Cast) -> models.Contact:
    other = contact("Anna", "Archer", models.Company.objects.get(name="Acme"), cast.dana)
    models.ContactAddress.objects.create(contact=other, address="ann@acme.example", since=MONDAY)
    return other


def test_a_mail_from_an_address_of_two_contacts_asks_once_whether_they_are_one(cast: Cast) -> None:
    enrollment, other = cast.enrolled(), twin(cast)
    cast.deliver(cast.answer(enrollment))
    cast.turn()
    cast.deliver(cast.write(Subject="Once more"))
    cast.turn()
    item = models.ReviewItem.objects.get(kind=ReviewKind.SAME_ADDRESS)
    assert (item.contact, item.proposal["other"]) == (cast.ann, other.pk)
    assert state(enrollment) == ("unenrolled", "reply")


def test_an_address_of_one_contact_asks_nothing(cast: Cast) -> None:
    cast.deliver(cast.answer(cast.enrolled()))
    cast.turn()
    assert asked() == []
