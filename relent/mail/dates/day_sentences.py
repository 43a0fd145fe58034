"""The sentences of a note, each in its own language, with the known words and the days that it tells."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from heapq import nlargest
from operator import attrgetter

from relent.mail.dates import day_text, day_words, days, relative_days
from relent.mail.dates.day_words import Language, Word
from relent.mail.dates.days import Written
from relent.mail.dates.relative_days import Relative

CUES = ("back", "present", "away")
DENIED = 1  # the value of an absence that was said as "not there"
_AGAIN_NEAR = 8  # letters between "back" and "in the office"
_NOT_NEAR = 30  # letters between "not" and what it denies
_MOST = 60  # days told in one sentence
_LANGUAGES = 8  # that one text may be in
_HINT = 8  # letters of a language's words that somebody's guess of the language is worth
_START = attrgetter("start")
_PARTED = re.compile(r"[\d,;:]")
_OTHER_CLAUSE = re.compile(r"[,;:]\s|\s-\s")
_NUMBER = re.compile(r"[\d一二三四五六七八九十]")
_KANA, _HANGUL = re.compile(r"[\u3040-\u30ff]"), re.compile(r"[\uac00-\ud7a3]")


@dataclass(frozen=True, slots=True)
class Sentence:
    letters: str
    start: int
    end: int
    language: Language
    words: list[Word]
    told: list[Written | Relative]
    kinds: frozenset[str]
    starting: dict[int, Word]
    ending: dict[int, Word]

    def between(self, start: int, end: int) -> list[Word]:
        """Return the words that begin from ``start`` up to ``end``."""
        first = bisect_left(self.words, start, key=_START)
        return self.words[first : bisect_left(self.words, end, first, key=_START)]


def sentences(plain: day_text.PlainText, text: str, received: date, likely: str) -> list[Sentence]:
    letters, lexicon = plain.letters, day_words.lexicon()
    found = day_words.find(letters)
    whole = _fitness(letters, found, likely)
    found = {code: found[code] for code in nlargest(_LANGUAGES, whole, key=whole.__getitem__) if code in found}
    flat = letters.replace("\n", " ").replace("\f", " ")
    orders: dict[str, str] = {}
    said: list[Sentence] = []
    for start, end, inside in _with_words(day_text.sentences(plain, text, lexicon.names), found):
        code = _language(inside, whole)
        language = lexicon.languages[code]
        if code not in orders:
            orders[code] = days.usual_order(flat, language)
        words = inside.get(code, [])
        told = _told(flat, start, end, language, orders[code], words, received)
        if told or words:
            said.append(_sentence(flat, (start, end), language, _denied(_foretold(words, flat), flat), told))
    return said


def _with_words(
    spans: Iterator[tuple[int, int]], found: dict[str, list[Word]]
) -> Iterator[tuple[int, int, dict[str, list[Word]]]]:
    """Yield each sentence with every language's words in it."""
    placed = dict.fromkeys(found, 0)
    for start, end in spans:
        inside: dict[str, list[Word]] = {}
        for code, words in found.items():
            begin = placed[code]
            while placed[code] < len(words) and words[placed[code]].start < end:
                placed[code] += 1
            if begin < placed[code]:
                inside[code] = words[begin : placed[code]]
        yield start, end, inside


def _sentence(
    flat: str, span: tuple[int, int], language: Language, words: list[Word], told: list[Written | Relative]
) -> Sentence:
    kinds = frozenset(word.kind for word in words)
    starting, ending = {word.start: word for word in words}, {word.end: word for word in words}
    return Sentence(flat, *span, language, words, told, kinds, starting, ending)


def _fitness(letters: str, found: dict[str, list[Word]], likely: str) -> dict[str, int]:
    """Return how well each language fits the whole text: how many of its letters are words of the language."""
    whole = {code: _covered(words) for code, words in found.items()}
    if likely in day_words.lexicon().languages:
        whole[likely] = whole.get(likely, 0) + _HINT
    if _KANA.search(letters):
        whole.pop("zh", None)
    if not _HANGUL.search(letters):
        whole.pop("ko", None)
    return whole


def _covered(words: list[Word]) -> int:
    return sum(word.end - word.start for word in words)


def _language(inside: dict[str, list[Word]], whole: dict[str, int]) -> str:
    def fits(code: str) -> tuple[int, int]:
        return 3 * _covered(inside.get(code, [])) + min(whole[code], 100), -day_words.CODES.index(code)

    return max([code for code in inside if code in whole] or whole, key=fits, default="en")


def _told(
    flat: str, start: int, end: int, language: Language, order: str, words: list[Word], received: date
) -> list[Written | Relative]:
    """Return every day that a sentence tells, in order of place."""
    exact = days.written(flat, start, end, language, order) if _NUMBER.search(flat, start, end) else []
    free = [word for word in words if all(word.end <= day.start or day.end <= word.start for day in exact)]
    told: list[Written | Relative] = [*exact]
    told += [
        day
        for day in relative_days.relative(free, flat, received, language)
        # "23.–27.11. (KW 48)": the week only says again what the days say.
        if not (exact and day.numbered) and all(day.end <= other.start or other.end <= day.start for other in exact)
    ]
    return sorted(told, key=lambda day: day.start)[:_MOST]


def _foretold(words: list[Word], letters: str) -> list[Word]:
    """Turn "will be" into presence, unless what will be is an absence: "буду 3.12", "буду в отпуске"."""
    result: list[Word] = []
    for place, word in enumerate(words):
        if word.kind == "will_be":
            following = next((other for other in words[place + 1 :] if other.kind in CUES), None)
            between = letters[word.end : following.start] if following else ""
            if following and following.kind == "away" and not _PARTED.search(between):
                continue
            word = word._replace(kind="present")
        result.append(word)
    return result


def _denied(words: list[Word], letters: str) -> list[Word]:
    """Turn presence that is denied into absence ("not in the office"), and presence again into return ("back in the
    office")."""
    result: list[Word] = []
    denial, back = -_NOT_NEAR, -_NOT_NEAR
    for word in words:
        if word.kind == "not":
            denial = word.end
        elif word.kind == "back":
            denial, back = -_NOT_NEAR, word.end
        elif word.kind == "present" and word.start - back < _AGAIN_NEAR:
            word = word._replace(kind="back")
        elif (
            word.kind == "present"
            and word.start - denial < _NOT_NEAR
            and not _OTHER_CLAUSE.search(letters, max(denial, 0), word.start)
        ):
            word = word._replace(kind="away", value=DENIED)
        elif word.kind in CUES:
            denial = -_NOT_NEAR
        result.append(word)
    return result
