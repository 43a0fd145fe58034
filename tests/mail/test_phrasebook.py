"""What automatic mail says: the notation, and the data of every language."""

import re

import pytest

from relent.mail.notes import notation, phrase_data, words
from relent.mail.notes.phrasebook import Meaning

LANGUAGES = {data["code"]: data for data in phrase_data.languages()}
MEANT = {"automatic", "out_of_office", "acknowledgement", "left_company", "receipt"}


def says(phrase: str, text: str) -> bool:
    read, bare = notation.read(phrase), words.bare(text)
    needles = notation.needles(read)
    found = re.search(notation.expression(read), bare) is not None
    held = all(any(needle in bare for needle in strings) for strings in (needles.first, needles.second) if strings)
    assert found == held if needles.exact else held or not found
    return found


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("out of [the] office", "Out of office!"),
        ("out of [the] office", "I am out-of-the-office."),
        ("(i am|i'm) [now|currently] away", "I’m away"),
        ("(i am|i'm) [now|currently] away", "Well, I am currently away."),
        ("holiday*", "our holidays"),
        ("i return ... june", "I return to my desk in June"),
        ("ticket #", "Ticket #4711"),
        ("nicht im büro", "Ich bin NICHT IM BUERO, also nicht im Büro"),
        ("不在に[なって]おり", "ただいま不在に\nなっております。"),
        ("不在...戻り", "不在のため、月曜に戻ります"),
        ("휴가 중", "현재 휴가 중입니다"),
        ("^back [on] (monday|#*)", "Back 9th March."),
        ("^[still] on leave$", "Still on leave!"),
    ],
)
def test_a_phrase_is_found_however_it_is_written(phrase: str, text: str) -> None:
    assert says(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("out of office", "about of officers"),
        ("away", "a giveaway"),
        ("^back on monday", "Call back on Monday"),
        ("^on leave$", "On leave until Monday"),
        ("i return ... june", "I return one two three four five six seven June"),
    ],
)
def test_a_phrase_is_not_found_in_other_words(phrase: str, text: str) -> None:
    assert not says(phrase, text)


@pytest.mark.parametrize("phrase", ["[the] office", "office [today]", "... away", "(a|b", "a]"])
def test_a_phrase_that_cannot_be_meant_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match=r"left out|do not match"):
        notation.read(phrase)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_says_everything(code: str) -> None:
    data = LANGUAGES[code]
    assert set(data) <= {"code", "name", "subject", "says", "unless"}
    assert set(data["says"]) == set(Meaning)
    assert set(data.get("unless", {})) <= set(Meaning)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_subject_names_its_program_and_its_source(code: str) -> None:
    for row in LANGUAGES[code]["subject"]:
        assert row["by"]
        assert row["source"]
        assert row["means"] in MEANT
        assert len({"before", "after", "whole"} & set(row)) == 1


@pytest.mark.parametrize("code", LANGUAGES)
def test_sets_are_filled_in(code: str) -> None:
    listed = [
        phrase for table in ("says", "unless") for some in LANGUAGES[code].get(table, {}).values() for phrase in some
    ]
    assert not [phrase for phrase in listed if "{" in phrase]


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_phrase_is_listed_twice(code: str) -> None:
    for listed in LANGUAGES[code]["says"].values():
        assert len(listed) == len(set(listed))


@pytest.mark.slow  # thousands of phrases
@pytest.mark.parametrize("code", LANGUAGES)
def test_every_phrase_has_a_needle_that_is_rare(code: str) -> None:
    listed = [
        phrase for table in ("says", "unless") for some in LANGUAGES[code].get(table, {}).values() for phrase in some
    ]
    for phrase in listed:
        needles = notation.needles(notation.read(phrase))
        shortest = min(needles.first, key=len)
        assert needles.exact or len(shortest) >= 2 or not shortest.isascii(), phrase
