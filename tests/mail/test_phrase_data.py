"""The phrases as they are kept between processes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from relent.mail.notes import phrase_data

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "relent" / "mail" / "notes" / phrase_data.COMPILED


def kept() -> None:
    subprocess.run([sys.executable, str(ROOT / "scripts" / "compile_phrases.py")], check=True, capture_output=True)


@pytest.mark.slow  # some thousand phrases are worked out
def test_what_is_kept_is_what_the_files_say() -> None:
    kept()
    assert phrase_data.is_kept()
    worked_out = json.loads(json.dumps(phrase_data.work_out()))
    assert json.loads(KEPT.read_text("utf-8")) == worked_out
    assert phrase_data.load() == worked_out


@pytest.mark.parametrize(
    "text", ['{"digest": "of other phrases", "entries": [], "needles": {}, "subjects": []}', '{"digest": "cut sh', "{}"]
)
def test_what_was_kept_of_other_phrases_is_not_read(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phrase_data, "COMPILED", "compiled.other")
    one_language = phrase_data._sources()[:1]  # to work out all of them takes seconds
    monkeypatch.setattr(phrase_data, "_sources", lambda: one_language)
    other = KEPT.with_name("compiled.other")
    try:
        other.write_text(text, "utf-8")
        assert not phrase_data.is_kept()
        assert phrase_data.load() == phrase_data.work_out()
        assert phrase_data.load()["entries"]
    finally:
        other.unlink()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('code = "xx"\n[says]\naway = ["back on {day}"]\n', r"languages/xx\.toml: 'back on \{day\}' names \{day\}"),
        ('code = "xx"\n[sets]\nday = "{hour}"\nhour = "one"\n', r"languages/xx\.toml: '\{hour\}' names \{hour\}"),
        ("code = ", r"languages/xx\.toml: Invalid value"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "xx.toml"
    source.write_text(text, "utf-8")
    monkeypatch.setattr(phrase_data, "_sources", lambda: [source])
    with pytest.raises(ValueError, match=said):
        phrase_data.languages()
