"""The text classifier from its training to a question: trained for real, and what is kept are numbers."""

import json
from pathlib import Path

import numpy as np
import pytest
from pytest_django.fixtures import Settings

from relent.flows import training, witness
from relent.mail import ngrams
from relent.normalize.witness import Weights
from relent.records import models
from relent.terms.classifier import ClassifierFault
from relent.terms.reviews import ReviewKind
from tests.cast import Cast, state

PEOPLE = ("Sounds good, call me on {}.", "No thanks, we bought it on {}.", "Can you send the price before {}?")
MACHINES = ("The sails are set and the harbor is empty, {} or not.", "Your ticket of {} is in the queue, number 4711.")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def labeled(folder: Path) -> Path:
    """Labels of 21 mails of people and 14 of machines, and the mails."""
    texts = [(one.format(day), "reply") for one in PEOPLE for day in DAYS]
    texts += [(one.format(day), "ooo") for one in MACHINES for day in DAYS]
    lines = []
    for number, (text, label) in enumerate(texts):
        (folder / f"{number}.eml").write_text(f"From: ann@acme.example\nSubject: Re: Hello\n\n{text}\n")
        lines.append(json.dumps({"file": f"{number}.eml", "label": label}))
    (folder / "labels.jsonl").write_text("\n".join(lines))
    return folder / "labels.jsonl"


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("labels")
    training.train([labeled(folder)], folder / "words.npz")
    return folder / "words.npz"


def test_training_says_about_how_many_unseen_mails_it_would_ask(tmp_path: Path) -> None:
    found = training.train([labeled(tmp_path)], tmp_path / "words.npz")
    assert (found.persons, found.machines) == (21, 14)
    assert found.asked <= 1
    assert found.caught >= 7


def test_what_is_saved_are_numbers_that_load_without_pickle(trained: Path) -> None:
    with np.load(trained, allow_pickle=False) as held:
        assert {held[name].dtype.kind for name in held.files} <= {"f", "i"}
    assert isinstance(witness.load(trained), Weights)


def test_a_doubted_reply_stops_the_sequence_and_a_person_is_asked(
    cast: Cast, settings: Settings, trained: Path
) -> None:
    settings.CLASSIFIER = str(trained)
    enrollment = cast.enrolled()
    mail = cast.answer(enrollment)
    mail.set_content("The sails are set and the harbor is empty, Thursday or not.\n")
    cast.deliver(mail)
    cast.turn()
    assert state(enrollment) == ("unenrolled", "reply")
    assert models.ReviewItem.objects.open().get().kind == ReviewKind.LOOKS_AUTOMATIC
    assert "classifier" in [kind for kind, _ in models.InboundItem.objects.latest("pk").evidence]


def test_without_one_nothing_is_said(cast: Cast) -> None:
    cast.deliver(cast.answer(cast.enrolled()))
    cast.turn()
    assert witness.fault() is None
    assert "classifier" not in [kind for kind, _ in models.InboundItem.objects.latest("pk").evidence]


def test_a_file_that_is_not_there_is_told_and_the_rules_judge_on(cast: Cast, settings: Settings) -> None:
    settings.CLASSIFIER = "/nowhere/words.npz"
    enrollment = cast.enrolled()
    cast.deliver(cast.answer(enrollment))
    cast.turn()
    assert witness.fault() is ClassifierFault.MISSING
    assert state(enrollment) == ("unenrolled", "reply")


def arrays(**changes: object) -> dict[str, object]:
    right = {"buckets": np.zeros(ngrams.BUCKETS, np.float32), "bias": np.float64(0), "version": np.int64(1)}
    return {**right, **changes}


@pytest.mark.parametrize(
    "changes",
    [
        {"buckets": np.zeros(10, np.float32)},
        {"buckets": np.full(ngrams.BUCKETS, np.nan, np.float32)},
        {"buckets": np.array(["x"] * ngrams.BUCKETS)},
        {"bias": np.float64("inf")},
        {"bias": np.zeros(2)},
        {"version": np.int64(2)},
        {"version": np.float64("inf")},
        {"bias": np.array([{}], dtype=object)},
        {"more": np.zeros(10_000_000)},
    ],
)
def test_a_file_of_something_else_is_told(tmp_path: Path, changes: dict[str, object]) -> None:
    np.savez_compressed(tmp_path / "words.npz", **arrays(**changes))  # type: ignore[arg-type]
    assert witness.load(tmp_path / "words.npz") is ClassifierFault.BROKEN


@pytest.mark.parametrize("held", [b"", b"PK\x03\x04nonsense", b"\x80\x04\x95pickle"])
def test_a_broken_file_is_told(tmp_path: Path, held: bytes) -> None:
    (tmp_path / "words.npz").write_bytes(held)
    assert witness.load(tmp_path / "words.npz") is ClassifierFault.BROKEN


def test_a_file_whose_numbers_are_garbled_is_told_and_a_reply_stops(
    cast: Cast, settings: Settings, trained: Path, tmp_path: Path
) -> None:
    garbled = bytearray(trained.read_bytes())
    for place in range(200, len(garbled) // 2, 7):
        garbled[place] ^= 0xFF
    (tmp_path / "words.npz").write_bytes(bytes(garbled))
    settings.CLASSIFIER = str(tmp_path / "words.npz")
    enrollment = cast.enrolled()
    cast.deliver(cast.answer(enrollment))
    cast.turn()
    assert state(enrollment) == ("unenrolled", "reply")
    assert witness.fault() is ClassifierFault.BROKEN


def test_a_file_that_was_trained_again_is_read_again(settings: Settings, trained: Path, tmp_path: Path) -> None:
    settings.CLASSIFIER = str(tmp_path / "words.npz")
    (tmp_path / "words.npz").write_bytes(b"")
    assert witness.fault() is ClassifierFault.BROKEN
    (tmp_path / "words.npz").write_bytes(trained.read_bytes())
    assert witness.is_heard()


@pytest.mark.parametrize("line", ["nonsense", "[]", '{"file": "0.eml"}'])
def test_labels_that_are_none_name_their_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "labels.jsonl").write_text(line)
    with pytest.raises(training.CannotTrain, match="line 1"):
        training.train([tmp_path / "labels.jsonl"], tmp_path / "words.npz")


def test_too_few_mails_train_nothing(tmp_path: Path) -> None:
    (tmp_path / "labels.jsonl").write_text("")
    with pytest.raises(training.CannotTrain):
        training.train([tmp_path / "labels.jsonl"], tmp_path / "words.npz")
    assert not (tmp_path / "words.npz").exists()
