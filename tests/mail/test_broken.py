"""No mail stops the reader, and none costs it more than it should."""

import signal
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from relent.mail import message
from relent.mail.defects import Defect
from relent.normalize import message as normalize
from relent.normalize.arrival import Ours, Place
from relent.terms.events import AnyMailEvent
from tests.mail.broken import LARGE, MEGABYTE, SMALL

# What these guard against computes for minutes, or takes gigabytes.
BREAK_OFF_AFTER = 60.0
MOST_BYTES = 64 * MEGABYTE


def read_all(raw: bytes) -> AnyMailEvent:
    """Read everything that is ever read of a mail."""
    mail = message.parse(raw)
    assert isinstance(mail.text + mail.subject + mail.sender + mail.message_id, str)
    assert len(mail.text) <= message.MOST_TEXT
    assert len(mail.recipients) < 20_000
    assert len(message.identity(raw)) == 64
    assert all(isinstance(header.text, str) for header in mail.headers)
    assert all(defect in Defect for defect in mail.defects)
    return normalize.read(mail, Place(at=datetime(2026, 3, 2, tzinfo=UTC)), Ours())


@pytest.mark.parametrize("raw", SMALL.values(), ids=SMALL.keys())
def test_a_broken_mail_is_read_all_the_same(raw: bytes) -> None:
    read_all(raw)


@pytest.mark.parametrize(
    ("name", "defect"),
    [
        ("no headers", Defect.NO_HEADERS),
        ("no blank line", Defect.NO_BLANK_LINE),
        ("junk among the headers", Defect.JUNK_IN_HEADERS),
        ("eight-bit headers", Defect.EIGHT_BIT_HEADER),
        ("a bad character set", Defect.UNKNOWN_CHARSET),
        ("NULs", Defect.NUL),
        ("cut base64", Defect.BAD_ENCODING),
        ("a multipart without boundary", Defect.NO_BOUNDARY),
        ("an unclosed multipart", Defect.UNCLOSED),
        ("two hundred deep", Defect.TOO_DEEP),
    ],
)
def test_a_broken_mail_says_what_is_wrong_with_it(name: str, defect: Defect) -> None:
    assert defect in message.parse(SMALL[name]).defects


@pytest.mark.parametrize(
    "name",
    [
        "no headers",
        "junk among the headers",
        "a continuation first",
        "an envelope line",
        "lone carriage returns",
        "doubled carriage returns",
        "cut base64",
        "an unclosed multipart",
        "bytes outside the character set",
        "NULs",
    ],
)
def test_what_can_be_read_of_a_broken_mail_is_read(name: str) -> None:
    assert "hell" in message.parse(SMALL[name]).text.lower()


def test_a_mail_cut_at_the_size_limit_says_so() -> None:
    assert Defect.MAIL_CUT in message.parse(b"Subject: x\n\nhello", size=10**8).defects


def test_a_sound_mail_has_no_defects() -> None:
    assert message.parse(b"From: ann@acme.example\nSubject: x\n\nhello").defects == ()


@contextmanager
def broken_off_if_endless() -> Iterator[None]:
    """Break off what computes on and on. How long anything takes is not measured."""

    def break_off(*_: object) -> None:
        raise AssertionError(f"it is not over after {BREAK_OFF_AFTER:.0f} s of computing")

    usual = signal.signal(signal.SIGVTALRM, break_off)
    signal.setitimer(signal.ITIMER_VIRTUAL, BREAK_OFF_AFTER)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, usual)


@pytest.mark.slow
@pytest.mark.parametrize("name", LARGE)
def test_a_hostile_mail_costs_bounded_time_and_memory(name: str) -> None:
    raw = LARGE[name]()
    with broken_off_if_endless():
        read_all(raw)
    tracemalloc.start()
    read_all(raw)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < MOST_BYTES
