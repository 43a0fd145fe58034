import pytest

from relent.mail import calendar_part, message
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
