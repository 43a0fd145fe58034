"""A contact's list, form and record."""

import html
from collections.abc import Callable

from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from relent.records import models
from tests.cast import MONDAY, Cast, contact


def record(browser: Client, row: models.Contact) -> str:
    return browser.get(reverse("contact", args=[row.pk])).content.decode()


def test_unenroll_stands_above_the_picture(cast: Cast, dana: Client) -> None:
    cast.enrolled()
    page = record(dana, cast.ann)
    assert 0 < page.index('id="unenroll"') < page.index("avatar big")


def test_unenroll_is_hidden_when_the_contact_is_not_enrolled(cast: Cast, dana: Client) -> None:
    assert 'id="unenroll"' not in record(dana, cast.ann)


def test_the_record_says_why_the_contact_left(cast: Cast, dana: Client) -> None:
    enrollment = cast.enrolled()
    cast.deliver(cast.answer(enrollment))
    cast.turn()
    page = record(dana, cast.ann)
    assert "The contact replied to a mail of the sequence." in page
    assert reverse("decision", args=[models.Decision.objects.latest("pk").pk]) in page


def test_the_record_speaks_japanese(cast: Cast, sign_in: Callable[..., Client]) -> None:
    cast.enrolled()
    assert "シーケンスに登録しました。" in record(sign_in(cast.dana, "ja"), cast.ann)


def test_the_record_shows_the_date_of_the_next_step_and_of_those_after_it(cast: Cast, dana: Client) -> None:
    cast.enrolled()
    page = record(dana, cast.ann)
    assert 'datetime="2026-03-04T09:00:00+00:00"' in page
    assert 'datetime="2026-03-09T09:00:00+00:00"' in page


def test_why_shows_reason_rule_evidence_and_times(cast: Cast, dana: Client) -> None:
    cast.deliver(cast.answer(cast.enrolled()))
    cast.turn()
    decision = models.Decision.objects.latest("pk")
    page = dana.get(reverse("decision", args=[decision.pk])).content.decode()
    assert decision.rule in page
    assert decision.evidence
    assert all(html.escape(seen.rpartition(" ")[2]) in page for kind, seen in decision.evidence if kind != "rule")
    assert "Nothing shows a machine: a person wrote" in page
    assert page.count("<time") == 2


def test_polling_returns_nothing_while_nothing_has_changed(cast: Cast, dana: Client) -> None:
    cast.enrolled()
    address = polled(record(dana, cast.ann))
    assert dana.get(address).status_code == 204


def test_polling_returns_the_record_as_soon_as_it_has_changed(cast: Cast, dana: Client) -> None:
    enrollment = cast.enrolled()
    address = polled(record(dana, cast.ann))
    cast.deliver(cast.answer(enrollment))
    cast.turn()
    answer = dana.get(address)
    assert answer.status_code == 200
    assert b'data-state="none"' in answer.content


def test_older_entries_are_reached_one_page_after_the_other(cast: Cast, dana: Client) -> None:
    enrollment = cast.enroll()
    models.TimelineEntry.objects.bulk_create(
        models.TimelineEntry(contact=cast.ann, at=MONDAY, kind="paused", enrollment=enrollment) for _ in range(60)
    )
    page = record(dana, cast.ann)
    shown = page.count('class="k-')
    while "Show older" in page:
        page = dana.get(page.rpartition('hx-get="')[2].split('"')[0]).content.decode()
        shown += page.count('class="k-')
    assert shown == cast.ann.timeline.count() == 61


def test_the_list_shows_the_open_enrollment(cast: Cast, dana: Client) -> None:
    cast.enrolled()
    page = dana.get("/contacts/").content.decode()
    assert page.count('class="chip active"') == 1


def test_the_list_costs_as_many_queries_for_many_contacts_as_for_few(
    cast: Cast, dana: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    company = cast.ann.company
    assert company is not None
    for number in range(60):
        contact(f"P{number}", "Person", company, cast.dana)
    with django_assert_max_num_queries(10):
        dana.get("/contacts/")


def test_every_contact_is_on_exactly_one_page_of_the_list(cast: Cast, dana: Client) -> None:
    company = cast.ann.company
    assert company is not None
    for number in range(60):
        contact(f"P{number}", "Person", company, cast.dana)
    seen, after = [], ""
    while True:
        page = dana.get("/contacts/", {"after": after}).context["page"]
        seen += [row.pk for row in page.rows]
        after = page.next
        if not after:
            break
    assert sorted(seen) == sorted(models.Contact.objects.values_list("pk", flat=True))


def test_an_edited_page_mark_starts_from_the_beginning(cast: Cast, dana: Client) -> None:
    assert dana.get("/contacts/", {"after": '["x", 1'}).context["page"].rows
    assert dana.get("/inbox/", {"after": '["not a date", 1]'}).status_code == 200


def test_search_finds_by_name_address_and_company(cast: Cast, dana: Client) -> None:
    found = {
        words: [row.first_name for row in dana.get("/contacts/", {"q": words}).context["page"].rows]
        for words in ("cora", "bob@acme", "Birch")
    }
    assert found == {"cora": ["Cora"], "bob@acme": ["Bob"], "Birch": ["Cora"]}


FORM = {"first_name": "Dora", "last_name": "Dean", "email": "Dora@Birch.example", "company": "birch", "time_zone": ""}


def test_a_new_contact_joins_the_company_of_that_name(cast: Cast, dana: Client) -> None:
    dana.post("/contacts/new/", {**FORM, "others": "dora@home.example\n", "owner": cast.dana.pk})
    dora = models.Contact.objects.get(first_name="Dora")
    assert dora.company == cast.cora.company
    assert dora.email == "dora@birch.example"
    assert dora.addresses.count() == 2


def test_an_address_that_another_contact_has_is_refused(cast: Cast, dana: Client) -> None:
    answer = dana.post("/contacts/new/", {**FORM, "email": "ann@acme.example"})
    assert answer.status_code == 422
    assert "Another contact has this address already." in answer.content.decode()


def test_editing_can_change_which_address_is_primary(cast: Cast, dana: Client) -> None:
    form = {**FORM, "email": "ann@home.example", "others": "ann@acme.example", "properties": "city = Kyoto"}
    dana.post(reverse("contact-edit", args=[cast.ann.pk]), form)
    ann = models.Contact.objects.get(pk=cast.ann.pk)
    assert ann.email == "ann@home.example"
    assert ann.properties == {"city": "Kyoto"}
    assert ann.addresses.filter(address="ann@acme.example", primary=False).exists()


def test_a_rep_cannot_take_another_reps_contact(cast: Cast, dana: Client) -> None:
    dana.post(reverse("contact-edit", args=[cast.ann.pk]), {**FORM, "owner": cast.eli.pk})
    assert models.Contact.objects.get(pk=cast.ann.pk).owner == cast.dana


def polled(page: str) -> str:
    """Return the address that the record asks every two seconds."""
    return page.split('id="live" hx-get="')[1].split('"')[0].replace("&amp;", "&")
