"""The words by which people say when they are back, of every language in ``dates/*.toml``, found in one pass.

In a file a phrase is written as people write it and made plain as texts are (see ``day_text``). ``[x]`` may be left
out, ``(x|y)`` is one of them, ``*`` at the end stands for any ending.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from relent.mail.dates import day_text

# In this order one of two languages wins that a sentence fits equally well.
CODES = (
    *("en", "de", "fr", "es", "it", "pt", "nl", "ja", "zh", "ko"),
    *("sv", "da", "nb", "fi", "pl", "cs", "tr", "ru", "uk"),
)
WIDE = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"  # scripts without blanks between words, and Korean's syllables
_WORD_STARTS = re.compile(rf"(?<![^\W\d_])[^\W\d_]|[{WIDE}]")
_IS_WIDE = re.compile(rf"[{WIDE}]")
_CHOICE = re.compile(r"\[([^][()]*)\]|\(([^][()]*)\)")
_FIRST_WIDE = "\u3040"
_KEY, _WIDE_KEY = 6, 3  # first letters by which a phrase is looked up
_MONTH_SIGNS = r"\.?(?![^\W\d_])"


class Word(NamedTuple):
    """A known phrase at a place of the plain text: what ``kind`` of phrase, and its value (a weekday's number …)."""

    start: int
    end: int
    kind: str
    value: int


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """How a language writes days.

    ``order`` of two numbers is ``DM`` (day first), ``MD`` or ``either``. ``verb_last``: what is said of a day follows
    it. ``dotted``: "3.8" is a day even without the last dot; ``hyphened``: so is "3-8". ``denies_until``: "not there
    until D" means there on D. The others are patterns:
    ``ordinal`` ends a number ("3rd"), ``suffix`` is what the language puts on to a day ("'e kadar"), ``day_alone`` is
    a day without a month ("the 30th"), ``joint`` stands between the two ends of a range, ``filler`` between a day and
    the word that says what it is, and ``habit`` before a weekday that is meant every week ("jeden Freitag").
    ``counting`` are the words around a counted stretch of time ("in" two weeks), which
    may be other words too.
    """

    code: str
    order: str
    verb_last: bool
    dotted: bool
    hyphened: bool
    denies_until: bool
    month_first: bool
    ordinal: str
    suffix: str
    months: dict[str, int]
    day_alone: str
    weekdays: dict[str, int]
    month: str
    joint: str
    filler: str
    habit: str
    counting: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Phrase:
    text: str
    open_end: bool
    entries: dict[str, tuple[str, int]] = field(default_factory=dict)  # language → kind, value


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Every language, and the index of all their phrases."""

    languages: dict[str, Language]
    names: frozenset[str]
    index: dict[str, list[_Phrase]]


@cache
def lexicon() -> Lexicon:
    """Return the words of all languages, read once."""
    languages: dict[str, Language] = {}
    phrases: dict[str, _Phrase] = {}
    names: set[str] = set()
    for code in CODES:
        source = resources.files("relent.mail.dates").joinpath("languages", f"{code}.toml").read_text("utf-8")
        data = tomllib.loads(source)
        languages[code] = _language(code, data)
        names |= set(languages[code].months)
        for kind, value, text in _entries(code, data):
            names |= {text} if kind in ("weekday", "week_number") else set()
            open_end = text.endswith("*")
            phrase = phrases.setdefault(text, _Phrase(text.rstrip("*"), open_end))
            phrase.entries.setdefault(code, (kind, value))
    index: dict[str, list[_Phrase]] = {}
    for phrase in phrases.values():
        index.setdefault(_key(phrase.text), []).append(phrase)
    for known in index.values():
        known.sort(key=lambda phrase: -len(phrase.text))
    return Lexicon(languages, frozenset(names), index)


def find(letters: str) -> dict[str, list[Word]]:
    """Return every language's phrases in the plain text ``letters``, none inside another, in order of place."""
    index = lexicon().index
    flat = letters.replace("\n", " ").replace("\f", " ")
    found: dict[str, list[Word]] = {}
    ends: dict[str, int] = {}
    for begin in _WORD_STARTS.finditer(flat):
        start = begin.start()
        for width in range(_WIDE_KEY if flat[start] >= _FIRST_WIDE else _KEY, 0, -1):
            for phrase in index.get(flat[start : start + width], ()):
                if flat.startswith(phrase.text, start) and (end := _end(flat, start, phrase)):
                    _keep(found, ends, phrase, start, end)
    return found


def _keep(found: dict[str, list[Word]], ends: dict[str, int], phrase: _Phrase, start: int, end: int) -> None:
    for code, (kind, value) in phrase.entries.items():
        if ends.get(code, 0) <= start:
            ends[code] = end
            found.setdefault(code, []).append(Word(start, end, kind, value))


def _end(flat: str, start: int, phrase: _Phrase) -> int:
    """Return where the phrase ends; 0 where it is the beginning of another word."""
    end = start + len(phrase.text)
    following = flat[end : end + 1]
    if _IS_WIDE.match(flat[end - 1]) or not following.isalpha() or not flat[end - 1].isalpha():
        return end
    if not phrase.open_end:
        return 0
    while end < len(flat) and flat[end].isalpha() and end - start < 40:
        end += 1
    return end


def _key(text: str) -> str:
    return text[: _WIDE_KEY if text >= _FIRST_WIDE else _KEY]


def _language(code: str, data: dict[str, Any]) -> Language:
    months = {name: number for number, line in enumerate(data["months"], 1) for name in plain(line).split()}
    words = data["words"]
    joints = [text for kind in ("until", "joint") for phrase in words.get(kind, ()) for text in spellings(phrase)]
    weekdays = [name for line in data["weekdays"] for name in plain(line).split()]
    fillers = [text for kind in ("on", "inclusive") for phrase in words.get(kind, ()) for text in spellings(phrase)]
    return Language(
        code=code,
        order=data["order"],
        verb_last=data.get("verb_last", False),
        dotted=data.get("dotted", False),
        hyphened=data.get("hyphened", False),
        denies_until=data.get("denies_until", False),
        month_first=data.get("month_first", False),
        ordinal=data.get("ordinal", r"\."),
        suffix=data.get("suffix", ""),
        months=months,
        day_alone=data.get("day_alone", ""),
        weekdays={name: number for number, line in enumerate(data["weekdays"]) for name in plain(line).split()},
        month=rf"(?:{_any(list(months))}){_MONTH_SIGNS}" if months else r"(?!)",
        joint=_any(joints),
        habit=data.get("habit", r"(?!)"),
        filler=_any([*fillers, *(f"{name}." for name in weekdays), *weekdays]),
        counting={
            text: kind
            for kind in ("in", "for", "in_after", "for_after")
            for phrase in data["count"].get(kind, ())
            for text in spellings(phrase)
        },
    )


def _entries(code: str, data: dict[str, Any]) -> Iterator[tuple[str, int, str]]:
    """Yield each phrase of a language's file with its kind and value."""
    for table in ("words", "relative", "count"):
        for kind, phrases in data.get(table, {}).items():
            if kind in ("numbers", "nth"):
                kind = "number" if kind == "numbers" else kind
                numbered = [(number, text) for number, line in enumerate(phrases, 1) for text in plain(line).split()]
                yield from ((kind, number, text) for number, text in numbered)
            else:
                yield from ((kind, 0, text) for phrase in phrases for text in spellings(phrase))
    for kind, lines in (("month", data["months"]), ("weekday", data["weekdays"])):
        for number, line in enumerate(lines, 1 if kind == "month" else 0):
            for name in plain(line).split():
                if kind == "month" or _stands_alone(code, name):
                    yield kind, number, name
    for key, kind in (
        ("before_weekday_this", "weekday"),
        ("before_weekday", "of_next_week"),
        ("before_weekday_after_next", "of_week_after_next"),
    ):
        for number, line in enumerate(data["weekdays"]):
            for name in (name for name in plain(line).split() if len(name) > 1):
                yield from ((kind, number, plain(prefix) + name) for prefix in data.get(key, ()))


def _stands_alone(code: str, name: str) -> bool:
    """Whether a weekday's name is one without a day beside it: "di", "so", "man" and "ter" are words of their own."""
    return len(name) > (1 if _IS_WIDE.match(name) else 2 if code == "en" else 3)


def plain(phrase: str) -> str:
    """Return ``phrase`` as texts are made plain."""
    return day_text.plain(phrase).letters.strip()


def spellings(phrase: str) -> Iterator[str]:
    """Yield every spelling that a phrase's brackets stand for, made plain, the star at the end kept."""
    choice = _CHOICE.search(phrase)
    if not choice:
        yield re.sub(r" +", " ", plain(phrase))
        return
    parts = ["", *choice[1].split("|")] if choice[1] is not None else choice[2].split("|")
    for part in parts:
        yield from spellings(phrase[: choice.start()] + part + phrase[choice.end() :])


def _any(texts: list[str]) -> str:
    beginnings = {text.rstrip("*") for text in texts}
    return "|".join(re.escape(text) for text in sorted(beginnings, key=lambda text: (-len(text), text))) or r"(?!)"
