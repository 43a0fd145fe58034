"""A text as sentences, and a sentence as bare words: the form in which phrases are looked for.

Bare words are lower case, without accents and punctuation, one blank between two and one at either end, so that a
phrase reads the same however a program wrapped, capitalized or typeset it: "Ich bin z.Zt.\\nim Büro" and
" ich bin z zt im buro ". Scripts that write without blanks keep none: 「不在に\\nしております」 is one word.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LONGEST_SENTENCE = 1000  # characters; what is longer is cut, and no phrase is lost by it
_WRAPPED = 45  # columns; a line shorter than this was ended by its writer and not by a program
_WIDE = r"\u3000-\u9fff\uf900-\ufaff\uff00-\uffef"
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# Some set numbers apart from the script: 「11 月 30 日」.
_BETWEEN_WIDE = re.compile(rf"(?<=[{_WIDE}]) (?=[{_WIDE}\d])|(?<=\d) (?=[{_WIDE}])")
_IS_WIDE = re.compile(rf"[{_WIDE}]")
_IS_DENSE = re.compile(rf"[{_WIDE}\uac00-\ud7af]")
# A stop ends a sentence where a blank follows, unless a number or a single letter stands before it: "am 3. August"; a
# number of three digits counts nothing, and ends one: "Ticket 4711. We …".
# Nor where a title or the like stands before it: "Dr. Huber".
_SHORTENED = (
    r"(?<!\b(?:Dr|Mr|Ms|Hr|Fr|Sr|Jr)\.)(?<!\b(?:Mrs|Sra|Dra|Sig|sig|Tel|tel|ing|Mme|ext)\.)"
    r"(?<!\b(?:Prof|prof|Dott|dott|Capt|Mlle)\.)"
)
# Of a long row of stops the last are one, wherever it begins: a page of dots costs no more than a page of words.
_STOP = re.compile(
    rf"(?<![\s.][^\W\d_])(?<!\d)[.!?…]{{1,20}}+{_SHORTENED}[)\"'”’»]*+(?=\s|$)"
    r"|(?<=\d\d\d)[.!?…]++(?=\s+[^\W\d]|$)|[。！？!?]+[」』）)]*|\n[ \t]*\n"
)
_LETTERS = {"ß": "ss", "ø": "o", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th"}
# Apostrophes, the second one of Ukrainian; and the dot that lower case leaves of the Turkish "İ".
_LETTERS |= {"’": "'", "ʼ": "'", "\u0307": ""}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: where it stands in the text (characters), as it stands there, and as bare words."""

    start: int
    end: int
    text: str
    words: str

    @property
    def count(self) -> int:
        """How many words it has; in scripts without blanks, three characters count as one."""
        wide = len(_IS_WIDE.findall(self.words))
        return len(_WORD.findall(_IS_WIDE.sub(" ", self.words))) + (wide + 2) // 3

    @property
    def width(self) -> int:
        """How long its bare words are; a character for a syllable or a word says as much as three letters."""
        return len(self.words) + 2 * len(_IS_DENSE.findall(self.words))

    @property
    def asks(self) -> bool:
        return "?" in self.text or "？" in self.text


def bare(text: str) -> str:
    """Return ``text`` as bare words."""
    text = plain(text)
    words = f" {' '.join(_WORD.findall(text))} "
    return words if text.isascii() else _BETWEEN_WIDE.sub("", words)


def plain(text: str) -> str:
    """Return ``text`` in lower case, without accents, in the plainest form of each character."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text).lower().translate(_PLAIN)


def sentences(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[Sentence]:
    """Yield the sentences of the lines of ``text`` that ``spans`` names. Lines that a program wrapped are one
    sentence; lines that their writer ended are each its own."""
    for start, end in _paragraphs(text, spans):
        position = start
        for stop in _STOP.finditer(text, start, end):
            yield from _sentence(text, position, stop.end())
            position = stop.end()
        yield from _sentence(text, position, end)


def clauses(sentence: Sentence) -> Iterator[Sentence]:
    """Yield the parts of a sentence between its commas and dashes; the sentence itself where it has none."""
    position = 0
    for comma in [*_COMMA.finditer(sentence.text), None]:
        end = comma.start() if comma else len(sentence.text)
        for part in _sentence(sentence.text, position, end):
            yield Sentence(part.start + sentence.start, part.end + sentence.start, part.text, part.words)
        position = comma.end() if comma else end


_COMMA = re.compile(r"[,;:](?=\s)|\s[-–—]+\s|[、，；：]")


def _sentence(text: str, start: int, end: int) -> Iterator[Sentence]:
    words = bare(text[start : min(end, start + LONGEST_SENTENCE)])
    if words.strip():
        start += len(text[start:end]) - len(text[start:end].lstrip())
        end = start + len(text[start:end].rstrip())
        yield Sentence(start, end, text[start:end], words)


def _paragraphs(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    begun, ended = -1, -1
    for start, end in spans:
        goes_on = begun >= 0 and start == ended + 1 and _width(text[begun:ended].rpartition("\n")[2]) >= _WRAPPED
        if begun >= 0 and not goes_on:
            yield begun, ended
            begun = -1
        begun, ended = (start if begun < 0 else begun), end
    if begun >= 0:
        yield begun, ended


def _width(line: str) -> int:
    return len(line) if line.isascii() else len(line) + len(_IS_WIDE.findall(line))


class _Plain(dict[int, str]):
    """Letters without their accents, in the scripts where leaving them out is common; found once for each letter."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        taken_apart = unicodedata.normalize("NFD", letter)
        accented = len(taken_apart) > 1 and taken_apart < "\u0530"
        plain = taken_apart[0] if accented else _LETTERS.get(letter, letter)
        self[code] = plain
        return plain


_PLAIN = _Plain()
