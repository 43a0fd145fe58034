"""Deals, lists of contacts and notifications: what the pages change, and for whom."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from relent.flows import deals, lists, notifying
from relent.flows.deals import DealDraft
from relent.records import models
from relent.terms.reviews import ReviewKind
from relent.terms.roles import Role
from tests.cast import MONDAY, Cast


def waiting_for(cast: Cast, trigger: str, **options: object) -> None:
    models.Workflow.objects.create(
        name="W",
        enabled=True,
        trigger=trigger,
        options=options,
        actions=[{"do": "unenroll"}],
        owner=cast.dana,
        created_at=MONDAY,
        changed_at=MONDAY,
    )


def test_a_deal_is_created_with_its_contacts(cast: Cast, dana: Client) -> None:
    form = {"name": "Acme renewal", "stage": "open", "company": "acme", "people": "ann@acme.example\nbob@acme.example"}
    assert dana.post(reverse("deal-new"), form).status_code == 302
    made = models.Deal.objects.get()
    assert (made.stage, made.company, set(made.contacts.all())) == ("open", cast.ann.company, {cast.ann, cast.bob})


def test_a_new_stage_starts_a_workflow_for_each_contact_of_the_deal(cast: Cast) -> None:
    waiting_for(cast, "deal_stage", stage="won")
    deal = deals.save(DealDraft(name="D", stage="open"), [cast.ann, cast.bob], cast.dana, cast.clock())
    assert not models.WorkflowRun.objects.exists()
    for _ in range(2):
        deals.save(DealDraft(name="D", stage="Won"), [cast.ann, cast.bob], cast.dana, cast.clock.ahead(hours=1), deal)
    assert set(models.WorkflowRun.objects.values_list("contact", flat=True)) == {cast.ann.pk, cast.bob.pk}
    assert models.WorkflowRun.objects.count() == 2


def test_eli_neither_finds_danas_deal_nor_puts_danas_contact_on_his(cast: Cast, eli: Client) -> None:
    deals.save(DealDraft(name="Secret", owner=cast.dana), [cast.ann], cast.dana, cast.clock())
    assert "Secret" not in eli.get(reverse("deals")).content.decode()
    answer = eli.post(reverse("deal-new"), {"name": "Mine", "people": "ann@acme.example"})
    assert answer.status_code == 422
    assert models.Deal.objects.count() == 1


def test_a_contact_that_the_editor_does_not_see_stays_on_the_deal(cast: Cast, eli: Client) -> None:
    deal = deals.save(DealDraft(name="Shared"), [cast.ann], cast.dana, cast.clock())
    page = reverse("deal", args=[deal.pk])
    assert "ann@acme.example" not in eli.get(page).content.decode()
    assert eli.post(page, {"name": "Shared", "people": ""}).status_code == 302
    assert list(deal.contacts.all()) == [cast.ann]


def test_a_contacts_record_shows_its_deals_and_lists(cast: Cast, dana: Client) -> None:
    deals.save(DealDraft(name="Acme renewal", owner=cast.dana), [cast.ann], cast.dana, cast.clock())
    lists.add(lists.create("Guests", cast.dana, cast.clock()), [cast.ann], cast.clock())
    page = dana.get(reverse("contact", args=[cast.ann.pk])).content.decode()
    assert "Acme renewal" in page
    assert "Guests" in page


def test_whoever_joins_a_list_starts_a_workflow_once(cast: Cast) -> None:
    guests = lists.create("Guests", cast.dana, cast.clock())
    waiting_for(cast, "list", list=guests.pk)
    assert lists.add(guests, [cast.ann, cast.bob], cast.clock()) == 2
    assert lists.add(guests, [cast.ann], cast.clock()) == 0
    assert models.WorkflowRun.objects.count() == 2


def test_joining_another_list_starts_nothing(cast: Cast) -> None:
    waiting_for(cast, "list", list=99)
    lists.add(lists.create("Guests", cast.dana, cast.clock()), [cast.ann], cast.clock())
    assert not models.WorkflowRun.objects.exists()


def test_a_list_is_made_filled_and_emptied_by_hand(cast: Cast, dana: Client) -> None:
    dana.post(reverse("lists"), {"name": "Guests"})
    guests = models.ContactList.objects.get()
    dana.post(reverse("list", args=[guests.pk]), {"who": "ann@acme.example"})
    assert guests.members.get().contact == cast.ann
    dana.post(reverse("list-remove", args=[guests.pk]), {"contact": cast.ann.pk})
    assert not guests.members.exists()


def test_a_contact_is_put_on_a_list_from_its_record(cast: Cast, dana: Client) -> None:
    guests = lists.create("Guests", cast.dana, cast.clock())
    dana.post(reverse("contact-list", args=[cast.ann.pk]), {"list": guests.pk})
    assert guests.members.get().contact == cast.ann


def test_two_lists_cannot_have_one_name(cast: Cast, dana: Client) -> None:
    lists.create("Guests", cast.dana, cast.clock())
    assert dana.post(reverse("lists"), {"name": "guests"}).status_code == 422


def test_eli_sees_and_takes_off_nobody_of_danas(cast: Cast, eli: Client) -> None:
    guests = lists.create("Guests", cast.dana, cast.clock())
    lists.add(guests, [cast.ann], cast.clock())
    assert "Ann Archer" not in eli.get(reverse("list", args=[guests.pk])).content.decode()
    assert eli.post(reverse("list-remove", args=[guests.pk]), {"contact": cast.ann.pk}).status_code == 404
    assert eli.post(reverse("list", args=[guests.pk]), {"who": "ann@acme.example"}).status_code == 422


def test_a_rep_does_not_delete_a_list_and_a_manager_does(
    cast: Cast, eli: Client, sign_in: Callable[[models.User], Client]
) -> None:
    page = reverse("list-delete", args=[lists.create("Guests", cast.dana, cast.clock()).pk])
    assert eli.post(page).status_code == 403
    models.User.objects.filter(pk=cast.eli.pk).update(role=Role.MANAGER)
    assert eli.post(page).status_code == 302
    assert not models.ContactList.objects.exists()


def test_notifications_are_counted_until_they_are_read(cast: Cast, dana: Client) -> None:
    notifying.tell(cast.dana, cast.clock(), "Ann upgraded", cast.ann)
    notifying.tell(cast.dana, cast.clock(), ReviewKind.LOOP)
    page = dana.get(reverse("notifications")).content.decode()
    assert "Ann upgraded" in page
    assert ReviewKind.LOOP.en in page
    dana.post(reverse("notifications-read"))
    assert notifying.unread(cast.dana) == 0


def test_eli_gets_no_notification_of_danas_and_no_name_he_does_not_see(cast: Cast, eli: Client) -> None:
    notifying.tell(cast.dana, cast.clock(), "For Dana")
    notifying.tell(cast.eli, cast.clock(), "For Eli", cast.ann)
    page = eli.get(reverse("notifications")).content.decode()
    assert "For Eli" in page
    assert "For Dana" not in page
    assert "Ann Archer" not in page
