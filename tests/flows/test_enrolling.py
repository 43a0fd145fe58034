"""Who may be enrolled, and what a refusal leaves behind: nothing."""

from datetime import timedelta

import pytest

from relent.flows import consequences, enrolling, sequences, unenrolling, unsubscribing
from relent.records import models
from relent.terms.reasons import Refusal
from relent.terms.states import MailboxState
from relent.terms.steps import StepKind
from tests.cast import Cast, sequence, state


def refusal(cast: Cast, **wish: object) -> Refusal:
    before = models.Enrollment.objects.count()
    with pytest.raises(enrolling.EnrollmentRefused) as refused:
        cast.enroll(**wish)
    assert models.Enrollment.objects.count() == before
    return refused.value.code


def test_a_contact_is_in_one_sequence_at_a_time(cast: Cast) -> None:
    cast.enroll()
    assert refusal(cast) == Refusal.ALREADY_ENROLLED


def test_a_contact_whose_enrollment_ended_may_be_enrolled_again(cast: Cast) -> None:
    unenrolling.by_hand(cast.enroll().pk, cast.dana, cast.clock())
    assert state(cast.enroll())[0] == "active"


def test_a_missing_token_is_named(cast: Cast) -> None:
    cast.ann.first_name = ""
    cast.ann.save()
    with pytest.raises(enrolling.EnrollmentRefused) as refused:
        cast.enroll()
    assert refused.value.code == Refusal.MISSING_TOKEN
    assert refused.value.detail == "contact.first_name"


def test_an_unsubscribed_contact_is_refused(cast: Cast) -> None:
    unsubscribing.unsubscribe(cast.enrolled(), "link", cast.clock())
    assert refusal(cast) == Refusal.UNSUBSCRIBED_PERSONAL


def test_an_address_that_bounced_is_refused(cast: Cast) -> None:
    consequences.suppress("ann@acme.example", Refusal.PREVIOUSLY_BOUNCED, "bounce.hard", cast.clock())
    assert refusal(cast) == Refusal.PREVIOUSLY_BOUNCED


def test_a_user_without_a_seat_is_refused(cast: Cast) -> None:
    cast.dana.may_enroll = False
    assert refusal(cast) == Refusal.NOT_ALLOWED


def test_eli_may_not_enroll_danas_contact(cast: Cast) -> None:
    request = enrolling.EnrollRequest(contact=cast.ann, sequence=cast.sequence, by=cast.eli, mailbox=cast.mailbox)
    with pytest.raises(enrolling.EnrollmentRefused) as refused:
        enrolling.enroll(request, cast.clock())
    assert refused.value.code == Refusal.NOT_ALLOWED


def test_a_disconnected_mailbox_is_refused(cast: Cast) -> None:
    cast.mailbox.state = MailboxState.DISCONNECTED
    assert refusal(cast) == Refusal.NO_MAILBOX


def test_a_step_that_does_not_exist_is_refused(cast: Cast) -> None:
    assert refusal(cast, start_step=9) == Refusal.NO_STEPS


def test_the_same_request_twice_enrolls_once(cast: Cast) -> None:
    assert cast.enroll(request_id="r-1") == cast.enroll(request_id="r-1")


def test_the_preview_gives_each_steps_date_and_changes_nothing(cast: Cast) -> None:
    request = enrolling.EnrollRequest(contact=cast.ann, sequence=cast.sequence, by=cast.dana)
    dates = [step.at for step in enrolling.preview(request, cast.clock()).steps]
    start = cast.clock()
    assert dates == [start, start + timedelta(days=2), start + timedelta(days=7)]
    assert not models.Enrollment.objects.exists()


def test_the_preview_shows_subjects_as_the_contact_will_read_them(cast: Cast) -> None:
    asked = sequences.StepDraft(kind=StepKind.EMAIL, subject="{{ contact.first_name }}, a question", body="Hello")
    request = enrolling.EnrollRequest(contact=cast.ann, sequence=sequence(cast.dana, asked), by=cast.dana)
    assert [step.subject for step in enrolling.preview(request, cast.clock()).steps] == ["Ann, a question"]


def test_an_enrollment_stays_on_the_version_it_started_with(cast: Cast) -> None:
    enrollment = cast.enroll()
    newer = sequence(cast.dana)
    assert enrollment.version == cast.sequence.current
    assert newer.current != enrollment.version
