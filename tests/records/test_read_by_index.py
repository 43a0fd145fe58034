"""What is asked again and again, or of every mail, is read by an index: it costs what is found, not what exists."""

from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from relent.flows import concerns, turn, undoing, unenrolling
from relent.records import connections, models
from relent.terms.events import PersonWrote
from tests.cast import MONDAY, Cast

SCANS = ("SCAN records_enrollment", "Seq Scan on records_enrollment")


@pytest.fixture
def picky(db: None) -> None:
    """A database that reads a table from end to end only where no index helps, however small the table is."""
    if settings.ON_POSTGRESQL:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")


def reads_by(index: str, rows: QuerySet[Any, Any]) -> bool:
    """Whether the database would read the rows by the index. PostgreSQL chooses among several by what lies in the
    table, which is nothing here: of it, any will do."""
    plan = rows.explain()
    return "Seq Scan" not in plan if settings.ON_POSTGRESQL else index in plan.split()


def test_what_is_due_is_read_by_its_time(picky: None) -> None:
    assert reads_by("delivery_due", models.Delivery.objects.due(MONDAY))


def test_pauses_that_are_over_are_read_by_their_end(picky: None) -> None:
    assert reads_by("enrollment_pause_over", models.Enrollment.objects.pause_over(MONDAY))


def test_judged_mails_of_some_months_are_counted_by_an_index(picky: None) -> None:
    assert reads_by(
        "inbound_judged", models.InboundItem.objects.filter(received_at__gte=MONDAY).judged().values("kind")
    )


def test_malformed_mails_are_counted_and_listed_by_an_index(picky: None) -> None:
    malformed = models.InboundItem.objects.filter(mailbox__in=models.Mailbox.objects.all()).malformed()
    assert reads_by("inbound_malformed", malformed.values("pk"))
    assert reads_by("inbound_malformed", malformed.order_by("-received_at", "-id"))


def test_texts_that_are_kept_too_long_are_read_by_their_age(picky: None) -> None:
    old = models.InboundItem.objects.filter(headers__isnull=False, received_at__lt=MONDAY)
    assert reads_by("inbound_text_by_age", old.values("pk"))


def test_no_reading_of_a_mail_looks_at_every_enrollment(cast: Cast, picky: None) -> None:
    event = PersonWrote(
        at=MONDAY, sender="who@acme.example", recipients=("dana@us.example",), refers_to=("x@y.example",)
    )
    with CaptureQueriesContext(connection) as asked:
        connections.concerned_by(event)
        turn.wanted(MONDAY)
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            cursor.execute(("EXPLAIN " if settings.ON_POSTGRESQL else "EXPLAIN QUERY PLAN ") + query["sql"])
            told = " ".join(str(column) for row in cursor.fetchall() for column in row)
            assert not any(scan in told for scan in SCANS), query["sql"]


def test_a_known_colleagues_mail_does_not_load_the_whole_domain(cast: Cast) -> None:
    cast.enrolled(cast.ann)
    event = PersonWrote(at=cast.clock.ahead(hours=1), sender="bob@acme.example", recipients=("dana@us.example",))
    assert connections.concerned_by(event) == []


def test_an_answer_to_the_first_mail_finds_who_was_taken_up_again_three_times(cast: Cast) -> None:
    first = current = cast.enrolled()
    for _ in range(3):
        unenrolling.by_hand(current.pk, cast.dana, cast.clock.ahead(hours=1))
        current = undoing.undo(current.pk, cast.dana, cast.clock.ahead(hours=1))
    name = first.deliveries.get(position=1).message_id or ""
    event = PersonWrote(
        at=cast.clock.ahead(hours=1), sender="x@else.example", recipients=("dana@us.example",), refers_to=(name,)
    )
    actor = connections.actor(event.sender, event.at, event.refers_to)
    assert current.pk in {one.enrollment.pk for one in concerns.of_mail(event, actor)}
