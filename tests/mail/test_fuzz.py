"""Mutated and random mails: whatever the bytes, they are read."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.mail.broken import SMALL
from tests.mail.letters import failed, letter, mixed, report
from tests.mail.test_broken import read_all

CALENDAR = "BEGIN:VCALENDAR\nMETHOD:REPLY\nCOMMENT:Later\nEND:VCALENDAR\n"
VALID = [
    letter(),
    letter("I am out of the office until 30 November 2026.", Auto_Submitted="auto-replied"),
    letter("<p>Hi<br>there<blockquote>old</blockquote>", Content_Type="text/html; charset=utf-8"),
    letter(
        Subject="=?utf-8?b?5Zyo5bqr?=",
        In_Reply_To="<a@us.example>",
        List_Id="<x>",
        Authentication_Results="x; dkim=pass",
    ),
    letter(
        "user unknown\n\nMessage-ID: <a@us.example>", From="MAILER-DAEMON@mx.example", X_Failed_Recipients="a@b.example"
    ),
    mixed(("text/plain", "No."), ("text/calendar; method=REPLY", CALENDAR)),
    mixed(("message/disposition-notification", "Disposition: automatic-action/x; deleted"), subtype="report"),
    mixed(("message/feedback-report", "Feedback-Type: abuse"), ("message/rfc822", "Message-ID: <a@us.example>\n\n")),
    report(failed("5.1.1", "550 no such user")),
    *SMALL.values(),
]
PIECES = [
    *[
        b"\r\n",
        b"\n\n",
        b"\x00",
        b"\xff\xfe",
        b"--cut",
        b"--cut--",
        b"=?utf-8?b?",
        b"?=",
        b"<",
        b">",
        b'"',
        b"(",
        b"\\",
    ],
    *[
        b"Content-Type: multipart/mixed; boundary=cut\n\n",
        b"Content-Transfer-Encoding: base64\n",
        b"\x1b$B",
        b";",
        b"&#",
    ],
]
mutations = st.lists(
    st.tuples(
        st.integers(0, 5000),
        st.integers(0, 40),
        st.one_of(st.sampled_from(PIECES), st.binary(max_size=30), st.just(b"")),
    ),
    max_size=12,
)
runs = settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck), database=None)


@pytest.mark.fuzz
@runs
@given(st.sampled_from(VALID), mutations)
def test_a_mutated_mail_is_read(raw: bytes, changes: list[tuple[int, int, bytes]]) -> None:
    for place, length, piece in changes:
        place %= len(raw) + 1
        raw = raw[:place] + piece + raw[place + length :]
    read_all(raw)


@pytest.mark.fuzz
@runs
@given(st.binary(max_size=3000))
def test_random_bytes_are_read(raw: bytes) -> None:
    read_all(raw)


@pytest.mark.fuzz
@runs
@given(st.lists(st.sampled_from([*PIECES, b"a", b":", b" ", b"@", b"\n", b"From: ", b"Subject: "]), max_size=60))
def test_a_heap_of_pieces_is_read(pieces: list[bytes]) -> None:
    read_all(b"".join(pieces))
