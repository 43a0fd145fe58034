import re

import pytest

from relent.mail import defects, templates  # noqa: F401  their vocabularies are found below
from relent.terms import (  # noqa: F401  theirs too
    cautions,
    evidence,
    history,
    meetings,
    reasons,
    reviews,
    roles,
    states,
    steps,
    workflows,
)
from relent.terms.sentences import Said

VOCABULARIES = sorted((kind for kind in Said.__subclasses__() if kind.__module__.startswith("relent.")), key=str)
# What stands beside a value, on a button or in a list of choices; everything else is said in whole sentences.
LABELS = {
    *(kind for kind in Said.__subclasses__() if kind.__module__ in {steps.__name__, roles.__name__, meetings.__name__}),
    evidence.EvidenceKind,
    reviews.ReviewAnswer,
    workflows.WorkflowTrigger,
    workflows.WorkflowAction,
    workflows.Comparison,
}
# Names of services, and verbs between a property and its value, are written as they are everywhere.
NAMES = {"Cal.com", "Calendly"}
QUESTIONS = {reviews.ReviewKind}


def end(vocabulary: type[Said]) -> str:
    if vocabulary in QUESTIONS:
        return r"(\?|か。)$"
    return "" if vocabulary in LABELS else "[.:。]$"


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda kind: kind.__name__)
def test_each_code_has_a_sentence_in_each_language(vocabulary: type[Said]) -> None:
    for member in vocabulary:
        assert re.search(rf"^{'' if vocabulary is workflows.Comparison else '[A-Z]'}.*{end(vocabulary)}", member.en), (
            member
        )
        assert member.en in NAMES or re.search(rf"[ぁ-んァ-ヶ一-龠].*{end(vocabulary)}|ToDo", member.ja), member


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda kind: kind.__name__)
def test_no_two_codes_of_a_vocabulary_say_the_same(vocabulary: type[Said]) -> None:
    assert len({member.value for member in vocabulary}) == len(vocabulary.__members__)
    assert len({member.en for member in vocabulary}) == len(vocabulary)
    assert len({member.ja for member in vocabulary}) == len(vocabulary)


@pytest.mark.parametrize(
    ("language", "sentence"), [("ja", "返信"), ("ja-JP", "返信"), ("en", "replied"), ("fr", "replied")]
)
def test_a_code_speaks_japanese_or_else_english(language: str, sentence: str) -> None:
    assert sentence in reasons.EndReason.REPLY.say(language)


def test_a_code_is_stored_as_itself() -> None:
    assert str(reasons.EndReason.REPLY) == "reply"
