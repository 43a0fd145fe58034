"""The notation in which phrases are written down, for bare words (see ``words``):

- ``[x]`` may be left out, ``(x|y)`` is one of them; both may be nested;
- ``*`` stands for any ending of a word: ``holiday*``;
- ``...`` stands for up to six words, in scripts without blanks for up to fifteen characters;
- ``#`` stands for a number;
- ``^`` before all stands for the beginning of a sentence, ``$`` after all for its end.

A phrase begins and ends with whole words, unless its script has none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from relent.mail.notes import words

_MOST_SPELLINGS = 64
_SHORTEST = 2  # characters of a needle beside a better one
_LONG_ENOUGH = 14  # characters of a needle; a longer one saves nothing
_WIDE = re.compile(r"[\u3000-\u9fff\uf900-\ufaff\uff00-\uffef]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_TOKEN = re.compile(r"\] |[\[\](|)*#]|\.\.\. ?|[^\[\](|)*#.]+")


@dataclass(frozen=True, slots=True)
class Text:
    """Letters and blanks as they are."""

    letters: str


@dataclass(frozen=True, slots=True)
class Open:
    """A place where anything of a kind may stand, as a regular expression: an ending, a gap, a number."""

    expression: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several, each followed by ``blank``; or, where ``optional``, none."""

    options: tuple["Phrase", ...]
    optional: bool
    blank: str


Phrase = tuple[Text | Open | Choice, ...]
BEGINNING, END = "^ ?", " ?$"  # bare words have a blank at either end, which scripts without blanks do not ask for
_ENDING, _NUMBER = "[^ ]*", "[0-9]+"
_OPEN = {"*": _ENDING, "#": _NUMBER, "... ": "(?:[^ ]+ ){0,6}"}
_WIDE_OPEN = {"*": "[^ ]{0,6}", "#": _NUMBER, "... ": "[^ ]{0,15}", "...": "[^ ]{0,15}"}


@dataclass(frozen=True, slots=True)
class Needles:
    """What stands in any text that holds the phrase: one of the ``first`` strings, and one of the ``second`` where
    there are any. ``exact``: and in no other text."""

    first: frozenset[str]
    second: frozenset[str]
    exact: bool


def read(written: str) -> Phrase:
    """Return the phrase that is written down. Raises ValueError where it begins or ends with what may be left out (but
    behind ``^``), which would say nothing, or where its brackets do not match."""
    plain = words.plain(written).replace("-", " ").strip()
    at_beginning, at_end = plain.startswith("^"), plain.endswith("$")
    plain = plain.removeprefix("^").removesuffix("$").strip()
    if not plain or (plain[0] in "[." and not at_beginning) or plain[-1] in "].":
        raise ValueError(f"{written!r} begins or ends with what may be left out")
    tokens = _TOKEN.findall(plain)
    try:
        phrase, rest = _sequence(tokens, 0, _WIDE_OPEN if _WIDE.search(plain) else _OPEN)
    except IndexError:
        rest = -1
    if rest != len(tokens):
        raise ValueError(f"The brackets of {written!r} do not match")
    begins_within = _WIDE.match(plain.lstrip("(["))
    ends = {*_ends(phrase)}
    before: Phrase = () if begins_within else (Text(" "),)
    after: Phrase = () if _WITHIN in ends or ends == {_OPEN_ENDED} else (Text(" "),)
    first: Phrase = (Open(BEGINNING),) if at_beginning else ()
    last: Phrase = (Open(END),) if at_end else ()
    return first + before + phrase + after + last


def expression(phrase: Phrase) -> str:
    """Return ``phrase`` as a regular expression over the bare words of a sentence."""
    made = []
    for one in phrase:
        match one:
            case Text():
                made.append(re.escape(one.letters))
            case Open():
                made.append(one.expression)
            case Choice():
                options = "|".join(expression(option) for option in one.options)
                made.append(f"(?:(?:{options}){one.blank})?" if one.optional else f"(?:{options})")
    return "".join(made)


def anywhere(expression: str) -> str:
    """Return ``expression`` for the bare words of several sentences, where none is seen to begin or to end."""
    return expression.removeprefix(BEGINNING).removesuffix(END)


def needles(phrase: Phrase) -> Needles:
    """Return what to look for before the expression is tried: strings that are few, and long enough to be rare, from
    two places of the phrase apart from each other."""
    found = sorted(_stretches(phrase), key=lambda stretch: -stretch.score)
    best = found[0]
    if best.exact:
        return Needles(best.strings, frozenset(), exact=True)
    apart = [other for other in found if other.last < best.first or best.last < other.first]
    second = next((other.strings for other in apart if other.shortest >= _SHORTEST), frozenset[str]())
    return Needles(best.strings, second, exact=False)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The ways to spell a phrase from its ``first`` to its ``last`` piece."""

    first: int
    last: int
    strings: frozenset[str]
    exact: bool
    shortest: int

    @property
    def score(self) -> float:
        return min(_LONG_ENOUGH, self.shortest) + 5 * self.exact - len(self.strings) / 100


def _stretches(phrase: Phrase) -> Iterator[_Stretch]:
    pieces = [_spellings(one) for one in phrase]
    for first in range(len(phrase)):
        spelled = _START
        for last in range(first, len(phrase)):
            going_on = sum(not ended for _, ended in spelled)
            if not going_on or len(spelled) + going_on * (len(pieces[last]) - 1) > _MOST_SPELLINGS:
                break
            spelled = _joined(spelled, pieces[last])
            # An ending that is open at the end of all is found by its beginning, whatever it is.
            whole = first == 0 and last == len(phrase) - 1
            exact = whole and all(ended != _CUT for _, ended in spelled)
            strings = frozenset(text for text, _ in spelled)
            shortest = min(map(len, strings))
            if shortest:
                yield _Stretch(first, last, strings, exact, shortest)
            if exact:
                return  # no part of it is longer
            if first and shortest >= _LONG_ENOUGH:
                break


def _sequence(tokens: list[str], place: int, signs: dict[str, str]) -> tuple[Phrase, int]:
    """Read from ``place`` to the end or to a bracket that closes, or a bar, which it does not pass."""
    found: list[Text | Open | Choice] = []
    while place < len(tokens) and tokens[place][0] not in "|)]":
        if tokens[place] in "[(":
            choice, place = _choice(tokens, place, signs)
            found.append(choice)
        else:
            sign = signs.get(tokens[place])
            found.append(Open(sign) if sign else Text(tokens[place]))
            place += 1
    return tuple(found), place


def _choice(tokens: list[str], place: int, signs: dict[str, str]) -> tuple[Choice, int]:
    optional = tokens[place] == "["
    options: list[Phrase] = []
    while tokens[place][0] not in ")]":
        option, place = _sequence(tokens, place + 1, signs)
        options.append(option)
    if (tokens[place][0] == "]") is not optional:
        raise IndexError
    # A blank after what may be left out goes with it.
    return Choice(tuple(options), optional, tokens[place][1:]), place + 1


_WITHIN, _OPEN_ENDED, _WHOLE_WORD = "within", "open", "whole"


def _ends(phrase: Phrase) -> Iterator[str]:
    """Say for each way that ``phrase`` may end whether it does so with a whole word: "(no|non*)" says no more of "no"
    than "no" alone does."""
    match phrase[-1]:
        case Text(letters):
            last = letters[-1]
            yield _WITHIN if _WIDE.match(last) or _HANGUL.match(last) else _WHOLE_WORD
        case Open(expression):
            yield _OPEN_ENDED if expression in (_OPEN["*"], _WIDE_OPEN["*"]) else _WHOLE_WORD
        case Choice(options, optional):
            for option in options:
                yield from _ends(option)
            if optional and len(phrase) > 1:
                yield from _ends(phrase[:-1])


# How a phrase begins to be spelled, and whether that is all of it: it goes on; any ending may follow, and then no more;
# or it was cut where it cannot be spelled out.
_Spelled = list[tuple[str, str]]
_GOES_ON, _ENDING_FOLLOWS, _CUT = "", "ending", "cut"
_START: _Spelled = [("", _GOES_ON)]


def _spellings(one: Text | Open | Choice) -> _Spelled:
    match one:
        case Text():
            return [(one.letters, _GOES_ON)]
        case Open():
            return [("", _ENDING_FOLLOWS if one.expression == _ENDING else _CUT)]
    found = list(_START) if one.optional else []
    for option in one.options:
        spelled = _START
        for part in option:
            spelled = _joined(spelled, _spellings(part))
        found += _joined(spelled, [(one.blank, _GOES_ON)]) if one.blank else spelled
    return found


def _joined(begun: _Spelled, further: _Spelled) -> _Spelled:
    made: _Spelled = []
    for start, ended in begun:
        if ended:
            made.append((start, _CUT))
        else:
            made += [(start + rest, end) for rest, end in further]
    return made
