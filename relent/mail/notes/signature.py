"""Where the signature of a mail begins that no mark sets off: below the closing words ("With best regards").

RFC 3676 section 4.3 gives signatures a mark, ``-- ``, which few programs set; what has it, ``quoting`` leaves out.
"""

import re

from relent.mail import quoting
from relent.mail.notes import phrasebook, words
from relent.mail.notes.phrasebook import Meaning

_MOST_LINES = 14
_WIDEST = 80  # columns of a line that holds a name, a title, an address
_WIDEST_CLOSING = 60
_SAYS = re.compile(r"[.!?。！？]\s*$")  # a sentence; "Acme Inc." is cut with its lines only where no other stands there


def begins(text: str) -> int:
    """Return the character after the closing words of what the sender wrote in ``text``, where names and numbers follow
    them and nothing that is said; the length of ``text`` where there is no such place."""
    lines = [(start, end) for start, end in quoting.own(text).spans if text[start:end].strip()]
    for place in range(len(lines) - 1, 0, -1):
        below = lines[place + 1 :]
        if len(below) > _MOST_LINES or any(_says(text[start:end]) for start, end in below):
            break
        start, end = lines[place]
        if below and _closes(text[start:end]):
            return end
    return len(text)


def _says(line: str) -> bool:
    return len(line) > _WIDEST or _SAYS.search(line) is not None


def _closes(line: str) -> bool:
    return len(line) <= _WIDEST_CLOSING and Meaning.CLOSING in phrasebook.heard(words.bare(line))
