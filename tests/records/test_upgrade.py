"""An account that was filled by the version before: its rows are kept, and the way back says where it ends."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.exceptions import IrreversibleError
from django.db.migrations.executor import MigrationExecutor

from tests.cast import MONDAY

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE, NOW = "0001_initial", "0002_keeps_what_was_judged"


def to(name: str) -> Callable[[str], Any]:
    """Migrate to ``name``, and return how its models are had."""
    MigrationExecutor(connection).migrate([("records", name)])
    state = MigrationExecutor(connection).loader.project_state([("records", name)])
    return lambda model: state.apps.get_model("records", model)


@pytest.fixture(autouse=True)
def _today_again() -> Iterator[None]:
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def filled(model: Callable[[str], Any]) -> int:
    """Store one mail, and return its id."""
    mailbox = model("Mailbox").objects.create(
        address="dana@us.example", kind="memory", connected_at=MONDAY, state_since=MONDAY, next_read_at=MONDAY
    )
    item = model("InboundItem").objects.create(
        mailbox=mailbox, identity="1", received_at=MONDAY, read_at=MONDAY, kind="person_wrote", raw=b"mail", size=4
    )
    return int(item.pk)


def test_a_mail_from_before_is_there_with_nothing_said_of_it_and_again_on_the_way_back() -> None:
    pk = filled(to(BEFORE))
    item = to(NOW)("InboundItem").objects.get(pk=pk)
    assert (item.raw, item.headers, item.spans, item.said) == (b"mail", None, [], "")
    assert (item.subkind, item.confidence) == ("", 1.0)
    assert to(BEFORE)("InboundItem").objects.get(pk=pk).raw == b"mail"


def test_there_is_no_way_back_where_a_judgement_was_overruled() -> None:
    model = to(NOW)
    pk = filled(model)
    row = model("Overrule").objects.create(item_id=pk, kind="person_wrote", said="automatic", at=MONDAY)
    with pytest.raises(IrreversibleError, match="overruled"):
        to(BEFORE)
    row.delete()


def test_malformed_mails_from_before_are_marked() -> None:
    model = to(NOW)
    pk = filled(model)
    model("InboundItem").objects.filter(pk=pk).update(defects=["no_boundary"])
    model("InboundItem").objects.create(
        mailbox_id=model("Mailbox").objects.get().pk, identity="2", received_at=MONDAY, read_at=MONDAY, kind="x", size=1
    )
    marked = to("0004_finds_malformed_mails")("InboundItem").objects.filter(malformed=True)
    assert list(marked.values_list("pk", flat=True)) == [pk]
