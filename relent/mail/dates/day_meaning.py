"""What a day in a sentence means for the return: the first day back, the last one away, or nothing."""

import re
from dataclasses import dataclass

from relent.mail.dates.day_sentences import CUES, DENIED, Sentence
from relent.mail.dates.day_words import Word
from relent.mail.dates.days import Written
from relent.mail.dates.relative_days import DAY, Relative

_NEAR = 14  # letters between an absence and the one day it is on
_WHEN_NEAR = 4  # letters between a day and "when"
_FEW = 3  # cues of a sentence that is about one thing
_NEXT_NEAR = 10  # letters between "back" and the day it is on
_MOST_BETWEEN = 8  # words between a day and the one that leads to it
_LEADING = ("until", "from", "since", "not_before", "first_day_after", "week_of")
_JOINING = ("joint", "from_after", "until_after")
_BETWEEN = (*_JOINING, "on", "inclusive", "weekday", "this", "next", "back")
_DASHES = "-~ー&"
_TIME_ENDS = "0123456789hmr"
_ARTICLES = ("the", "den", "dem", "le", "el")
_SKIPPED = " \n\f,.:;()[]'\"*|/"
_TIME_BEFORE = re.compile(r"(?<!\d)\d{1,2}(?:[:.h]\d\d|\s?h)?(?:\s?(?:uhr|am|pm|h|hrs))?$")
_TIME = re.compile(r"\s?(?:午前|午後|朝|오전|오후|上午|下午)?\s?\d{1,2}(?::\d\d|[時时点點시](?:半|\d{1,2}[分분])?)")


@dataclass(frozen=True, slots=True)
class Meant:
    """What a day means: it is the first day back, or (``last``) the last one away, or (``workday``) the working day
    after it is the first one back. With ``week`` it stands for the whole week. ``start`` and ``end`` include the words
    that say so."""

    start: int
    end: int
    last: bool = False
    week: bool = False
    workday: bool = False


def meaning(sentence: Sentence, place: int, anywhere: bool) -> Meant | None:
    """Return what the day at ``place`` means for the return; ``None`` where it means nothing."""
    told = sentence.told[place]
    before, start = leading(sentence, place)
    after, end = trailing(sentence, told)
    if place + 1 < len(sentence.told) and (
        _says_again(sentence, place + 1) or leading(sentence, place + 1)[0] == "joint"
    ):
        return None
    alone = "other" in sentence.kinds and not sentence.kinds.intersection(("back", "away"))
    if "since" in (before, after) or alone:
        return None
    if "first_day_after" in (before, after):
        return Meant(start, end, workday=True)
    if "not_before" in (before, after):
        return Meant(start, end)
    if before == "week_of":
        away = "away" in sentence.kinds and "back" not in sentence.kinds
        return (
            Meant(start, end, last=True, week=True) if away else _on_or_from(sentence, place, False, Meant(start, end))
        )
    if isinstance(told, Relative) and told.length:
        return Meant(start, end, last=True) if "away" in sentence.kinds else None
    if before in ("until", "joint") or after == "until_after" or (isinstance(told, Written) and told.first):
        return _until(sentence, place, anywhere, Meant(start, end, last=True))
    return _on_or_from(sentence, place, "from" in (before, after), Meant(start, end))


def _says_again(sentence: Sentence, place: int) -> bool:
    """Whether the day says exactly what the words before it said: "tomorrow, 21 November"."""
    if not place or isinstance(sentence.told[place], Relative) or isinstance(sentence.told[place - 1], Written):
        return False
    between = sentence.letters[sentence.told[place - 1].end : sentence.told[place].start]
    return len(between) < _NEAR and between.strip(" ,(:") in ("", *_ARTICLES)


def _until(sentence: Sentence, place: int, anywhere: bool, meant: Meant) -> Meant | None:
    """Read "until D": the last day away, unless it says to be back by then, or to be there until then."""
    told = sentence.told[place]
    cue = _last_before(sentence, place)
    following = _first_after(sentence, place)
    if any(word.kind == "when" for word in sentence.between(told.end, told.end + _WHEN_NEAR)):
        return Meant(meant.start, meant.end)  # "until Thursday, when I will be back"
    if sentence.language.verb_last and following:
        there = following.kind == "present" and following.start - told.end < _NEAR
        return None if there and "away" not in sentence.kinds else meant
    if cue and cue.kind == "back":
        return Meant(min(cue.start, meant.start), meant.end)
    if cue and cue.value == DENIED and sentence.language.denies_until:
        return Meant(min(cue.start, meant.start), meant.end)  # "not in the office until Monday"
    if isinstance(told, Relative) and told.vague and _is_week(told) and not sentence.language.verb_last:
        return Meant(meant.start, meant.end)  # who is away until next week is back in it; まで takes the week in
    if cue and cue.kind == "present" and "away" not in sentence.kinds:
        return None
    if _is_habit(told) and "away" not in sentence.kinds:
        return None
    return meant if anywhere else None


def _is_week(told: Relative) -> bool:
    first, last = told.readings[0]
    return first.weekday() == 0 and last - first == 6 * DAY


def _is_habit(told: Written | Relative) -> bool:
    """Whether it is weekdays, by which opening hours are told too."""
    return isinstance(told, Relative) and all((last - first) < DAY for first, last in told.readings)


def _on_or_from(sentence: Sentence, place: int, begins: bool, meant: Meant) -> Meant | None:
    """Read "on D" and "from D": the day of return if it speaks of return or presence, a day away if of absence."""
    told = sentence.told[place]
    before, after = _last_before(sentence, place), _first_after(sentence, place)
    if begins:
        cue = next((word for word in (after, before) if word and word.kind != "away"), None)
        return _spanning(meant, cue) if cue else None
    cue = before if before and not (after and _yields(sentence, before, after, told)) else after
    cue = (after or before) if sentence.language.verb_last else cue
    cue = cue or _anywhere(sentence, told)
    if not cue:
        return None
    if cue.kind != "away":
        return _spanning(meant, cue)
    if _is_regular(sentence, told):
        return None
    today = told.start in sentence.starting and sentence.starting[told.start].kind == "today"
    near = told.start - cue.end if cue is before else cue.start - told.end
    if today or (near < _NEAR and not (isinstance(told, Relative) and told.vague)):
        return _spanning(Meant(meant.start, meant.end, last=True), cue)
    return _spanning(Meant(meant.start, meant.end, last=True), cue) if isinstance(told, Relative) else None


def _anywhere(sentence: Sentence, told: Written | Relative) -> Word | None:
    """Return what says that somebody comes back, wherever it stands, if the day is the only one that it can be about:
    "on 14 December, if the weather holds, I am back"."""
    cues = [word for word in sentence.words if word.kind in CUES]
    alone = sentence.told == [told] and isinstance(told, Written)
    return next((word for word in cues if word.kind == "back"), None) if alone and len(cues) < _FEW else None


def _is_regular(sentence: Sentence, told: Written | Relative) -> bool:
    """Whether it is a weekday off every week: "jeden Freitag", "il venerdì"."""
    return _is_habit(told) and bool(
        re.search(rf"(?<![^\W\d_])(?:{sentence.language.habit})\s?$", sentence.letters[: told.start])
    )


def _yields(sentence: Sentence, before: Word, after: Word, told: Written | Relative) -> bool:
    """Whether what follows a day says more of it than what precedes: where another clause begins between, and in "nach
    dem Urlaub bin ich am 7. zurück"."""
    return _apart(sentence, before.end, told.start) or (before.kind == "away" and after.kind == "back")


def _spanning(meant: Meant, cue: Word) -> Meant:
    return Meant(min(meant.start, cue.start), max(meant.end, cue.end), meant.last, meant.workday)


def _apart(sentence: Sentence, start: int, end: int) -> bool:
    """Whether another clause begins between two places."""
    return "," in sentence.letters[start:end] or any(
        word.kind in ("and", "joint") for word in sentence.between(start, end)
    )


def _last_before(sentence: Sentence, place: int) -> Word | None:
    """Return the last word of return, presence or absence between the day before and this one; of "back from leave"
    that is "back"."""
    place_before = place - 1 - (place > 0 and _says_again(sentence, place))
    begin = sentence.told[place_before].end if place_before >= 0 else sentence.start
    cues = [word for word in sentence.between(begin, sentence.told[place].start) if word.kind in CUES]
    if len(cues) > 1 and cues[-1].kind == "away" and cues[-2].kind == "back" and cues[-1].start - cues[-2].end < 25:
        return cues[-2]
    return cues[-1] if cues else None


def _first_after(sentence: Sentence, place: int) -> Word | None:
    """Return the first such word after the day: up to the next day where the verb comes last, else in its clause."""
    begin, last = sentence.told[place].end, sentence.language.verb_last
    limit = sentence.told[place + 1].start if place + 1 < len(sentence.told) else sentence.end
    cues = []
    for word in sentence.between(begin, limit):
        parted = sentence.letters.find(",", begin + 2, word.start) >= 0 or ";" in sentence.letters[begin : word.start]
        if not last and (word.kind in ("and", "joint") or parted):
            break
        of_next = limit < sentence.end and limit - word.end < _NEXT_NEAR
        cues += [word] if word.kind in CUES and (last or not of_next) else []
        if len(cues) == 2:
            break
    # "Ich komme am 2.12. aus dem Urlaub zurück"
    if not last and len(cues) > 1 and (cues[0].kind, cues[1].kind) == ("away", "back"):
        return cues[1] if "not" not in sentence.kinds else cues[0]
    return cues[0] if cues else None


def leading(sentence: Sentence, place: int) -> tuple[str, int]:
    """Return what kind of word leads to the day, with the place where it begins: until, from, joint (it ends a
    range), since, not_before, first_day_after, or nothing."""
    told = sentence.told[place]
    last = sentence.told[place - 1] if place else None
    position, joined, anded, again = told.start, False, False, False
    for _ in range(_MOST_BETWEEN):
        position, dashed = _over_signs(sentence, position, last.end if last else -1)
        joined = joined or dashed
        if last and position == last.end:
            if joined:
                return "joint", last.start
            return leading(sentence, place - 1) if _says_again(sentence, place) else ("", told.start)
        word = sentence.ending.get(position)
        if not word or (word.kind == "until" and again):
            break
        if word.kind == "until" and last and not sentence.letters[last.end : word.start].strip(_SKIPPED):
            return "joint", last.start
        if word.kind == "joint" and not last and sentence.letters[word.end : word.end + 2].strip() == ":":
            return "until", word.start  # "From: …", and on the next line "To: …"
        if word.kind in _LEADING:
            return word.kind, word.start
        if word.kind not in _BETWEEN:
            break
        if word.kind == "until_after" and anded:
            break  # "bis 6. Dezember, und am 7."
        anded = anded or word.kind == "joint"
        joined = joined or word.kind in _JOINING
        again = again or word.kind == "back"
        position = word.start
    return "", told.start


def _over_signs(sentence: Sentence, position: int, stop: int) -> tuple[int, bool]:
    """Return the place before the signs, dashes and the time of day that end at ``position``, not beyond ``stop``, and
    whether there was a dash."""
    letters, dashed = sentence.letters, False
    while position > sentence.start and position != stop:
        if letters[position - 1] in _SKIPPED:
            position -= 1
        elif letters[position - 1] in _DASHES:
            dashed, position = True, position - 1
        elif letters[position - 1] in _TIME_ENDS and position not in sentence.ending:
            time = _TIME_BEFORE.search(letters, max(sentence.start, position - 14), position)
            if not time:
                break
            position = time.start()
        else:
            break
    return position, dashed


def trailing(sentence: Sentence, told: Written | Relative) -> tuple[str, int]:
    """Return what kind of word follows the day, with the place where it ends."""
    starts = sentence.starting
    position = told.end
    suffix = (
        re.compile(sentence.language.suffix).match(sentence.letters, position) if sentence.language.suffix else None
    )
    position = suffix.end() if suffix else position
    time = _TIME.match(sentence.letters, position)
    position = time.end() if time else position
    for _ in range(5):
        while position < sentence.end and sentence.letters[position] in " \n,()'.":
            position += 1
        word = starts.get(position)
        if not word:
            break
        if word.kind in ("until_after", "from_after", "since_after", "not_before_after", "first_day_after_after"):
            kind = word.kind.removesuffix("_after")
            return ("until_after" if kind == "until" else kind), word.end
        if word.kind not in ("on", "inclusive", "weekday"):
            break
        position = word.end
    return "", told.end
