import re

import pytest

from relent.mail import defects, templates  # noqa: F401  their vocabularies are found below
from relent.terms import evidence, history, reasons, roles, states, steps  # noqa: F401  theirs too
from relent.terms.sentences import Said

VOCABULARIES = sorted((kind for kind in Said.__subclasses__() if kind.__module__.startswith("relent.")), key=str)
# What stands beside a value or in a list of choices; everything else is said in whole sentences.
LABELS = {"relent.terms.evidence", "relent.terms.roles", "relent.terms.steps"}


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda kind: kind.__name__)
def test_each_code_has_a_sentence_in_each_language(vocabulary: type[Said]) -> None:
    end = "" if vocabulary.__module__ in LABELS else "[.:。]$"
    for member in vocabulary:
        assert re.search(rf"^[A-Z].*{end}", member.en), member
        assert re.search(rf"[ぁ-んァ-ヶ一-龠].*{end}|ToDo", member.ja), member


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
