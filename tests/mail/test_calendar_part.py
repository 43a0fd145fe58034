import time
from datetime import UTC, datetime

import pytest

from relent.mail import calendar_part, message
from relent.terms.events import Invitation
from tests.mail.letters import letter, mixed

REPLY = "BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:1@us.example\nEND:VEVENT\nEND:VCALENDAR\n"


@pytest.mark.parametrize("content_type", ["text/calendar; method=reply", "text/calendar"])
def test_the_method_stands_in_the_type_or_in_the_calendar(content_type: str) -> None:
    found = calendar_part.read(message.parse(mixed((content_type, REPLY))))
    assert found is not None
    assert (found.method, found.note) == ("REPLY", "")


@pytest.mark.parametrize(
    "raw",
    [
        letter(),
        mixed(("text/plain", "See attached."), ("text/calendar", "BEGIN:VCALENDAR\nEND:VCALENDAR\n")),
        mixed(("text/calendar; method=PUBLISH", "BEGIN:VCALENDAR\n")),
        mixed(("application/ics", REPLY)),
    ],
)
def test_a_calendar_without_a_method_is_no_calendar_mail(raw: bytes) -> None:
    assert calendar_part.read(message.parse(raw)) is None


@pytest.mark.parametrize(
    ("text", "calendar"),
    [
        ("Not this week, try me in May.", REPLY),
        ("", REPLY.replace("UID", "COMMENT;LANGUAGE=en:Not this week,\n  try me in May.\nUID")),
        ('Ann has declined this invitation with this note: "Not this week, try me in May."', REPLY),
        ("今週は難しいです。5月にお願いします。", REPLY),
    ],
)
def test_a_note_typed_beside_an_answer_is_read(text: str, calendar: str) -> None:
    raw = mixed(("text/plain; charset=utf-8", text), ("text/calendar; method=REPLY", calendar))
    found = calendar_part.read(message.parse(raw))
    assert found is not None
    assert found.note


@pytest.mark.parametrize(
    "text", ["", "Ann has accepted this invitation.", "Accepted: Short call", "この予定への参加を承諾しました。"]
)
def test_what_the_calendar_wrote_is_no_note(text: str) -> None:
    raw = mixed(("text/plain; charset=utf-8", text), ("text/calendar; method=REPLY", REPLY))
    found = calendar_part.read(message.parse(raw))
    assert found is not None
    assert found.note == ""


def test_the_text_of_an_invitation_is_no_note() -> None:
    found = calendar_part.read(
        message.parse(mixed(("text/plain", "Let us meet"), ("text/calendar; method=REQUEST", "")))
    )
    assert found is not None
    assert (found.method, found.note) == ("REQUEST", "")


def test_words_beside_the_calendars_own_are_a_note() -> None:
    text = "Ann has declined this invitation. Could we talk in May instead?"
    found = calendar_part.read(message.parse(mixed(("text/plain", text), ("text/calendar; method=REPLY", REPLY))))
    assert found is not None
    assert found.note == "Could we talk in May instead?"


def test_a_page_that_repeats_the_event_is_no_note() -> None:
    text = "Ann has accepted this invitation.\n\nShort call\nMonday 2 Mar\n\nInvitation from Google Calendar"
    found = calendar_part.read(message.parse(mixed(("text/plain", text), ("text/calendar; method=REPLY", REPLY))))
    assert found is not None
    assert found.note == ""


# --- What the calendar says -------------------------------------------------------------------------------------------

AMSTERDAM = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
END:VTIMEZONE
"""


def invitation(*lines: str, before: str = "", method: str = "REQUEST") -> Invitation | None:
    event = "\n".join(["BEGIN:VEVENT", "UID:1@us.example", *lines, "END:VEVENT"])
    calendar = f"BEGIN:VCALENDAR\nMETHOD:{method}\n{before}{event}\nEND:VCALENDAR\n"
    found = calendar_part.read(message.parse(mixed(("text/calendar; charset=utf-8", calendar))))
    assert found is not None
    return found.invitation


def test_an_invitation_says_who_and_what() -> None:
    found = invitation(
        "ORGANIZER;CN=Dana:mailto:Dana@us.example",
        'ATTENDEE;CN="Example, Ann";PARTSTAT=accepted:MAILTO:ann@acme.example',
        "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:bob@acme.example",
        r"SUMMARY:Short call\, with",
        "  coffee",
    )
    assert found is not None
    assert (found.uid, found.organizer, found.answer) == ("1@us.example", "dana@us.example", "ACCEPTED")
    assert found.attendees == ("ann@acme.example", "bob@acme.example")
    assert found.title == "Short call, with coffee"


@pytest.mark.parametrize(
    ("starts", "utc"),
    [
        ("DTSTART:20260302T090000Z", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("DTSTART;TZID=Asia/Tokyo:20260302T090000", datetime(2026, 3, 2, 0, tzinfo=UTC)),
        ("DTSTART;TZID=W. Europe Standard Time:20260702T090000", datetime(2026, 7, 2, 7, tzinfo=UTC)),
        ("DTSTART;TZID=Customized Time Zone:20260302T090000", datetime(2026, 3, 2, 8, tzinfo=UTC)),
        ("DTSTART;TZID=Customized Time Zone:20260329T090000", datetime(2026, 3, 29, 7, tzinfo=UTC)),
        ("DTSTART;TZID=Customized Time Zone:20261025T090000", datetime(2026, 10, 25, 8, tzinfo=UTC)),
        ("DTSTART;TZID=Nowhere:20260302T090000", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("DTSTART;VALUE=DATE:20260302", datetime(2026, 3, 2, tzinfo=UTC)),
        ("DTSTART:soon", None),
        ("DTSTART:99990101T000000Z", datetime(9999, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_in_whatever_zone_it_stands(starts: str, utc: datetime | None) -> None:
    found = invitation(starts, before=AMSTERDAM)
    assert found is not None
    assert found.starts == utc


@pytest.mark.parametrize("end", ["DTEND:20260302T093000Z", "DURATION:PT30M"])
def test_the_end_is_stated_or_follows_from_the_duration(end: str) -> None:
    found = invitation("DTSTART:20260302T090000Z", end)
    assert found is not None
    assert found.ends == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def test_a_zone_of_one_mail_is_not_remembered_for_the_next() -> None:
    starts = "DTSTART;TZID=Customized Time Zone:20260302T090000"
    invitation(starts, before=AMSTERDAM)
    found = invitation(starts, before=AMSTERDAM.replace("+0100", "+0900"))
    assert found is not None
    assert found.starts == datetime(2026, 3, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "lines",
    [
        ["DTSTART:1", "DURATION:P", "ORGANIZER:", "ATTENDEE;PARTSTAT:mailto:"],
        ["DTSTART:20260302T090000Z", "DURATION:P99999999999D"],
        ["ATTENDEE;X=" + "a" * 5000 + ":mailto:ann@acme.example"],
        ["BEGIN:VALARM", "UID:2@us.example"],
        ["RRULE:FREQ=SECONDLY", "DTSTART;TZID=../../etc/passwd:20260302T090000"],
        ["ORGANIZER;CN=\x01:mailto:\u2028dana@us.example"],
    ],
)
def test_a_broken_calendar_stops_no_reader(lines: list[str]) -> None:
    invitation(*lines)


def test_a_rule_for_every_second_costs_nothing() -> None:
    zone = AMSTERDAM.replace("FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "FREQ=SECONDLY").replace("16010101", "00010101")
    found = invitation("DTSTART;TZID=Customized Time Zone:20260302T090000", before=zone * 40)
    assert found is not None


def test_a_calendar_of_any_size_is_read_within_bounds() -> None:
    began = time.perf_counter()
    invitation(*["ATTENDEE;" + "A=B;" * 100 + "X=Y:mailto:ann@acme.example"] * 5000, before=AMSTERDAM * 500)
    assert time.perf_counter() - began < 5
