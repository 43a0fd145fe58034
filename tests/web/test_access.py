"""Who may open which page. A page that is not in the table here fails the test: say who may see it first."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, reverse

from relent import clock
from relent.flows import booking, meetings, profiles, unsubscribing
from relent.records import models
from relent.terms.meetings import MeetingSource
from relent.terms.roles import Role
from relent.terms.states import DeliveryState, EnrollmentState, TaskState
from relent.web import urls
from relent.web.pages import session
from tests.cast import MONDAY, Cast, super_admin

# "public": no sign-in. "everybody": who is signed in. "theirs": Dana's, so not Eli's. "team": not for reps.
# "admin": super admins only.
RULES = {
    "home": "everybody",
    "healthz": "public",
    "unsubscribe": "public",
    "sign-in": "public",
    "sign-out": "everybody",
    "language": "public",
    "theme": "public",
    "profile": "everybody",
    "password": "everybody",
    "welcome": "public",
    "welcome-account": "public",
    "welcome-mailbox": "admin",
    "welcome-sequence": "admin",
    "welcome-contact": "admin",
    "welcome-enroll": "admin",
    "welcome-skip": "admin",
    "contacts": "everybody",
    "contact-new": "everybody",
    "contact": "theirs",
    "contact-edit": "theirs",
    "contact-live": "theirs",
    "contact-timeline": "theirs",
    "contacts-deleted": "everybody",
    "contact-delete": "theirs",
    "contact-restore": "theirs",
    "contact-merge": "theirs",
    "contact-erase": "admin",
    "companies": "everybody",
    "company": "everybody",
    "company-new": "team",
    "company-edit": "team",
    "company-merge": "team",
    "decision": "theirs",
    "enroll": "everybody",
    "enroll-preview": "everybody",
    "enroll-contacts": "everybody",
    "enroll-many": "everybody",
    "enroll-batch": "theirs",
    "enrollment-undo": "theirs",
    "unenroll": "theirs",
    "pause": "theirs",
    "resume": "theirs",
    "contact-list": "theirs",
    "event-hook": "public",
    "workflows": "everybody",
    "workflow-new": "team",
    "workflow": "theirs",
    "workflow-edit": "team",
    "workflow-switch": "team",
    "workflow-delete": "team",
    "workflow-dry-run": "theirs",
    "workflow-address": "team",
    "lists": "everybody",
    "list": "everybody",
    "list-remove": "everybody",
    "list-delete": "team",
    "deals": "everybody",
    "deal-new": "everybody",
    "deal": "theirs",
    "deal-delete": "theirs",
    "notifications": "everybody",
    "notifications-read": "everybody",
    "sequences": "everybody",
    "sequence-new": "everybody",
    "sequence": "theirs",
    "sequence-enrollments": "theirs",
    "sequence-steps": "theirs",
    "sequence-apply": "theirs",
    "sequence-scheduled": "theirs",
    "sequence-automation": "theirs",
    "sequence-settings": "theirs",
    "sequence-undo": "theirs",
    "scheduled": "everybody",
    "delivery-edit": "theirs",
    "delivery-now": "theirs",
    "sequence-unenroll": "theirs",
    "sequence-delete": "theirs",
    "sequence-transfer": "theirs",
    "inbox": "everybody",
    "inbox-item": "theirs",
    "overrule": "theirs",
    "overruled": "team",
    "overruled-export": "admin",
    "tasks": "everybody",
    "task-complete": "theirs",
    "task-mail": "theirs",
    "meet": "public",
    "booked": "public",
    "booked-calendar": "public",
    "booked-cancel": "public",
    "booked-move": "public",
    "hook": "public",
    "meetings": "everybody",
    "meeting-cancel": "theirs",
    "meeting-new": "theirs",
    "contact-meetings": "theirs",
    "booking-pages": "everybody",
    "booking-page-new": "everybody",
    "booking-page": "theirs",
    "schedulers": "admin",
    "attention": "everybody",
    "review-answer": "theirs",
    "contact-opt-out": "theirs",
    "suppressions": "everybody",
    "suppression-add": "team",
    "suppression-lift": "team",
    "suppressions-export": "team",
    "opt-outs-import": "team",
    "opt-outs-progress": "team",
    "enrollment-release": "theirs",
    "mailboxes": "everybody",
    "mailbox-connect": "everybody",
    "mailbox": "theirs",
    "mailbox-reconnect": "theirs",
    "mailbox-disconnect": "theirs",
    "account": "admin",
    "account-profile": "admin",
    "account-override": "admin",
    "account-automation": "admin",
    "users": "admin",
    "user-new": "admin",
    "user": "admin",
    "user-leave": "admin",
    "user-reactivate": "admin",
    "audit": "admin",
}
PAGES = [pattern for pattern in urls.urlpatterns if isinstance(pattern, URLPattern)]
POST_ONLY = {405}


def named(rule: str) -> set[str]:
    """Return the names of the pages under a rule."""
    return {name for name, given in RULES.items() if given == rule}


@pytest.fixture
def address(cast: Cast) -> Callable[[str], str]:
    """Return the address of a page about something of Dana's."""
    things = _things_of_dana(cast)

    def address_of(name: str) -> str:
        try:
            return reverse(name)
        except NoReverseMatch:
            about = things[name]
            return reverse(name, args=about if isinstance(about, tuple) else [about])

    return address_of


def test_every_page_has_an_access_rule() -> None:
    assert {pattern.name for pattern in PAGES} == set(RULES)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_visitor_without_a_sign_in_is_sent_to_sign_in(
    client: Client, address: Callable[[str], str], method: str
) -> None:
    sent_to_sign_in = {
        name
        for name in RULES
        if getattr(client, method)(address(name)).headers.get("Location", "").startswith("/sign-in/?next=")
    }
    assert sent_to_sign_in == set(RULES) - named("public")


@pytest.mark.parametrize("method", ["get", "post"])
def test_eli_finds_nothing_of_what_is_danas(eli: Client, address: Callable[[str], str], method: str) -> None:
    answers = {name: getattr(eli, method)(address(name)).status_code for name in named("theirs")}
    expected = {404, *(POST_ONLY if method == "get" else ())}
    assert {name: status for name, status in answers.items() if status not in expected} == {}


@pytest.mark.parametrize("method", ["get", "post"])
def test_eli_is_refused_what_is_for_super_admins(eli: Client, address: Callable[[str], str], method: str) -> None:
    answers = {name: getattr(eli, method)(address(name)).status_code for name in named("admin")}
    expected = {403, *(POST_ONLY if method == "get" else ())}
    assert {name: status for name, status in answers.items() if status not in expected} == {}


@pytest.mark.parametrize("method", ["get", "post"])
def test_eli_is_refused_what_is_not_for_reps(eli: Client, address: Callable[[str], str], method: str) -> None:
    answers = {name: getattr(eli, method)(address(name)).status_code for name in named("team")}
    expected = {403, *(POST_ONLY if method == "get" else ())}
    assert {name: status for name, status in answers.items() if status not in expected} == {}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_dana_opens_her_own_pages_in_her_language(
    cast: Cast, sign_in: Callable[..., Client], address: Callable[[str], str], language: str
) -> None:
    dana = sign_in(cast.dana, language)
    answers = {name: dana.get(address(name)) for name in named("everybody") | named("theirs")}
    assert {answer.status_code for answer in answers.values()} == {200, *POST_ONLY}
    pages = {name: answer.content.decode() for name, answer in answers.items() if b"<html" in answer.content}
    assert {name for name, page in pages.items() if f'<html lang="{language}"' not in page} == set()


def test_a_super_admin_opens_the_pages_for_super_admins(
    sign_in: Callable[..., Client], address: Callable[[str], str]
) -> None:
    browser = sign_in(super_admin())
    assert {browser.get(address(name)).status_code for name in named("admin")} <= {200, 302, *POST_ONLY}


def test_without_javascript_a_request_for_a_fragment_gets_a_whole_page(dana: Client, cast: Cast) -> None:
    enrollment = cast.enroll()
    page = dana.get(reverse("unenroll", args=[enrollment.pk])).content
    fragment = dana.get(reverse("unenroll", args=[enrollment.pk]), headers={"hx-request": "true"}).content
    assert b"<html" in page
    assert b"<html" not in fragment


def test_a_fragment_asked_for_after_the_session_ended_leads_to_the_sign_in_page(client: Client) -> None:
    answer = client.get("/contacts/", headers={"hx-request": "true"})
    assert answer["HX-Redirect"] == "/sign-in/"


def test_a_private_sequence_is_hidden_from_others_and_shown_to_super_admins(
    cast: Cast, eli: Client, sign_in: Callable[[models.User], Client]
) -> None:
    models.Sequence.objects.update(private=True)
    page = reverse("sequence", args=[cast.sequence.pk])
    assert eli.get(page).status_code == 404
    assert sign_in(super_admin()).get(page).status_code == 200


def test_a_user_who_may_not_sign_in_any_more_is_signed_out(cast: Cast, dana: Client) -> None:
    models.User.objects.filter(pk=cast.dana.pk).update(is_active=False)
    assert dana.get("/contacts/").status_code == 302


def test_a_wrong_password_is_answered_also_where_the_count_of_them_has_just_expired(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "PAUSE_SECONDS", 0)
    answer = client.post(reverse("sign-in"), {"email": cast.dana.email, "password": "wrong"})
    assert "Address or password is wrong." in answer.content.decode()


def test_tries_at_many_addresses_make_no_count_of_wrong_passwords_forgotten(cast: Cast, client: Client) -> None:
    for _ in range(session.TRIES):
        client.post(reverse("sign-in"), {"email": cast.dana.email, "password": "wrong"})
    for number in range(1000):
        cache.add(f"sign-in:127.0.0.1:{number}@elm.example", 1, session.PAUSE_SECONDS)
    answer = client.post(reverse("sign-in"), {"email": cast.dana.email, "password": "correct horse"})
    assert "Too many wrong passwords." in answer.content.decode()


def test_pages_allow_no_inline_script_and_no_inline_style(dana: Client) -> None:
    policy = dana.get("/contacts/")["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_sign_in_page_is_where_the_settings_send_visitors() -> None:
    assert reverse(settings.LOGIN_URL) == "/sign-in/"


def _things_of_dana(cast: Cast) -> dict[str, object]:
    """Dana's own: all are made private or owned, so that whoever sees one of them sees what is not theirs."""
    models.Sequence.objects.update(private=True)
    enrollment = cast.enrolled()
    cast.deliver(cast.answer(enrollment))
    cast.turn()
    running = cast.enroll(cast.bob)
    unknown = cast.enroll(cast.cora).deliveries.get()
    models.Delivery.objects.filter(pk=unknown.pk).update(state=DeliveryState.UNKNOWN)
    held, meeting = _held(cast), _meeting(cast)
    profiles.change(MONDAY, None, automation=True)
    decision = models.Decision.objects.latest("pk")
    assert decision.item is not None
    task = models.Task.objects.create(
        contact=cast.ann,
        delivery=enrollment.deliveries.earliest("pk"),
        assignee=cast.dana,
        kind="email",
        subject="Write",
        state=TaskState.OPEN,
        created_at=MONDAY,
    )
    by_kind = {
        "contact": cast.ann.pk,
        "company": cast.ann.company_id,
        "review": _question(held).pk,
        "suppression": _blocked().pk,
        "opt": models.OptOutImport.objects.create(name="list.csv", started_at=MONDAY).pk,
        "workflow": _workflow(cast).pk,
        "list": models.ContactList.objects.create(name="Guests", created_at=MONDAY).pk,
        "deal": models.Deal.objects.create(name="Deal", owner=cast.dana, created_at=MONDAY).pk,
        "event": "1-unknown",
        "sequence": cast.sequence.pk,
        "mailbox": cast.mailbox.pk,
        "user": cast.dana.pk,
        "inbox": decision.item_id,
        "overrule": decision.item_id,
        "task": task.pk,
        "delivery": running.deliveries.earliest("pk").pk,
        "enrollment": held.pk,
        "meet": meeting.link,
        "booked": booking.token_of(meeting),
        "hook": ("calcom", "unknown"),
    }
    things: dict[str, object] = {name: by_kind.get(name.partition("-")[0]) for name in RULES}
    things |= dict.fromkeys(("unenroll", "pause", "resume"), running.pk)
    gone = models.Contact.objects.create(first_name="Gus", owner=cast.dana, created_at=MONDAY, deleted_at=MONDAY)
    things |= {"contact-restore": gone.pk, "user-leave": (cast.dana.pk, "remove")}
    things |= {"meeting-cancel": meeting.pk, "meeting-new": cast.ann.pk, "booking-page": meeting.page_id}
    things |= {"enroll-batch": _batch(cast).pk}
    return {**things, "decision": decision.pk, "unsubscribe": unsubscribing.url_for(running.pk).rpartition("/u/")[2]}


def _workflow(cast: Cast) -> models.Workflow:
    return models.Workflow.objects.create(
        name="W",
        trigger="reply",
        actions=[{"do": "unenroll"}],
        sequence=cast.sequence,
        created_at=MONDAY,
        changed_at=MONDAY,
    )


def _meeting(cast: Cast) -> models.Meeting:
    """A meeting of Dana's that was booked on her page."""
    page = models.BookingPage.objects.create(user=cast.dana, slug="dana", title="A talk", created_at=MONDAY)
    at = clock.now() + timedelta(days=1)
    signal = meetings.Signal(
        source=MeetingSource.LINK,
        uid="booked",
        starts_at=at,
        ends_at=at + timedelta(minutes=30),
        hosts=frozenset({cast.dana.pk}),
        booked_by="gast@elm.example",
        link=page.slug,
        page=page,
    )
    return meetings.log(signal, clock.now())


def _batch(cast: Cast) -> models.EnrollBatch:
    return models.EnrollBatch.objects.create(sequence=cast.sequence, by=cast.dana, created_at=MONDAY)


def _question(held: models.Enrollment) -> models.ReviewItem:
    return models.ReviewItem.objects.create(
        kind="unsure_sender", key="x", enrollment=held, contact=held.contact, opened_at=MONDAY
    )


def _blocked() -> models.Suppression:
    return models.Suppression.objects.create(
        address="who@else.example", code="BLOCKED_ADDRESS", source="by_hand", since=MONDAY
    )


def _held(cast: Cast) -> models.Enrollment:
    dora = models.Contact.objects.create(first_name="Dora", owner=cast.dana, created_at=MONDAY)
    models.ContactAddress.objects.create(contact=dora, address="dora@birch.example", primary=True, since=MONDAY)
    enrollment = cast.enroll(dora)
    models.Enrollment.objects.filter(pk=enrollment.pk).update(state=EnrollmentState.HELD, reason="unsure_sender")
    return enrollment


def test_a_manager_sees_the_contacts_of_the_team(cast: Cast, sign_in: Callable[[models.User], Client]) -> None:
    models.User.objects.filter(pk=cast.eli.pk).update(role=Role.MANAGER)
    assert sign_in(cast.eli).get(reverse("contact", args=[cast.ann.pk])).status_code == 200
