"""Lists of phrases as one search: what people and machines write is data, one phrase a line, to read and to add to.

Searches run on RE2: its time is linear in the text whatever stands there, and it tries all phrases in one pass. What
it leaves out (looking around, back-references) is what makes a search slow; ``\\b``, ``\\w``, ``\\d`` and ``\\s`` know
ASCII only.

A gap within a phrase goes to the end of the sentence or of the line (``[^.\\n]*``) and has no number: each count
(``{0,40}``) is a state of its own for RE2, and a text never seen before then costs it fifty times as much. For the same
reason a long list is no single expression but ``Listed``: of hundreds of phrases few can be in a text at all.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property

import re2

# What one search may use for its states; past it RE2 forgets them and goes on, slower.
_MEMORY = 16 << 20


def any_of(*phrases: str) -> "re2.Pattern":
    """Return a search for any of ``phrases``, each a regular expression; case does not count."""
    return re2.compile("|".join(phrases), options())


class Listed:
    """A long list of phrases, each a regular expression; case does not count. RE2's filter looks for the words that
    each must hold, all in one pass, and only phrases whose words are there are tried."""

    def __init__(self, *phrases: str) -> None:
        """Split each phrase at its bars: the shorter the phrases, the better their words tell them apart."""
        self.each = tuple(one for phrase in phrases for one in alternatives(phrase))

    def are_in(self, text: str) -> bool:
        """Whether one of them is in ``text``: for less than ``search``, which must find where."""
        return self._filter.Match(text) is not None

    def met(self, text: str) -> list[int]:
        """Return which of ``each`` are in ``text``, as ascending indexes."""
        return self._filter.Match(text) or []

    def search(self, text: str) -> "re2.Match | None":
        """Return the first place in ``text`` where a phrase stands; of two that begin there, the one listed first."""
        return self.first(text, self.met(text))

    def first(self, text: str, met: Iterable[int]) -> "re2.Match | None":
        """Return the first place in ``text`` where one of the phrases ``met`` stands."""
        found = (self._searches[index].search(text) for index in met)
        return min((one for one in found if one), key=lambda one: one.start(), default=None)

    @cached_property
    def _filter(self) -> "re2.Filter":
        """Made when it is first asked: most commands judge no mail."""
        made = re2.Filter()
        for one in self.each:
            made.Add(one, options())
        made.Compile()
        return made

    @cached_property
    def _searches(self) -> tuple["re2.Pattern", ...]:
        return tuple(self._filter.re(index) for index in range(len(self.each)))


def alternatives(phrase: str) -> Iterator[str]:
    """Yield the parts of a regular expression between the bars that stand in no group and no class."""
    begun, depth, within, escaped = 0, 0, False, False
    for place, letter in enumerate(phrase):
        if escaped or letter == "\\":
            escaped = not escaped
        elif within or letter == "[":
            within = letter != "]"
        elif letter in "()":
            depth += 1 if letter == "(" else -1
        elif letter == "|" and not depth:
            yield phrase[begun:place]
            begun = place + 1
    yield phrase[begun:]


def options(*, case_sensitive: bool = False, memory: int = _MEMORY) -> "re2.Options":
    """Return the options that every search of ours is compiled with; ``memory``: bytes that its states may take."""
    chosen = re2.Options()
    chosen.case_sensitive = case_sensitive
    chosen.max_mem = memory
    chosen.log_errors = False
    return chosen
