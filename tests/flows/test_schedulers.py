"""Reports of schedulers: who is believed, what a report does, and that nothing is lost or done twice."""

from datetime import timedelta

import pytest

from relent.flows import meeting_links, schedulers, sequences
from relent.flows.permissions import NotAllowed
from relent.flows.schedulers import Outcome
from relent.records import models
from relent.terms.meetings import SchedulerKind
from relent.terms.steps import StepKind
from tests.cast import Cast, sequence, state, super_admin
from tests.normalize import bookings

CALCOM, CALENDLY = SchedulerKind.CALCOM, SchedulerKind.CALENDLY


def connected(cast: Cast, kind: SchedulerKind) -> models.Scheduler:
    schedulers.save(kind, bookings.SECRET, "", super_admin(), cast.clock())
    return models.Scheduler.objects.get(kind=kind)


def mailed(cast: Cast, link: str) -> models.Enrollment:
    """Enroll Ann in a sequence whose first mail holds ``link``, and let it leave."""
    step = sequences.StepDraft(kind=StepKind.EMAIL, subject="Hello", body=f"Pick a time: {link}")
    later = sequences.StepDraft(kind=StepKind.EMAIL, delay=timedelta(days=2), body="Hello?", threaded=True)
    cast.sequence = sequence(cast.dana, step, later)
    return cast.enrolled()


def report(cast: Cast, scheduler: models.Scheduler, told: object) -> Outcome:
    body, now = bookings.raw(told), cast.clock.ahead(minutes=1)
    signature = (
        bookings.signed_by_calendly(body, now) if scheduler.kind == CALENDLY else bookings.signed_by_calcom(body)
    )
    return schedulers.receive(SchedulerKind(scheduler.kind), scheduler.token, signature, body, now)


def test_a_booking_through_a_calcom_link_that_was_sent_unenrolls(cast: Cast) -> None:
    enrollment = mailed(cast, "https://cal.com/eli/intro")
    assert report(cast, connected(cast, CALCOM), bookings.calcom()) is Outcome.TAKEN
    assert state(enrollment) == ("unenrolled", "meeting")


def test_a_booking_through_another_link_with_another_host_keeps(cast: Cast) -> None:
    enrollment = mailed(cast, "https://cal.com/eli/intro")
    report(cast, connected(cast, CALCOM), bookings.calcom(type="demo"))
    assert state(enrollment) == ("active", "")


def test_calendly_names_no_page_so_what_our_link_carried_tells(cast: Cast) -> None:
    enrollment = mailed(cast, "https://calendly.com/eli/30min")
    carried = {"utm_content": meeting_links.token_of(enrollment.pk)}
    report(cast, connected(cast, CALENDLY), bookings.calendly(tracking=carried))
    assert models.Meeting.objects.get().link == "calendly.com/eli/30min"
    assert state(enrollment) == ("unenrolled", "meeting")


def test_a_forged_token_tells_nothing(cast: Cast) -> None:
    enrollment = mailed(cast, "https://calendly.com/eli/30min")
    report(cast, connected(cast, CALENDLY), bookings.calendly(tracking={"utm_content": f"{enrollment.pk}:forged"}))
    assert models.Meeting.objects.get().link == ""
    assert state(enrollment) == ("active", "")


def test_a_mail_carries_whom_it_was_sent_to_in_the_schedulers_link(cast: Cast) -> None:
    enrollment = mailed(cast, "https://calendly.com/eli/30min")
    token = meeting_links.token_of(enrollment.pk)
    assert meeting_links.signed("https://calendly.com/eli/30min", enrollment.pk).endswith(token.replace(":", "%3A"))


def test_a_report_told_again_changes_nothing(cast: Cast) -> None:
    cast.enrolled()
    scheduler = connected(cast, CALCOM)
    report(cast, scheduler, bookings.calcom())
    report(cast, scheduler, bookings.calcom())
    assert (models.Meeting.objects.count(), models.Decision.objects.count()) == (1, 1)


def test_a_host_whom_nobody_knows_is_kept_and_can_be_seen(cast: Cast) -> None:
    report(cast, connected(cast, CALCOM), bookings.calcom(organizer={"email": "zoe@elsewhere.example"}))
    meeting = models.Meeting.objects.get()
    assert (meeting.organizer, meeting.hosts.count()) == ("zoe@elsewhere.example", 0)


def test_a_rescheduled_booking_takes_the_place_of_the_old_one(cast: Cast) -> None:
    scheduler = connected(cast, CALCOM)
    report(cast, scheduler, bookings.calcom())
    report(cast, scheduler, bookings.calcom("BOOKING_RESCHEDULED", uid="bk-2", rescheduleUid="bk-1"))
    standing = models.Meeting.objects.standing().values_list("uid", flat=True)
    assert list(standing) == ["calcom:bk-2"]


@pytest.mark.parametrize("first", ["invitee.created", "invitee.canceled"])
def test_of_a_rescheduled_booking_at_calendly_one_stands_in_either_order(cast: Cast, first: str) -> None:
    scheduler = connected(cast, CALENDLY)
    old = bookings.calendly()
    report(cast, scheduler, old)
    told = [
        bookings.calendly("invitee.canceled", rescheduled=True),
        bookings.calendly(uri="https://api.calendly.com/new", old_invitee=old["payload"]["uri"]),
    ]
    for one in told if first == "invitee.canceled" else reversed(told):
        report(cast, scheduler, one)
    assert models.Meeting.objects.standing().get().uid == "calendly:https://api.calendly.com/new"


def test_a_cancelled_booking_starts_nothing_again(cast: Cast) -> None:
    enrollment = mailed(cast, "https://cal.com/eli/intro")
    scheduler = connected(cast, CALCOM)
    report(cast, scheduler, bookings.calcom())
    report(cast, scheduler, bookings.calcom("BOOKING_CANCELLED"))
    assert state(enrollment) == ("unenrolled", "meeting")
    assert not models.Meeting.objects.standing().exists()


def test_a_report_that_is_not_signed_is_refused_and_its_content_logged_nowhere(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    scheduler, body = connected(cast, CALCOM), bookings.raw(bookings.calcom())
    outcome = schedulers.receive(CALCOM, scheduler.token, "no-secret-provided", body, cast.clock())
    assert outcome is Outcome.REFUSED
    assert not models.Meeting.objects.exists()
    assert "signature" in caplog.text
    assert "acme" not in caplog.text


def test_nothing_is_accepted_before_there_is_a_secret(cast: Cast) -> None:
    scheduler, body = schedulers.connect(CALCOM, super_admin(), cast.clock()), bookings.raw(bookings.calcom())
    signature = bookings.signed_by_calcom(body, "")
    assert schedulers.receive(CALCOM, scheduler.token, signature, body, cast.clock()) is Outcome.REFUSED


def test_an_address_is_one_schedulers_only(cast: Cast) -> None:
    scheduler, body = connected(cast, CALCOM), bookings.raw(bookings.calcom())
    signature = bookings.signed_by_calcom(body)
    assert schedulers.receive(CALENDLY, scheduler.token, signature, body, cast.clock()) is Outcome.NOT_OURS


def test_a_secret_lies_encrypted_in_the_database(cast: Cast) -> None:
    connected(cast, CALCOM)
    stored = models.Scheduler.objects.values_list("secrets", flat=True)
    assert models.Scheduler.objects.get().secrets == {"secret": bookings.SECRET}
    with stored.query.get_compiler("default").connection.cursor() as cursor:
        cursor.execute("SELECT secrets FROM records_scheduler")
        assert bookings.SECRET.encode() not in bytes(cursor.fetchone()[0])


def test_a_custom_host_of_calcoms_is_known(cast: Cast) -> None:
    schedulers.save(CALCOM, bookings.SECRET, "https://Meet.Us.example", super_admin(), cast.clock())
    assert meeting_links.found_in("https://meet.us.example/eli/intro?x=1") == ("meet.us.example/eli/intro",)


def test_eli_may_not_connect_a_scheduler(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        schedulers.save(CALCOM, "secret", "", cast.eli, cast.clock())
    assert not models.Scheduler.objects.exists()
