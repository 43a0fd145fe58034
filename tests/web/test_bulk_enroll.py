"""Enrolling several from the list of contacts; the dialog's own steps; tasks; the account's settings."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from relent import clock
from relent.flows import bulk_enrolling, sequences
from relent.records import models
from relent.terms.steps import StepKind, TaskKind
from tests.cast import Cast, sequence, super_admin

HX = {"hx-request": "true"}


@pytest.fixture(autouse=True)
def _cast_time(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", cast.clock)


def wish(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {"who": "ann@acme.example", "sequence": cast.sequence.pk, "start_step": 1, "request_id": "w-1", **changes}


def test_ticked_contacts_are_enrolled_after_the_sequence_was_chosen_with_a_result_for_each(
    cast: Cast, dana: Client
) -> None:
    cast.enroll(cast.bob)
    ticked = {"contact": [cast.ann.pk, cast.bob.pk]}
    assert "Enroll 2 contacts" in dana.post(reverse("enroll-many"), ticked, headers=HX).content.decode()
    chosen = {**ticked, "confirmed": "yes", "sequence": cast.sequence.pk, "start_step": 1}
    page = dana.post(reverse("enroll-many"), chosen, follow=True).content.decode()
    assert "2 of 2 dealt with, 1 enrolled." in page
    assert "The contact is already enrolled in a sequence." in page


def test_a_batch_is_shown_to_who_began_it_and_not_to_eli(cast: Cast, dana: Client, eli: Client) -> None:
    begun = bulk_enrolling.Wish(sequence=cast.sequence, by=cast.dana)
    page = reverse("enroll-batch", args=[bulk_enrolling.begin(begun, [cast.ann.pk], cast.clock()).pk])
    assert [browser.get(page).status_code for browser in (dana, eli)] == [200, 404]
    assert "every 2s" in dana.get(page, headers=HX).content.decode()


def test_eli_cannot_tick_danas_contacts(cast: Cast, eli: Client) -> None:
    page = eli.post(reverse("enroll-many"), {"contact": [cast.ann.pk], "confirmed": "yes"}, follow=True)
    assert "Nobody was ticked" in page.content.decode()
    assert not models.EnrollBatch.objects.exists()


def test_the_dialog_takes_mails_and_times_for_this_contact_only(cast: Cast, dana: Client) -> None:
    shown = dana.post(reverse("enroll-preview"), wish(cast), headers=HX).content.decode()
    version = cast.sequence.current
    assert f'name="own-version" value="{version.pk}"' in shown
    own = {"own-version": version.pk, "own-1-body": "Only you", "own-2-delay": "4", "own-2-unit": "days"}
    moved = dana.post(reverse("enroll-preview"), wish(cast, **own), headers=HX).content.decode()
    assert 'datetime="2026-03-06T09:00:00+00:00"' in moved
    dana.post(reverse("enroll"), wish(cast, **own))
    assert models.Enrollment.objects.get().own_steps == {"1": {"body": "Only you"}, "2": {"delay": 345600.0}}


def test_fields_that_read_as_the_sequence_does_change_nothing(cast: Cast, dana: Client) -> None:
    same = {"own-1-subject": "Hello", "own-1-body": "Hi {{ contact.first_name }}", "own-2-delay": "2"}
    dana.post(reverse("enroll"), wish(cast, **{"own-version": cast.sequence.current.pk, "own-2-unit": "days"}, **same))
    assert models.Enrollment.objects.get().own_steps == {}


def test_a_sender_over_the_limit_is_offered_the_day_on_which_there_is_room(cast: Cast, dana: Client) -> None:
    models.Mailbox.objects.update(daily_limit=1, spacing=0)
    cast.enrolled(cast.bob)
    page = dana.post(reverse("enroll-preview"), wish(cast), headers=HX).content.decode()
    assert 'name="another_day" value="2026-03-03T09:00"' in page
    form = dana.post(reverse("enroll-preview"), wish(cast, another_day="2026-03-03T09:00"), headers=HX)
    assert 'value="2026-03-03T09:00"' in form.content.decode()
    assert form.context["preview"].refusals == ()


def test_a_recent_mail_of_the_contact_is_told_in_the_dialog(cast: Cast, dana: Client) -> None:
    cast.deliver(cast.write())
    cast.turn()
    page = dana.post(reverse("enroll-preview"), wish(cast), headers=HX).content.decode()
    assert "The contact wrote to you lately" in page


def test_the_mail_of_a_task_is_written_on_the_tasks_page(cast: Cast, dana: Client, eli: Client) -> None:
    write = sequences.StepDraft(kind=StepKind.TASK, task_kind=TaskKind.EMAIL, subject="Write")
    cast.sequence = sequence(cast.dana, write)
    cast.enrolled()
    page = reverse("task-mail", args=[models.Task.objects.get().pk])
    assert page in dana.get("/tasks/").content.decode()
    assert eli.post(page, {"subject": "Hi", "body": "Hello"}).status_code == 404
    assert dana.post(page, {"body": "No subject"}).status_code == 422
    dana.post(page, {"subject": "Hi", "body": "Hello"})
    assert "Its mail is on its way" in dana.get("/tasks/").content.decode()
    cast.turn()
    assert models.Task.objects.get().state == "done"


def test_every_setting_may_have_a_value_of_the_accounts_own(
    cast: Cast, sign_in: Callable[[models.User], Client]
) -> None:
    browser = sign_in(super_admin())
    browser.post(reverse("account-override"), {"ooo": "stays", "cooldown_days": "14"})
    assert models.AccountSettings.objects.get().overrides == {"ooo": "stays", "cooldown_days": "14"}
    cast.clock.ahead(minutes=1)
    browser.post(reverse("account-override"), {"cooldown_days": "14"})
    page = browser.get(reverse("account"))
    assert next(change.changes for change in page.context["history"]) == [("ooo", "stays", "-")]


def test_a_value_that_does_not_exist_is_refused_at_its_field(
    cast: Cast, sign_in: Callable[[models.User], Client]
) -> None:
    answer = sign_in(super_admin()).post(reverse("account-override"), {"cooldown_days": "many"})
    assert answer.status_code == 422
    assert "must be a whole number" in answer.content.decode()
    assert not models.AccountSettings.objects.exists()


def test_saving_the_company_keeps_automation_and_settings(cast: Cast, sign_in: Callable[[models.User], Client]) -> None:
    browser = sign_in(super_admin())
    browser.post(reverse("account-automation"), {"automation": "on"})
    cast.clock.ahead(minutes=1)
    browser.post(reverse("account"), {"company_name": "Us"})
    saved = models.AccountSettings.objects.at(cast.clock())
    assert (saved.automation, saved.company_name) == (True, "Us")


def test_eli_sets_nothing(cast: Cast, eli: Client) -> None:
    assert {eli.post(reverse(name)).status_code for name in ("account-override", "account-automation")} == {403}
