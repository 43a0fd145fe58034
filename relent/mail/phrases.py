"""Lists of phrases as one search: what people and machines write is data, one phrase a line, to read and to add to.

Searches run on RE2: its time is linear in the text whatever stands there, and it tries all phrases in one pass. What
it leaves out (looking around, back-references) is what makes a search slow; ``\\b``, ``\\w``, ``\\d`` and ``\\s`` know
ASCII only.

A gap within a phrase goes to the end of the sentence or of the line (``[^.\\n]*``) and has no number: each count
(``{0,40}``) is a state of its own for RE2, and a text never seen before then costs it fifty times as much.
"""

import re2

# What one search may use for its states; past it RE2 forgets them and goes on, slower.
_MEMORY = 16 << 20


def any_of(*phrases: str) -> "re2.Pattern":
    """Return a search for any of ``phrases``, each a regular expression; case does not count."""
    return re2.compile("|".join(phrases), options())


def options(*, case_sensitive: bool = False) -> "re2.Options":
    """Return the options that every search of ours is compiled with."""
    chosen = re2.Options()
    chosen.case_sensitive = case_sensitive
    chosen.max_mem = _MEMORY
    chosen.log_errors = False
    return chosen
