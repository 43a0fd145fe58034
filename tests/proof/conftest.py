"""The cast, and the servers that the proofs share."""

from collections.abc import Iterator

import pytest

from relent.flows import sessions
from tests.cast import cast, world
from tests.servers.dovecot import Dovecot

__all__ = ["cast", "world"]


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """A Dovecot for the whole run; tests use mailboxes of their own in it."""
    running = Dovecot()
    yield running
    running.stop()


@pytest.fixture
def connections_end() -> Iterator[None]:
    """Close what the flows keep open to mail servers, before the servers end."""
    yield
    sessions.close_all()
