from collections.abc import Iterator

import pytest

from relent.transports import memory
from relent.transports.base import Account, SendRefused, TransportError
from relent.transports.pool import Pool
from tests.transports.conftest import mail

DANA = Account("dana@us.example", {"world": "pool"}, {})


@pytest.fixture
def pool() -> Iterator[Pool]:
    pool = Pool()
    yield pool
    pool.close_all()
    memory.forget("pool")


def test_a_connection_is_kept_for_the_next_turn(pool: Pool) -> None:
    with pool.reader(1, "memory", DANA) as first:
        pass
    with pool.reader(1, "memory", DANA) as second:
        assert second is first


def test_a_connection_is_lent_to_one_at_a_time(pool: Pool) -> None:
    with pool.reader(1, "memory", DANA) as first, pool.reader(1, "memory", DANA) as second:
        assert second is not first


def test_mailboxes_do_not_share_connections(pool: Pool) -> None:
    with pool.reader(1, "memory", DANA) as first:
        pass
    with pool.reader(2, "memory", DANA) as second:
        assert second is not first


def test_a_failure_drops_the_connection(pool: Pool) -> None:
    with pytest.raises(TransportError), pool.reader(1, "memory", DANA) as first:
        raise TransportError("lost")
    assert not first.alive()
    with pool.reader(1, "memory", DANA) as second:
        assert second is not first


def test_a_refused_mail_does_not(pool: Pool) -> None:
    memory.world("pool").refuse("ann@acme.example", 550)
    with pytest.raises(SendRefused), pool.sender(1, "memory", DANA) as first:
        first.send(DANA.address, "ann@acme.example", mail("One"))
    with pool.sender(1, "memory", DANA) as second:
        assert second is first


def test_a_changed_account_gets_a_new_connection(pool: Pool) -> None:
    with pool.reader(1, "memory", DANA) as first:
        pass
    changed = Account(DANA.address, DANA.options, {"password": "new"})
    with pool.reader(1, "memory", changed) as second:
        assert second is not first
    assert not first.alive()


def test_a_connection_that_has_ended_or_grown_old_is_not_lent(pool: Pool) -> None:
    with pool.reader(1, "memory", DANA) as first:
        pass
    first.close()
    with pool.reader(1, "memory", DANA) as second:
        assert second is not first
    pool._idle = -1
    pool.close_idle()
    assert not second.alive()


def test_closing_the_pool_closes_what_is_kept(pool: Pool) -> None:
    with pool.reader(1, "memory", DANA) as reader:
        pass
    pool.close_all()
    assert not reader.alive()
