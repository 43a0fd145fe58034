"""The sequence list, its numbers and the editor."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from relent.records import models, performance
from relent.web import samples
from relent.web.pages import welcome
from tests.cast import Cast, sequence

RULES = {
    "name": "Hello again",
    "follow_up_days": "weekdays_only",
    "window_start": 480,
    "window_end": 1080,
    "zone_of": "sender",
}


def steps(*written: dict[str, Any]) -> dict[str, Any]:
    fields = {f"s{n}-{name}": value for n, step in enumerate(written) for name, value in step.items()}
    return {**RULES, "count": len(written), **fields}


def mail(subject: str = "Hi", body: str = "Hello {{ contact.first_name }}", **more: Any) -> dict[str, Any]:
    return {"kind": "email", "subject": subject, "body": body, "delay": 2, "unit": "days", **more}


def test_numbers_of_a_sequence_count_each_enrollment_once(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.enrolled(cast.cora)
    cast.deliver(cast.answer(enrollment))
    cast.turn()
    numbers = performance.summaries([cast.sequence.pk])[cast.sequence.pk]
    assert (numbers.enrolled, numbers.active, numbers.unenrolled, numbers.replied) == (2, 1, 1, 1)
    assert performance.reasons(cast.sequence.pk) == [("reply", 1)]


def test_a_reply_is_credited_to_the_step_it_answers(cast: Cast) -> None:
    enrollment = cast.enrolled()
    cast.deliver(cast.answer(enrollment))
    cast.turn()
    first, second, _third = performance.steps(cast.sequence.current)
    assert (first.done, first.replied, second.done) == (1, 1, 0)


def test_an_unenrollment_leaves_the_numbers_of_what_was_sent(cast: Cast, dana: Client) -> None:
    enrollment = cast.enrolled()
    dana.post(reverse("unenroll", args=[enrollment.pk]))
    assert performance.steps(cast.sequence.current)[0].done == 1
    assert performance.summaries([cast.sequence.pk])[cast.sequence.pk].enrolled == 1


def test_the_list_costs_as_many_queries_for_many_sequences_as_for_few(
    cast: Cast, dana: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(20):
        sequence(cast.dana)
    with django_assert_max_num_queries(9):
        dana.get("/sequences/")


def test_the_enrollments_cost_as_many_queries_for_many_as_for_few(
    cast: Cast, dana: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for one in (cast.ann, cast.bob, cast.cora):
        cast.enroll(one)
    with django_assert_max_num_queries(10):
        dana.get(reverse("sequence-enrollments", args=[cast.sequence.pk]))


def test_enrollments_can_be_filtered_by_state(cast: Cast, dana: Client) -> None:
    cast.enrolled()
    page = reverse("sequence-enrollments", args=[cast.sequence.pk])
    assert len(dana.get(page, {"state": "active"}).context["page"].rows) == 1
    assert len(dana.get(page, {"state": "held"}).context["page"].rows) == 0


def test_the_editor_of_a_saved_sequence_leaves_its_rules_and_triggers_alone(cast: Cast, dana: Client) -> None:
    models.SequenceVersion.objects.update(reply_trigger="company", window_start=60)
    dana.post(reverse("sequence-steps", args=[cast.sequence.pk]), steps(mail()))
    version = cast.sequence.current
    assert (version.number, version.reply_trigger, version.window_start) == (2, "company", 60)


def test_a_mail_cannot_answer_a_step_that_is_no_mail(cast: Cast, dana: Client) -> None:
    task = {"kind": "task", "subject": "Call", "task_kind": "call", "delay": 0, "unit": "days"}
    answering = mail("", **{"threaded": "on", "thread_to": 1})
    answer = dana.post(reverse("sequence-steps", args=[cast.sequence.pk]), steps(task, answering))
    assert "Step 1 is no mail." in answer.content.decode()
    dana.post(reverse("sequence-steps", args=[cast.sequence.pk]), steps(mail(), mail("Two"), answering))
    assert cast.sequence.current.steps.get(position=3).thread_to == 1


def test_saving_makes_a_new_version_and_running_enrollments_stay_on_theirs(cast: Cast, dana: Client) -> None:
    enrollment = cast.enrolled()
    page = dana.post(reverse("sequence-steps", args=[cast.sequence.pk]), steps(mail()), follow=True)
    enrollment.refresh_from_db()
    assert (cast.sequence.current.number, enrollment.version.number) == (2, 1)
    assert "1 running enrollments stay on the version they started with" in page.content.decode()


def test_a_fault_in_a_template_is_shown_at_its_field_and_nothing_is_saved(cast: Cast, dana: Client) -> None:
    broken = steps(mail(body="Hello {{ contact.first_name"))
    answer = dana.post(reverse("sequence-steps", args=[cast.sequence.pk]), broken)
    assert "This is no token" in str(answer.context["steps"][0].errors["body"])
    assert cast.sequence.current.number == 1


@pytest.mark.parametrize(
    ("do", "subjects"),
    [
        ("add-email", ["A", "B", ""]),
        ("add-task", ["A", "B", ""]),
        ("up-1", ["B", "A"]),
        ("down-0", ["B", "A"]),
        ("remove-0", ["B"]),
        ("up-0", ["A", "B"]),
        ("remove-7", ["A", "B"]),
    ],
)
def test_a_button_of_the_editor_changes_the_page_and_saves_nothing(
    cast: Cast, dana: Client, do: str, subjects: list[str]
) -> None:
    page = reverse("sequence-steps", args=[cast.sequence.pk])
    answer = dana.post(page, {**steps(mail("A"), mail("B")), "do": do})
    assert [form["subject"].value() or "" for form in answer.context["steps"]] == subjects
    assert cast.sequence.current.number == 1


def test_a_step_can_start_from_a_template(cast: Cast, dana: Client) -> None:
    template = models.Template.objects.create(
        name="Intro", subject="S", body="B", owner=cast.dana, created_at=cast.clock()
    )
    page = reverse("sequence-steps", args=[cast.sequence.pk])
    answer = dana.post(page, {**steps(mail()), "do": "template-0", "s0-template": template.pk})
    assert answer.context["steps"][0]["body"].value() == "B"


def test_a_sequence_without_steps_is_not_saved(cast: Cast, dana: Client) -> None:
    answer = dana.post(reverse("sequence-steps", args=[cast.sequence.pk]), steps())
    assert "at least one step" in answer.content.decode()


def test_a_colleague_sees_the_steps_of_a_shared_sequence_and_cannot_save(cast: Cast, eli: Client) -> None:
    page = reverse("sequence-steps", args=[cast.sequence.pk])
    assert "Only its owner" in eli.get(page).content.decode()
    assert eli.post(page, steps(mail())).status_code == 403


def test_a_new_sequence_is_saved_with_delays_in_their_unit(cast: Cast, dana: Client) -> None:
    dana.post(reverse("sequence-new"), steps(mail(), mail(**{"delay": 5, "unit": "hours", "subject": "Two"})))
    saved = models.Sequence.objects.get(name="Hello again").current.steps.all()
    assert [step.delay.total_seconds() for step in saved] == [0, 5 * 3600]


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("key", ["first-contact", "after-a-meeting", "back-in-touch"])
def test_every_sample_can_be_saved_and_enrolled_in(cast: Cast, language: str, key: str) -> None:
    sample = samples.chosen(key, language)
    assert sample is not None
    cast.sequence = welcome.create_from(sample, cast.dana)
    assert cast.enrolled().deliveries.filter(state="sent").exists()
