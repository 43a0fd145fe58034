"""A file that is not a scenario is told so with file, line and key; nothing of it runs."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from relent.workers.scenarios import loader
from relent.workers.scenarios.nodes import NotAScenario
from relent.workers.scenarios.story import EnrollmentRef, Scenario

STORY = """\
id: a-story
title: Ann answers
given:
  users:
    D: {email: dana@us.example}
  companies:
    acme: {name: Acme}
  contacts:
    A: {email: ann@acme.example, name: Ann Lee, company: acme}
  sequences:
    S:
      owner: D
      settings: {reply_trigger: company, send_window: ["09:00", "17:30"]}
      steps:
        - {email: {subject: Shelves, body: Hello}}
        - {after: 2d, task: {type: call, subject: Call Ann}}
when:
  - {at: "2026-03-02T10:00:00+01:00", enroll: {contact: A, sequence: S, by: D}}
  - {at: +90m, mail: {from: ann@acme.example, to: D, answers: A/S/1, headers: {Auto-Submitted: no}}}
then:
  - {enrollment: A/S#2, count: 0}
"""


def load(folder: Path, text: str) -> Scenario:
    file = folder / "story.yaml"
    file.write_text(text, encoding="utf-8")
    return loader.load(file)


FAULTS = [
    ("id: a-story", "name: a-story", 1, "id", "is missing"),
    ("title: Ann answers", "titel: Ann answers", 2, "titel", "unknown key"),
    ("title: Ann answers", "title: 7", 2, "title", "must be a text, not a whole number"),
    ("title: Ann answers", "profile: strict", 2, "profile", "unknown name 'strict'"),
    ("title: Ann answers", "settings: {scope: any}", 2, "scope", "setting"),
    ("title: Ann answers", "settings: {ooo: maybe}", 2, "ooo", "pause, stays"),
    ("title: Ann answers", "title: Ann\ntitle: Bob", 3, "title", "twice"),
    ("dana@us.example}", "dana at us}", 5, "email", "not a mail address"),
    ("dana@us.example}", "dana@us.example, time_zone: Mars/Base}", 5, "time_zone", "no such time zone"),
    ("company: acme}", "company: birch}", 9, "company", "unknown name 'birch'; companies given: acme"),
    ("owner: D", "owner: E", 12, "owner", "unknown name 'E'"),
    ("reply_trigger: company", "reply_trigger: off", 13, "reply_trigger", 'write "off" in quotes'),
    ('["09:00", "17:30"]', '["17:30", "09:00"]', 13, "send_window", "the earlier one first"),
    ("{email: {subject: Shelves, body: Hello}}", "{after: 2d}", 15, "steps", "either an email or a task"),
    ("type: call", "type: phone", 16, "type", "unknown name 'phone'"),
    ("after: 2d", "after: 2 days", 16, "after", "not a duration"),
    ("2026-03-02T10:00:00+01:00", "2026-03-02T10:00:00", 18, "at", "names no zone"),
    ("2026-03-02T10:00:00+01:00", "+1h", 18, "at", "the first event needs an instant"),
    ("+90m", '"2026-03-01T00:00:00Z"', 19, "at", "before the event above"),
    ("enroll: {", "enrol: {", 18, "enrol", "unknown key"),
    ("contact: A, sequence: S, by: D}", "contact: A, sequence: S}", 18, "by", "is missing"),
    ("by: D}", "by: D, step: 1}", 18, "step", "unknown key"),
    ("by: D}}", "by: D}, refused: NEVER}", 18, "refused", "unknown name 'NEVER'"),
    ("to: D", "to: dana", 19, "to", "unknown name 'dana'"),
    ("answers: A/S/1", "answers: A/S", 19, "answers", "is not CONTACT/SEQUENCE/STEP"),
    ("answers: A/S/1", "answers: A/T/1", 19, "answers", "unknown name 'T'"),
    ("+90m, mail: {", "+90m, tick: {}, mail: {", 19, "when", "one event each"),
    ("enroll: {contact: A, sequence: S, by: D}", "set: {contact: A, emial: 7}", 18, "emial", "unknown key"),
    ("enroll: {contact: A, sequence: S, by: D}", "workflow: {enroll: {contact: A}}", 18, "sequence", "is missing"),
    ("enroll: {contact: A, sequence: S, by: D}", "cancel_meeting: {id: M}", 18, "id", "no event before makes"),
    ("enroll: {contact: A, sequence: S, by: D}", "delete: {sequence: S, user: D}", 18, "delete", "exactly one of"),
    ("enroll: {contact: A, sequence: S, by: D}", "merge: {contacts: [A, A]}", 18, "contacts", "two different names"),
    ("enrollment: A/S#2", "enrolment: A/S", 21, "enrolment", "unknown key"),
    ("count: 0", "count: none", 21, "count", "must be a whole number"),
    ("count: 0", "state: gone", 21, "state", "unknown name 'gone'"),
    ("{enrollment: A/S#2, count: 0}", "{never_sent_after: 3, enrollment: A/S}", 21, "never_sent_after", "only 2"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "key", "message"), FAULTS)
def test_a_fault_is_told_with_file_line_and_key(
    tmp_path: Path, old: str, new: str, line: int, key: str, message: str
) -> None:
    assert old in STORY
    with pytest.raises(NotAScenario) as told:
        load(tmp_path, STORY.replace(old, new, 1))
    assert str(told.value).startswith(f"{tmp_path}/story.yaml:{line}: {key}: ")
    assert message in str(told.value)


@pytest.mark.parametrize("text", ["", "- a list", "id: [", "a: &a {b: *a}", "id: x\n--- \nid: y"])
def test_what_is_no_mapping_is_no_scenario(tmp_path: Path, text: str) -> None:
    with pytest.raises(NotAScenario):
        load(tmp_path, text)


def test_instants_are_worked_out_from_the_event_before(tmp_path: Path) -> None:
    first, second = load(tmp_path, STORY).events
    assert first.at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert second.at - first.at == timedelta(minutes=90)


def test_a_second_enrollment_is_named_by_its_number(tmp_path: Path) -> None:
    expectation = load(tmp_path, STORY).expectations[0]
    assert expectation.fields["enrollment"] == EnrollmentRef("A", "S", 2)


def test_a_header_keeps_the_word_that_yaml_takes_for_a_boolean(tmp_path: Path) -> None:
    assert load(tmp_path, STORY).events[1].fields["headers"] == {"Auto-Submitted": "no"}


def test_a_folder_gives_its_scenarios_once_each_and_in_order(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    for name in ("b.yaml", "a.yaml", "below/c.yaml", "notes.txt"):
        (tmp_path / name).touch()
    found = loader.files([tmp_path, tmp_path / "a.yaml"])
    assert [str(file.relative_to(tmp_path)) for file in found] == ["a.yaml", "b.yaml", "below/c.yaml"]


def test_a_path_without_scenarios_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(NotAScenario, match="no scenario here"):
        list(loader.files([tmp_path / "missing"]))


@pytest.mark.parametrize("path", sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml")), ids=lambda p: p.stem)
def test_our_own_scenarios_are_named_by_their_file(path: Path) -> None:
    assert loader.load(path).id == path.stem
