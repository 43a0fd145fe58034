"""What a judgement rests on is told in words, with what stood in the mail beside them."""

import pytest
from django.utils import translation

from relent.normalize import message as normalize
from relent.terms.readings import ReadBy
from relent.web import witnesses
from relent.web.witnesses import Seen
from tests.architecture.rules import ROOT


def told(kind: str, seen: str) -> Seen:
    (witness,) = witnesses.told([[kind, seen]])
    return witness.seen[0]


@pytest.mark.parametrize(
    ("kind", "seen", "words", "raw"),
    [
        ("rule", "words_alone", "Its words alone", ""),
        ("rule", "of_an_older_release", "of_an_older_release", ""),
        (
            "header",
            "Auto-Submitted: auto-replied",
            "The mail says of itself that a machine sent it",
            "Auto-Submitted: auto-replied",
        ),
        ("header", "X-Unheard-Of: 1", "", "X-Unheard-Of: 1"),
        ("weak", "Precedence: bulk", "Marked as sent to many, or by a machine", "Precedence: bulk"),
        ("report", "Status: 5.1.1", "The mail server's code", "Status: 5.1.1"),
        ("text", "Back\nMonday", "“Back Monday”", ""),
        ("days", "back on 2026-12-01: Back Dec 1st", "Back on 1 Dec 2026 · “Back Dec 1st”", ""),
        ("days", "2026-11-23 to 2026-11-30: 23.-30.11.", "23 Nov 2026 to 30 Nov 2026 · “23.-30.11.”", ""),
        ("days", "2026-11-27: til fredag", "Until 27 Nov 2026 · “til fredag”", ""),
        ("classifier", "0.88 automatic", "88 % likely that a machine wrote this", ""),
        ("names_ours", "step 2: <1@us.example>", "Step 2", "<1@us.example>"),
        ("enrolled_address", "ann@acme.example = ann@acme.example", "ann@acme.example", ""),
        ("plus_rule", "ann+x@acme.example = ann@acme.example", "ann+x@acme.example = ann@acme.example", ""),
    ],
)
def test_each_kind_is_told_in_words(kind: str, seen: str, words: str, raw: str) -> None:
    assert told(kind, seen) == Seen(words, raw)


def test_days_are_written_as_the_reader_writes_them() -> None:
    with translation.override("ja"):
        assert told("days", "back on 2026-12-01: 12月1日").words == "2026年12月1日に復帰 · 「12月1日」"


def test_neighbors_of_one_kind_stand_together_and_each_once() -> None:
    found = witnesses.told([["weak", "A: 1"], ["weak", "B: 2"], ["weak", "A: 1"], ["text", "x"]])
    assert [[one.raw or one.words for one in witness.seen] for witness in found] == [["A: 1", "B: 2"], ["“x”"]]


def test_every_test_of_the_judgement_has_its_sentence() -> None:
    source = (ROOT / normalize.__file__).read_text(encoding="utf-8")
    assert [code for code in ReadBy if f'"{code}"' not in source] == []
