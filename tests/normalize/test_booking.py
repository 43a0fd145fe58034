"""What schedulers' webhooks tell, whether they are believed, and which links they are about."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relent.normalize import booking, booking_links, signatures
from relent.normalize.booking import Heard
from tests.normalize import bookings

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PAGES = "https://relent.example/meet"


def test_a_booking_at_calcom_is_read() -> None:
    told = booking.calcom(bookings.raw(bookings.calcom(metadata={"seq": "7:abc"})))
    assert (told.heard, told.uid, told.token, told.link) == (Heard.BOOKED, "bk-1", "7:abc", "cal.com/eli/intro")
    assert (told.hosts, told.booked_by, told.names) == (
        ("eli@us.example",),
        "ann@acme.example",
        {"ann@acme.example": "Ann Archer"},
    )
    assert told.starts == datetime(2026, 3, 5, 10, 0, tzinfo=UTC)


def test_a_rescheduled_booking_at_calcom_takes_the_place_of_another() -> None:
    told = booking.calcom(bookings.raw(bookings.calcom("BOOKING_RESCHEDULED", uid="bk-2", rescheduleUid="bk-1")))
    assert (told.heard, told.uid, told.replaces) == (Heard.BOOKED, "bk-2", "bk-1")


@pytest.mark.parametrize("trigger", ["BOOKING_CANCELLED", "BOOKING_REJECTED"])
def test_a_cancelled_booking_at_calcom_is_told_apart(trigger: str) -> None:
    assert booking.calcom(bookings.raw(bookings.calcom(trigger))).heard is Heard.CANCELLED


def test_a_request_that_waits_for_its_host_is_no_booking() -> None:
    assert booking.calcom(bookings.raw(bookings.calcom("BOOKING_REQUESTED"))).heard is Heard.OTHER


def test_a_templated_payload_is_read_as_far_as_it_goes() -> None:
    flat = {
        "triggerEvent": "BOOKING_CREATED",
        "uid": "bk-3",
        "startTime": "2026-03-05T10:00:00Z",
        "organizerEmail": "eli@us.example",
        "attendeeEmail": "ann@acme.example",
    }
    told = booking.calcom(bookings.raw(flat))
    assert (told.uid, told.hosts, told.booked_by) == ("bk-3", ("eli@us.example",), "ann@acme.example")


def test_the_forms_answers_name_who_booked_where_nothing_else_does() -> None:
    answers = {"email": {"label": "email", "value": "ann@acme.example"}, "name": {"value": "Ann"}}
    told = booking.calcom(bookings.raw(bookings.calcom(attendees=[], responses=answers)))
    assert (told.booked_by, told.names) == ("ann@acme.example", {"ann@acme.example": "Ann"})


def test_a_booking_at_calendly_is_read() -> None:
    report = bookings.calendly(tracking={"utm_content": "7:abc"})
    told = booking.calendly(bookings.raw(report))
    assert (told.heard, told.token, told.hosts) == (Heard.BOOKED, "7:abc", ("eli@us.example",))
    assert told.attendees == ("ann@acme.example", "bob@acme.example")
    assert told.booked_by == "ann@acme.example"


def test_a_canceled_booking_at_calendly_is_told_apart() -> None:
    assert booking.calendly(bookings.raw(bookings.calendly("invitee.canceled"))).heard is Heard.CANCELLED


@pytest.mark.parametrize("raw", [b"", b"[]", b"\xff", b'{"triggerEvent": "BOOKING_CREATED"}', b"[" * 100_000])
def test_what_cannot_be_read_is_said_to_be_so(raw: bytes) -> None:
    with pytest.raises(booking.Unreadable):
        booking.calcom(raw)


ODD = [None, True, 7, 1.5, "x", "", [], {}, [1], [[]], [{"email": 1}], {"email": ["x"]}, {"value": {}}, "9" * 5000]
KEYS = ["organizer", "attendees", "responses", "metadata", "startTime", "team", "title", "scheduled_event", "tracking"]


@pytest.mark.fuzz
@given(st.dictionaries(st.sampled_from(KEYS), st.sampled_from(ODD)))
def test_no_value_of_the_wrong_kind_breaks_the_reading(changes: dict[str, object]) -> None:
    assert booking.calcom(bookings.raw(bookings.calcom(**changes))).uid == "bk-1"
    assert booking.calendly(bookings.raw(bookings.calendly(**changes))).uid.endswith("I1")


BODY = bookings.raw(bookings.calcom())


def test_a_signature_of_calcoms_holds_for_its_bytes_only() -> None:
    header = bookings.signed_by_calcom(BODY)
    assert signatures.calcom_holds(header, BODY, bookings.SECRET)
    assert not signatures.calcom_holds(header, BODY + b" ", bookings.SECRET)


@pytest.mark.parametrize("header", ["", signatures.NO_SECRET, "ü" * 64, bookings.signed_by_calcom(BODY, "another")])
def test_no_other_signature_of_calcoms_holds(header: str) -> None:
    assert not signatures.calcom_holds(header, BODY, bookings.SECRET)


def test_without_a_secret_nothing_holds() -> None:
    assert not signatures.calcom_holds(bookings.signed_by_calcom(BODY, ""), BODY, "")
    assert not signatures.calendly_holds(bookings.signed_by_calendly(BODY, NOW, ""), BODY, "", NOW)


@pytest.mark.parametrize(("age", "holds"), [(0, True), (179, True), (181, False), (-181, False)])
def test_a_signature_of_calendlys_holds_for_three_minutes(age: int, holds: bool) -> None:
    header = bookings.signed_by_calendly(BODY, NOW - timedelta(seconds=age))
    assert signatures.calendly_holds(header, BODY, bookings.SECRET, NOW) is holds


@pytest.mark.parametrize("header", ["", "t=,v1=", "t=x,v1=00", "t=1", "v1=00", "t=١,v1=00", "t=" + "9" * 40])
def test_a_broken_signature_of_calendlys_does_not_hold(header: str) -> None:
    assert not signatures.calendly_holds(header, BODY, bookings.SECRET, NOW)


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("Here: https://relent.example/meet/dana-30?e=1:x.", ("dana-30",)),
        ("Here: HTTPS://CAL.com/eli/intro/?utm_source=x#y", ("cal.com/eli/intro",)),
        (
            "https://calendly.com/eli/30min?month=2026-03, or https://calendly.com/eli/30min",
            ("calendly.com/eli/30min",),
        ),
        ("Our site: https://us.example/meet/dana-30", ()),
        ("http://[broken/", ()),
    ],
)
def test_links_are_known_by_slug_or_by_address_without_query(text: str, links: tuple[str, ...]) -> None:
    hosts = booking_links.CALCOM_HOSTS | booking_links.CALENDLY_HOSTS
    assert booking_links.links_in(text, PAGES, hosts) == links


@pytest.mark.parametrize(
    ("text", "signed"),
    [
        ("https://calendly.com/eli/30min.", "https://calendly.com/eli/30min?utm_content=7%3Ax."),
        ("https://cal.com/eli/intro?a=1", "https://cal.com/eli/intro?a=1&metadata%5Bseq%5D=7%3Ax"),
        ("https://calendly.com/eli/30min?utm_content=own", "https://calendly.com/eli/30min?utm_content=own"),
        ("https://us.example/x", "https://us.example/x"),
        ("https://calendly.com/", "https://calendly.com/"),
    ],
)
def test_a_link_to_a_scheduler_carries_whom_it_was_sent_to(text: str, signed: str) -> None:
    assert booking_links.with_token(text, "7:x", booking_links.CALCOM_HOSTS) == signed
