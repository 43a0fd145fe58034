"""A text made plain for reading days out of it, with the place of every letter in the text that arrived.

Lower case, without accents, full-width and other compatibility forms resolved (Unicode NFKC), white space to one
blank, every dash to ``-`` and every wave dash to ``~``. NFKC makes one letter two or two one, so each plain letter
remembers where it came from: ``12月`` is found in ``１２月``, ``㋋`` or ``⑫月``.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 8000  # letters of a text that are looked at
_WRAPPED = 40  # a line shorter than this was ended by its writer, a longer one may be wrapped by the program
_SHORT = 3  # letters of a word that may be a shortened one
_SHORTENED = (
    " abs abt apt art bzw dep dir dra est ext fam fig fri ggf inc ing inh jun ltd mag max med min mme mob "
    "mrs mon sat sen sig sra str sun tel thu tue var vgl vol voy wed zzt "
)
_ABBREVIATED = 5  # letters of the longest abbreviation of a weekday or month
_BLANKS = re.compile(r"\s+")
_PARAGRAPH, _LINE = "\f", "\n"
_LETTERS = {"ø": "o", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th"}
_SIGNS = (
    dict.fromkeys("‐‑‒–—―−﹘﹣", "-")
    | dict.fromkeys("〜～∼∽˜", "~")
    | dict.fromkeys("’‘‛`´ʼ＇′", "'")
    | dict.fromkeys("“”„«»", '"')
)


@dataclass(frozen=True, slots=True)
class PlainText:
    """``letters`` is the plain text; ``places[i]`` is where its letter ``i`` stands in the text that arrived. The last
    place is the end of what was looked at."""

    letters: str
    places: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where the plain letters ``start`` to ``end`` stand in the text that arrived."""
        return self.places[start], self.places[end - 1] + 1 if end > start else self.places[start]


def plain(text: str) -> PlainText:
    """Make the first 8,000 letters of ``text`` plain. A line's end is ``\\n``, a paragraph's ``\\f``."""
    letters: list[str] = []
    places: list[int] = []
    text, begin = text[:LONGEST], 0
    for blank in _BLANKS.finditer(text):
        _add(text, begin, blank.start(), letters, places)
        if letters:
            lines = blank[0].count("\n")
            letters.append(" " if not lines else _LINE if lines == 1 else _PARAGRAPH)
            places.append(blank.start())
        begin = blank.end()
    _add(text, begin, len(text), letters, places)
    places.append(len(text))
    return PlainText("".join(letters), places)


def _add(text: str, start: int, end: int, letters: list[str], places: list[int]) -> None:
    """Add the plain letters of a stretch of ``text`` without blanks, and their places."""
    stretch = text[start:end]
    if stretch.isascii():
        letters.append(stretch.lower().replace("`", "'"))
        places.extend(range(start, end))
        return
    for place, letter in enumerate(stretch, start):
        simple = _SIMPLE[letter]
        letters.append(simple)
        places.extend([place] * len(simple))


def sentences(plain_text: PlainText, text: str, names: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Yield where each sentence of the plain text begins and ends.

    A stop ends a sentence before a capital letter, unless a number and a name of ``names`` stand around it ("3.
    August") or it follows a short word, mostly an abbreviation. A line's end is one unless the line looks wrapped.
    """
    letters, start, line = plain_text.letters, 0, 0
    for at, letter in enumerate(letters):
        if letter in _LINE + _PARAGRAPH:
            ends = letter == _PARAGRAPH or not _goes_on(plain_text, text, line, at)
            line = at + 1
        elif letter == ".":
            ends = _stops(plain_text, text, at, names)
        else:
            ends = letter in "。!?"
        if ends:
            yield start, at + 1
            start = at + 1
    yield start, len(letters)


def _goes_on(plain_text: PlainText, text: str, line: int, end: int) -> bool:
    letters = plain_text.letters
    columns = end - line + sum("\u2e80" <= letter <= "\uffef" for letter in letters[line:end])
    following = text[plain_text.places[end + 1]] if end + 1 < len(letters) else ""
    if letters[end - 1 : end] in ".:;|":
        return False
    return (columns >= _WRAPPED and following not in "-*•・") or following.islower()


def _stops(plain_text: PlainText, text: str, at: int, names: frozenset[str]) -> bool:
    letters = plain_text.letters
    if letters[at + 1 : at + 2] not in (" ", "\n", '"', ")"):
        return False
    following = text[plain_text.places[at + 2]] if at + 2 < len(letters) else ""
    if not following.isupper():
        return False
    before = _word(letters[max(0, at - 12) : at][::-1])[::-1]
    if before.isdigit():
        return _word(letters[at + 2 : at + 20]) not in names
    if len(before) == _SHORT and before not in names:
        return f" {before} " not in _SHORTENED
    return len(before) > _SHORT and (before not in names or len(before) > _ABBREVIATED)


def _word(letters: str) -> str:
    """Return the letters or digits that ``letters`` begins with."""
    end = 0
    while end < len(letters) and letters[end].isalnum():
        end += 1
    return letters[:end]


class _Simple(dict[str, str]):
    """The plain letters for a letter, worked out the first time it is met."""

    def __missing__(self, letter: str) -> str:
        self[letter] = simple = _SIGNS.get(letter) or _simple(letter)
        return simple


def _simple(letter: str) -> str:
    if unicodedata.category(letter) in ("Cf", "Cs", "Cc"):
        return ""
    found = []
    for part in unicodedata.normalize("NFKC", letter).casefold():
        decomposed = unicodedata.normalize("NFD", part)
        base, marks = decomposed[0], decomposed[1:]
        # Accents of Latin, Greek and Cyrillic go; the marks of kana and the parts of a Korean syllable stay.
        part = base if marks and base < "\u0530" else part
        if not ("\u0300" <= part <= "\u036f"):
            found.append(_LETTERS.get(part) or _SIGNS.get(part) or part)
    return "".join(found)


_SIMPLE = _Simple()
