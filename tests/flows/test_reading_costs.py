"""What one mail asks of the database: nothing twice that cannot have changed in between."""

from email.message import EmailMessage

from django.db import connection
from django.test.utils import CaptureQueriesContext

from relent.flows import inbound
from tests.cast import Cast


def asked(cast: Cast, mail: EmailMessage) -> list[str]:
    """Read one more mail, and return the questions that this took."""
    cast.clock.ahead(minutes=1)
    cast.deliver(mail)
    with CaptureQueriesContext(connection) as found:
        inbound.read(cast.mailbox, cast.clock)
    return [query["sql"] for query in found.captured_queries]


def about(questions: list[str], table: str) -> int:
    return sum(f'"records_{table}"' in sql for sql in questions)


def test_a_reply(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.turn()
    questions = asked(cast, cast.answer(enrollment))
    assert len(questions) <= 50
    assert about(questions, "accountsettings") == 1


def test_a_reply_to_what_has_ended_is_looked_at_once_more_under_lock_and_its_facts_are_read_once(cast: Cast) -> None:
    enrollment = cast.enrolled()
    asked(cast, cast.answer(enrollment))
    questions = asked(cast, cast.answer(enrollment, Subject="Once more"))
    assert len(questions) <= 52
    assert about(questions, "accountsettings") == 1
    assert about(questions, "deliverylink") == 1
    assert about(questions, "sequenceversion") == 4  # with the enrollments twice; their triggers; whether colleagues go


def test_a_mail_that_concerns_nobody(cast: Cast) -> None:
    cast.enrolled()
    cast.turn()
    questions = asked(cast, cast.write("x@nowhere.example"))
    assert len(questions) <= 20
    assert about(questions, "accountsettings") == 0
