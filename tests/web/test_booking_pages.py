"""The booking pages as visitors see them, and their forms as users do. And may Eli?"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes

import pytest
from django.test import Client, override_settings

from relent import clock
from relent.flows import booking, meeting_links
from relent.records import models
from relent.web.pages import meet
from tests.cast import Cast, super_admin

HOURS = {str(day): [[0, 1440]] for day in range(7)}
SAVED = {"title": "A talk", "slug": "Dana-30", "minutes": 30, "buffer": 0, "notice": 60, "horizon": 14, "active": "on"}


@pytest.fixture
def visitor() -> Client:
    """A browser that checks forms as a real one makes the server do."""
    return Client(enforce_csrf_checks=True, headers={"accept-language": "en"})


@pytest.fixture
def page(cast: Cast) -> models.BookingPage:
    """Dana's page, open day and night."""
    made = {"slug": "dana-30", "title": "A talk with Dana", "hours": HOURS, "created_at": clock.now(), "notice": 60}
    return models.BookingPage.objects.create(user=cast.dana, **made)


def first_free(page: models.BookingPage) -> datetime:
    return booking.free_times(page, clock.now().date(), 3, "UTC", clock.now())[3]


def fill(visitor: Client, page: models.BookingPage, at: datetime, email: str = "ann@acme.example") -> tuple[int, str]:
    """Open the form of a time, fill it in, and return the status and where it leads."""
    url = f"/meet/{page.slug}?at={at.isoformat().replace('+', '%2B')}&zone=Europe/Berlin"
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', visitor.get(url).content.decode())
    assert token is not None
    once = re.search(r'name="once" value="([^"]{20,})"', visitor.get(url).content.decode())
    assert once is not None
    data = {"name": "Ann Archer", "email": email, "note": "", "at": at.isoformat(), "zone": "Europe/Berlin"}
    data["once"] = once[1]
    answer = visitor.post(f"/meet/{page.slug}", {**data, "csrfmiddlewaretoken": token[1]})
    return answer.status_code, answer.headers.get("Location", "")


def test_a_visitor_sees_free_times_and_no_sign_in(page: models.BookingPage, visitor: Client) -> None:
    shown = visitor.get("/meet/dana-30")
    assert shown.status_code == 200
    assert b"A talk with Dana" in shown.content
    assert b'class="slots"' in shown.content


def test_a_visitor_books_and_is_told_so(page: models.BookingPage, visitor: Client) -> None:
    status, leads_to = fill(visitor, page, first_free(page))
    assert status == 302
    assert b"Your meeting is booked." in visitor.get(leads_to).content
    assert models.Meeting.objects.get().booked_by == "ann@acme.example"


def test_times_are_shown_in_the_visitors_zone(page: models.BookingPage, visitor: Client) -> None:
    at = first_free(page)
    shown = visitor.get(f"/meet/dana-30?at={at.isoformat().replace('+', '%2B')}&zone=Asia/Kolkata").content.decode()
    assert f"{at + timedelta(hours=5, minutes=30):%H:%M}" in shown


def test_a_link_that_was_sent_shows_the_contacts_zone(cast: Cast, page: models.BookingPage, visitor: Client) -> None:
    models.Contact.objects.filter(pk=cast.ann.pk).update(time_zone="Asia/Tokyo")
    link = meeting_links.address_of("dana-30", cast.enroll().pk)
    shown = visitor.get("/meet/" + link.rpartition("/meet/")[2]).content.decode()
    assert '<option value="Asia/Tokyo" selected>' in shown


def test_a_link_that_was_sent_tells_nothing_about_whom_it_was_sent_to(
    cast: Cast, page: models.BookingPage, visitor: Client
) -> None:
    link = meeting_links.address_of("dana-30", cast.enroll().pk)
    assert b"acme" not in visitor.get("/meet/" + link.rpartition("/meet/")[2]).content.lower()


def test_a_time_that_was_taken_meanwhile_is_said_to_be_so(page: models.BookingPage, visitor: Client) -> None:
    at = first_free(page)
    fill(visitor, page, at)
    assert fill(visitor, page, at, "bob@acme.example")[0] == 409
    assert models.Meeting.objects.count() == 1


def test_a_visitor_moves_and_cancels_by_the_link(page: models.BookingPage, visitor: Client) -> None:
    at = first_free(page)
    _, booked = fill(visitor, page, at)
    visitor.handler.enforce_csrf_checks = False
    later = booking.free_times(page, at.date(), 3, "UTC", clock.now())[-1]
    assert visitor.post(f"{booked}/move", {"at": later.isoformat()}).headers["Location"] == booked
    assert models.Meeting.objects.get().starts_at == later
    visitor.post(f"{booked}/cancel")
    assert b"This meeting is cancelled." in visitor.get(booked).content


def test_opening_the_links_changes_nothing(page: models.BookingPage, visitor: Client) -> None:
    _, booked = fill(visitor, page, first_free(page))
    assert visitor.get(f"{booked}/cancel").status_code == 405
    assert visitor.get(f"{booked}/move").status_code == 200
    assert models.Meeting.objects.get().cancelled_at is None


def test_the_calendar_file_can_be_taken_along(page: models.BookingPage, visitor: Client) -> None:
    _, booked = fill(visitor, page, first_free(page))
    file = visitor.get(f"{booked}/meeting.ics")
    assert file.headers["Content-Type"].startswith("text/calendar")
    assert b"BEGIN:VEVENT" in file.content


def test_a_forged_token_shows_nobodys_meeting(page: models.BookingPage, visitor: Client) -> None:
    fill(visitor, page, first_free(page))
    forged = f"/booked/{models.Meeting.objects.get().pk}:forged"
    for path in (forged, f"{forged}/meeting.ics", f"{forged}/move"):
        assert visitor.get(path).status_code == 404


def test_a_page_that_is_off_is_not_there(page: models.BookingPage, visitor: Client) -> None:
    models.BookingPage.objects.update(active=False)
    assert visitor.get("/meet/dana-30").status_code == 404


def test_a_page_without_a_free_time_says_so(page: models.BookingPage, visitor: Client) -> None:
    models.BookingPage.objects.update(hours={})
    assert b"Nothing can be booked here at present." in visitor.get("/meet/dana-30").content


@pytest.mark.parametrize(
    "query",
    [
        "at=x",
        "zone=../../etc/passwd",
        "from=9999-99-99",
        "e=1:forged",
        "at=2026-03-02",
        "at=9999-12-31T23:59:59Z",
        "at=0001-01-01T00:00:00Z&zone=America/Lima",
    ],
)
def test_an_edited_address_breaks_nothing(page: models.BookingPage, visitor: Client, query: str) -> None:
    assert visitor.get(f"/meet/dana-30?{query}").status_code == 200


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])
def test_a_time_at_the_end_of_time_is_not_booked(page: models.BookingPage, at: str) -> None:
    data = {"name": "Ann Archer", "email": "ann@acme.example", "at": at}
    assert Client().post(f"/meet/{page.slug}", data).status_code == 200
    assert not models.Meeting.objects.exists()


def test_nobody_books_without_end(page: models.BookingPage, visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meet, "BOOKINGS", 1)
    free = booking.free_times(page, clock.now().date(), 3, "UTC", clock.now())
    assert [fill(visitor, page, at)[0] for at in free[3:5]] == [302, 422]


def test_booking_a_taken_time_in_somebodys_name_leads_to_nobodys_meeting(
    page: models.BookingPage, visitor: Client
) -> None:
    at = first_free(page)
    fill(visitor, page, at)
    assert fill(Client(), page, at) == (409, "")


def test_a_form_that_is_sent_twice_books_once(page: models.BookingPage) -> None:
    data = {"name": "Ann Archer", "email": "ann@acme.example", "at": first_free(page).isoformat(), "once": "s" * 32}
    first, again = (Client().post(f"/meet/{page.slug}", data) for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    assert models.Meeting.objects.count() == 1


def test_nobody_has_mails_sent_without_end_by_moving_a_meeting(
    page: models.BookingPage, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = first_free(page)
    _, booked = fill(visitor, page, at)
    visitor.handler.enforce_csrf_checks = False
    monkeypatch.setattr(meet, "BOOKINGS", 2)
    later = booking.free_times(page, at.date(), 3, "UTC", clock.now())[-1]
    moved = [visitor.post(f"{booked}/move", {"at": one.isoformat()}).status_code for one in (later, at)]
    assert moved == [302, 429]
    assert models.Meeting.objects.get().starts_at == later


@pytest.mark.parametrize("name", ["Ann\r\nBcc: victim@elm.example", 'A "B" C', "A\x7fB;C:D,E"])
def test_a_name_of_any_signs_is_booked_and_adds_no_header(page: models.BookingPage, name: str) -> None:
    data = {"name": name, "email": "ann@acme.example", "at": first_free(page).isoformat()}
    assert Client().post(f"/meet/{page.slug}", data).status_code == 302
    for mail in models.MeetingMail.objects.all():
        assert "Bcc" not in message_from_bytes(bytes(mail.raw))


def test_the_page_reads_in_japanese(page: models.BookingPage) -> None:
    shown = Client(headers={"accept-language": "ja"}).get("/meet/dana-30")
    assert 'lang="ja"' in shown.content.decode()


def test_a_user_creates_a_page_with_hours(dana: Client, cast: Cast) -> None:
    answer = dana.post("/meetings/pages/new/", {**SAVED, "hours_0": "9:00-12:00, 13:00–17:30"})
    assert answer.status_code == 302
    made = models.BookingPage.objects.get()
    assert (made.user, made.slug, made.hours) == (cast.dana, "dana-30", {"0": [[540, 720], [780, 1050]]})


@pytest.mark.parametrize("hours", ["9-12", "12:00-09:00", "09:00-25:00", "09:00-12:00, 11:00-13:00", "09:75-10:00"])
def test_hours_that_cannot_be_meant_are_refused(dana: Client, hours: str) -> None:
    assert dana.post("/meetings/pages/new/", {**SAVED, "hours_0": hours}).status_code == 422
    assert not models.BookingPage.objects.exists()


def test_an_address_belongs_to_one_page(page: models.BookingPage, eli: Client) -> None:
    assert eli.post("/meetings/pages/new/", SAVED).status_code == 422


def test_the_list_shows_how_a_page_is_put_into_a_step(page: models.BookingPage, dana: Client) -> None:
    assert b"{{ meeting_link.dana-30 }}" in dana.get("/meetings/pages/").content


def test_eli_may_not_change_danas_page(page: models.BookingPage, eli: Client) -> None:
    assert eli.get(f"/meetings/pages/{page.pk}/").status_code == 404
    assert eli.post(f"/meetings/pages/{page.pk}/", SAVED).status_code == 404
    assert b"A talk with Dana" not in eli.get("/meetings/pages/").content


def test_a_super_admin_may(page: models.BookingPage, sign_in: Callable[[models.User], Client]) -> None:
    admin = sign_in(super_admin())
    data = {name: value for name, value in SAVED.items() if name != "active"}
    assert admin.post(f"/meetings/pages/{page.pk}/", data).status_code == 302
    page.refresh_from_db()
    assert (page.active, page.user.name) == (False, "Dana Reed")


def test_the_address_in_a_mail_is_the_pages(page: models.BookingPage) -> None:
    with override_settings(PUBLIC_URL="https://relent.example"):
        assert meeting_links.address_of("dana-30") == "https://relent.example/meet/dana-30"


def test_past_the_last_day_the_way_back_is_shown(page: models.BookingPage, visitor: Client) -> None:
    monday = {"0": [[540, 600]]}
    models.BookingPage.objects.update(hours=monday, horizon=8)
    shown = visitor.get("/meet/dana-30?from=2099-01-01").content.decode()
    assert "Show the next free time" in shown or 'class="slots"' in shown
