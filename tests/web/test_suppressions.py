"""The list of who may not be mailed, and what managers do with it."""

import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from relent.records import models
from tests.cast import Cast, state, super_admin


@pytest.fixture
def root(cast: Cast, sign_in: Callable[[models.User], Client]) -> Client:
    """The browser of somebody who may do everything."""
    return sign_in(super_admin())


def suppressed(cast: Cast, address: str = "ann@acme.example", code: str = "UNSUBSCRIBED") -> models.Suppression:
    return models.Suppression.objects.create(address=address, code=code, source="newsletter", since=cast.clock())


def listed(browser: Client, **wanted: str) -> list[str]:
    return [row.address for row in browser.get("/suppressions/", wanted).context["page"].rows]


def test_reps_read_the_list_and_change_nothing(cast: Cast, eli: Client) -> None:
    row = suppressed(cast)
    assert listed(eli) == ["ann@acme.example"]
    assert reverse("suppression-lift", args=[row.pk]) not in eli.get("/suppressions/").content.decode()
    assert eli.post(reverse("suppression-lift", args=[row.pk]), {"because": "x"}).status_code == 403


def test_it_is_searched_by_address_reason_and_day(cast: Cast, root: Client) -> None:
    suppressed(cast)
    suppressed(cast, "bob@acme.example", "MARKED_AS_SPAM".replace("MARKED", "PREVIOUSLY_MARKED"))
    assert listed(root, q="BOB@") == ["bob@acme.example"]
    assert listed(root, code="UNSUBSCRIBED") == ["ann@acme.example"]
    assert listed(root, since="2026-03-03") == []
    assert listed(root, since="2026-99-99") == ["bob@acme.example", "ann@acme.example"]


def test_lifting_asks_why_and_shows_who_did(cast: Cast, root: Client) -> None:
    row = suppressed(cast)
    lift = reverse("suppression-lift", args=[row.pk])
    assert root.post(lift, {"because": " "}).status_code == 422
    root.post(lift, {"because": "She called."})
    assert listed(root) == []
    shown = root.get("/suppressions/", {"lifted": "yes"}).content.decode()
    assert "Rea Root: She called." in shown


def test_an_address_is_blocked_by_hand(cast: Cast, root: Client) -> None:
    root.post(reverse("suppression-add"), {"address": "Who@Else.example", "because": "a competitor"})
    row = models.Suppression.objects.get()
    assert (row.address, row.code) == ("who@else.example", "BLOCKED_ADDRESS")
    assert models.AuditEntry.objects.get(action="suppression.added").detail == {"because": "a competitor"}


def upload(browser: Client, content: bytes) -> models.OptOutImport:
    file = io.BytesIO(content)
    file.name = "list.csv"
    browser.post(reverse("opt-outs-import"), {"file": file})
    row = models.OptOutImport.objects.latest("pk")
    browser.post(reverse("opt-outs-progress", args=[row.pk]))
    row.refresh_from_db()
    return row


def test_a_list_is_uploaded_and_each_row_told(cast: Cast, root: Client) -> None:
    enrollment = cast.enrolled()
    row = upload(root, "メール;氏名\nann@acme.example;安\nnonsense;x\n".encode("cp932"))
    assert (row.added, row.bad) == (1, 1)
    assert state(enrollment) == ("unenrolled", "unsubscribed")
    assert "nonsense" in root.get(reverse("opt-outs-progress", args=[row.pk])).content.decode()


def test_looking_at_an_import_reads_no_row_of_it(cast: Cast, root: Client) -> None:
    root.post(reverse("opt-outs-import"), {"pasted": "ann@acme.example\nbob@acme.example"})
    row = models.OptOutImport.objects.get()
    root.get(reverse("opt-outs-progress", args=[row.pk]))
    row.refresh_from_db()
    assert row.position == 0
    assert "stands at 0 of 2" in root.get("/suppressions/").content.decode()


def test_an_empty_upload_is_asked_for_again(cast: Cast, root: Client) -> None:
    assert root.post(reverse("opt-outs-import"), {}).status_code == 422
    assert not models.OptOutImport.objects.exists()


def test_the_list_is_exported_and_no_cell_is_a_formula(cast: Cast, root: Client) -> None:
    suppressed(cast, "=cmd@else.example")
    text = b"".join(root.get(reverse("suppressions-export")).streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # a streamed answer
    assert text.splitlines()[1].startswith("'=cmd@else.example,UNSUBSCRIBED,newsletter,")


def test_who_may_write_to_a_contact_notes_that_it_opted_out(cast: Cast, dana: Client, eli: Client) -> None:
    enrollment = cast.enrolled()
    there = reverse("contact-opt-out", args=[cast.ann.pk])
    assert eli.post(there, {"source": "by phone"}).status_code == 404
    dana.post(there, {"source": "by phone"})
    assert state(enrollment) == ("unenrolled", "unsubscribed")
    assert models.Decision.objects.get(event="unsubscribed").actor == cast.dana


def test_an_empty_list_says_how_it_fills(cast: Cast, dana: Client) -> None:
    assert "Everybody may be mailed" in dana.get("/suppressions/").content.decode()
