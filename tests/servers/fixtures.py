"""Pytest fixtures for the servers and the browser. Each is started when the first test asks for it; imports are late,
because the pure floors load this file too."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.servers.bad_imap import BadImap
    from tests.servers.dovecot import Dovecot
    from tests.servers.smtp_sink import SmtpSink

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """One Dovecot for the whole run; tests keep apart by their users."""
    from tests.servers.dovecot import Dovecot

    server = Dovecot()
    yield server
    server.stop()


@pytest.fixture
def dana() -> str:
    """The address of a mailbox that no other test uses."""
    return f"dana{next(_numbers)}@us.example"


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    """An SMTP server that takes everything and asks for no password."""
    from tests.servers.smtp_sink import SmtpSink

    server = SmtpSink()
    yield server
    server.stop()


@pytest.fixture
def bad_imap() -> Iterator[BadImap]:
    """An IMAP server with one mail, honest until its ``fault`` is set."""
    from tests.servers.bad_imap import BadImap

    server = BadImap([b"Message-ID: <one@acme.example>\r\nSubject: One\r\n\r\nHello\r\n"])
    yield server
    server.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without a window. It ends with the module: an event loop of its own runs beside it, in which Django
    would refuse to ask the database."""
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of an empty database on a cluster of this run's own."""
    from tests.servers import postgres

    with postgres.cluster() as url:
        yield url
