"""What the sender's own words say, outside quotation, signature and our own subject: a note, or a person.

A note is made of sentences of a few kinds: that somebody is away, until when, who helps meanwhile, thanks, a greeting.
A person who mentions an absence adds something else: a question, a proposal, an answer. So it is not the phrase about
being away that makes a mail a note, but that there is little in it beside such sentences.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from relent.mail import quoting
from relent.mail.address_lists import Address
from relent.mail.message import Message, once
from relent.mail.notes import phrasebook, words
from relent.mail.notes.phrasebook import Meaning
from relent.mail.notes.words import Sentence
from relent.terms.events import Evidence
from relent.terms.evidence import EvidenceKind

# What makes a note what it is; one of them must be said.
DECISIVE = (
    Meaning.CHALLENGE,
    Meaning.LEFT,
    Meaning.MOVED,
    Meaning.AWAY,
    Meaning.AUTOMATIC,
    Meaning.UNMONITORED,
    Meaning.RECEIVED,
)
_ANNOUNCED = {Meaning.LEFT, Meaning.MOVED, Meaning.AWAY, Meaning.ABSENCE, Meaning.RECEIVED, Meaning.UNMONITORED}
# Where none is said: words of absence, or of late answers, that somebody else is named beside.
VAGUE = (Meaning.ABSENCE, Meaning.LATER)
_WITH_VAGUE = (*VAGUE, Meaning.INSTEAD, Meaning.THANKS)
# Who asks something beside words of absence asks for another day; beside the others a form may ask: "Need help?"
_WITH_QUESTIONS = phrasebook.OF_A_NOTE - {Meaning.AWAY, *VAGUE}
_RHETORIC = 5  # words of a question that is only a heading
_LONGEST = 6000  # characters of the sender's own that are looked at; no note is longer
_MOST_SENTENCES = 60
_SHORT = 4  # words: a name, a title, a line of an address
_SHORT_CLAUSE = 5  # words: what may stand between two commas of a note
_NAMES_A_DAY = 9  # words of a sentence that says little more than a day
_SAYS_SOMETHING = 2  # words of a clause, at least
_CLOSING = 6  # words: "With best regards, Ann"
_DIGIT = re.compile(r"\d")
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,7}\.[^\W\d_]{2,63}")
_LONGEST_POINTER = 500  # characters
_SAYS_FOR_WHAT = 1  # words, besides the three that an address has at least
_CONTACT_LINE = re.compile(r"\+?\d[\d ()./-]{6,}|\S@\S|https?://|www\.")


@dataclass(frozen=True)
class Said:
    """What the sender wrote, sentence by sentence. ``quotes``: another mail is quoted besides. ``greets``: it begins
    with the name of one it went to, which programs seldom know. ``answers``: its subject says that it answers, as
    people's programs have it; where it does not, ``announced`` is what it says itself. ``sender``: the address it comes
    from."""

    sentences: tuple[Sentence, ...]
    quotes: bool
    greets: bool
    answers: bool = True
    announced: frozenset[Meaning] = frozenset()
    sender: str = ""

    @cached_property
    def heard(self) -> tuple[dict[Meaning, set[str]], ...]:
        """What each sentence says, and in which languages. Who names another address points to somebody, whatever the
        words: "Invoices: Ann, ann@us.example"."""
        found: list[dict[Meaning, set[str]]] = []
        closed = False
        for sentence in self.sentences:
            heard = phrasebook.heard(sentence.words)
            closed = closed or (bool(found) and _closes(sentence, heard))
            if not closed and _points(sentence, self.sender):
                heard.setdefault(Meaning.INSTEAD, set())
            found.append(heard)
        return tuple(found)

    def by(self, *meanings: Meaning) -> tuple[Sentence, ...]:
        """Return the sentences that say any of ``meanings``."""
        pairs = zip(self.sentences, self.heard, strict=True)
        return tuple(sentence for sentence, heard in pairs if not heard.keys().isdisjoint(meanings))

    def says(self, *meanings: Meaning) -> bool:
        return not self.announced.isdisjoint(meanings) or any(
            not heard.keys().isdisjoint(meanings) for heard in self.heard
        )

    def states(self, *meanings: Meaning) -> bool:
        """Whether any of ``meanings`` is said above the signature, which may say when an office is closed: that is no
        answer to us."""
        return not self.announced.isdisjoint(meanings) or any(
            not heard.keys().isdisjoint(meanings) for heard in self.heard[: self._signed_at]
        )

    def goes_on(self, meaning: Meaning) -> bool:
        """Whether ``meaning`` is said in a language of the rest, or by an address alone."""
        said = [heard[meaning] for heard in self.heard if meaning in heard]
        return any(self.announced or not languages or languages & self._languages for languages in said)

    @cached_property
    def own(self) -> str:
        """The sentences, one a line."""
        return "\n".join(sentence.text for sentence in self.sentences)

    def place(self, place: int) -> int:
        """Return where in the text of the mail the character at ``place`` of ``own`` stands."""
        for sentence in self.sentences:
            if place <= len(sentence.text):
                return sentence.start + place
            place -= len(sentence.text) + 1
        return self.sentences[-1].end if self.sentences else 0

    @cached_property
    def language(self) -> str:
        """The language most of the sentences speak, of several the first by its code; empty where none was heard."""
        votes: dict[str, int] = {}
        for heard in self.heard:
            for language in {language for languages in heard.values() for language in languages}:
                votes[language] = votes.get(language, 0) + 1
        return max(sorted(votes), key=lambda language: votes[language], default="")

    @cached_property
    def count(self) -> int:
        """How many words it has."""
        return sum(sentence.count for sentence in self.sentences)

    @cached_property
    def added(self) -> int:
        """How many words stand in sentences and clauses that no note is made of; the signature below the closing words
        does not count. Short lines are names and titles, but not above a note: there they are what it is about."""
        count, decided, begun = 0, False, False
        for sentence, heard in zip(self.sentences, self.heard, strict=True):
            if decided and _closes(sentence, heard):
                break
            decided = decided or not heard.keys().isdisjoint(DECISIVE)
            if heard.keys().isdisjoint(phrasebook.OF_A_NOTE):
                above = not begun and sentence is not self.sentences[0]
                count += (
                    sentence.count
                    if above
                    else _added_by(sentence, _NAMES_A_DAY if _DIGIT.search(sentence.text) else _SHORT)
                )
            else:
                begun = True
                clauses = [*words.clauses(sentence)]
                count += sum(_added_by(one, _SHORT_CLAUSE) for one in clauses if _says_nothing(one))
        return count

    @cached_property
    def personal(self) -> tuple[Sentence, ...]:
        """The sentences that only somebody writes who has read our mail: an answer, a proposal, a question. They count
        in the languages of the rest: what is personal in one may be anything in another."""
        found = []
        for place, (sentence, heard) in enumerate(zip(self.sentences, self.heard, strict=True)):
            # "Urgent? Call Karin" asks nothing of us.
            after = self.heard[place + 1 : place + 2]
            rhetoric = sentence.count <= _RHETORIC and any(Meaning.INSTEAD in following for following in after)
            asks = sentence.asks and not rhetoric and heard.keys().isdisjoint(_WITH_QUESTIONS)
            if asks or not heard.get(Meaning.PERSONAL, set()).isdisjoint(self._languages):
                found.append(sentence)
        return tuple(found)

    @cached_property
    def has_aside(self) -> bool:
        """Whether a clause beside what a note says is none of a note: "I am away until Monday, will look at it"."""
        for sentence, heard in zip(self.sentences, self.heard, strict=True):
            if not heard.keys().isdisjoint((*DECISIVE, *VAGUE)):
                asides = [
                    one for one in words.clauses(sentence) if one.count >= _SAYS_SOMETHING and not _is_a_number(one)
                ]
                if len(asides) > 1 and any(_is_silent(one) for one in asides):
                    return True
        return False

    @cached_property
    def is_beside_the_matter(self) -> bool:
        """Whether it begins with something else: a note comes to its matter with the first sentence, after a greeting
        or a name."""
        for sentence, heard in zip(self.sentences, self.heard, strict=True):
            if not heard.keys().isdisjoint(phrasebook.OF_A_NOTE - {Meaning.COURTESY}):
                return False
            if Meaning.COURTESY not in heard and sentence.count > _SHORT and not _DIGIT.search(sentence.text):
                return True
        return False

    @cached_property
    def _signed_at(self) -> int:
        """Which sentence is the closing words of what somebody says, the signature below; after the last where there
        are none. Who goes on with thanks or as a machine has not closed: notes are often in two languages."""
        begun = False
        for place, (sentence, heard) in enumerate(zip(self.sentences, self.heard, strict=True)):
            if begun and Meaning.CLOSING in heard and sentence.count <= _CLOSING:
                below = self.heard[place + 1 :]
                goes_on = any(not one.keys().isdisjoint((Meaning.THANKS, Meaning.AUTOMATIC)) for one in below)
                return len(self.sentences) if goes_on else place
            begun = begun or not heard.keys() <= {Meaning.COURTESY, Meaning.THANKS, Meaning.CLOSING}
            begun = begun or not heard
        return len(self.sentences)

    @cached_property
    def _languages(self) -> set[str]:
        """The languages in which the decisive things are said."""
        said = [heard.get(meaning, set()) for heard in self.heard for meaning in (*DECISIVE, *VAGUE)]
        return set().union(*said)


@once
def said(message: Message) -> Said:
    """Return what the sender of ``message`` wrote."""
    own = _own(message)
    found: list[Sentence] = []
    for sentence in words.sentences(message.text, _within(own.spans)):
        found.append(sentence)
        if len(found) == _MOST_SENTENCES:
            break
    greets = bool(found) and _greets(message, found[0])
    answers = phrasebook.answers(message.subject)
    return Said(tuple(found), own.quotes, greets, answers, _announced(message), message.sender)


def speaks_up(message: Message) -> bool:
    """Whether ``message`` holds any phrase that decides: a look that costs little, before every sentence is weighed."""
    spans = _within(_own(message).spans)
    own = " ".join(message.text[start:end] for start, end in spans)
    met = {*phrasebook.at_first_sight(words.bare(own)), *_announced(message)}
    if not met.isdisjoint((*DECISIVE, Meaning.REMOVE_ME)):
        return True
    vague = len(met.intersection(_WITH_VAGUE)) + ("@" in own) + (not phrasebook.answers(message.subject))
    return not met.isdisjoint(VAGUE) and vague > 1


def shown(sentences: Iterable[Sentence]) -> list[Evidence]:
    """Return sentences as evidence."""
    return [Evidence(EvidenceKind.TEXT, one.text[:300], (one.start, one.end)) for one in list(sentences)[:5]]


def asks_to_stop(said: Said) -> tuple[Sentence, ...]:
    """Return the sentences that ask for no more mail, where little else is said."""
    found = said.by(Meaning.REMOVE_ME)
    others = sum(sentence.count for sentence in said.sentences) - sum(sentence.count for sentence in found)
    return found if others <= _MOST_BESIDE else ()


_MOST_BESIDE = 40


@once
def _announced(message: Message) -> frozenset[Meaning]:
    """Return what the subject says where it is the sender's own: "On sabbatical", "New address"."""
    return frozenset(phrasebook.heard(phrasebook.bare_subject(message.subject)).keys() & _ANNOUNCED)


def _closes(sentence: Sentence, heard: dict[Meaning, set[str]]) -> bool:
    """Whether only a name and what belongs to it can follow."""
    return Meaning.COURTESY in heard and sentence.count <= _CLOSING


def _points(sentence: Sentence, sender: str) -> bool:
    """Whether ``sentence`` names an address that is not the sender's, and says for what."""
    named = _ADDRESS.findall(sentence.text[:_LONGEST_POINTER])
    return any(one.lower() != sender for one in named) and sentence.count >= _SAYS_FOR_WHAT + 3 * len(named)


@once
def _own(message: Message) -> quoting.Own:
    return quoting.own(message.text)


def _greets(message: Message, first: Sentence) -> bool:
    """Whether ``first`` names somebody in the To header: "Hi Dana,". A name that is the sender's too proves nothing."""
    beginning = set(" ".join(first.words.split()[:_GREETING]).split())
    theirs = {name for one in message.from_[:1] for name in _names(one)}
    ours = {name for one in message.to[:5] for name in _names(one)} - theirs
    wide = {name for name in ours if not name.isascii() and name in first.words[:20]}
    return bool(beginning & ours or wide)


def _names(one: Address) -> set[str]:
    written = f"{one.name} {one.address.partition('@')[0]}"
    return {name for name in words.bare(re.sub(r"[._\d-]", " ", written)).split() if len(name) >= _SHORTEST_NAME}


_GREETING, _SHORTEST_NAME = 4, 2


def _within(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    kept, length = [], 0
    for start, end in spans:
        kept.append((start, min(end, start + _LONGEST - length)))
        length += end - start
        if length >= _LONGEST:
            break
    return kept


def _added_by(part: Sentence, short: int) -> int:
    return part.count if part.count > short and not _CONTACT_LINE.search(part.text) else 0


def _says_nothing(clause: Sentence) -> bool:
    return _is_silent(clause) and not _DIGIT.search(clause.text)


def _is_silent(clause: Sentence) -> bool:
    return phrasebook.heard(clause.words).keys().isdisjoint(phrasebook.OF_A_NOTE)


def _is_a_number(clause: Sentence) -> bool:
    return clause.words.replace(" ", "").isdigit()
