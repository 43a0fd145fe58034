"""The list of meetings, a contact's meetings, schedulers, and where they report. And may Eli?"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from relent import clock
from relent.flows import meetings, schedulers
from relent.records import models
from relent.terms.meetings import MeetingSource, SchedulerKind
from tests.cast import Cast, state, super_admin
from tests.normalize import bookings

PLAN = {"title": "On the telephone", "starts_at": "2026-03-01T10:00", "minutes": "30", "others": "", "place": ""}


@pytest.fixture
def meeting(cast: Cast) -> models.Meeting:
    """A meeting of Dana and Ann, tomorrow."""
    at = clock.now() + timedelta(days=1)
    signal = meetings.Signal(
        source=MeetingSource.GOOGLE,
        uid="m",
        title="Plans",
        starts_at=at,
        ends_at=at + timedelta(hours=1),
        hosts=frozenset({cast.dana.pk}),
        attendees=("ann@acme.example",),
    )
    return meetings.log(signal, clock.now())


def test_the_list_shows_what_is_to_come(meeting: models.Meeting, dana: Client) -> None:
    shown = dana.get("/meetings/").content.decode()
    assert "Plans" in shown
    assert "ann@acme.example" in shown
    assert "Plans" not in dana.get("/meetings/?state=past").content.decode()


def test_an_empty_list_says_what_will_stand_there(dana: Client) -> None:
    assert b"No meetings to come" in dana.get("/meetings/").content


def test_eli_sees_no_meeting_of_danas_and_may_not_cancel_it(meeting: models.Meeting, eli: Client) -> None:
    assert b"Plans" not in eli.get("/meetings/").content
    assert eli.post(f"/meetings/{meeting.pk}/cancel/").status_code == 404
    meeting.refresh_from_db()
    assert meeting.cancelled_at is None


def test_a_host_cancels_after_being_asked(meeting: models.Meeting, dana: Client) -> None:
    assert b"stays unenrolled" in dana.get(f"/meetings/{meeting.pk}/cancel/").content
    assert dana.post(f"/meetings/{meeting.pk}/cancel/").status_code == 302
    meeting.refresh_from_db()
    assert meeting.cancelled_at is not None


def test_a_host_whom_nobody_knows_is_shown_to_a_super_admin(
    cast: Cast, sign_in: Callable[[models.User], Client]
) -> None:
    at = clock.now() + timedelta(days=1)
    signal = meetings.Signal(
        source=MeetingSource.LINK, uid="x", starts_at=at, ends_at=at, organizer="zoe@elsewhere.example"
    )
    meetings.log(signal, clock.now())
    assert b"zoe@elsewhere.example" in sign_in(super_admin()).get("/meetings/").content


def test_a_meeting_logged_on_the_record_unenrolls(cast: Cast, dana: Client) -> None:
    enrollment = cast.enrolled()
    answer = dana.post(f"/contacts/{cast.ann.pk}/meetings/new/", {**PLAN, "hosts": [cast.dana.pk]})
    assert answer.status_code == 302
    assert state(enrollment) == ("unenrolled", "meeting")
    assert b"On the telephone" in dana.get(f"/contacts/{cast.ann.pk}/").content


def test_a_meeting_with_another_host_keeps(cast: Cast, dana: Client) -> None:
    enrollment = cast.enrolled()
    dana.post(f"/contacts/{cast.ann.pk}/meetings/new/", {**PLAN, "hosts": [cast.eli.pk]})
    assert models.Meeting.objects.exists()
    assert state(enrollment) == ("active", "")


def test_a_deal_of_the_contact_can_be_named(cast: Cast, dana: Client) -> None:
    deal = models.Deal.objects.create(name="Licenses", created_at=clock.now())
    deal.contacts.add(cast.ann)
    dana.post(f"/contacts/{cast.ann.pk}/meetings/new/", {**PLAN, "hosts": [cast.dana.pk], "deals": [deal.pk]})
    assert deal.meetings.count() == 1


@pytest.mark.parametrize("wrong", [{"starts_at": "soon"}, {"others": "nobody"}, {"hosts": []}, {"minutes": "0"}])
def test_what_is_no_meeting_is_refused(cast: Cast, dana: Client, wrong: dict[str, object]) -> None:
    answer = dana.post(f"/contacts/{cast.ann.pk}/meetings/new/", {**PLAN, "hosts": [cast.dana.pk], **wrong})
    assert answer.status_code == 422
    assert not models.Meeting.objects.exists()


def test_a_contact_is_associated_with_a_meeting_that_is_there(
    cast: Cast, meeting: models.Meeting, dana: Client
) -> None:
    path = f"/contacts/{cast.cora.pk}/meetings/"
    assert b"Associate with Cora Cole" in dana.get(path).content
    assert dana.post(path, {"meeting": meeting.pk}).status_code == 302
    assert cast.cora.meetings.count() == 1


def test_eli_may_neither_log_nor_associate_on_danas_contact(cast: Cast, meeting: models.Meeting, eli: Client) -> None:
    path = f"/contacts/{cast.ann.pk}/meetings/"
    assert eli.get(path).status_code == 404
    assert eli.post(f"{path}new/", {**PLAN, "hosts": [cast.eli.pk]}).status_code == 404
    assert models.Meeting.objects.count() == 1


def test_eli_may_not_associate_a_meeting_that_he_does_not_see(cast: Cast, meeting: models.Meeting, eli: Client) -> None:
    models.Contact.objects.filter(pk=cast.cora.pk).update(owner=cast.eli)
    assert eli.post(f"/contacts/{cast.cora.pk}/meetings/", {"meeting": meeting.pk}).status_code == 404


@pytest.fixture
def calcom(cast: Cast) -> models.Scheduler:
    """Cal.com, connected."""
    schedulers.save(SchedulerKind.CALCOM, bookings.SECRET, "", super_admin(), clock.now())
    return models.Scheduler.objects.get()


def post(calcom: models.Scheduler, body: bytes, signature: str) -> int:
    browser = Client(enforce_csrf_checks=True)
    headers = {"X-Cal-Signature-256": signature}
    path = f"/hooks/calcom/{calcom.token}"
    return browser.post(path, body, content_type="application/json", headers=headers).status_code


def test_a_signed_report_is_taken(calcom: models.Scheduler) -> None:
    body = bookings.raw(bookings.calcom())
    assert post(calcom, body, bookings.signed_by_calcom(body)) == 200
    assert models.Meeting.objects.count() == 1


@pytest.mark.parametrize("signature", ["", "no-secret-provided", "00"])
def test_a_report_without_a_good_signature_is_refused(calcom: models.Scheduler, signature: str) -> None:
    assert post(calcom, bookings.raw(bookings.calcom()), signature) == 401
    assert not models.Meeting.objects.exists()


def test_a_signed_report_that_cannot_be_read_is_said_to_be_so(calcom: models.Scheduler) -> None:
    assert post(calcom, b"[]", bookings.signed_by_calcom(b"[]")) == 400


def test_calendly_reports_by_its_own_header(cast: Cast) -> None:
    schedulers.save(SchedulerKind.CALENDLY, bookings.SECRET, "", super_admin(), clock.now())
    body = bookings.raw(bookings.calendly())
    headers = {"Calendly-Webhook-Signature": bookings.signed_by_calendly(body, clock.now())}
    path = f"/hooks/calendly/{models.Scheduler.objects.get().token}"
    assert Client().post(path, body, content_type="application/json", headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/hooks/calcom/unknown", "/hooks/other/x"])
def test_an_address_that_nobody_reports_to_is_not_there(db: None, path: str) -> None:
    assert Client().post(path, b"{}", content_type="application/json").status_code == 404
    assert Client().get(path).status_code == 405


def test_a_super_admin_connects_sees_the_address_and_never_the_secret(
    cast: Cast, sign_in: Callable[[models.User], Client]
) -> None:
    admin = sign_in(super_admin())
    admin.post("/account/schedulers/", {"kind": "calcom", "connect": "1"})
    admin.post("/account/schedulers/", {"kind": "calcom", "calcom-secret": bookings.SECRET, "calcom-hosts": ""})
    shown = admin.get("/account/schedulers/").content.decode()
    assert models.Scheduler.objects.get().token in shown
    assert bookings.SECRET not in shown
    assert models.Scheduler.objects.get().secrets == {"secret": bookings.SECRET}


def test_an_empty_field_keeps_the_secret(calcom: models.Scheduler, sign_in: Callable[[models.User], Client]) -> None:
    admin = sign_in(models.User.objects.get(email="root@us.example"))
    admin.post("/account/schedulers/", {"kind": "calcom", "calcom-secret": "", "calcom-hosts": "meet.us.example"})
    kept = models.Scheduler.objects.get()
    assert (kept.secrets, kept.hosts) == ({"secret": bookings.SECRET}, "meet.us.example")


def test_eli_may_not_see_or_change_the_schedulers(calcom: models.Scheduler, eli: Client) -> None:
    assert eli.get("/account/schedulers/").status_code == 403
    assert eli.post("/account/schedulers/", {"kind": "calcom", "disconnect": "1"}).status_code == 403
    assert models.Scheduler.objects.exists()


def test_eli_is_offered_no_deal_of_danas_for_a_meeting(cast: Cast, eli: Client) -> None:
    models.Contact.objects.filter(pk=cast.ann.pk).update(owner=None)
    deal = models.Deal.objects.create(name="Secret deal", owner=cast.dana, created_at=clock.now())
    deal.contacts.add(cast.ann)
    page = f"/contacts/{cast.ann.pk}/meetings/new/"
    assert "Secret deal" not in eli.get(page).content.decode()
    eli.post(page, {**PLAN, "hosts": [cast.eli.pk], "deals": [deal.pk]})
    assert not models.MeetingAssociation.objects.filter(deal=deal).exists()


def test_the_list_of_meetings_names_no_contact_that_eli_does_not_see(
    cast: Cast, meeting: models.Meeting, eli: Client
) -> None:
    models.Contact.objects.filter(pk=cast.bob.pk).update(owner=cast.eli)
    for contact in (cast.ann, cast.bob):
        meetings.associate(meeting.pk, contact, clock.now())
    shown = eli.get("/meetings/").content.decode()
    assert ("Bob Baker" in shown, "Ann Archer" in shown) == (True, False)


@pytest.mark.parametrize("number", ["x", "-1", ""])
def test_a_meeting_that_is_none_cannot_be_associated(cast: Cast, dana: Client, number: str) -> None:
    assert dana.post(f"/contacts/{cast.ann.pk}/meetings/", {"meeting": number}).status_code == 404
