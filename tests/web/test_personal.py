"""Signing in, language, colors and time zone."""

from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import reverse

from relent.records import models
from relent.web.pages import errors
from tests.cast import Cast

ENTRY = {"email": "Dana@US.example", "password": "correct horse"}


def test_signing_in_leads_back_to_the_page_that_was_asked_for(cast: Cast, client: Client) -> None:
    assert client.post("/sign-in/", {**ENTRY, "next": "/inbox/"})["Location"] == "/inbox/"


def test_signing_in_never_leads_to_another_site(cast: Cast, client: Client) -> None:
    assert client.post("/sign-in/", {**ENTRY, "next": "https://other.example/"})["Location"] == "/"


def test_after_ten_wrong_passwords_the_right_one_has_to_wait(cast: Cast, client: Client) -> None:
    for _ in range(10):
        client.post("/sign-in/", {**ENTRY, "password": "wrong"})
    answer = client.post("/sign-in/", ENTRY)
    assert "Wait ten minutes" in answer.content.decode()


def test_a_deactivated_user_cannot_sign_in(cast: Cast, client: Client) -> None:
    models.User.objects.update(is_active=False)
    assert client.post("/sign-in/", ENTRY).status_code == 422


def test_signing_out_needs_a_post(cast: Cast, dana: Client) -> None:
    assert dana.get("/sign-out/").status_code == 405
    dana.post("/sign-out/")
    assert dana.get("/").status_code == 302


def test_the_switch_wins_over_the_browsers_language(cast: Cast, dana: Client) -> None:
    dana.post("/language/", {"language": "ja", "next": "/contacts/"})
    assert '<html lang="ja"' in dana.get("/contacts/").content.decode()


def test_a_new_browser_speaks_the_language_last_chosen(cast: Cast, dana: Client) -> None:
    dana.post("/language/", {"language": "ja"})
    other = Client()
    other.force_login(models.User.objects.get(pk=cast.dana.pk))
    assert '<html lang="ja"' in other.get("/contacts/").content.decode()


def test_colors_follow_the_system_until_they_are_chosen(cast: Cast, dana: Client) -> None:
    assert "data-theme" not in dana.get("/").content.decode()
    dana.post("/theme/", {"theme": "dark"})
    assert 'data-theme="dark"' in dana.get("/").content.decode()
    dana.post("/theme/", {"theme": ""})
    assert "data-theme" not in dana.get("/").content.decode()


def test_times_are_shown_in_the_users_time_zone(cast: Cast, dana: Client) -> None:
    cast.enrolled()
    dana.post("/profile/", {"name": "Dana Reed", "time_zone": "Asia/Tokyo", "language": ""})
    page = dana.get(reverse("contact", args=[cast.ann.pk])).content.decode()
    assert 'datetime="2026-03-02T18:00:00+09:00"' in page


def test_changing_the_password_needs_the_present_one(cast: Cast, dana: Client) -> None:
    wrong = {"present": "nope", "password": "a new long phrase"}
    assert dana.post("/profile/password/", wrong).status_code == 422
    dana.post("/profile/password/", {**wrong, "present": "correct horse"})
    assert models.User.objects.get(pk=cast.dana.pk).check_password("a new long phrase")
    assert dana.get("/").status_code == 200


def test_health_is_told_without_a_sign_in(db: None, client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_a_missing_page_says_what_may_have_happened(db: None, client: Client) -> None:
    answer = client.get("/nowhere/", headers={"accept-language": "ja"})
    assert answer.status_code == 404
    assert "このアドレスには何もありません" in answer.content.decode()


def test_the_page_for_our_own_faults_needs_no_database(rf: RequestFactory) -> None:
    request = rf.get("/", SERVER_NAME="localhost")
    assert errors.failed(request).status_code == 500


def test_a_form_that_was_open_for_too_long_says_what_to_do(cast: Cast) -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", ENTRY)
    assert answer.status_code == 403
    assert "reload the page and send it again" in answer.content.decode()


def test_the_languages_are_english_and_japanese() -> None:
    assert [code for code, _name in settings.LANGUAGES] == ["en", "ja"]
