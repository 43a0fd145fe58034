"""The day of return that an absence note states, in nineteen languages or as an ISO date.

A note is read sentence by sentence, each in its own language (notes are often in two). Every day that a sentence tells
(see ``days`` and ``relative_days``) means something by the words around it:

- the last day away: "until 30 November", "3.–14. August", 「8月16日まで」;
- the day of return: "back on 1 December", "ab dem 1.12. wieder im Büro", 「12月1日より出社」, "not before 1 December";
- a day away: "out of the office today";
- nothing of return: "from 25 November on leave", "our event on 5 March", "since 1 May".

Reading errs on one side: mail that resumes too early is the worse mistake, so of two readings the later counts, a day
that is past counts as none, and one that is far off only where no other is stated, and never without doubt.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from relent.mail.dates import day_text, days, relative_days
from relent.mail.dates.day_meaning import Meant, leading, meaning, trailing
from relent.mail.dates.day_sentences import CUES, Sentence, sentences
from relent.mail.dates.days import Written
from relent.mail.dates.relative_days import DAY, WEEK, Relative

NEAR = timedelta(days=90)
FARTHEST = timedelta(days=2 * 366)  # parental leave and the like
_NEXT_TIME = timedelta(days=150)  # a day without a year that comes again only then has passed


@dataclass(frozen=True, slots=True)
class Return:
    """``day`` is the first day the person is back, ``None`` where none can be relied on. ``doubtful`` asks a person to
    look: the day can be read in two ways, lies farther off than 90 days (``NEAR``), or the absence has no stated end.

    ``since`` and ``until`` are the first and the last day of the absence where they are stated. ``seen`` is what the
    day was read from, which stands at ``span`` (characters) of the text."""

    day: date | None
    doubtful: bool
    since: date | None = None
    until: date | None = None
    seen: str = ""
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class _Candidate:
    day: date
    start: int
    end: int
    until: date | None
    since: date | None
    vague: bool
    far: bool


@lru_cache(maxsize=4)  # several tests ask the same of one mail
def stated(text: str, received: date, language: str = "") -> Return:
    """Read the day of return out of the first 8,000 letters of ``text``, which arrived on ``received``; ``language``
    is a code of ``dates/`` that it is probably in.

    "Until D" means that D itself is a day of absence. A day without a year is the next one of that name.
    """
    plain = day_text.plain(text)
    said = sentences(plain, text, received, language)
    doubtful = any(word.kind == "open_end" for sentence in said for word in sentence.words)
    anywhere = any(word.kind in CUES for sentence in said for word in sentence.words)
    candidates: list[_Candidate] = []
    for sentence in said:
        for place in range(len(sentence.told)):
            meant = meaning(sentence, place, anywhere)
            if meant:
                found, doubt = _candidates(sentence, place, meant, received)
                candidates += found
                doubtful = doubtful or doubt
    candidates = [one for one in candidates if not one.far] or candidates
    candidates = [one for one in candidates if not one.vague] or candidates
    candidates = _without_contradicted(candidates)
    doubtful = doubtful or any(one.vague or one.far for one in candidates)
    if not candidates:
        return Return(None, doubtful)
    best = max(candidates, key=lambda candidate: candidate.day)
    span = plain.span(best.start, best.end)
    return Return(best.day, doubtful, best.since, best.until, text[span[0] : span[1]], span)


def _without_contradicted(candidates: list[_Candidate]) -> list[_Candidate]:
    """Leave out "until D" where the text also says "back on D": then D is no day of absence."""
    back = {candidate.day for candidate in candidates if candidate.until is None}
    return [candidate for candidate in candidates if candidate.until not in back or candidate.until is None]


def _candidates(sentence: Sentence, place: int, meant: Meant, received: date) -> tuple[list[_Candidate], bool]:
    """Return the days of return that a day can mean, those far off only where none is near; and whether that is
    doubtful."""
    told = sentence.told[place]
    readings, contradicted, open_year = _readings(told, received)
    if meant.week:
        readings = [(first, last - last.weekday() * DAY + 6 * DAY) for first, last in readings]
    begun = _begun(sentence, place, received)
    if begun:
        readings = [(begun, begun + (last - received)) for _, last in readings]
    ahead = []
    for first, last in readings:
        back = relative_days.next_working_day(last) if meant.workday else last + DAY if meant.last else first
        if back > received and not (open_year and last > received + _NEXT_TIME):
            ahead.append((back, last))
    near = [(back, last) for back, last in ahead if back <= received + NEAR]
    far = [] if near else [(back, last) for back, last in ahead if back <= received + FARTHEST]
    doubtful = bool(ahead) and (contradicted or len(ahead) > 1 or not near)
    found = [
        _Candidate(
            day=back,
            start=meant.start,
            end=meant.end,
            until=last if meant.last else None,
            since=_since(sentence, place, meant, last),
            vague=not begun and _is_vague(told, meant),
            far=bool(far),
        )
        for back, last in near or far
    ]
    return found, doubtful


def _begun(sentence: Sentence, place: int, received: date) -> date | None:
    """Return the day on which a length of absence begins, if one stands beside it: "for two weeks from 23 November"."""
    told = sentence.told[place]
    if not isinstance(told, Relative) or not told.length:
        return None
    for other in (place - 1, place + 1):
        if not 0 <= other < len(sentence.told):
            continue
        if "from" in (leading(sentence, other)[0], trailing(sentence, sentence.told[other])[0]):
            readings, _, _ = _readings(sentence.told[other], received)
            return readings[0][0] if len(readings) == 1 else None
    return None


def _is_vague(told: Written | Relative, meant: Meant) -> bool:
    """Whether it leaves the day open: "back next week" does, "away next week" does not."""
    if not isinstance(told, Relative) or not told.vague:
        return False
    first, last = told.readings[0]
    return told.length or not meant.last or not DAY <= last - first < WEEK


def _readings(told: Written | Relative, received: date) -> tuple[list[tuple[date, date]], bool, bool]:
    """Return the first and last day that may be meant, whether the weekday contradicts them, and whether the year was
    left out: such a day that comes again only in more than half a year has passed."""
    if isinstance(told, Relative):
        return list(told.readings), False, False
    found, contradicted = days.dates(told, received)
    return [(day, day) for day in found], contradicted, told.year is None


def _since(sentence: Sentence, place: int, meant: Meant, last: date) -> date | None:
    """Return the first day of the absence whose last one is ``last``, if it is stated before it."""
    told = sentence.told[place]
    if not meant.last:
        return None
    if isinstance(told, Written) and told.first:
        return next((day for day in _earlier((last.month, told.first), last, months=True)), None)
    if not place:
        return None
    begun = sentence.told[place - 1]
    if isinstance(begun, Relative):
        return next((first for first, _ in begun.readings if first <= last), None)
    if "joint" not in leading(sentence, place) and "from" not in (
        leading(sentence, place - 1)[0],
        trailing(sentence, begun)[0],
    ):
        return None
    if begun.year:
        return next((day for day in days.dates(begun, last)[0] if day <= last), None)
    return max((day for pair in begun.pairs for day in _earlier(pair, last)), default=None)


def _earlier(pair: tuple[int, int], last: date, *, months: bool = False) -> list[date]:
    """Return the latest day of that month and number up to ``last``, or with ``months`` of that number alone."""
    for back in range(14):
        year, month = divmod(last.year * 12 + last.month - 1 - back, 12)
        if months or month + 1 == pair[0]:
            try:
                found = date(year, month + 1, pair[1])
            except ValueError:
                continue
            if found <= last:
                return [found]
    return []
