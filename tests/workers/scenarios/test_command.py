"""`relent scenarios`: its output, its exit status, and that an expectation which is not met is told."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
RELENT = Path(sys.executable).parent / "relent"
OURS = ROOT / "tests" / "scenarios"

STORY = """\
id: {id}
given:
  users:
    D: {{email: dana@us.example}}
  companies:
    acme: {{name: Acme}}
  contacts:
    A: {{email: ann@acme.example, name: Ann Lee, company: acme}}
    B: {{email: bob@acme.example, name: Bob Ray}}
  sequences:
    S:
      owner: D
      steps:
        - {{email: {{subject: Shelves, body: Hello}}}}
        - {{after: 2d, email: {{body: Hello again}}, thread: true}}
when:
  - {{at: "2026-03-02T09:00:00Z", enroll: {{contact: A, sequence: S, by: D}}}}
  - {{at: +1h, mail: {{from: ann@acme.example, to: D, answers: A/S/1, text: Call me.}}}}
  - {{at: +1h, {event}}}
then:
  - {then}
"""
# What is not true at the end of the story, and how that is told.
WRONG = {
    "{enrollment: A/S, state: active}": "A/S state is unenrolled, not active",
    "{enrollment: A/S, reason: bounced}": "A/S reason is reply, not bounced",
    "{enrollment: A/S, credited_to: 2}": "A/S credited_to is 1, not 2",
    "{enrollment: A/S, step: 2}": "A/S step is 1, not 2",
    "{enrollment: A/S, count: 2}": "A/S count is 1, not 2",
    "{enrollment: A/S, paused_until: 2026-03-09}": "A/S paused_until is nothing, not 2026-03-09",
    "{enrollment: B/S, state: active}": "B/S was never enrolled",
    "{sent: A/S, steps: [1, 2]}": "A/S sent steps is [1], not [1, 2]",
    "{sent: A/S, count: 0}": "A/S sent mails is 1, not 0",
    "{never_sent_after: 1, enrollment: A/S}": "A/S sent step 1 at or after event 1",
    "{review: {count: 1}}": "open items in the review queue are 0 (), not 1",
    "{review: {kinds: [sent_unknown]}}": "kinds of open items is [], not ['sent_unknown']",
    "{suppressed: ann@acme.example, is: true}": "ann@acme.example suppressed is False, not True",
    "{decision: {event: 2, enrollment: A/S, verdict: keep}}": "decision on event 2 for A/S is unenroll reply, not",
    "{decision: {event: 2, enrollment: A/S, would_differ_in: safe}}": "not would_differ_in safe",
    "{decision: {event: 3, enrollment: A/S, verdict: unenroll}}": "there is no decision on event 3 for A/S",
    "{metrics: S, replied: 2}": "metrics S replied is 1, not 2",
    "{contact: A, additional_emails: [a@b.example]}": "A additional_emails is [], not ['a@b.example']",
    "{timeline: A, contains: bounced}": "the timeline of A has no bounced",
    "{tasks: A, open: 1}": "A open tasks is 0, not 1",
    "{tasks: A, labelled: reply}": "A tasks are labelled nothing, not reply",
}
# Events that go another way than the story says.
AMISS = {
    "enroll: {contact: A, sequence: S, by: D}, refused: NOT_ALLOWED": "was not refused as NOT_ALLOWED",
    "unenroll: {contact: A, sequence: S, by: D}, refused: NOT_ALLOWED": "was refused: ALREADY_OVER",
    "enroll: {contact: B, sequence: S, by: D, start_step: 9}": "was refused: NO_STEPS",
    "mail: {from: ann@acme.example, to: D, answers: A/S/2, text: Hm}": "the mail A/S/2 has not been sent",
    "restore: {contact: A}": "A cannot be restored: it is not deleted",
    "undo: {contact: B, sequence: S, by: D}": "B was never enrolled in S",
}


def relent(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [str(RELENT), "scenarios", *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=300
    )


def write(folder: Path, name: str, then: str = "{sent: A/S, count: 1}", event: str = "tick: {}") -> Path:
    file = folder / f"{name}.yaml"
    file.write_text(STORY.format(id=name, then=then, event=event), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def failures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Every wrong story above, told in one go: what is told of each."""
    folder = tmp_path_factory.mktemp("wrong")
    names = {}
    for number, (then, event) in enumerate([*((then, "tick: {}") for then in WRONG), *(("", e) for e in AMISS)]):
        names[f"story-{number}"] = then or event
        write(folder, f"story-{number}", then or "{sent: A/S, count: 1}", event)
    done = relent("--json", folder)
    assert done.returncode == 1, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert not any(each["passed"] for each in told)
    return {names[each["id"]]: "; ".join(each["failures"]) for each in told}


@pytest.mark.parametrize(("then", "told"), WRONG.items())
def test_an_expectation_that_is_not_met_is_told(failures: dict[str, str], then: str, told: str) -> None:
    assert told in failures[then]


@pytest.mark.parametrize(("event", "told"), AMISS.items())
def test_an_event_that_goes_amiss_is_told(failures: dict[str, str], event: str, told: str) -> None:
    assert told in failures[event]


def test_our_own_scenarios_pass_one_line_each() -> None:
    done = relent(OURS)
    names = [path.stem for path in sorted(OURS.glob("*.yaml"))]
    assert done.stdout.splitlines() == [*(f"pass {name}" for name in names), f"{len(names)} passed, 0 failed"]
    assert done.returncode == 0


def test_a_file_that_is_no_scenario_ends_with_status_two_and_its_place(tmp_path: Path) -> None:
    good, bad = write(tmp_path, "good"), write(tmp_path, "bad", "{sent: A/X, count: 1}")
    done = relent(tmp_path)
    assert done.returncode == 2
    assert f"{bad}:21: sent: unknown name 'X'" in done.stderr
    assert done.stdout.splitlines() == [f"pass {good.stem}", "1 passed, 0 failed"]


def test_two_files_may_not_have_one_id(tmp_path: Path) -> None:
    write(tmp_path, "one")
    (tmp_path / "two.yaml").write_text((tmp_path / "one.yaml").read_text())
    done = relent("--json", tmp_path)
    assert (done.returncode, len(done.stdout.splitlines())) == (2, 2)
    assert "two.yaml:1: id: 'one' is the id of" in done.stderr


def test_an_install_s_own_database_is_left_alone(tmp_path: Path) -> None:
    database = tmp_path / "own.sqlite3"
    done = relent(write(tmp_path, "one"), RELENT_DATABASE_URL=f"sqlite:///{database}", RELENT_SECRET_KEY="")
    assert done.returncode == 0, done.stderr
    assert not database.exists()


def test_a_path_that_leads_nowhere_ends_with_status_two(tmp_path: Path) -> None:
    done = relent(tmp_path / "missing")
    assert (done.returncode, done.stdout) == (2, "0 passed, 0 failed\n")
