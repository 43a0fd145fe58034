"""`relent classify`: nothing here has a database."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from relent.flows import classifying, witness
from relent.flows.classifying import Judged, Terms
from relent.mail import ngrams
from relent.workers import classifying as processes
from tests.architecture.rules import ROOT
from tests.mail.letters import failed, letter, report

SEPARATOR = b"From ann@acme.example Mon Nov 02 12:00:00 2026\n"
KEYS = ["file", "kind", "subkind", "severity", "confidence", "language", "returns_on", "recipients", "evidence"]
PLAIN = letter("4711\n")  # digits: the language of words would have to be told
AWAY = letter("4711\n", Auto_Submitted="auto-replied", Subject="Automatic reply: x")
BOUNCE = report(failed("5.1.1"), words="4711")


def told(*arguments: object) -> list[str]:
    out = io.StringIO()
    call_command("classify", *map(str, arguments), "--jobs", "1", stdout=out)
    return out.getvalue().splitlines()


def objects(*arguments: object) -> list[dict[str, Any]]:
    return [json.loads(line) for line in told(*arguments, "--json")]


def names(*arguments: object) -> list[str]:
    return [one["file"] for one in objects(*arguments)]


def written(path: Path, raw: bytes = PLAIN) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    return path


def labeled(folder: Path, **rows: str) -> Path:
    lines = [json.dumps({"file": f"{name}.eml", "label": label}) for name, label in rows.items()]
    return written(folder / "labels.jsonl", "\n".join(lines).encode())


def test_a_mail_is_one_line_of_fields(tmp_path: Path) -> None:
    path = written(tmp_path / "b.eml", BOUNCE)
    (line,) = told(path)
    fields = line.split("\t")
    assert fields[:3] == [str(path), "bounce", "hard"]
    assert fields[6] == "ann@acme.example failed 5.1.1"


def test_a_mail_is_one_object_with_the_promised_keys(tmp_path: Path) -> None:
    (found,) = objects(written(tmp_path / "b.eml", BOUNCE))
    assert list(found) == KEYS
    assert found["recipients"] == [{"address": "ann@acme.example", "action": "failed", "status": "5.1.1"}]


def test_paths_are_judged_in_the_order_they_are_named_in(tmp_path: Path) -> None:
    second, first = written(tmp_path / "a.eml"), written(tmp_path / "z.eml", AWAY)
    assert [one["kind"] for one in objects(first, second)] == ["auto_reply", "reply"]


def test_a_folder_is_read_to_its_depth_whatever_its_files_are_called(tmp_path: Path) -> None:
    for name in ("a.eml", "b/c.msg", "b/d", "e.txt"):
        written(tmp_path / name)
    assert names(tmp_path) == [str(tmp_path / name) for name in ("a.eml", "b/c.msg", "b/d", "e.txt")]


def test_labels_and_hidden_files_are_no_mails(tmp_path: Path) -> None:
    for name in ("a.eml", "labels.jsonl", ".DS_Store", ".git/config"):
        written(tmp_path / name)
    assert names(tmp_path) == [str(tmp_path / "a.eml")]


def test_the_mails_of_an_mbox_are_numbered_from_one(tmp_path: Path) -> None:
    path = written(tmp_path / "old mail", SEPARATOR + PLAIN + b"\n" + SEPARATOR + AWAY)
    found = objects(path)
    assert [(one["file"], one["kind"]) for one in found] == [(f"{path}#1", "reply"), (f"{path}#2", "auto_reply")]


def test_a_mail_with_an_envelope_line_is_one_mail_and_called_by_its_name(tmp_path: Path) -> None:
    path = written(tmp_path / "a.eml", SEPARATOR + PLAIN)
    assert names(path) == [str(path)]


def test_a_maildir_is_its_cur_and_new_and_its_folders(tmp_path: Path) -> None:
    for name in ("cur/1:2,S", "new/2", "tmp/3", "dovecot-uidlist", ".Old/cur/4:2,S", ".Old/new/5", ".notes"):
        written(tmp_path / name)
    found = [name.removeprefix(f"{tmp_path}/") for name in names(tmp_path)]
    assert found == [".Old/cur/4:2,S", ".Old/new/5", "cur/1:2,S", "new/2"]


def test_a_japanese_name_is_printed_as_it_is(tmp_path: Path) -> None:
    path = written(tmp_path / "受信箱" / "不在通知.eml", AWAY)
    assert names(tmp_path) == [str(path)]
    assert told(path)[0].startswith(f"{path}\t")


def test_a_name_in_no_charset_is_printed_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.eml")
    written(path)
    assert names(tmp_path) == [f"{tmp_path}/caf\ufffd.eml"]


def test_what_a_terminal_would_obey_is_not_printed(tmp_path: Path) -> None:
    path = written(tmp_path / "a.eml", letter("4711\n", Auto_Submitted="auto-replied \x1b[2J"))
    assert "\x1b" not in told(path)[0]


@pytest.mark.parametrize("raw", [b"", b"\x00\xff\xfe", b"no headers\n", b"Content-Type: multipart/mixed\n\n--x"])
def test_a_malformed_mail_is_judged(tmp_path: Path, raw: bytes) -> None:
    assert objects(written(tmp_path / "a.eml", raw))[0]["kind"] == "reply"


def test_what_cannot_be_read_is_told_and_the_others_go_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = written(tmp_path / "a.eml"), io.StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("classify", str(tmp_path / "none.eml"), str(path), "--json", stdout=out)
    assert left.value.code == 2
    assert json.loads(out.getvalue())["file"] == str(path)
    assert f"{tmp_path}/none.eml: No such file or directory" in capsys.readouterr().err


def test_outlooks_own_format_is_refused_with_a_way_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "a.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(SystemExit):
        told(path)
    assert "save it as text or .eml" in capsys.readouterr().err


def test_a_defect_of_ours_on_one_mail_costs_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(classifying, "judge", fail)
    (mail,) = classifying.mails(written(tmp_path / "a.eml"))
    assert isinstance(mail, classifying.Mail)
    assert isinstance(classifying.judge_mail(mail, Terms()), classifying.Unreadable)


def test_nothing_to_judge_is_wrong_usage() -> None:
    with pytest.raises(CommandError) as fault:
        told()
    assert fault.value.returncode == 2


def test_our_own_mail_is_known_by_address_or_domain(tmp_path: Path) -> None:
    path = written(tmp_path / "a.eml", letter("4711\n", From="dana@us.example"))
    assert objects(path)[0]["kind"] == "reply"
    assert objects(path, "--own", "us.example")[0]["kind"] == "own"
    assert objects(path, "--own", "dana@us.example")[0]["kind"] == "own"


def test_labels_alone_name_the_mails_that_lie_beside_them(tmp_path: Path) -> None:
    for name, raw in (("a", PLAIN), ("b", BOUNCE), ("c", PLAIN)):
        written(tmp_path / f"{name}.eml", raw)
    lines = told("--labels", labeled(tmp_path, a="reply", b="bounce_hard", c="ooo"))
    assert "2 of 3 labeled mails were judged as their label says." in lines
    assert any(line.startswith(f"  {tmp_path}/c.eml: ooo → reply") for line in lines)


def test_with_labels_the_objects_end_in_one_that_holds_the_figures(tmp_path: Path) -> None:
    written(tmp_path / "a.eml", BOUNCE)
    mail, figures = objects("--labels", labeled(tmp_path, a="bounce_soft"))
    assert mail["file"] == f"{tmp_path}/a.eml"
    assert figures["confusion"] == {"bounce_soft": {"bounce_hard": 1}}
    assert figures["labels"]["bounce_soft"]["recall"] == 0.0
    assert figures["missed"][0]["file"] == f"{tmp_path}/a.eml"


def test_a_mail_that_no_label_names_is_judged_and_not_counted(tmp_path: Path) -> None:
    written(tmp_path / "a.eml", BOUNCE)
    written(tmp_path / "b.eml")
    found = objects(tmp_path, "--labels", labeled(tmp_path, a="bounce"))
    assert (len(found), found[-1]["mails"]) == (3, 1)


def test_labels_also_fit_mails_that_were_moved_away_from_them(tmp_path: Path) -> None:
    labels = labeled(tmp_path / "labels", a="bounce")
    written(tmp_path / "mails" / "a.eml", BOUNCE)
    assert objects(tmp_path / "mails", "--labels", labels)[-1]["right"] == 1


def test_the_mails_of_an_mbox_have_a_label_each_or_one_for_all(tmp_path: Path) -> None:
    path = written(tmp_path / "box", SEPARATOR + PLAIN + b"\n" + SEPARATOR + BOUNCE)
    each = written(
        tmp_path / "each.jsonl", b'{"file": "box#1", "label": "reply"}\n{"file": "box#2", "label": "bounce"}\n'
    )
    together = written(tmp_path / "all.jsonl", b'{"file": "box", "label": "reply"}\n')
    assert objects(path, "--labels", each)[-1]["right"] == 2
    assert objects("--labels", each)[-1]["right"] == 2
    assert objects(path, "--labels", together)[-1]["right"] == 1


def test_several_labels_are_one_measurement(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        written(tmp_path / folder / "a.eml", BOUNCE)
    first, second = (labeled(tmp_path / folder, a="bounce") for folder in ("one", "two"))
    assert objects("--labels", first, "--labels", second)[-1]["right"] == 2


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "1: must be an object"),
        ("[]", "1: must be an object"),
        ('{"file": "a.eml"}', "1: must be an object"),
        ('{"file": "a.eml", "label": "spam"}', "1: 'spam' is none of the labels"),
    ],
)
def test_labels_that_cannot_be_read_are_wrong_usage(tmp_path: Path, line: str, why: str) -> None:
    with pytest.raises(CommandError, match=why) as fault:
        told("--labels", written(tmp_path / "labels.jsonl", line.encode()))
    assert fault.value.returncode == 2


@pytest.mark.slow
def test_several_processes_say_the_same_in_the_same_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_MOST_MAILS", 2)
    for number in range(20):
        written(tmp_path / f"{number:02}.eml", AWAY if number % 3 else BOUNCE)
    mails = list(classifying.mails(tmp_path))
    alone, together = (list(processes.judged(iter(mails), jobs, Terms(with_language=False))) for jobs in (1, 2))
    assert together == alone


@pytest.mark.slow
def test_it_runs_in_an_empty_folder_with_no_settings_and_leaves_nothing_there(tmp_path: Path) -> None:
    path, empty = written(tmp_path / "mails" / "a.eml", BOUNCE), tmp_path / "empty"
    empty.mkdir()
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "relent.project.command", "classify", "--json", str(path)]
    done = subprocess.run(command, cwd=empty, env=environment, capture_output=True, check=True)
    assert json.loads(done.stdout)["kind"] == "bounce"
    assert list(empty.iterdir()) == []


@pytest.fixture
def suspicious(tmp_path: Path, settings: Settings) -> Path:
    """A classifier that takes everything for a machine's, as the settings name it."""
    settings.CLASSIFIER = str(tmp_path / "words.npz")
    witness.save(np.zeros(ngrams.BUCKETS), 3.0, tmp_path / "words.npz")
    return tmp_path


def test_a_classifier_is_heard_on_what_a_person_wrote_and_can_only_ask(suspicious: Path) -> None:
    (found,) = objects(written(suspicious / "a.eml", letter("Sounds good, call me.\n")))
    assert (found["kind"], found["confidence"]) == ("reply", 0.75)
    assert {"kind": "classifier", "seen": "0.95 automatic", "start": None, "end": None} in found["evidence"]


def test_a_classifier_is_not_heard_on_what_the_rules_take_for_a_machines(suspicious: Path) -> None:
    (found,) = objects(written(suspicious / "a.eml", AWAY))
    assert found["kind"] == "auto_reply"
    assert "classifier" not in [one["kind"] for one in found["evidence"]]


def test_every_process_hears_the_classifier(suspicious: Path) -> None:
    for number in range(500):
        written(suspicious / "mails" / f"{number}.eml", letter("Sounds good, call me.\n"))
    mails = list(classifying.mails(suspicious / "mails"))
    terms = Terms(classifier=str(suspicious / "words.npz"), with_language=False)
    sure = {one.told["confidence"] for one in processes.judged(iter(mails), 2, terms) if isinstance(one, Judged)}
    assert sure == {0.75}


def test_a_classifier_that_cannot_be_read_is_told_and_the_rules_judge_on(tmp_path: Path, settings: Settings) -> None:
    settings.CLASSIFIER = "/nowhere/words.npz"
    out, err = io.StringIO(), io.StringIO()
    call_command("classify", str(written(tmp_path / "a.eml")), "--jobs", "1", stdout=out, stderr=err)
    assert "RELENT_CLASSIFIER: the file cannot be read." in err.getvalue()
    assert "\treply\t" in out.getvalue()
