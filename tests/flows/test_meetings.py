"""Meetings from every source: one table, one rule. The counter-conditions stand beside each (rows U-09 to U-18)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from relent.flows import meetings, sequences
from relent.flows.meetings import Signal
from relent.records import models
from relent.terms.events import CalendarMailed, Invitation
from relent.terms.history import TimelineKind
from relent.terms.meetings import MeetingSource
from relent.terms.steps import StepKind
from tests.cast import MONDAY, Cast, sequence, state

UNENROLLED = ("unenrolled", "meeting")


def page(user: models.User, slug: str) -> models.BookingPage:
    return models.BookingPage.objects.create(user=user, slug=slug, title="A talk", created_at=MONDAY)


def with_link(cast: Cast, token: str = "{{ meeting_link.eli-30 }}") -> models.Enrollment:
    """Enroll Ann in a sequence whose first mail holds a link to Eli's page, and let that mail leave."""
    page(cast.eli, "eli-30")
    step = sequences.StepDraft(kind=StepKind.EMAIL, subject="Hello", body=f"Pick a time: {token}")
    later = sequences.StepDraft(kind=StepKind.EMAIL, delay=timedelta(days=2), body="Hello?", threaded=True)
    cast.sequence = sequence(cast.dana, step, later)
    return cast.enrolled()


def told(cast: Cast, source: MeetingSource = MeetingSource.RECORD, **changes: object) -> models.Meeting:
    """Log a meeting of Ann and Dana, an hour from now, a minute after what was before."""
    now = cast.clock.ahead(minutes=1)
    signal = Signal(
        source=source,
        uid="one",
        starts_at=now + timedelta(hours=1),
        ends_at=now + timedelta(hours=2),
        hosts=frozenset({cast.dana.pk}),
        attendees=("ann@acme.example",),
    )
    return meetings.log(replace(signal, **changes), now)  # type: ignore[arg-type]


def booked(cast: Cast, link: str = "eli-30", by: str = "ann@acme.example", host: str = "eli") -> models.Meeting:
    return told(
        cast,
        MeetingSource.LINK,
        link=link,
        booked_by=by,
        attendees=(by,),
        hosts=frozenset({getattr(cast, host).pk}),
    )


def settings(profile: str = "safe", **overrides: str) -> None:
    models.AccountSettings.objects.create(profile=profile, overrides=overrides, since=MONDAY - timedelta(days=1))


def test_a_booking_through_a_link_that_was_sent_unenrolls_whoever_the_host_is(cast: Cast) -> None:
    enrollment = with_link(cast)
    booked(cast)
    assert state(enrollment) == UNENROLLED


def test_a_mail_keeps_the_links_it_left_with(cast: Cast) -> None:
    enrollment = with_link(cast)
    links = models.DeliveryLink.objects.filter(delivery__enrollment=enrollment)
    assert list(links.values_list("link", flat=True)) == ["eli-30"]


def test_a_link_to_somebody_elses_scheduler_is_kept_without_its_query(cast: Cast) -> None:
    with_link(cast, "https://Cal.com/eli/intro?utm_source=mail#top")
    assert models.DeliveryLink.objects.get().link == "cal.com/eli/intro"


def test_a_booking_through_a_link_that_was_not_sent_yet_with_another_host_keeps(cast: Cast) -> None:
    enrollment = cast.enrolled()
    page(cast.eli, "eli-30")
    booked(cast)
    assert state(enrollment) == ("active", "")


def test_a_booking_with_the_enroller_through_a_link_from_elsewhere_unenrolls(cast: Cast) -> None:
    enrollment = cast.enrolled()
    booked(cast, "dana-30", host="dana")
    assert state(enrollment) == UNENROLLED


def test_that_booking_keeps_where_the_letter_is_kept(cast: Cast) -> None:
    settings("hubspot-strict")
    enrollment = cast.enrolled()
    booked(cast, "dana-30", host="dana")
    assert state(enrollment) == ("active", "")


def test_a_colleague_who_books_through_the_contacts_link_only_asks(cast: Cast) -> None:
    enrollment = with_link(cast)
    booked(cast, by="bob@acme.example")
    assert state(enrollment) == ("active", "")
    assert models.ReviewItem.objects.filter(kind="booked_by_another").count() == 1


@pytest.mark.parametrize("source", [MeetingSource.RECORD, MeetingSource.GOOGLE, MeetingSource.IMIP])
def test_a_meeting_with_the_enroller_unenrolls(cast: Cast, source: MeetingSource) -> None:
    enrollment = cast.enrolled()
    told(cast, source)
    assert state(enrollment) == UNENROLLED


@pytest.mark.parametrize("source", [MeetingSource.RECORD, MeetingSource.GOOGLE, MeetingSource.IMIP])
def test_a_meeting_with_another_user_keeps(cast: Cast, source: MeetingSource) -> None:
    enrollment = cast.enrolled()
    told(cast, source, hosts=frozenset({cast.eli.pk}))
    assert state(enrollment) == ("active", "")


def test_the_contacts_owner_is_not_the_enroller(cast: Cast) -> None:
    enrollment = cast.enrolled()
    models.Contact.objects.filter(pk=cast.ann.pk).update(owner=cast.eli)
    told(cast, hosts=frozenset({cast.eli.pk}))
    assert state(enrollment) == ("active", "")


def test_one_of_two_hosts_is_enough(cast: Cast) -> None:
    enrollment = cast.enrolled()
    told(cast, hosts=frozenset({cast.dana.pk, cast.eli.pk}))
    assert state(enrollment) == UNENROLLED


def test_a_host_who_declined_is_not_met_and_somebody_is_asked(cast: Cast) -> None:
    enrollment = cast.enrolled()
    both = frozenset({cast.dana.pk, cast.eli.pk})
    told(cast, hosts=both, declined=frozenset({cast.dana.pk}))
    assert state(enrollment) == ("active", "")
    assert models.ReviewItem.objects.filter(kind="declined_host").count() == 1


def test_a_meeting_on_another_record_keeps_until_the_contact_is_associated(cast: Cast) -> None:
    enrollment = cast.enrolled()
    deal = models.Deal.objects.create(name="A deal", created_at=MONDAY)
    meeting = told(cast, attendees=(), deal_ids=frozenset({deal.pk}))
    assert state(enrollment) == ("active", "")
    assert meetings.associate(meeting.pk, cast.ann, cast.clock.ahead(hours=2))
    assert state(enrollment) == UNENROLLED


def test_associating_twice_decides_once(cast: Cast) -> None:
    cast.enrolled()
    meeting = told(cast, attendees=(), hosts=frozenset({cast.eli.pk}))
    assert meetings.associate(meeting.pk, cast.ann, cast.clock.ahead(hours=2))
    assert not meetings.associate(meeting.pk, cast.ann, cast.clock.ahead(hours=2))
    assert models.Decision.objects.count() == 1


def test_a_meeting_that_was_logged_before_the_enrollment_keeps(cast: Cast) -> None:
    settings(planned_meeting="stays")
    meeting = told(cast, attendees=())
    cast.clock.ahead(minutes=5)
    enrollment = cast.enrolled()
    meetings.associate(meeting.pk, cast.ann, cast.clock.ahead(minutes=5))
    assert state(enrollment) == ("active", "")


def test_a_meeting_that_took_place_before_unenrolls_where_it_is_logged_now(cast: Cast) -> None:
    enrollment = cast.enrolled()
    past = MONDAY - timedelta(days=30)
    told(cast, starts_at=past, ends_at=past + timedelta(hours=1))
    assert state(enrollment) == UNENROLLED


def test_what_a_source_claims_of_the_time_it_was_made_is_kept_and_decides_nothing(cast: Cast) -> None:
    enrollment = cast.enrolled()
    claimed = MONDAY - timedelta(days=30)
    meeting = told(cast, MeetingSource.IMPORT, claimed_at=claimed)
    assert (meeting.logged_at, meeting.claimed_at) == (cast.clock(), claimed)
    assert state(enrollment) == UNENROLLED


def test_a_meeting_after_the_end_changes_nothing(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.deliver(cast.answer(enrollment))
    cast.clock.ahead(minutes=1)
    cast.turn()
    ended = state(enrollment)
    told(cast)
    assert state(enrollment) == ended


def test_a_meeting_told_twice_is_one_row_and_one_decision(cast: Cast) -> None:
    cast.enrolled()
    first, again = told(cast, hosts=frozenset({cast.eli.pk})), told(cast, hosts=frozenset({cast.eli.pk}))
    assert first.pk == again.pk
    assert models.Decision.objects.count() == 1


def test_who_joins_later_is_decided_about_then(cast: Cast) -> None:
    told(cast)
    enrollment = cast.enrolled(cast.bob)
    told(cast, attendees=("ann@acme.example", "bob@acme.example"))
    assert state(enrollment) == UNENROLLED


def test_a_host_who_says_yes_after_all_is_met(cast: Cast) -> None:
    enrollment = cast.enrolled()
    told(cast, declined=frozenset({cast.dana.pk}))
    told(cast)
    assert state(enrollment) == UNENROLLED


def test_a_later_version_moves_the_meeting_and_an_older_one_does_not(cast: Cast) -> None:
    moved = MONDAY + timedelta(days=3)
    told(cast, sequence_number=1)
    told(cast, sequence_number=2, starts_at=moved, ends_at=moved)
    meeting = told(cast, sequence_number=1, starts_at=MONDAY, ends_at=MONDAY)
    meeting.refresh_from_db()
    assert meeting.starts_at == moved


def test_a_cancelled_meeting_starts_nothing_again(cast: Cast) -> None:
    enrollment = cast.enrolled()
    meeting = told(cast)
    assert meetings.cancel(meeting.pk, cast.clock.ahead(minutes=1))
    assert not meetings.cancel(meeting.pk, cast.clock.ahead(minutes=1))
    assert state(enrollment) == UNENROLLED


def test_nobody_is_unenrolled_by_a_meeting_that_is_off(cast: Cast) -> None:
    enrollment = cast.enrolled()
    meeting = told(cast, attendees=())
    meetings.cancel(meeting.pk, cast.clock.ahead(minutes=1))
    meetings.associate(meeting.pk, cast.ann, cast.clock.ahead(minutes=1))
    assert state(enrollment) == ("active", "")


def test_the_timeline_tells_of_the_meeting_and_of_its_end_once(cast: Cast) -> None:
    meeting = told(cast)
    told(cast)
    meetings.cancel(meeting.pk, cast.clock.ahead(minutes=1))
    kinds = cast.ann.timeline.filter(meeting=meeting).order_by("at").values_list("kind", flat=True)
    assert list(kinds) == [TimelineKind.MEETING_BOOKED, TimelineKind.MEETING_CANCELLED]


def test_meetings_still_to_come_are_known_when_a_contact_is_enrolled(cast: Cast) -> None:
    meeting = told(cast)
    assert meetings.planned_for(cast.ann, cast.clock()) == [meeting]
    assert meetings.planned_for(cast.ann, cast.clock.ahead(days=1)) == []
    assert meetings.planned_for(cast.bob, MONDAY) == []


def item(cast: Cast) -> models.InboundItem:
    number = str(models.InboundItem.objects.count())
    now = cast.clock()
    return models.InboundItem.objects.create(
        mailbox=cast.mailbox, identity=number, folder="INBOX", received_at=now, read_at=now, kind="x", size=1
    )


def calendar_mail(cast: Cast, method: str, **told_of: object) -> CalendarMailed:
    now: datetime = cast.clock.ahead(minutes=1)
    values: dict[str, object] = {
        "uid": "mail-1",
        "organizer": "ann@acme.example",
        "attendees": ("dana@us.example",),
        "starts": now + timedelta(days=1),
        "ends": now + timedelta(days=1, hours=1),
    }
    invitation = Invitation(**{**values, **told_of})  # type: ignore[arg-type]
    return CalendarMailed(
        at=now, sender="ann@acme.example", recipients=("dana@us.example",), method=method, invitation=invitation
    )


def test_an_invitation_to_a_user_is_a_meeting_with_that_user(cast: Cast) -> None:
    event = meetings.from_mail(calendar_mail(cast, "REQUEST"), item(cast), cast.clock())
    assert event is not None
    assert (event.hosts, event.attendees) == (frozenset({cast.dana.pk}), frozenset({"ann@acme.example"}))


@pytest.mark.parametrize(("answer", "counts"), [("ACCEPTED", True), ("TENTATIVE", True), ("DECLINED", False)])
def test_an_answer_to_a_users_invitation_is_a_meeting_unless_it_declines(cast: Cast, answer: str, counts: bool) -> None:
    mail = calendar_mail(cast, "REPLY", organizer="dana@us.example", attendees=("ann@acme.example",), answer=answer)
    event = meetings.from_mail(mail, item(cast), cast.clock())
    assert (event is not None) is counts
    assert models.Meeting.objects.exists() is counts


def test_a_proposal_of_another_time_is_a_meeting_with_the_organizer(cast: Cast) -> None:
    mail = calendar_mail(cast, "COUNTER", organizer="dana@us.example", attendees=("ann@acme.example",))
    event = meetings.from_mail(mail, item(cast), cast.clock())
    assert event is not None
    assert event.hosts == {cast.dana.pk}


def test_an_answer_to_an_invitation_of_nobody_of_ours_is_no_meeting(cast: Cast) -> None:
    mail = calendar_mail(cast, "REPLY", organizer="zoe@elsewhere.example", answer="ACCEPTED")
    assert meetings.from_mail(mail, item(cast), cast.clock()) is None


def test_an_invitation_whose_sender_is_forged_arranges_nothing(cast: Cast) -> None:
    mail = replace(calendar_mail(cast, "REQUEST"), authenticated=False)
    assert meetings.from_mail(mail, item(cast), cast.clock()) is None


def test_the_same_invitation_in_two_mailboxes_is_decided_once(cast: Cast) -> None:
    mail = calendar_mail(cast, "REQUEST")
    assert meetings.from_mail(mail, item(cast), cast.clock()) is not None
    assert meetings.from_mail(mail, item(cast), cast.clock.ahead(minutes=1)) is None


def test_its_organizer_cancels_a_meeting_by_mail_and_a_stranger_does_not(cast: Cast) -> None:
    meetings.from_mail(calendar_mail(cast, "REQUEST"), item(cast), cast.clock())
    stranger = replace(calendar_mail(cast, "CANCEL"), sender="mallory@elsewhere.example")
    meetings.from_mail(stranger, item(cast), cast.clock())
    assert models.Meeting.objects.get().cancelled_at is None
    meetings.from_mail(calendar_mail(cast, "CANCEL"), item(cast), cast.clock.ahead(minutes=1))
    assert models.Meeting.objects.get().cancelled_at is not None


def test_an_invitation_is_logged_when_it_came_not_when_it_was_read(cast: Cast) -> None:
    mail = calendar_mail(cast, "REQUEST")
    meetings.from_mail(mail, item(cast), cast.clock.ahead(days=2))
    assert models.Meeting.objects.get().logged_at == mail.at
