"""Training the text classifier on labeled mails: hashed runs of characters, weighed by logistic regression.

Needs the extra ``relent[classifier]`` (scikit-learn). What comes of it are numbers only; see ``witness``.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from relent.flows import witness
from relent.mail import message, ngrams, quoting
from relent.normalize import labels
from relent.normalize.witness import ASKS_FROM

_FEWEST = 10  # mails of each kind; fewer say nothing
_FOLDS = 5
_LARGEST = 64 * 1024 * 1024


class CannotTrain(ValueError):
    """The extra is not installed, a file cannot be read, or too few mails are labeled."""


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of a training. ``asked`` of the ``persons``, and ``caught`` of the ``machines``, score so high that
    somebody would be asked about them: each judged by a classifier that had not seen it."""

    persons: int
    machines: int
    asked: int
    caught: int


def train(files: Iterable[Path], out: Path) -> Trained:
    """Train on the mails that the labels name, and write the classifier to ``out``. Raises CannotTrain and OSError."""
    try:
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import StratifiedKFold, cross_val_predict
    except ImportError:
        raise CannotTrain("scikit-learn is not installed: pip install relent[classifier]") from None
    texts = [one for path in files for one in _labeled(path)]
    automatic = [machine for _, machine in texts]
    if min(automatic.count(True), automatic.count(False)) < _FEWEST:
        raise CannotTrain(f"{_FEWEST} mails of people and {_FEWEST} of machines are needed at least")
    counted = _matrix([text for text, _ in texts])
    model = LogisticRegression(C=10.0, class_weight="balanced", max_iter=2000, random_state=0)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    scores = cross_val_predict(model, counted, automatic, cv=folds, method="predict_proba")[:, 1]
    model.fit(counted, automatic)
    witness.save(model.coef_[0], float(model.intercept_[0]), out)
    high = [machine for machine, score in zip(automatic, scores, strict=True) if score >= ASKS_FROM]
    return Trained(automatic.count(False), automatic.count(True), high.count(False), high.count(True))


def _labeled(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield the own words of each mail whose label says that a person or an answering machine wrote it."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            said = json.loads(line)
            name, label = str(said["file"]), str(said["label"])
        except (ValueError, KeyError, TypeError):
            raise CannotTrain(f"{path}, line {number}: no label") from None
        satisfied = labels.SATISFIED_BY.get(label, frozenset())
        person, machine = satisfied <= labels.PERSONS, bool(satisfied & labels.ANSWERS)
        if satisfied and (person or machine):
            yield _own_words(path.parent / name), machine


def _own_words(path: Path) -> str:
    with path.open("rb") as file:
        return quoting.written(message.parse(file.read(_LARGEST)).text)


def _matrix(texts: list[str]) -> Any:
    from scipy.sparse import csr_matrix

    rows = [ngrams.of(text) for text in texts]
    values = [weight for row in rows for weight in row.values()]
    columns = [bucket for row in rows for bucket in row]
    ends = [0]
    for row in rows:
        ends.append(ends[-1] + len(row))
    return csr_matrix((values, columns, ends), shape=(len(rows), ngrams.BUCKETS))
