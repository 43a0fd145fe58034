"""What the form of a mailbox hands to the transport, and where it sends no secret."""

from typing import Any

import pytest

from relent.records import models
from relent.web.forms.mailboxes import MailboxForm
from tests.cast import Cast

TYPED = {
    "kind": "imap",
    "address": "dana@mail.us.example",
    "imap_host": "imap.us.example",
    "imap_port": "993",
    "imap_tls": "tls",
    "smtp_host": "smtp.us.example",
    "smtp_port": "465",
    "smtp_tls": "tls",
    "sent_copies": "relent",
    "auth": "password",
    "password": "",
}
GRANT: dict[str, Any] = {"token_url": "https://id.us.example/token", "client_id": "relent", "refresh_token": "r-1"}


def stored(cast: Cast, secrets: dict[str, str], **options: str) -> models.Mailbox:
    """A mailbox whose options stand as they were typed, with these secrets."""
    names = ("imap_host", "imap_port", "imap_tls", "smtp_host", "smtp_port", "smtp_tls")
    kept = {name: TYPED[name] for name in names}
    return models.Mailbox(kind="imap", address=TYPED["address"], options={**kept, **options}, secrets=secrets)


def form(cast: Cast, mailbox: models.Mailbox | None = None, **changes: Any) -> MailboxForm:
    return MailboxForm({**TYPED, **changes}, user=cast.dana, mailbox=mailbox)


def test_who_files_the_copies_and_how_to_sign_in_reach_the_transport(cast: Cast) -> None:
    filled = form(cast, sent_copies="server", auth="xoauth2", password="unused", client_secret="s", **GRANT)
    assert filled.is_valid(), filled.errors
    assert (filled.options()["sent_copies"], filled.options()["auth"]) == ("server", "xoauth2")
    assert filled.secrets() == {**GRANT, "client_secret": "s"}


@pytest.mark.parametrize("left_out", ["token_url", "client_id", "refresh_token"])
def test_a_grant_with_a_part_left_out_is_refused(cast: Cast, left_out: str) -> None:
    filled = form(cast, auth="xoauth2", **{**GRANT, left_out: ""})
    assert list(filled.errors) == [left_out]


def test_an_access_token_alone_signs_in(cast: Cast) -> None:
    filled = form(cast, auth="xoauth2", access_token="a-1")
    assert filled.is_valid(), filled.errors
    assert filled.secrets() == {"access_token": "a-1"}


def test_tokens_are_traded_over_https_only(cast: Cast) -> None:
    assert "token_url" in form(cast, auth="xoauth2", **GRANT | {"token_url": "http://id.us.example/token"}).errors


def test_a_stored_password_stays_where_the_server_does(cast: Cast) -> None:
    filled = form(cast, stored(cast, {"password": "p"}), sent_copies="server")
    assert filled.is_valid(), filled.errors
    assert filled.secrets() == {"password": "p"}


@pytest.mark.parametrize(
    "changed",
    [
        {"imap_host": "imap.birch.example"},
        {"smtp_host": "smtp.birch.example"},
        {"imap_port": "143"},
        {"smtp_port": "587"},
        {"smtp_tls": "starttls"},
        {"username": "eli"},
        {"auth": "xoauth2"},
    ],
)
def test_a_stored_secret_never_goes_to_a_server_typed_later(cast: Cast, changed: dict[str, Any]) -> None:
    (error,) = form(cast, stored(cast, {"password": "p"}), **changed).errors.values()
    assert error == ["The server changed: type the password or token again."]


def test_a_stored_token_never_goes_to_a_token_server_typed_later(cast: Cast) -> None:
    mailbox = stored(cast, {**GRANT, "client_secret": "s"}, auth="xoauth2")
    filled = form(cast, mailbox, auth="xoauth2", token_url="https://id.birch.example/token", client_id="relent")
    assert list(filled.errors) == ["refresh_token"]
    assert filled.secrets().keys() == {"token_url", "client_id"}


@pytest.mark.parametrize("host", ["imap.us.example", "127.0.0.1.us.example", "10.0.0.1"])
def test_without_encryption_no_other_machine_is_reached(cast: Cast, host: str) -> None:
    assert list(form(cast, imap_host=host, imap_tls="none", password="p").errors) == ["imap_tls"]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.2", "::1"])
def test_a_server_on_the_same_machine_needs_no_encryption(cast: Cast, host: str) -> None:
    filled = form(cast, smtp_host=host, smtp_tls="none", password="p")
    assert filled.is_valid(), filled.errors


def test_a_cleared_user_name_does_not_come_back(cast: Cast) -> None:
    filled = form(cast, stored(cast, {"password": "p"}, username="dana.us"), username="", password="p")
    assert filled.is_valid(), filled.errors
    assert "username" not in filled.options()
