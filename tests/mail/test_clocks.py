from datetime import UTC, datetime

from relent.mail import clocks, message

RECEIVED = b"Received: from a.example by mx.us.example; Mon, 23 Nov 2026 08:00:00 +0900 (JST)\n"
EARLIER = b"Received: from b.example by a.example; Sun, 22 Nov 2026 22:59:00 +0000\n"
DATE = b"Date: Fri, 20 Nov 2026 10:00:00 +0000\n"


def arrived(headers: bytes) -> datetime | None:
    return clocks.arrived(message.parse(headers + b"Subject: Hi\n\nHello.\n"))


def test_a_mail_arrived_when_the_topmost_server_says() -> None:
    assert arrived(RECEIVED + EARLIER + DATE) == datetime(2026, 11, 22, 23, tzinfo=UTC)


def test_a_server_that_leaves_no_date_is_passed_over() -> None:
    assert arrived(b"Received: by mx.us.example; soon\n" + EARLIER + DATE) == datetime(2026, 11, 22, 22, 59, tzinfo=UTC)


def test_without_a_server_it_is_the_senders_word() -> None:
    assert arrived(DATE) == datetime(2026, 11, 20, 10, tzinfo=UTC)


def test_where_nobody_says_it_is_unknown() -> None:
    assert arrived(b"") is None


def test_a_date_at_the_end_of_all_years_is_none() -> None:
    assert arrived(b"Date: Fri, 31 Dec 9999 23:00:00 +0000\n") is None
    assert arrived(RECEIVED.replace(b"2026", b"9999") + DATE) == datetime(2026, 11, 20, 10, tzinfo=UTC)


def test_a_date_without_a_zone_is_taken_for_universal_time() -> None:
    assert arrived(b"Date: Fri, 20 Nov 2026 10:00:00 -0000\n") == datetime(2026, 11, 20, 10, tzinfo=UTC)


def test_tomorrow_is_meant_by_the_senders_clock() -> None:
    assert offset(b"Date: Fri, 20 Nov 2026 10:00:00 -0500\n" + RECEIVED) == -5


def test_a_clock_of_utc_is_nobodys_and_the_servers_counts() -> None:
    assert offset(DATE + EARLIER + RECEIVED) == 9
    assert offset(DATE) == 0
    assert offset(b"Date: soon\n") == 0


def offset(headers: bytes) -> float:
    zone = clocks.zone(message.parse(headers + b"\nHello.\n"))
    return datetime(2026, 11, 22, tzinfo=zone).utcoffset().total_seconds() / 3600  # type: ignore[union-attr]
