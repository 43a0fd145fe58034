"""What automatic mail says, in every language we read: the phrases of ``languages/*.toml`` as one search.

A file holds, for each meaning, phrases in bare words (see ``words``) and this notation:

- ``[x]`` may be left out, ``(x|y)`` is one of them; both may be nested;
- ``*`` at the end of a word stands for any ending: ``holiday*``;
- ``...`` stands for up to six words, in scripts without blanks for up to fifteen characters;
- ``#`` stands for a number.

All phrases of all languages are tried in one pass of RE2, whose cost does not grow with their number.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

import re2

from relent.mail import phrases, words

_WIDE = re.compile(r"[\u3000-\u9fff\uf900-\ufaff\uff00-\uffef]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")


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


@dataclass(frozen=True, slots=True)
class Book:
    """All languages. ``find`` gives the indexes into ``entries`` of the phrases that occur."""

    find: "re2.Set"
    entries: tuple[tuple[Meaning, str, bool], ...]
    before: Mapping[str, SubjectMark]
    after: Mapping[str, SubjectMark]
    whole: "re2.Set"
    of_whole: tuple[SubjectMark, ...]


def heard(bare: str) -> dict[Meaning, set[str]]:
    """Return what ``bare`` words say, and in which languages. An ``unless`` phrase takes back its meaning."""
    found: dict[Meaning, set[str]] = {}
    taken_back: set[tuple[Meaning, str]] = set()
    the_book = book()
    for index in the_book.find.Match(bare) or ():
        meaning, language, unless = the_book.entries[index]
        if unless:
            taken_back.add((meaning, language))
        else:
            found.setdefault(meaning, set()).add(language)
    for meaning, language in taken_back:
        if meaning in found:
            found[meaning].discard(language)
    return {meaning: languages for meaning, languages in found.items() if languages}


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
    subject = subject[:300].strip()
    return "" if _ANSWERS.match(subject) else words.bare(subject)


_ANSWERS = re.compile(
    r"(?:re|aw|antw|antwort|sv|vs|fwd?|wg|tr|rv|res?|enc|odp|ynt|ilt|отв|ответ|回复|答复|回覆|转发|답장|회신|返信)\s?(?:\[\d+\])?\s?[:：]",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"(?:[\[【<(（＜](?P<bracketed>[^\]】>)）＞]{2,60})[\]】>)）＞]|(?P<name>[^:：]{2,60}?)\s*[:：])")
_AFTER = re.compile(r"[\[【(（]([^\]】)）]{2,60})[\]】)）]$")


@cache
def book() -> Book:
    """Return the phrase book, read once."""
    entries: list[tuple[Meaning, str, bool]] = []
    find = re2.Set.SearchSet(phrases.options(case_sensitive=True))
    before: dict[str, SubjectMark] = {}
    after: dict[str, SubjectMark] = {}
    whole = re2.Set.FullMatchSet(phrases.options(case_sensitive=True))
    of_whole: list[SubjectMark] = []
    for data in languages():
        code = data["code"]
        for table, unless in (("says", False), ("unless", True)):
            for meaning, listed in data.get(table, {}).items():
                for phrase in listed:
                    find.Add(pattern(phrase))
                    entries.append((Meaning(meaning), code, unless))
        for row in data.get("subject", ()):
            mark = SubjectMark(code, row["by"], row["means"], row.get("sure", True))
            if "before" in row:
                before.setdefault(words.bare(row["before"]).strip(), mark)
            if "after" in row:
                after.setdefault(words.bare(row["after"]).strip(), mark)
            if "whole" in row:
                whole.Add(pattern(row["whole"]))
                of_whole.append(mark)
    find.Compile()
    whole.Compile()
    return Book(find, tuple(entries), before, after, whole, tuple(of_whole))


@cache
def languages() -> tuple[dict[str, Any], ...]:
    """Return the data of every language, by its code."""
    folder = resources.files("relent.mail") / "languages"
    files = sorted((one for one in folder.iterdir() if one.name.endswith(".toml")), key=lambda one: one.name)
    return tuple(tomllib.loads(one.read_text(encoding="utf-8")) for one in files)


def pattern(phrase: str) -> str:
    """Return a phrase in our notation as a regular expression over bare words. Raises ValueError for a phrase that
    begins or ends with what may be left out, and for brackets that do not match."""
    plain = words.plain(phrase).replace("-", " ").strip()
    if plain[0] in "[." or plain[-1] in "].":
        raise ValueError(f"{phrase!r} begins or ends with what may be left out")
    wide = _WIDE.search(plain) is not None
    made, closing = [""], []
    for sign in _TOKEN.findall(plain):
        if sign in "[(":
            closing.append("])"["[(".index(sign)])
            made.append("(?:(?:" if sign == "[" else "(?:")
        elif sign[0] in "])":
            if not closing or closing.pop() != sign[0]:
                raise ValueError(f"The brackets of {phrase!r} do not match")
            # A blank after what may be left out goes with it.
            made.append(f"){sign[1:]})?" if sign[0] == "]" else sign)
        else:
            made.append(_WIDE_SIGNS.get(sign, sign) if wide else _SIGNS.get(sign, sign))
    if closing:
        raise ValueError(f"The brackets of {phrase!r} do not match")
    before = "" if _WIDE.match(plain.lstrip("(")) else " "
    ends_open = plain.endswith("*") or _WIDE.match(plain.rstrip(")")[-1]) or _HANGUL.match(plain.rstrip(")")[-1])
    return f"{before}{''.join(made)}{'' if ends_open else ' '}"


# "] " and ") " keep their blank; a gap takes the blank behind it.
_TOKEN = re.compile(r"\] |[\[\](|)*#]|\.\.\. ?|[^\[\](|)*#.]+")
_SIGNS = {"*": "[^ ]*", "#": "[0-9]+", "... ": "(?:[^ ]+ ){0,6}"}
_WIDE_SIGNS = {"*": "[^ ]{0,6}", "#": "[0-9]+", "... ": "[^ ]{0,15}", "...": "[^ ]{0,15}"}
