"""What automatic mail says, in every language we read: the phrases of ``languages/*.toml`` as one search.

A file holds, for each meaning, phrases in the notation of ``notation``, and for each mail program what it puts into the
subject. The phrases of all languages are looked for in one pass over the text (Aho and Corasick's automaton, 1975) for
a string that each must hold; most phrases are found by that alone, the others' expressions are tried where theirs is.
The cost hardly grows with the number of phrases, and not at all with what stands in the text.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property

import ahocorasick
import re2

from relent.mail import phrases
from relent.mail.notes import notation, phrase_data, words

_MEMORY = 1 << 20  # bytes that the states of one phrase may take: there are thousands, and a process lives for months


class Meaning(StrEnum):
    """What a sentence of automatic mail can say. The first nine make a mail what it is; the others go along."""

    AWAY = "away"  # the sender is away, said as only a note says it: "I am out of the office"
    ABSENCE = "absence"  # words of absence that a person may write too: "on holiday"
    LEFT = "left"  # has left the company
    MOVED = "moved"  # has another address now
    RECEIVED = "received"  # your mail has arrived; it has a ticket
    UNMONITORED = "unmonitored"  # nobody reads this mailbox
    CHALLENGE = "challenge"  # prove that you are a person
    AUTOMATIC = "automatic"  # a machine says that it is one
    REMOVE_ME = "remove_me"  # a person wants no more mail
    LATER = "later"  # reads and answers later, or hardly at all
    INSTEAD = "instead"  # somebody else helps meanwhile
    THANKS = "thanks"  # thanks for the mail
    COURTESY = "courtesy"  # greetings, wishes, apologies
    CLOSING = "closing"  # the words above a signature: "With best regards"
    PERSONAL = "personal"  # only somebody who has read the mail writes so


# The meanings that a note is made of; what a person adds is none of them.
OF_A_NOTE = frozenset(Meaning) - {Meaning.REMOVE_ME, Meaning.PERSONAL}


@dataclass(frozen=True, slots=True)
class SubjectMark:
    """What a program puts into the subject of an automatic reply. ``sure``: no person writes it there."""

    language: str
    by: str
    means: str
    sure: bool


@dataclass(frozen=True)
class Entry:
    """One phrase. ``unless``: it takes its meaning back. ``written`` is empty where one of its needles proves it; else
    it is the regular expression that is tried where one is found."""

    meaning: Meaning
    language: str
    unless: bool
    written: str

    def is_in(self, bare: str) -> bool:
        """Whether the ``bare`` words of a sentence, which hold its needles, hold the phrase."""
        return not self.written or self._expression.search(bare) is not None

    def is_among(self, bare: str) -> bool:
        """The same of several sentences, that are not told apart."""
        return not self.written or self._anywhere.search(bare) is not None

    @cached_property
    def _expression(self) -> "re2.Pattern":
        """Compiled when it is first tried: most languages are never met. RE2 compiles it in a fraction of the time."""
        return re2.compile(self.written, phrases.options(case_sensitive=True, memory=_MEMORY))

    @cached_property
    def _anywhere(self) -> "re2.Pattern":
        written = notation.anywhere(self.written)
        if written == self.written:
            return self._expression
        return re2.compile(written, phrases.options(case_sensitive=True, memory=_MEMORY))


@dataclass(frozen=True, slots=True)
class Book:
    """All languages. ``needles`` gives for each string the phrases whose first part it may be, and those whose second,
    both as numbers whose bits are the indexes into ``entries``. Such numbers too are ``of_one_part``, the phrases that
    have no second; ``unless``, those that take a meaning back; and of the others ``proved``, by their needles, and
    ``tried``, by their expressions."""

    needles: "ahocorasick.Automaton"
    of_one_part: int
    proved: int
    tried: int
    unless: int
    entries: tuple[Entry, ...]
    before: Mapping[str, SubjectMark]
    after: Mapping[str, SubjectMark]
    whole: "re2.Set"
    of_whole: tuple[SubjectMark, ...]


def heard(bare: str) -> dict[Meaning, set[str]]:
    """Return what ``bare`` words say, and in which languages. An ``unless`` phrase takes back its meaning."""
    the_book, possible = book(), _possible(bare)
    found: dict[Meaning, set[str]] = {}
    for entry in _entries(possible & the_book.proved):
        found.setdefault(entry.meaning, set()).add(entry.language)
    # An expression is not tried where it could only say again what is known, or take back what nothing says.
    for entry in _entries(possible & the_book.tried):
        if entry.language not in found.get(entry.meaning, ()) and entry.is_in(bare):
            found.setdefault(entry.meaning, set()).add(entry.language)
    for entry in _entries(possible & the_book.unless):
        if entry.language in found.get(entry.meaning, ()) and entry.is_in(bare):
            found[entry.meaning].discard(entry.language)
    return {meaning: languages for meaning, languages in found.items() if languages}


def at_first_sight(bare: str) -> set[Meaning]:
    """Return what ``bare`` words of several sentences may say: what takes a meaning back holds for its own only."""
    the_book, possible = book(), _possible(bare)
    found = {entry.meaning for entry in _entries(possible & the_book.proved)}
    for entry in _entries(possible & the_book.tried):
        if entry.meaning not in found and entry.is_among(bare):
            found.add(entry.meaning)
    return found


def _possible(bare: str) -> int:
    """Return the phrases whose needles are in ``bare`` words, as a number whose bits are their indexes."""
    the_book = book()
    first, second = 0, the_book.of_one_part
    for _, (one, other) in the_book.needles.iter(bare):
        first |= one
        second |= other
    return first & second


def _entries(bits: int) -> Iterator[Entry]:
    entries = book().entries
    return (entries[index] for index in _bits(bits))


def _bits(number: int) -> Iterator[int]:
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest


def subject_mark(subject: str) -> SubjectMark | None:
    """Return the mark that a program put into ``subject``: before it with a colon or in brackets, after it in
    brackets, or as the whole of it."""
    subject = subject[:300].strip()
    the_book = book()
    if found := _BEFORE.match(subject):
        mark = the_book.before.get(words.bare(found["name"] or found["bracketed"]).strip())
        if mark is not None:
            return mark
    if (found := _AFTER.search(subject)) and (mark := the_book.after.get(words.bare(found[1]).strip())):
        return mark
    return next((the_book.of_whole[index] for index in the_book.whole.Match(words.bare(subject)) or ()), None)


def bare_subject(subject: str) -> str:
    """Return the bare words of ``subject``; none where it answers or passes on another mail, whose words they are."""
    return "" if answers(subject) else words.bare(subject[:300].strip())


def answers(subject: str) -> bool:
    """Whether ``subject`` says that its mail answers or passes on another."""
    return _ANSWERS.match(subject[:300].strip()) is not None


_ANSWERS = re.compile(
    r"(?:[\[(*]{1,3}[^\])*:]{1,20}[\])*]{1,3}\s?)?"  # "[EXTERN] Re:", as gateways mark what comes from outside
    r"(?:re|aw|antw|antwort|betr|sv|vs|vl|ang|fwd?|fs|wg|tr|rv|res?|rif|r|i|enc|doorst|odp|odpověď|pd|ynt|ilt"
    r"|отв|ответ|відп|回复|答复|回覆|转发|轉寄|轉發|답장|회신|전달|返信|転送)\s?(?:[\[(]?\d+[\])]?)?\s?[:：]",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"(?:[\[【<(（＜](?P<bracketed>[^\]】>)）＞]{2,60})[\]】>)）＞]|(?P<name>[^:：]{2,60}?)\s*[:：])")
_AFTER = re.compile(r"[\[【(（]([^\]】)）]{2,60})[\]】)）]$")


@cache
def book() -> Book:
    """Return the phrase book, read once."""
    data = phrase_data.load()
    entries = tuple(Entry(Meaning(entry[0]), *entry[1:]) for entry in data["entries"])
    of_two_parts = _number({index for _, second in data["needles"].values() for index in second})
    of_one_part = _number(range(len(entries))) & ~of_two_parts
    unless = _number(index for index, entry in enumerate(entries) if entry.unless)
    tried = _number(index for index, entry in enumerate(entries) if entry.written) & ~unless
    proved = _number(index for index, entry in enumerate(entries) if not entry.written) & ~unless
    before: dict[str, SubjectMark] = {}
    after: dict[str, SubjectMark] = {}
    whole = re2.Set.FullMatchSet(phrases.options(case_sensitive=True))
    of_whole: list[SubjectMark] = []
    for row in data["subjects"]:
        mark = SubjectMark(row["code"], row["by"], row["means"], row.get("sure", True))
        if "before" in row:
            before.setdefault(words.bare(row["before"]).strip(), mark)
        if "after" in row:
            after.setdefault(words.bare(row["after"]).strip(), mark)
        if "whole" in row:
            # A script without blanks has none at its ends either; bare words do.
            whole.Add(f" ?{notation.expression(notation.read(row['whole']))} ?")
            of_whole.append(mark)
    whole.Compile()
    return Book(
        needles=_automaton(data["needles"]),
        of_one_part=of_one_part,
        proved=proved,
        tried=tried,
        unless=unless,
        entries=entries,
        before=before,
        after=after,
        whole=whole,
        of_whole=tuple(of_whole),
    )


def _automaton(needles: Mapping[str, tuple[list[int], list[int]]]) -> "ahocorasick.Automaton":
    automaton = ahocorasick.Automaton()
    # The spellings of a phrase share one number, which is as long as there are phrases.
    number = cache(_number)
    for needle, (first, second) in needles.items():
        automaton.add_word(needle, (number(tuple(first)), number(tuple(second))))
    automaton.make_automaton()
    return automaton


def _number(bits: Iterable[int]) -> int:
    number = 0
    for bit in bits:
        number |= 1 << bit
    return number
