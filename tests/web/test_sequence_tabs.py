"""The tabs of a sequence: Enrollments, Scheduled, Automation, Settings, Steps; and who may use them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from relent import clock
from relent.flows import profiles, sequences, unenrolling
from relent.records import models
from relent.terms.states import DeliveryState
from relent.terms.steps import StepKind
from tests.cast import THREE_MAILS, Cast, state, super_admin

HX = {"hx-request": "true"}


@pytest.fixture(autouse=True)
def _cast_time(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", cast.clock)


def automation(cast: Cast) -> str:
    profiles.switch_automation(True, super_admin(), cast.clock())
    return reverse("sequence-automation", args=[cast.sequence.pk])


def switches(**changed: Any) -> dict[str, Any]:
    return {"reply": "on", "reply_whom": "contact", "meeting": "on", "meeting_whom": "contact", **changed}


def test_the_automation_tab_is_there_once_a_super_admin_has_switched_it_on(
    cast: Cast, dana: Client, sign_in: Callable[[models.User], Client]
) -> None:
    page = reverse("sequence-automation", args=[cast.sequence.pk])
    assert dana.get(page).status_code == 404
    assert dana.post(reverse("account-automation"), {"automation": "on"}).status_code == 403
    sign_in(super_admin()).post(reverse("account-automation"), {"automation": "on"})
    assert "Automate sequence" in dana.get(page).content.decode()
    assert "Changes apply to running enrollments from now on" in dana.get(page).content.decode()


def test_saving_the_existing_sequence_makes_a_version_with_the_same_steps(cast: Cast, dana: Client) -> None:
    page = automation(cast)
    dana.post(page, switches(save="existing", reply_whom="company", meeting=""))
    version = cast.sequence.current
    assert (version.number, version.reply_trigger, version.meeting_trigger) == (2, "company", "off")
    assert version.steps.count() == 3


def test_saving_as_a_new_sequence_leaves_the_old_one_and_enrolls_nobody(cast: Cast, dana: Client) -> None:
    cast.enrolled()
    dana.post(automation(cast), switches(save="new", name="Copy", reply=""))
    copy = models.Sequence.objects.get(name="Copy")
    assert (copy.current.reply_trigger, copy.enrollments.count(), copy.owner) == ("off", 0, cast.dana)
    assert (cast.sequence.current.number, cast.sequence.current.reply_trigger) == (1, "contact")


def test_eli_may_copy_a_shared_sequence_and_not_change_it(cast: Cast, eli: Client) -> None:
    page = automation(cast)
    assert eli.post(page, switches(save="existing")).status_code == 403
    eli.post(page, switches(save="new", name="Elis"))
    assert models.Sequence.objects.get(name="Elis").owner == cast.eli


def test_eli_sees_no_tab_of_a_private_sequence(cast: Cast, eli: Client) -> None:
    automation(cast)
    models.Sequence.objects.update(private=True)
    names = ("", "-enrollments", "-scheduled", "-automation", "-settings", "-steps", "-apply")
    pages = [eli.get(reverse(f"sequence{name}", args=[cast.sequence.pk])).status_code for name in names]
    assert set(pages) == {404}


def test_a_reply_after_the_trigger_was_switched_off_changes_nothing(cast: Cast, dana: Client) -> None:
    enrollment = cast.enrolled()
    page = automation(cast)
    cast.clock.ahead(minutes=1)
    dana.post(page, switches(save="existing", reply=""))
    cast.clock.ahead(minutes=1)
    cast.deliver(cast.answer(enrollment))
    cast.turn()
    assert state(enrollment) == ("active", "")


def test_the_settings_tab_saves_the_option_of_the_same_company_and_the_name(cast: Cast, dana: Client) -> None:
    rules = {"name": "Renamed", "follow_up_days": "everyday", "zone_of": "sender", "window_start": 480}
    dana.post(
        reverse("sequence-settings", args=[cast.sequence.pk]), {**rules, "window_end": 1080, "same_company": "on"}
    )
    version = models.SequenceVersion.objects.select_related("sequence").latest("number")
    assert (version.same_company, version.follow_up_days, version.sequence.name) == (True, "everyday", "Renamed")
    assert version.steps.count() == 3


def test_eli_may_not_save_the_settings(cast: Cast, eli: Client) -> None:
    assert eli.post(reverse("sequence-settings", args=[cast.sequence.pk]), {"name": "x"}).status_code == 403


def test_the_scheduled_tab_lists_what_is_to_come_and_only_to_who_sees_the_contact(
    cast: Cast, dana: Client, eli: Client
) -> None:
    cast.enrolled()
    for page in (reverse("scheduled"), reverse("sequence-scheduled", args=[cast.sequence.pk])):
        assert [len(browser.get(page).context["page"].rows) for browser in (dana, eli)] == [1, 0]


@pytest.mark.parametrize(("given", "found"), [({"kind": "task"}, 0), ({"state": "planned"}, 1), ({"q": "bob"}, 0)])
def test_the_scheduled_list_can_be_filtered(cast: Cast, dana: Client, given: dict[str, str], found: int) -> None:
    cast.enrolled()
    assert len(dana.get(reverse("scheduled"), given).context["page"].rows) == found


def test_a_pending_mail_is_edited_for_one_contact(cast: Cast, dana: Client) -> None:
    delivery = cast.enrolled().deliveries.get(state=DeliveryState.PLANNED)
    page = reverse("delivery-edit", args=[delivery.pk])
    assert "Just checking in" in dana.get(page, headers=HX).content.decode()
    dana.post(page, {"body": "Only for you"})
    delivery.refresh_from_db()
    assert (delivery.own_body, delivery.edited_by) == ("Only for you", cast.dana)


def test_an_edit_that_an_answer_overtook_says_that_it_is_not_sent(cast: Cast, dana: Client) -> None:
    enrollment = cast.enrolled()
    delivery = enrollment.deliveries.get(state=DeliveryState.PLANNED)
    unenrolling.by_hand(enrollment.pk, cast.dana, cast.clock())
    page = dana.post(reverse("delivery-edit", args=[delivery.pk]), {"body": "Too late"}, follow=True)
    assert "Your text is kept and not sent" in page.content.decode()


def test_a_text_that_cannot_be_sent_is_shown_again(cast: Cast, dana: Client) -> None:
    delivery = cast.enrolled().deliveries.get(state=DeliveryState.PLANNED)
    answer = dana.post(reverse("delivery-edit", args=[delivery.pk]), {"body": "{{ contact.shoe_size }}"})
    assert answer.status_code == 422
    assert "contact.shoe_size" in answer.content.decode()


def test_eli_may_neither_see_nor_change_a_pending_mail(cast: Cast, eli: Client) -> None:
    delivery = cast.enrolled().deliveries.get(state=DeliveryState.PLANNED)
    for name in ("delivery-edit", "delivery-now"):
        assert eli.post(reverse(name, args=[delivery.pk]), {"body": "x"}).status_code == 404


def test_who_may_mail_a_contact_but_not_see_the_sequence_unenrolls_and_learns_no_name(cast: Cast, eli: Client) -> None:
    models.Sequence.objects.update(private=True, name="Secret plan")
    models.Contact.objects.filter(pk=cast.ann.pk).update(owner=None)
    enrollment = cast.enrolled()
    pages = [reverse("scheduled"), reverse("contact", args=[cast.ann.pk]), reverse("unenroll", args=[enrollment.pk])]
    assert not any("Secret plan" in eli.get(page).content.decode() for page in pages)
    delivery = enrollment.deliveries.get(state=DeliveryState.PLANNED)
    assert eli.get(reverse("delivery-edit", args=[delivery.pk])).status_code == 404
    eli.post(reverse("unenroll", args=[enrollment.pk]))
    assert state(enrollment) == ("unenrolled", "manual")


def test_a_step_that_is_due_now_leaves_with_the_next_turn(cast: Cast, dana: Client) -> None:
    enrollment = cast.enrolled()
    cast.clock.ahead(hours=1)
    dana.post(reverse("delivery-now", args=[enrollment.deliveries.get(state=DeliveryState.PLANNED).pk]))
    cast.turn()
    assert enrollment.deliveries.filter(state=DeliveryState.SENT).count() == 2


def test_all_that_a_filter_finds_are_unenrolled_after_a_preview_and_can_be_enrolled_again(
    cast: Cast, dana: Client
) -> None:
    ann, bob = cast.enrolled(), cast.enrolled(cast.bob)
    page = reverse("sequence-unenroll", args=[cast.sequence.pk])
    asked = dana.post(page, {"all": "yes", "q": "ann"}).content.decode()
    assert "Unenroll 1 contact?" in asked
    results = dana.post(page, {"all": "yes", "q": "ann", "confirmed": "yes"}).context["results"]
    assert [(row.pk, result) for row, result in results] == [(ann.pk, "unenrolled")]
    assert state(bob)[0] == "active"
    undone = dana.post(reverse("sequence-undo", args=[cast.sequence.pk]), {"enrollment": [ann.pk]})
    assert undone.context["number"] == 1
    assert models.Enrollment.objects.open().filter(contact=cast.ann, predecessor=ann).exists()


def test_a_bulk_removal_never_reaches_contacts_that_eli_does_not_see(cast: Cast, eli: Client) -> None:
    enrollment = cast.enrolled()
    eli.post(reverse("sequence-unenroll", args=[cast.sequence.pk]), {"all": "yes", "confirmed": "yes"})
    eli.post(reverse("sequence-undo", args=[cast.sequence.pk]), {"enrollment": [enrollment.pk]})
    assert eli.post(reverse("enrollment-undo", args=[enrollment.pk])).status_code == 404
    assert state(enrollment) == ("active", "")


def test_an_end_can_be_undone_from_its_row(cast: Cast, dana: Client) -> None:
    enrollment = cast.enrolled()
    unenrolling.by_hand(enrollment.pk, cast.dana, cast.clock())
    assert (
        reverse("enrollment-undo", args=[enrollment.pk])
        in dana.get(reverse("sequence-enrollments", args=[cast.sequence.pk])).content.decode()
    )
    dana.post(reverse("enrollment-undo", args=[enrollment.pk]))
    assert models.Enrollment.objects.open().get().predecessor == enrollment


def test_enrollments_are_found_by_the_reason_of_their_end(cast: Cast, dana: Client) -> None:
    cast.enrolled(cast.bob)
    unenrolling.by_hand(cast.enrolled().pk, cast.dana, cast.clock())
    page = reverse("sequence-enrollments", args=[cast.sequence.pk])
    found = [len(dana.get(page, {"reason": code}).context["page"].rows) for code in ("manual", "reply")]
    assert found == [1, 0]


def test_the_report_counts_who_left_by_reason_step_and_day(cast: Cast, dana: Client) -> None:
    unenrolling.by_hand(cast.enrolled().pk, cast.dana, cast.clock())
    endings = dana.get(reverse("sequence", args=[cast.sequence.pk])).context["endings"]
    assert list(endings.by_step) == [("manual", 1, 1)]
    assert [(str(day), number) for day, number in endings.by_day] == [("2026-03-02", 1)]


def test_an_edited_sequence_moves_running_enrollments_only_when_asked(cast: Cast, dana: Client) -> None:
    ann = cast.enrolled()
    changed = (
        THREE_MAILS[0],
        sequences.StepDraft(kind=StepKind.EMAIL, delay=timedelta(days=1), body="New", subject="N"),
    )
    sequences.save_version(cast.sequence, sequences.Rules(), changed, cast.dana, cast.clock())
    assert "current v2" in dana.get(reverse("sequence-enrollments", args=[cast.sequence.pk])).content.decode()
    page = reverse("sequence-apply", args=[cast.sequence.pk])
    outlook = dana.get(page).context["outlook"]
    ann.refresh_from_db()
    assert (outlook.moving, outlook.staying, ann.version.number) == (1, 0, 1)
    dana.post(page)
    ann.refresh_from_db()
    assert (ann.version.number, ann.deliveries.get(position=2).step.body) == (2, "New")


def test_who_has_had_a_step_that_changed_stays_and_is_named(cast: Cast, dana: Client) -> None:
    ann = cast.enrolled()
    other = (sequences.StepDraft(kind=StepKind.EMAIL, subject="Another", body="Hi"), *THREE_MAILS[1:])
    sequences.save_version(cast.sequence, sequences.Rules(), other, cast.dana, cast.clock())
    page = dana.post(reverse("sequence-apply", args=[cast.sequence.pk]))
    assert [row.pk for row in page.context["stayed"]] == [ann.pk]
    assert "Ann Archer" in page.content.decode()


def test_eli_may_not_move_danas_enrollments_to_a_new_version(cast: Cast, eli: Client) -> None:
    assert eli.post(reverse("sequence-apply", args=[cast.sequence.pk])).status_code == 403


def test_the_automation_tab_names_the_workflows_of_its_sequence(cast: Cast, dana: Client) -> None:
    other = models.Sequence.objects.create(name="Other", owner=cast.dana, created_at=cast.clock())
    for name, owner in (("Ours", cast.sequence), ("Theirs", other)):
        models.Workflow.objects.create(
            name=name, sequence=owner, trigger="reply", created_at=cast.clock(), changed_at=cast.clock()
        )
    page = dana.get(automation(cast)).content.decode()
    assert ("Ours" in page, "Theirs" in page) == (True, False)
