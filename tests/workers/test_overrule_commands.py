"""The commands about overruled judgements: counting them, writing them out, running the rules again, training."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from relent.flows import overruling
from relent.records import models
from relent.terms.reviews import Wrote
from tests.cast import Cast


def said(*command: str, **options: object) -> str:
    out = io.StringIO()
    call_command(*command, stdout=out, language="en", **options)
    return out.getvalue()


def overruled(cast: Cast) -> models.InboundItem:
    cast.deliver(cast.answer(cast.enrolled()))
    cast.turn()
    item = models.InboundItem.objects.get(kind="person_wrote")
    overruling.overrule(item.pk, Wrote.AUTOMATIC, cast.dana, cast.clock())
    return item


def test_overrules_counts_them(cast: Cast) -> None:
    overruled(cast)
    assert "1 of 1 judgements overruled." in said("overrules")


def test_labels_and_mails_are_written_for_their_owner_only(cast: Cast, tmp_path: Path) -> None:
    item = overruled(cast)
    said("overrules", export=tmp_path / "labels")
    [line] = (tmp_path / "labels/labels.jsonl").read_text().splitlines()
    assert json.loads(line)["file"] == f"{item.pk}.eml"
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "labels").iterdir()} == {0}


def test_the_rules_are_measured_by_what_was_written(cast: Cast, tmp_path: Path) -> None:
    overruled(cast)
    said("overrules", export=tmp_path)
    measured = io.StringIO()
    call_command("classify", "--labels", str(tmp_path / "labels.jsonl"), "--jobs", "1", stdout=measured)
    assert "auto_other" in measured.getvalue()


def test_a_folder_that_cannot_be_written_is_told(cast: Cast, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError):
        said("overrules", export=tmp_path / "file")


def test_replay_tells_what_the_rules_of_now_take_for_something_else(cast: Cast) -> None:
    cast.deliver(cast.answer(cast.enrolled()))
    cast.turn()
    models.InboundItem.objects.filter(kind="person_wrote").update(kind="auto_replied", received_at=cast.clock())
    told = said("replay", since="999w")
    assert "taken for: auto_replied" in told
    assert "would be: person_wrote" in told


def test_training_on_nothing_says_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "labels.jsonl").write_text("")
    with pytest.raises(CommandError, match="needed"):
        call_command("train_classifier", str(tmp_path / "labels.jsonl"), out=tmp_path / "words.npz")
