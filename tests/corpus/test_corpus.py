"""Every mail below this folder is judged as its label says. They are written by hand, after what the systems named
under ``source`` send; ``us.example`` is our own domain in all of them."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from relent.mail.language import LANGUAGES
from relent.normalize import labels
from relent.normalize.arrival import Ours
from relent.normalize.judgement import Judgement, judge
from relent.terms import addresses

HERE = Path(__file__).parent
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
NEEDED = {"file", "label", "language", "why", "source"}
CHECKED = {"returns_on", "replacement", "status", "recipients"}


class OurDomain:
    def __contains__(self, address: object) -> bool:
        return isinstance(address, str) and addresses.domain(address) == "us.example"


class EveryToken:
    def __contains__(self, token: object) -> bool:
        return True


OURS = Ours(addresses=OurDomain(), tokens=EveryToken())


def rows() -> Iterator[tuple[Path, dict[str, Any]]]:
    for listed in sorted(HERE.glob("*/labels.jsonl")):
        for line in listed.read_text("utf-8").splitlines():
            if line.strip():
                row = json.loads(line)
                yield listed.parent / row["file"], row


ROWS = list(rows())
mails = pytest.mark.parametrize(
    ("path", "row"), ROWS, ids=[str(path.relative_to(HERE)) for path, _ in ROWS] if ROWS else None
)


@mails
def test_it_is_judged_as_its_label_says(path: Path, row: dict[str, Any]) -> None:
    judgement = judge(path.read_bytes(), AT, OURS)
    wanted = {"label": row["label"]} | {key: row[key] for key in CHECKED & row.keys()}
    found = {key: value for key, value in found_in(judgement, row["label"]).items() if key in wanted}
    seen = "\n".join(f"    {one.kind}: {one.seen}" for one in judgement.evidence)
    assert found == wanted, (
        f"\n  {path.relative_to(HERE)}: {row['why']}\n  seen, {judgement.confidence:.2f} sure:\n{seen}"
    )


def found_in(judgement: Judgement, label: str) -> dict[str, Any]:
    name = labels.name(judgement)
    return {
        "label": label if name in labels.SATISFIED_BY[label] else name,
        "returns_on": judgement.returns_on.isoformat() if judgement.returns_on else None,
        "replacement": judgement.replacement,
        "status": judgement.recipients[0].status if judgement.recipients else "",
        "recipients": [one.address for one in judgement.recipients],
    }


def test_every_mail_has_one_label_and_every_label_a_mail() -> None:
    written = Counter(path for path in HERE.glob("*/*.eml"))
    assert Counter(path for path, _ in ROWS) == written


def test_every_label_says_why_and_after_what_the_mail_is_made() -> None:
    assert [str(path) for path, row in ROWS if NEEDED - row.keys()] == []


@pytest.mark.slow  # the model of the languages takes most of a second to load
def test_the_language_is_told_of_nearly_every_mail() -> None:
    told = [(str(path), row["language"], judge(path.read_bytes(), AT, OURS).language) for path, row in ROWS]
    wrong = [each for each in told if each[1] in LANGUAGES and each[1] != each[2]]
    assert len(wrong) <= len(told) * 0.05, wrong
