"""Booking pages: one time is one visitor's, and both sides are told once."""

import email
from datetime import datetime, timedelta
from email import policy

import pytest

from relent.flows import booking, meeting_mails, meetings
from relent.flows.booking import Over, Taken, Wish
from relent.records import models
from relent.terms.meetings import MeetingSource
from relent.terms.states import MailboxState
from tests.cast import MONDAY, Cast, state

TEN = datetime.fromisoformat("2026-03-03T10:00:00+00:00")


def page(cast: Cast, **changes: object) -> models.BookingPage:
    hours = {str(day): [[540, 1020]] for day in range(5)}
    values = {"user": cast.dana, "slug": "dana-30", "title": "A talk", "hours": hours, "created_at": MONDAY}
    return models.BookingPage.objects.create(**{**values, **changes})


def wish(at: datetime = TEN, by: str = "ann@acme.example", **changes: str) -> Wish:
    return Wish(starts_at=at, email=by, **{"name": "Ann Archer", **changes})


def test_a_booked_time_is_a_meeting_with_the_host(cast: Cast) -> None:
    meeting = booking.book(page(cast).pk, wish(), cast.clock())
    event = meetings.event_of(meeting)
    assert (event.source, event.hosts, event.booked_by) == (
        MeetingSource.LINK,
        frozenset({cast.dana.pk}),
        "ann@acme.example",
    )
    assert event.link == "dana-30"


def test_a_booking_unenrolls_whoever_booked(cast: Cast) -> None:
    enrollment = cast.enrolled()
    booking.book(page(cast).pk, wish(), cast.clock.ahead(minutes=1))
    assert state(enrollment) == ("unenrolled", "meeting")


def test_a_time_that_is_taken_cannot_be_booked(cast: Cast) -> None:
    booking.book(page(cast).pk, wish(), cast.clock())
    with pytest.raises(Taken):
        booking.book(page(cast, slug="other").pk, wish(by="bob@acme.example"), cast.clock())


def test_a_cancelled_meeting_gives_its_time_back(cast: Cast) -> None:
    first = booking.book(page(cast).pk, wish(), cast.clock())
    booking.cancel(first.pk, cast.clock())
    assert booking.book(first.page_id or 0, wish(by="bob@acme.example"), cast.clock()).pk != first.pk


def test_any_meeting_of_the_host_takes_its_time(cast: Cast) -> None:
    signal = meetings.Signal(
        source=MeetingSource.RECORD,
        uid="x",
        starts_at=TEN,
        ends_at=TEN + timedelta(hours=1),
        hosts=frozenset({cast.dana.pk}),
    )
    meetings.log(signal, cast.clock())
    with pytest.raises(Taken):
        booking.book(page(cast).pk, wish(), cast.clock())


@pytest.mark.parametrize("at", [TEN + timedelta(minutes=7), TEN - timedelta(days=2), TEN + timedelta(days=400)])
def test_what_the_page_does_not_offer_cannot_be_booked(cast: Cast, at: datetime) -> None:
    with pytest.raises(Taken):
        booking.book(page(cast).pk, wish(at), cast.clock())


def test_the_same_wish_twice_is_one_meeting_and_one_mail(cast: Cast) -> None:
    row = page(cast)
    first, again = (booking.book(row.pk, wish(once="s" * 32), cast.clock()) for _ in range(2))
    assert first.pk == again.pk
    assert first.mails.filter(recipient="ann@acme.example").count() == 1


@pytest.mark.parametrize("once", ["", "another form"])
def test_who_knows_an_address_and_a_time_does_not_get_the_meeting_of_its_owner(cast: Cast, once: str) -> None:
    row = page(cast)
    booking.book(row.pk, wish(once="s" * 32), cast.clock())
    with pytest.raises(Taken):
        booking.book(row.pk, wish(once=once), cast.clock())


def test_a_form_that_is_sent_again_after_the_meeting_was_cancelled_books_anew(cast: Cast) -> None:
    row = page(cast)
    first = booking.book(row.pk, wish(once="s" * 32), cast.clock())
    booking.cancel(first.pk, cast.clock())
    again = booking.book(row.pk, wish(once="s" * 32), cast.clock())
    assert (again.pk != first.pk, again.cancelled_at) == (True, None)


def test_a_page_that_is_off_cannot_be_booked(cast: Cast) -> None:
    with pytest.raises(Taken):
        booking.book(page(cast, active=False).pk, wish(), cast.clock())
    assert booking.page_at("dana-30") is None


def test_a_time_is_shown_as_free_only_once(cast: Cast) -> None:
    row = page(cast)
    before = booking.free_times(row, TEN.date(), 1, "UTC", cast.clock())
    booking.book(row.pk, wish(), cast.clock())
    after = booking.free_times(row, TEN.date(), 1, "UTC", cast.clock())
    assert set(before) - set(after) == {TEN}


def sent_to(cast: Cast, address: str) -> list[email.message.EmailMessage]:
    rows = models.MeetingMail.objects.filter(recipient=address, state="sent").order_by("pk")
    return [email.message_from_bytes(row.raw, policy=policy.default) for row in rows]  # type: ignore[misc]


def calendar_of(mail: email.message.EmailMessage) -> str:
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    return str(part.get_content())


def test_both_sides_get_an_invitation_from_the_hosts_mailbox(cast: Cast) -> None:
    booking.book(page(cast).pk, wish(time_zone="Europe/Berlin"), cast.clock())
    cast.turn()
    (mail,) = sent_to(cast, "ann@acme.example")
    assert (mail["From"], len(sent_to(cast, "dana@us.example"))) == ("Dana Reed <dana@us.example>", 1)
    calendar = calendar_of(mail)
    assert "METHOD:REQUEST" in calendar
    assert "DTSTART;TZID=Europe/Berlin:20260303T110000" in calendar
    assert "BEGIN:VTIMEZONE" in calendar


def test_the_mail_to_the_visitor_reads_in_the_visitors_language(cast: Cast) -> None:
    booking.book(page(cast).pk, wish(language="ja"), cast.clock())
    cast.turn()
    assert sent_to(cast, "ann@acme.example")[0]["Subject"].startswith("確定: A talk")
    assert sent_to(cast, "dana@us.example")[0]["Subject"].startswith("Confirmed: A talk")


def test_a_visitors_words_add_no_header_and_no_line_to_the_calendar(cast: Cast) -> None:
    booking.book(page(cast).pk, wish(name="Ann\r\nBcc: x@evil.example", note="a\nATTENDEE:mailto:x"), cast.clock())
    cast.turn()
    mail = sent_to(cast, "ann@acme.example")[0]
    assert mail["Bcc"] is None
    assert "\nATTENDEE:mailto:x" not in calendar_of(mail).replace("\r", "")


def test_a_moved_meeting_is_told_with_a_higher_sequence(cast: Cast) -> None:
    meeting = booking.book(page(cast).pk, wish(), cast.clock())
    booking.move(meeting.pk, TEN + timedelta(hours=1), cast.clock())
    cast.turn()
    calendar = calendar_of(sent_to(cast, "ann@acme.example")[-1])
    assert "SEQUENCE:1" in calendar
    assert meeting.uid in calendar


def test_a_cancelled_meeting_is_told_to_both(cast: Cast) -> None:
    meeting = booking.book(page(cast).pk, wish(), cast.clock())
    booking.cancel(meeting.pk, cast.clock())
    cast.turn()
    assert "METHOD:CANCEL" in calendar_of(sent_to(cast, "ann@acme.example")[-1])
    assert "METHOD:CANCEL" in calendar_of(sent_to(cast, "dana@us.example")[-1])


def test_a_meeting_that_is_over_cannot_be_moved(cast: Cast) -> None:
    meeting = booking.book(page(cast).pk, wish(), cast.clock())
    with pytest.raises(Over):
        booking.move(meeting.pk, TEN + timedelta(days=7), cast.clock.ahead(days=3))


def test_a_mail_that_a_dead_worker_left_is_not_sent_again(cast: Cast) -> None:
    booking.book(page(cast).pk, wish(), cast.clock())
    models.MeetingMail.objects.update(state="sending")
    cast.turn()
    assert set(models.MeetingMail.objects.values_list("state", flat=True)) == {"unknown"}


def test_a_mail_waits_until_the_server_is_back(cast: Cast) -> None:
    booking.book(page(cast).pk, wish(), cast.clock())
    cast.world.mailbox("dana@us.example").down = True
    cast.turn()
    assert set(models.MeetingMail.objects.values_list("state", flat=True)) == {"planned"}
    assert meeting_mails.next_due(cast.clock()) is not None


def test_without_a_mailbox_the_meeting_stands_and_no_mail_is_written(cast: Cast) -> None:
    models.Mailbox.objects.update(state=MailboxState.DISCONNECTED)
    meeting = booking.book(page(cast).pk, wish(), cast.clock())
    assert not meeting.mails.exists()


def test_the_calendar_file_holds_the_meeting(cast: Cast) -> None:
    meeting = booking.book(page(cast).pk, wish(), cast.clock())
    file = booking.calendar_file(meeting, cast.clock()).decode()
    assert "METHOD:PUBLISH" in file
    assert meeting.uid in file


def test_a_token_that_we_did_not_make_leads_to_nothing(cast: Cast) -> None:
    meeting = booking.book(page(cast).pk, wish(), cast.clock())
    assert booking.meeting_of(booking.token_of(meeting)) == meeting
    assert booking.meeting_of(f"{meeting.pk}:forged") is None
