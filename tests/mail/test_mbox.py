import io

import pytest

from relent.mail import mbox

FIRST = b"From ann@acme.example Mon Nov 02 12:00:00 2026\n"
MAIL = b"From: ann@acme.example\nSubject: Hi\n\nHello.\n"


def found(archive: bytes) -> list[bytes]:
    return [archive[start:end] for start, end in mbox.spans(io.BytesIO(archive))]


def test_each_mail_lies_below_its_separator() -> None:
    assert found(FIRST + MAIL + b"\n" + FIRST + MAIL) == [MAIL + b"\n", MAIL]


@pytest.mark.parametrize(
    "separator",
    [
        b"From ann@acme.example Mon Nov 02 12:00:00 2026\n",
        b"From ann@acme.example Mon Nov  2 12:00:00 2026 +0100\r\n",
        b"From 1849201839201830283@xxx Mon Nov 02 12:00:00 +0000 2026\n",
        b"From MAILER-DAEMON Mon Nov 02 12:00:00 2026 remote from relay\n",
        b"From - Mon Nov 02 12:00:00 2026\n",
        b"From ???@??? Mon Nov 02 12:00:00 2026\n",
        b"From ann@acme.example\n",
    ],
)
def test_a_separator_is_known_however_its_writer_spells_it(separator: bytes) -> None:
    assert found(separator + MAIL + b"\n" + separator + MAIL) == [MAIL + b"\n", MAIL]


@pytest.mark.parametrize(
    "line",
    [
        b"From now on we meet at noon.",
        b"From 10:30 we can talk.",
        b"From what I see: nothing.\nNothing at all.",
        b">From here on",
    ],
)
def test_a_line_of_text_that_begins_with_from_separates_nothing(line: bytes) -> None:
    assert len(found(FIRST + MAIL + b"\n" + line + b"\n\n" + FIRST + MAIL)) == 2


def test_an_empty_line_above_the_separator_may_be_missing() -> None:
    assert len(found(FIRST + MAIL + FIRST + MAIL)) == 2


def test_a_separator_that_lies_across_two_pieces_is_found() -> None:
    long = MAIL + b"x" * ((1 << 20) - len(FIRST) - len(MAIL) - 12) + b"\n"
    assert [len(one) for one in found(FIRST + long + FIRST + MAIL)] == [len(long), len(MAIL)]


def test_a_mail_of_one_endless_line_is_one_mail() -> None:
    assert len(found(FIRST + MAIL + b"x" * (3 << 20))) == 1


def test_a_mail_with_an_envelope_line_begins_as_an_mbox_and_another_does_not() -> None:
    assert mbox.starts(FIRST + MAIL)
    assert not mbox.starts(MAIL)


def test_what_was_escaped_is_as_it_was_written() -> None:
    assert (
        mbox.unescaped(b"Hi\n>From here\n>>From there\n> From afar\n") == b"Hi\nFrom here\n>From there\n> From afar\n"
    )
