"""What is asked again and again, or of every mail, is read by an index: it costs what is found, not what exists."""

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from relent.flows import concerns, turn, undoing, unenrolling
from relent.records import connections, models
from relent.terms.events import PersonWrote
from tests.cast import MONDAY, Cast

sqlite_only = pytest.mark.skipif(
    settings.ON_POSTGRESQL, reason="PostgreSQL reads a small table from end to end, whatever indexes it has"
)


def plan(rows: QuerySet[models.Delivery] | QuerySet[models.Enrollment]) -> str:
    """Return how the database would read the rows."""
    return rows.explain()


@sqlite_only
def test_what_is_due_is_read_by_its_time(db: None) -> None:
    assert "delivery_due (state=? AND due_at<?)" in plan(models.Delivery.objects.due(MONDAY))


@sqlite_only
def test_pauses_that_are_over_are_read_by_their_end(db: None) -> None:
    assert "enrollment_pause_over (paused_until<?)" in plan(models.Enrollment.objects.pause_over(MONDAY))


@sqlite_only
def test_no_reading_of_a_mail_looks_at_every_enrollment(cast: Cast) -> None:
    event = PersonWrote(
        at=MONDAY, sender="who@acme.example", recipients=("dana@us.example",), refers_to=("x@y.example",)
    )
    with CaptureQueriesContext(connection) as asked:
        connections.concerned_by(event)
        turn.wanted(MONDAY)
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            cursor.execute("EXPLAIN QUERY PLAN " + query["sql"])
            assert not [row for row in cursor.fetchall() if row[3].startswith("SCAN records_enrollment")], query["sql"]


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
