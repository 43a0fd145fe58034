"""Days told from the day on which they are read: tomorrow, on Tuesday, Monday next week, in two weeks, 翌営業日.

A week begins on Monday (ISO 8601). Where such words can mean two days, both are readings: "next Friday" on a Tuesday is
this week's to some and next week's to others.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from relent.mail.dates.day_words import Language, Word

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
_SATURDAY = 5
_SHORTEST_MONTH = 4  # letters: "may", "mar" and "set" are other words too
_LONGEST = 400  # of whatever is counted
_UNITS = ("days", "working_days", "weeks", "months")
_DAY_FOLLOWS = re.compile(r"[\s.,/-]{0,3}\d{1,2}(?!\d)")
_BETWEEN = re.compile(r"[\s,.(の]*")
_OF_MONTH = re.compile(r"\s(?:[^\W\d_]{1,3}\s){0,2}")
_YEAR_FOLLOWS = re.compile(r"\.?,?\s?(20\d\d)(?!\d)")
_WEEK_NUMBERS = re.compile(
    r"\.?\s?(\d{1,2})\.?(?:\s?(?:[-~+&/]|og|och|und|en|ja|and|to|till|til|bis|t/m)\s?(\d{1,2}))?(?![\d/:]|\.\d)"
)
_WEEK_NUMBER_BEFORE = re.compile(r"(?<![\d.])(\d{1,2})\.?\s?(?:(?:[-~+&/]|og|och|und|en|ja|bis)\s?(\d{1,2})\.?\s?)?$")
_WEEKS_OF_EVERY_YEAR = 52
_NAMED = frozenset(
    {
        "today",
        "tomorrow",
        "in_two_days",
        "next_working_day",
        "this_week",
        "end_of_week",
        "start_of_next_week",
        "next_week",
        "all_next_week",
        "end_of_next_week",
        "week_after_next",
        "end_of_month",
        "next_month",
        "end_of_next_month",
        "end_of_year",
        "new_year",
    }
)
_PARTS = ("start_of", "middle_of", "end_of")


@dataclass(frozen=True, slots=True)
class Relative:
    """Words between ``start`` and ``end`` that tell of days: the ``readings``, each the first and the last day meant,
    and whether they leave the day open (``vague``). ``length`` marks how long an absence takes, not when it is, and
    ``numbered`` weeks told by their number."""

    start: int
    end: int
    readings: tuple[tuple[date, date], ...]
    vague: bool = False
    length: bool = False
    numbered: bool = False


def relative(words: list[Word], letters: str, received: date, language: Language) -> list[Relative]:
    """Return the days that the known ``words`` of a sentence tell, seen from ``received``."""
    found: list[Relative] = []
    for place, word in enumerate(words):
        if found and word.start < found[-1].end:
            continue
        told = _counted(words, place, letters, received, language)
        for read in (_week_number, _ordinal, _weekday, _month, _named):
            told = told or read(words, place, letters, received)
        if told:
            found.append(told)
    return found


def next_working_day(day: date) -> date:
    """Return the first day after ``day`` that is neither Saturday nor Sunday. Holidays are not known here."""
    day += DAY
    while day.weekday() >= _SATURDAY:
        day += DAY
    return day


def _named(words: list[Word], place: int, letters: str, received: date) -> Relative | None:
    word = words[place]
    if word.kind not in _NAMED:
        return None
    monday = received - received.weekday() * DAY
    first_of_next = _months_on(received.replace(day=1), 1)
    begun = next_working_day(date(received.year + 1, 1, 3))
    spans = {
        "today": (received, received),
        "tomorrow": (received + DAY, received + DAY),
        "in_two_days": (received + 2 * DAY, received + 2 * DAY),
        "next_working_day": (next_working_day(received), next_working_day(received)),
        "this_week": (received, monday + 6 * DAY),
        "end_of_week": (max(received, monday + 4 * DAY), monday + 6 * DAY),
        "start_of_next_week": (monday + WEEK, monday + WEEK),
        "next_week": (monday + WEEK, monday + WEEK + 6 * DAY),
        "all_next_week": (monday + WEEK, monday + WEEK + 6 * DAY),
        "end_of_next_week": (monday + WEEK + 4 * DAY, monday + WEEK + 6 * DAY),
        "week_after_next": (monday + 2 * WEEK, monday + 2 * WEEK + 6 * DAY),
        "end_of_month": (first_of_next - DAY, first_of_next - DAY),
        "next_month": (first_of_next, _months_on(first_of_next, 1) - DAY),
        "end_of_next_month": (_months_on(first_of_next, 1) - DAY,) * 2,
        "end_of_year": (date(received.year, 12, 31), date(received.year, 12, 31)),
        # Work begins on the first working day after the third; who is away until then is back on it.
        "new_year": (begun, begun - DAY),
    }
    span = spans[word.kind]
    if word.kind == "new_year" and letters[word.start] < "\u3040" and not _led(words, place, letters):
        return None
    vague = word.kind in ("this_week", "next_week", "week_after_next", "next_month", "new_year")
    return Relative(word.start, word.end, (span,), vague)


def _week_number(words: list[Word], place: int, letters: str, received: date) -> Relative | None:
    """Read weeks told by their number (ISO 8601), as is usual in the north of Europe: "uge 48", "KW 48–50"."""
    word = words[place]
    if word.kind not in ("weeks", "week_number"):
        return None
    # "KW 49", and "in der 49. KW"
    before = _WEEK_NUMBER_BEFORE.search(letters[max(0, word.start - 12) : word.start])
    numbers = _WEEK_NUMBERS.match(letters, word.end) or (before if word.kind == "week_number" else None)
    if not numbers:
        return None
    start, end_of_words = (
        (word.start, numbers.end()) if numbers is not before else (word.start - len(numbers[0]), word.end)
    )
    first, last = int(numbers[1]), int(numbers[2] or numbers[1])
    if not 1 <= first <= _WEEKS_OF_EVERY_YEAR or not 1 <= last <= _WEEKS_OF_EVERY_YEAR:
        return None
    year = received.isocalendar().year
    begin, end = date.fromisocalendar(year, first, 1), date.fromisocalendar(year + (last < first), last, 7)
    if end < received:
        begin, end = date.fromisocalendar(year + 1, first, 1), date.fromisocalendar(year + 1 + (last < first), last, 7)
    return Relative(start, end_of_words, ((begin, end),), numbered=True)


def _weekday(words: list[Word], place: int, letters: str, received: date) -> Relative | None:
    """Read a weekday with what stands on either side of it: "next Monday", "Montag nächster Woche", 下周一."""
    word = words[place]
    if word.kind in ("weekday", "of_next_week", "of_week_after_next"):
        before, after = None, _neighbour(words, place, letters, 1)
        if after and after.kind == "month":  # "the first Monday of December"
            return None
        start, day = word.start, word
    else:
        following = _neighbour(words, place, letters, 1)
        if (
            word.kind not in ("next", "next_week", "week_after_next", "this")
            or not following
            or following.kind != "weekday"
        ):
            return None
        before, after, start, day = word, None, word.start, following
    if after and after.kind not in ("next_after", "next", "next_week", "week_after_next", "this"):
        after = None
    how = (before or after or word).kind
    readings, vague = _weekdays(day.value, how, received)
    return Relative(start, (after or day).end, tuple((found, found) for found in readings), vague)


def _ordinal(words: list[Word], place: int, letters: str, received: date) -> Relative | None:
    """Read the weekday or the week of a month that is told by its place in it: "the first Monday of December"."""
    word = words[place]
    day = _neighbour(words, place, letters, 1)
    month = next((other for other in words[place + 1 : place + 5] if other.kind == "month"), None)
    if word.kind != "nth" or not day or day.kind not in ("weekday", "weeks", "week_of") or not month:
        return None
    if not _OF_MONTH.fullmatch(letters[day.end : month.start]):
        return None
    first = date(received.year + (month.value < received.month), month.value, 1)
    if day.kind != "weekday":
        first += WEEK * (word.value - 1)
        return Relative(word.start, month.end, ((first, first + 6 * DAY),), vague=True)
    found = first + ((day.value - first.weekday()) % 7 + 7 * (word.value - 1)) * DAY
    while found.month != first.month:  # the fifth is the last one
        found -= WEEK
    return Relative(word.start, month.end, ((found, found),))


def _weekdays(weekday: int, how: str, received: date) -> tuple[list[date], bool]:
    monday = received - received.weekday() * DAY
    coming = received + ((weekday - received.weekday() - 1) % 7 + 1) * DAY
    of_next_week = monday + WEEK + weekday * DAY
    if how in ("next_week", "of_next_week"):
        return [of_next_week], False
    if how in ("week_after_next", "of_week_after_next"):
        return [of_next_week + WEEK], False
    if how in ("next", "next_after"):
        return sorted({coming, of_next_week}), False
    return [coming], weekday == received.weekday()


def _month(words: list[Word], place: int, letters: str, received: date) -> Relative | None:
    """Read a month without a day: "in January", "bis Ende Januar"."""
    word, part = words[place], ""
    start = word.start
    if word.kind in _PARTS:
        following = _neighbour(words, place, letters, 1)
        if not following or following.kind != "month":
            return None
        word, part = following, word.kind
    if word.kind != "month" or word.end - word.start < _SHORTEST_MONTH or not (part or _led(words, place, letters)):
        return None
    if letters[:start].rstrip(" .,-/")[-1:].isdecimal() or _DAY_FOLLOWS.match(letters, word.end):
        return None
    named = _YEAR_FOLLOWS.match(letters, word.end)
    year = int(named[1]) if named else received.year + (word.value < received.month)
    first = date(year, word.value, 1)
    last = _months_on(first, 1) - DAY
    if part == "end_of":
        first = last
    elif part:
        first, last = (first, first + 9 * DAY) if part == "start_of" else (first + 14 * DAY, first + 19 * DAY)
    return Relative(start, word.end, ((first, last),), vague=part != "end_of")


def _led(words: list[Word], place: int, letters: str) -> bool:
    """Whether a known word leads to a month: "in June" is one, Ukrainian "лист" may be a letter."""
    before = words[place - 1] if place else None
    return bool(before and before.kind not in ("in", "for") and not letters[before.end : words[place].start].strip())


def _counted(words: list[Word], place: int, letters: str, received: date, language: Language) -> Relative | None:
    """Read a stretch of days or weeks: "in two weeks", 2週間後, "for three days"."""
    length, start, at = False, words[place].start, place
    lead = language.counting.get(letters[start : words[place].end], words[place].kind)
    if lead in ("in", "for"):
        length = lead == "for"
        number_at = words[place].end
        following = _neighbour(words, place, letters, 1)
        at = place + 1 if following else place
    elif lead == "number" or lead in _UNITS:
        number_at = -1
    else:
        return None
    number, unit_at = _number(words, at, letters, number_at)
    if not number or unit_at >= len(words) or words[unit_at].kind not in _UNITS:
        return None
    end = words[unit_at].end
    if lead not in ("in", "for"):
        tail = _neighbour(words, unit_at, letters, 1)
        kind = language.counting.get(letters[tail.start : tail.end], "") if tail else ""
        if not tail or kind not in ("in_after", "for_after"):
            return None
        length, end = kind == "for_after", tail.end
        start = _digits_before(letters, words[at].start) if words[at].kind in _UNITS else start
    last = _later(received, number, words[unit_at].kind)
    span = (last - DAY, last - DAY) if length else (last, last)
    return Relative(start, end, (span,), length, length)


def _number(words: list[Word], at: int, letters: str, number_at: int) -> tuple[int, int]:
    """Return the number that begins at a word, and at which word its unit stands."""
    if words[at].kind == "number":
        return words[at].value, at + 1
    if words[at].kind in _UNITS:
        begin = _digits_before(letters, words[at].start)
        digits = letters[begin : words[at].start].strip()
        if digits.isdecimal() and (number_at < 0 or not letters[number_at:begin].strip()):
            return int(digits), at
        # "in a week" leaves the number to an article, "через неделю" to nothing at all.
        alone = number_at >= 0 and not letters[number_at : words[at].start].strip()
        if alone and not _WEEK_NUMBERS.match(letters, words[at].end):
            return 1, at
    following = at + 1
    if number_at >= 0 and following < len(words) and words[following].kind in _UNITS:
        digits = letters[words[at].end : words[following].start].strip()
        return (int(digits), following) if digits.isdecimal() and len(digits) < 4 else (0, 0)
    return 0, 0


def _digits_before(letters: str, end: int) -> int:
    start = end
    while (
        start > 0
        and end - start < 5
        and (letters[start - 1].isdecimal() or (letters[start - 1] == " " and start == end))
    ):
        start -= 1
    return start


def _later(received: date, number: int, unit: str) -> date:
    number = min(number, _LONGEST)
    if unit == "months":
        return _months_on(received, min(number, 24))
    if unit != "working_days":
        return received + number * (WEEK if unit == "weeks" else DAY)
    for _ in range(number):
        received = next_working_day(received)
    return received


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, day.day)


def _neighbour(words: list[Word], place: int, letters: str, step: int) -> Word | None:
    """Return the next word that only blanks, commas or words that may stand between two (articles) keep apart."""
    word = words[place]
    for other in islice(_from(words, place, step), 3):
        between = letters[word.end : other.start] if step > 0 else letters[other.end : word.start]
        if not _BETWEEN.fullmatch(between):
            return None
        if other.kind != "on":
            return other
        word = other
    return None


def _from(words: list[Word], place: int, step: int) -> Iterator[Word]:
    place += step
    while 0 <= place < len(words):
        yield words[place]
        place += step
