"""How likely it is that a machine sent what was said, where no header tells.

Something must be said that decides, or words of absence. What people seldom say beside it makes a note of it, each sort
counting once: a day of return, thanks for the mail, when an answer will come, somebody to turn to meanwhile, a subject
that answers nothing. What no note is made of speaks against it.
"""

import re

from relent.mail.notes.notice import DECISIVE, VAGUE, Said
from relent.mail.notes.phrasebook import Meaning

_BESIDE_AUTOMATIC = (Meaning.LEFT, Meaning.MOVED, Meaning.RECEIVED)
_FEW, _SOME = 6, 9  # words that may stand in a note besides; fewer beside quotation, which few programs send
_MANY = 45  # words besides that are too many, whatever else is said
_BRIEF = 40  # columns of a whole mail that a person may have sent as well
_LITTLE = 25  # words of a mail that a person types between two others
_DIGIT = re.compile(r"\d")
_CODE = re.compile(r"\{\s*$|^\s*\}|\w\(\)|\w\.\w+\(\w|=>|[!=]=|::\w|</\w|->|\);|^\s*[#$@]\w", re.MULTILINE)


def is_possible(said: Said) -> bool:
    """Whether a machine may have sent what was said: something decides, and not too much stands beside it."""
    if not said.sentences or not said.states(*DECISIVE, *VAGUE) or said.personal:
        return False
    if any(_CODE.search(sentence.text) for sentence in said.sentences):
        return False
    return said.added <= max(min(said.count // 2, _MANY), _room(said))


def likelihood(said: Said, *, comes_back: bool) -> float:
    """Return how likely it is, from 0 to 1, that a machine sent what was said, where no header tells.

    ``comes_back``: a day of return is named. From 0.5 on it is taken for a machine's.
    """
    if not is_possible(said):
        return 0.0
    names_a_day = comes_back or _names_a_day(said)
    companions = _companions(said, names_a_day=names_a_day)
    needed = _needed(said, names_a_day=names_a_day) + _doubts(said)
    if companions < needed:
        return 0.3 if companions and companions + 1 >= needed else 0.1
    return min(0.6 + 0.1 * (companions - needed), 0.85)


def _companions(said: Said, *, names_a_day: bool) -> int:
    """How many things are said that go along with a note: each sort counts once."""
    first = next((sentence.start for sentence in said.by(*DECISIVE, *VAGUE)), said.sentences[-1].start)
    thanked = any(sentence.start <= first for sentence in said.by(Meaning.THANKS))
    found = [thanked, names_a_day, said.goes_on(Meaning.LATER), said.says(Meaning.UNMONITORED)]
    # Programs confirm in several sentences what people say in one.
    again = min(max(len(said.by(one)) + (one in said.announced) for one in _BESIDE_AUTOMATIC), 3) - 1
    # Few people write these of their own mail, or answer under a subject of their own: each is worth two.
    rare = [said.goes_on(Meaning.INSTEAD), said.says(Meaning.AUTOMATIC), not said.answers]
    return sum(found) + max(again, 0) + 2 * sum(rare)


def _needed(said: Said, *, names_a_day: bool) -> int:
    """How many companions make a note of what was said: fewer, the less a person would say it."""
    if said.says(Meaning.CHALLENGE):
        return 0
    if said.says(Meaning.UNMONITORED):
        return 1
    # People are brief as well: "I'm off until Monday". But they do not leave out all else: "Vacation. Back 30 Nov."
    brief = _is_brief(said) and not (names_a_day and _says_nothing_else(said))
    if said.says(Meaning.AWAY):
        return 1 + brief
    # That it is automatic a mail must say beside something; for the others, people have occasion to say the same.
    if said.says(*_BESIDE_AUTOMATIC):
        return 2 + (said.says(Meaning.LEFT) and _is_one(said) and said.count <= _LITTLE // 2)
    if said.says(Meaning.AUTOMATIC):
        return 3
    # Who only says that an answer will come is no more away than anybody who answers later.
    return (2 if said.says(Meaning.ABSENCE) else 4) + (brief or (_is_one(said) and not _is_brief(said)))


def _doubts(said: Said) -> int:
    """How many companions more are needed, since something stands beside that people add: quotation, the name of one it
    went to, another matter first, clauses that no note is made of."""
    doubts = 2 * (said.quotes or said.greets)
    if said.says(Meaning.CHALLENGE):
        return doubts
    if said.answers and said.is_beside_the_matter and not doubts:
        doubts += 2
    doubts += (said.added > _FEW) + (said.count <= _LITTLE and said.has_aside)
    # Who is away for long, or for a whole office, says more; but then also what only notes say.
    return doubts + 2 * (said.added > _room(said)) + (said.added > 2 * _room(said))


def _room(said: Said) -> int:
    """How many words a note may hold besides, before they speak against it. Filters that ask for a proof of life repeat
    what they hold back."""
    share = 2 if said.says(Meaning.CHALLENGE) else 4
    return max(said.count // share, _FEW if said.quotes else _SOME)


def _names_a_day(said: Said) -> bool:
    """Whether a number stands beside the absence: mostly a day of it, if not the one of return."""
    return any(_DIGIT.search(sentence.text) for sentence in said.by(Meaning.AWAY, Meaning.ABSENCE))


def _says_nothing_else(said: Said) -> bool:
    return said.says(Meaning.AWAY, Meaning.ABSENCE) and not said.added and not said.has_aside


def _is_one(said: Said) -> bool:
    """Whether all is said in one sentence, and nobody greets or signs."""
    return len(said.sentences) == 1


def _is_brief(said: Said) -> bool:
    return sum(sentence.width for sentence in said.sentences) <= _BRIEF
