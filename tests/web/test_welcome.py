"""The first run."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from relent.records import models
from relent.transports import memory
from relent.transports.base import Check
from tests.cast import Cast

ACCOUNT = {
    "company_name": "US Example",
    "name": "Rea Root",
    "email": "Rea@us.example",
    "password": "correct horse battery",
    "time_zone": "Asia/Tokyo",
}
MAILBOX = {
    "kind": "imap",
    "address": "rea@us.example",
    "imap_host": "127.0.0.1",
    "imap_port": 9,
    "imap_tls": "none",
    "smtp_host": "127.0.0.1",
    "smtp_port": 9,
    "smtp_tls": "none",
    "password": "wrong",
}


def skip(browser: Client, page: str) -> Any:
    return browser.post(reverse("welcome-skip"), {"page": page})


@pytest.fixture
def root(db: None, client: Client) -> Client:
    """A browser after the first step."""
    client.post(reverse("welcome-account"), ACCOUNT)
    return client


def test_an_empty_install_leads_to_the_first_step(db: None, client: Client) -> None:
    assert client.get("/", follow=True).redirect_chain[-1][0] == reverse("welcome-account")


def test_the_first_user_is_a_super_admin_and_signed_in(root: Client) -> None:
    user = models.User.objects.get()
    assert (user.email, user.is_super_admin, user.time_zone) == ("rea@us.example", True, "Asia/Tokyo")
    assert root.get(reverse("account")).status_code == 200


def test_a_weak_password_is_refused(db: None, client: Client) -> None:
    answer = client.post(reverse("welcome-account"), {**ACCOUNT, "password": "password12"})
    assert answer.status_code == 422
    assert not models.User.objects.exists()


def test_nobody_becomes_super_admin_once_there_is_a_user(cast: Cast, client: Client) -> None:
    client.post(reverse("welcome-account"), ACCOUNT)
    assert not models.User.objects.filter(email="rea@us.example").exists()


def test_a_mailbox_that_fails_says_which_part_and_why(root: Client) -> None:
    page = root.post(reverse("welcome-mailbox"), {**MAILBOX, "test": "yes"}).content.decode()
    assert '<li class="failed">' in page
    assert not models.Mailbox.objects.exists()


def test_a_skipped_step_is_not_asked_again(root: Client) -> None:
    skip(root, "welcome-mailbox")
    assert root.get(reverse("welcome"))["Location"] == reverse("welcome-sequence")


def test_the_guide_goes_on_where_it_stopped(root: Client) -> None:
    skip(root, "welcome-mailbox")
    root.post(reverse("welcome-sequence"), {"sample": "first-contact"})
    assert root.get(reverse("welcome"))["Location"] == reverse("welcome-contact")


def test_the_guide_ends_with_an_enrollment(root: Client, world: memory.World) -> None:
    models.Mailbox.objects.create(
        user=models.User.objects.get(),
        address="rea@us.example",
        kind="memory",
        connected_at="2026-03-02T09:00Z",
        state_since="2026-03-02T09:00Z",
    )
    root.post(reverse("welcome-sequence"), {"sample": "first-contact"})
    root.post(reverse("welcome-contact"), {"first_name": "Ann", "email": "ann@acme.example", "company": "Acme"})
    page = root.get(reverse("welcome-enroll"))
    assert page.content.decode().count("<time") == 3
    root.post(reverse("welcome-enroll"), page.context["form"].data)
    assert models.Enrollment.objects.get().contact.email == "ann@acme.example"
    assert root.get(reverse("welcome-contact")).status_code == 403


def test_the_samples_are_in_the_visitors_language(db: None) -> None:
    browser = Client(headers={"accept-language": "ja"})
    browser.post(reverse("welcome-account"), ACCOUNT)
    browser.post(reverse("welcome-sequence"), {"sample": "first-contact"})
    assert models.Sequence.objects.get().name == "初回のご連絡"


def test_every_part_of_a_connection_test_has_a_name(root: Client) -> None:
    page = root.post(reverse("mailbox-connect"), {**MAILBOX, "test": "yes"})
    parts = [check.part for check in page.context["checks"] if isinstance(check, Check)]
    assert parts
    assert not any(f"<strong>{part}</strong>" in page.content.decode() for part in parts)
