"""Mailboxes, received mail, what needs a person, tasks, and the account."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse

from relent.flows import profiles, reviews, sequences
from relent.records import models
from relent.terms.reviews import ReviewKind
from relent.terms.states import DeliveryState, EnrollmentState
from relent.terms.steps import StepKind, TaskKind
from tests.cast import Cast, sequence, state, super_admin

BROKEN = b"\xff\xfe\x00\r\nSubject: =?no?q?\r\n\x00\x00"


def test_a_mailbox_that_cannot_be_read_says_why_sending_is_held(cast: Cast, dana: Client) -> None:
    models.Mailbox.objects.update(state="unreadable", state_detail="The server refused the password.")
    page = dana.get(reverse("mailbox", args=[cast.mailbox.pk])).content.decode()
    assert "The server refused the password." in page
    assert "nothing is sent until it can" in page


def test_a_stored_password_is_never_shown(cast: Cast, dana: Client) -> None:
    cast.mailbox.secrets = {"password": "hunter2hunter2"}
    cast.mailbox.save()
    for name in ("mailbox", "mailbox-reconnect"):
        assert b"hunter2hunter2" not in dana.get(reverse(name, args=[cast.mailbox.pk])).content


def test_saving_limits_leaves_the_columns_of_the_worker_alone(cast: Cast, dana: Client) -> None:
    models.Mailbox.objects.update(holder="a worker")
    limits = {"display_name": "Dana", "daily_limit": 5, "minute_limit": 1, "spacing": 9}
    dana.post(reverse("mailbox", args=[cast.mailbox.pk]), limits)
    row = models.Mailbox.objects.get()
    assert (row.daily_limit, row.spacing, row.holder) == (5, 9, "a worker")


def test_disconnecting_asks_first(cast: Cast, dana: Client) -> None:
    page = reverse("mailbox-disconnect", args=[cast.mailbox.pk])
    dana.get(page)
    assert models.Mailbox.objects.get().state == "connected"
    dana.post(page)
    assert models.Mailbox.objects.get().state == "disconnected"


def test_only_super_admins_may_name_a_path_on_the_server(
    cast: Cast, dana: Client, sign_in: Callable[[models.User], Client]
) -> None:
    pages = [browser.get("/mailboxes/connect/").content for browser in (dana, sign_in(super_admin()))]
    assert [b'value="maildir"' in page for page in pages] == [False, True]


def test_received_mail_shows_what_it_was_taken_for_and_what_followed(cast: Cast, dana: Client) -> None:
    cast.deliver(cast.answer(cast.enrolled(), Subject="My answer"))
    cast.turn()
    page = dana.get("/inbox/").content.decode()
    assert "My answer" in page
    assert "Is unenrolled" in page


def test_malformed_mail_is_counted_and_shown(cast: Cast, dana: Client) -> None:
    cast.deliver(BROKEN)
    cast.turn()
    assert "1 mail was malformed" in dana.get("/inbox/").content.decode()
    (item,) = dana.get("/inbox/", {"kind": "malformed"}).context["page"].rows
    assert "This mail is malformed" in dana.get(reverse("inbox-item", args=[item.pk])).content.decode()


def test_a_mail_of_which_nobody_knows_is_settled_by_a_button(cast: Cast, dana: Client) -> None:
    enrollment = unknown(cast)
    assert "It left" in dana.get("/attention/").content.decode()
    dana.post(reverse("review-answer", args=[models.ReviewItem.objects.get().pk]), {"answer": "left"})
    assert enrollment.deliveries.earliest("position").state == DeliveryState.SENT
    assert state(enrollment) == ("active", "")


def test_a_mail_that_did_not_leave_is_sent_again(cast: Cast, dana: Client) -> None:
    enrollment = unknown(cast)
    dana.post(reverse("review-answer", args=[models.ReviewItem.objects.get().pk]), {"answer": "not_left"})
    assert enrollment.deliveries.get().state == DeliveryState.PLANNED


def test_the_number_of_waiting_things_stands_in_the_navigation(cast: Cast, dana: Client) -> None:
    unknown(cast)
    assert dana.get("/contacts/").content.decode().count('<span class="count">1</span>') == 3


def test_a_held_enrollment_goes_on_when_a_person_says_so(cast: Cast, dana: Client) -> None:
    enrollment = cast.enrolled()
    models.Enrollment.objects.update(state=EnrollmentState.HELD, reason="unsure_sender")
    dana.post(reverse("enrollment-release", args=[enrollment.pk]))
    assert state(enrollment) == ("active", "")


def test_a_task_is_done_by_its_button_and_the_sequence_goes_on(cast: Cast, dana: Client) -> None:
    call = sequences.StepDraft(kind=StepKind.TASK, subject="Call Ann", task_kind=TaskKind.CALL)
    after = sequences.StepDraft(kind=StepKind.EMAIL, delay=timedelta(days=1), subject="After the call", body="Hi")
    cast.sequence = sequence(cast.dana, call, after)
    enrollment = cast.enrolled()
    assert "Call Ann" in dana.get("/tasks/").content.decode()
    dana.post(reverse("task-complete", args=[models.Task.objects.get().pk]))
    assert state(enrollment) == ("active", "")
    assert enrollment.deliveries.filter(position=2).exists()


def test_changing_the_profile_asks_first_and_adds_to_the_history(
    cast: Cast, sign_in: Callable[[models.User], Client]
) -> None:
    browser = sign_in(super_admin())
    browser.get("/account/profile/", {"profile": "hubspot-strict"})
    assert not models.AccountSettings.objects.exists()
    browser.post("/account/profile/", {"profile": "hubspot-strict"})
    assert models.AccountSettings.objects.get().profile == "hubspot-strict"


def test_the_page_shows_every_setting_with_both_profiles_values(
    cast: Cast, sign_in: Callable[[models.User], Client]
) -> None:
    page = sign_in(super_admin()).get("/account/")
    assert [each["row"].name for each in page.context["rows"]] == [row.name for row in profiles.table()]
    assert "Every connected user" in page.content.decode()


def test_a_super_admin_adds_a_user_and_the_audit_log_says_so(
    cast: Cast, sign_in: Callable[[models.User], Client]
) -> None:
    browser = sign_in(super_admin())
    user = {"name": "Fay", "email": "Fay@us.example", "password": "a long phrase", "role": "rep", "time_zone": "UTC"}
    browser.post("/account/users/new/", user)
    assert models.User.objects.get(email="fay@us.example").check_password("a long phrase")
    assert "user.created" in browser.get("/account/audit/").content.decode()


def test_a_super_admin_cannot_take_the_own_role_away(cast: Cast, sign_in: Callable[[models.User], Client]) -> None:
    root = super_admin()
    page = reverse("user", args=[root.pk])
    sign_in(root).post(page, {"save": "1", "name": "R", "email": root.email, "role": "rep", "time_zone": "UTC"})
    assert models.User.objects.get(pk=root.pk).is_super_admin


def unknown(cast: Cast) -> models.Enrollment:
    """An enrollment whose first mail may or may not have left."""
    enrollment = cast.enroll()
    enrollment.deliveries.update(state=DeliveryState.UNKNOWN, sending_at=cast.clock())
    models.Enrollment.objects.update(state=EnrollmentState.HELD, reason="sent_unknown")
    reviews.open_item(ReviewKind.SENT_UNKNOWN, "1", cast.clock(), enrollment=enrollment)
    return enrollment
