"""Days as people write them: "the 30th of November", "30.11.", "11/30", 「令和8年11月30日（月）」, "3.–14. elokuuta".

Reading is in two steps. What stands there is read without a calendar: which numbers can be day and month, the year and
the weekday if they are named. Then it becomes a date, seen from the day on which the mail arrived. Month names are
CLDR's (https://cldr.unicode.org/translation/date-time), the order of numbers the language's; Japanese eras count from
their first year (元年 is year 1; 令和 began in 2019, 平成 in 1989, 昭和 in 1926).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from relent.mail.dates.day_words import Language

THIS_MONTH, NEXT_MONTH = 0, -1  # in place of a month's number
_MOST = 40  # days in one sentence
_SHORT_NAME = 3  # letters of a weekday that is a word of its own too
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "r": 2018, "h": 1988}
_DIGITS = {"〇": 0, "零": 0, "元": 1} | {digit: number for number, digit in enumerate("一二三四五六七八九", 1)}
_NUMBER = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_YEAR = r"(?P<year>20\d\d|'\d\d)(?![\d:])"
# A number is no day where it goes on, or where its unit follows: times, money, parts of a hundred.
_NO_UNIT = (
    r"(?![\d%€$£¥]|[:.,]\d|\s?(?:%|€|\$|uhr\b|h\b|hrs?\b|"
    r"am\b|pm\b|a\.m|p\.m|eur\b|usd\b|kr\b|mb\b|ч\b|час|годин|時|时|點|시\b))"
)
_ISO = re.compile(r"(?<![\d.])(?P<year>20\d\d)(?P<sep>[-/.])\s?(?P<month>\d{1,2})(?P=sep)\s?(?P<day>\d{1,2})(?!\d)")
_SIGNED = re.compile(
    rf"(?:(?P<era>令和|平成|昭和)?\s?(?P<year>\d{{1,4}}|[〇零一二三四五六七八九十元]{{1,4}})\s?[年년]\s?)?"
    rf"(?<!\d)(?P<month>{_NUMBER})\s?[月월]\s?(?P<day>{_NUMBER})(?:\s?[日号號일]|(?!\d))"
)
_ERA = re.compile(
    r"(?<![^\W_])(?P<era>[rh])\.?\s?(?P<year>\d{1,2})(?:[./-]|年)(?P<month>\d{1,2})[./月-](?P<day>\d{1,2})(?!\d)"
)
_DOTTED = re.compile(
    rf"(?<![a-z0-9_.,/+])(?<!\d:)(?P<one>\d{{1,2}})\.\s?(?P<two>\d{{1,2}})\.(?:\s?(?P<year>20\d\d)|(?P<short>\d\d)(?![.:\d]))?(?!\d){_NO_UNIT}"
)
_BARE_DOTTED = re.compile(
    rf"(?<![a-z0-9_.,/+])(?<!\d:)(?P<one>\d{{1,2}})\.(?P<two>\d{{1,2}})(?![^\W\u3040-\uffff]){_NO_UNIT}"
)
_SLASHED = re.compile(
    r"(?<![a-z0-9_./+])(?<!\d:)(?!24/7)(?P<one>\d{1,2})/(?P<two>\d{1,2})(?:/(?P<year>20\d\d)|/(?P<short>\d\d)(?!\d))?(?![\d/]|:\d)"
)
_DASHED = re.compile(
    r"(?<![a-z0-9_./+-])(?<!\d:)(?P<one>\d{1,2})(?P<sep>[-.])(?P<two>\d{1,2})(?P=sep)(?:(?P<year>20\d\d)|(?P<short>\d\d))(?![\d-])"
)
_BARE_DASHED = re.compile(r"(?<![a-z0-9_./+-])(?<!\d:)(?P<one>\d{1,2})-(?P<two>\d{1,2})(?![\w:/-]|\.\d)")
_SHORT_YEAR_FIRST = re.compile(r"(?<![a-z0-9_./+])(?<!\d:)(?P<short>\d\d)/(?P<month>\d{1,2})/(?P<day>\d{1,2})(?![\d/])")
_SIGNED_ALONE = re.compile(
    r"(?P<next>来月|來月|下个?月|下個月|다음\s?달|翌月)?[のの]?\s?(?<![\d月월/.-])(?<!\d:)(?P<day>\d{1,2})\s?[日号號일]"
    r"(?!に?\s?(?:[\d一二数]{1,2}|何)\s?[回度])(?![間间目付내后後前])(?!\s?(?:以内|以內|ほど|程|くらい|営業|후|동안|간|이내|뒤|전|之[内后內後]))"
)


# What only those write who put the month first, and only those who put the day first.
_AMERICAN = re.compile(
    r"\b(?:pto|thanksgiving|(?:labor|memorial|veterans) day|toll[ -]free|(?:central|eastern|pacific|mountain) time|"
    r"[ecmp]dt|pst|cell(?: ?phone)?)\b"
)
_BRITISH = re.compile(
    r"\b(?:annual leave|a/l|(?:bank|public) holidays?|gmt|bst|half[ -]term|fortnight|whilst|mobile|maternity cover)\b"
)
_END_OF_MONTH = re.compile(rf"(?<!\d)(?P<ends>{_NUMBER})(?:月|월\s?)(?:末|底|말|(?=いっぱい|一杯|中[はのに、]))")


@dataclass(frozen=True, slots=True)
class Written:
    """A day as it is written between ``start`` and ``end``: what month and day it can be, its year and weekday (Monday
    is 0) where they are named, and in ``first`` the day of the month that begins a range of which this is the end."""

    start: int
    end: int
    pairs: tuple[tuple[int, int], ...]
    year: int | None = None
    weekday: int | None = None
    first: int | None = None


def written(letters: str, start: int, end: int, language: Language, order: str) -> list[Written]:
    """Return the days written in a sentence of plain ``letters``, in order of place, each place once. ``order`` is how
    two numbers are ordered here."""
    found: list[Written] = []
    for match in _matches(letters, start, end, language):
        if len(found) < _MOST and all(match.end() <= day.start or day.end <= match.start() for day in found):
            day = _read(match, language, order)
            if day:
                found.append(_with_surroundings(letters, start, end, day, language))
    return sorted(found, key=lambda day: day.start)


def usual_order(letters: str, language: Language) -> str:
    """Return how two numbers are ordered in a text: as the language does, or where it leaves that open as a day of the
    text shows in which one number can be no month, or else as the words of only one country do."""
    if language.order != "either":
        return language.order
    pairs = [(int(match["one"]), int(match["two"])) for match in _SLASHED.finditer(letters)]
    shown = {"DM" for one, two in pairs if 12 < one <= 31 and two <= 12}
    shown |= {"MD" for one, two in pairs if one <= 12 < two <= 31}
    if len(shown) == 1:
        return shown.pop()
    american, british = _AMERICAN.search(letters), _BRITISH.search(letters)
    return "either" if bool(american) is bool(british) else "MD" if american else "DM"


def dates(day: Written, received: date) -> tuple[list[date], bool]:
    """Return the dates that a written day can be, seen from ``received``, and whether its weekday contradicts them.

    A day without a year is the next of that name; a weekday leaves only the readings that it fits, if there are any.
    """
    possible = {found for month, number in day.pairs for found in _dates(day.year, month, number, received)}
    if day.weekday is None:
        return sorted(possible), False
    fitting = {found for found in possible if found.weekday() == day.weekday}
    if not fitting and all(month == THIS_MONTH for month, _ in day.pairs):
        return [], False  # "Monday 9" may be a time
    return sorted(fitting or possible), bool(possible) and not fitting


def _dates(year: int | None, month: int, number: int, received: date) -> Iterator[date]:
    if month in (THIS_MONTH, NEXT_MONTH):
        ahead = received.replace(day=1)
        for step in range(3):
            fits = _date(ahead.year, ahead.month, number)
            if fits and (step >= 1 if month == NEXT_MONTH else fits >= received):
                yield fits
                return
            ahead = date(ahead.year + ahead.month // 12, ahead.month % 12 + 1, 1)
        return
    years = (year,) if year else range(received.year, received.year + 2)
    for candidate in years:
        fits = _date(candidate, month, number)
        if fits and (year or fits >= received):
            yield fits
            return


def _date(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _matches(letters: str, start: int, end: int, language: Language) -> Iterator[re.Match[str]]:
    """Yield what looks like a day, the ways to write it that say most first."""
    for way in _ways(language):
        yield from way.finditer(letters, start, end)


@cache
def _ways(language: Language) -> tuple[re.Pattern[str], ...]:
    ways = [_ISO, _SIGNED] if language.code in ("ja", "zh", "ko") else [_ISO]
    if language.code == "ja":
        ways.append(_ERA)
    if language.order == "MD":
        ways.append(_SHORT_YEAR_FIRST)
    if language.months:
        sign = rf"(?:{language.ordinal})?"
        ways.append(
            re.compile(
                rf"(?<![\d./,])(?<!\d:)(?P<day>\d{{1,2}}){sign}(?:[\s.,/]{{0,2}}|-(?!\w+\.?\s?\d{{1,2}}(?!\d)))(?:(?:of|de|del|dei|d')\s?)?(?P<name>{language.month})"
                rf"(?:[\s,/-]{{1,2}}(?:(?:de|del|do)\s)?{_YEAR})?"
            )
        )
        if language.month_first:
            ways.append(
                re.compile(
                    rf"(?<![^\W\d_])(?P<name>{language.month})\s?(?:the\s)?(?P<day>\d{{1,2}}){sign}{_NO_UNIT}(?![^\W\d_])"
                    rf"(?:,?\s{_YEAR})?"
                )
            )
    ways += [_DOTTED, _DASHED, _SLASHED]
    ways += [_BARE_DOTTED] if language.dotted else []
    ways += [_BARE_DASHED] if language.hyphened else []
    ways += [_END_OF_MONTH, _SIGNED_ALONE] if language.code in ("ja", "zh", "ko") else []
    ways += [re.compile(language.day_alone + rf"(?![\w/-]){_NO_UNIT}")] if language.day_alone else []
    if language.months:
        # "giovedì 3", "lundi le 30": the weekday says that it is a day.
        names = "|".join(re.escape(name) for name in language.weekdays if len(name) > _SHORT_NAME)
        ways.append(
            re.compile(
                rf"(?<![^\W\d_])(?:{names})\s(?:(?:le|den|the|dia)\s)?(?P<numbered>\d{{1,2}})(?:{language.ordinal})?(?![\w/-]){_NO_UNIT}"
            )
        )
    return tuple(ways)


def _read(match: re.Match[str], language: Language, order: str) -> Written | None:
    named = match.groupdict()
    year = _year(named.get("year"), named.get("era"), named.get("short"))
    if year == 0:
        return None
    if named.get("one"):
        one, two = int(named["one"]), int(named["two"])
        order = "DM" if "." in match.group() and language.order != "MD" else order
        pairs = [(two, one)] * (order != "MD" or one > 12) + [(one, two)] * (order != "DM")
    elif named.get("name"):
        pairs = [(language.months[_name(named["name"])], int(named["day"]))]
    elif "ends" in named:
        month = _number(named["ends"])
        pairs = [(month, 28 if month == 2 else 30 if month in (4, 6, 9, 11) else 31)]
    elif "numbered" in named:
        return _numbered(match, language)
    elif "month" in named:
        pairs = [(_number(named["month"]), _number(named["day"]))]
    else:
        pairs = [(NEXT_MONTH if named.get("next") else THIS_MONTH, int(named["day"]))]
    possible = tuple(dict.fromkeys(pair for pair in pairs if _can_be(*pair)))
    return Written(match.start(), match.end(), possible, year) if possible else None


def _numbered(match: re.Match[str], language: Language) -> Written | None:
    number, weekday = int(match["numbered"]), language.weekdays[_name(match[0].split()[0])]
    if not _can_be(THIS_MONTH, number):
        return None
    return Written(match.start(), match.end(), ((THIS_MONTH, number),), None, weekday)


def _can_be(month: int, number: int) -> bool:
    return month <= 12 and _date(2024, month if month > 0 else 1, number) is not None


def _name(text: str) -> str:
    return text.rstrip(".")


def _year(text: str | None, era: str | None, short: str | None) -> int | None:
    """Return the year that is written; 0 where what is written is none, ``None`` where nothing is."""
    if short:
        return 2000 + int(short)
    if not text:
        return None
    number = _number(text.lstrip("'"))
    if era:
        return _ERAS[era] + number
    if number < 100:
        return 2000 + number if number > 19 else 0
    return number if 2000 <= number < 2100 else 0


def _number(text: str) -> int:
    """Read a number in digits of any script, or in kanji by place (二〇二六) or with its ten (二十六)."""
    if text.isdecimal():
        return int(text)
    if "十" not in text:
        return int("".join(str(_DIGITS[sign] if sign in _DIGITS else int(sign)) for sign in text))
    tens, _, ones = text.partition("十")
    return _number(tens or "一") * 10 + (_number(ones.replace("十", "")) if ones.strip("十") else 0)


def _with_surroundings(letters: str, start: int, end: int, day: Written, language: Language) -> Written:
    """Add the weekday that stands beside the day, and the beginning of a range that names its month only once."""
    before, after = _beside(language)
    weekday = before.search(letters, max(start, day.start - 24), day.start)
    if not weekday:
        weekday = after.match(letters, day.end, min(end, day.end + 16))
    if weekday:
        name = next(name for name in weekday.groups() if name)
        span = min(day.start, weekday.start()), max(day.end, weekday.end())
        day = replace(day, start=span[0], end=span[1], weekday=language.weekdays[name])
    begins, goes_on = _joined(language)
    first = begins.search(letters, max(start, day.start - 40), day.start)
    if first and all(month > 0 for month, _ in day.pairs) and int(first["day"]) <= 31:
        return replace(day, start=first.start("day"), first=int(first["day"]))
    last = goes_on.match(letters, day.end, min(end, day.end + 30))
    if last and (pairs := _going_on(day.pairs, int(last["day"]))):
        begun = day.pairs[0][1]
        return replace(day, end=last.end(), pairs=pairs, first=begun, weekday=None)
    return day


def _going_on(pairs: Iterable[tuple[int, int]], last: int) -> tuple[tuple[int, int], ...]:
    return tuple((month, last) for month, first in pairs if first < last and _can_be(month, last))


@cache
def _beside(language: Language) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds a weekday just before a day, and just after it."""
    names = "|".join(sorted(map(re.escape, language.weekdays), key=len, reverse=True))
    long = "|".join(re.escape(name) for name in sorted(language.weekdays, key=len, reverse=True) if len(name) > 1)
    article = r"(?:(?:the|dem|den|der|d\.|le|el|il|o|dia|dne|dnia|kl)\s)?"
    wide = language.code in ("ja", "zh", "ko")
    before = re.compile(rf"(?<![^\W\d_])({long if wide else names})(?![^\W\d_])\.?[\s,(]{{0,3}}{article}$")
    bracketed = rf"\s?[(\[]\s?({names})(?:曜日?|요일)?\.?[・,、/祝休]*\s?[)\]]"
    loose = r"\s?" if wide else r",?\s" if language.verb_last else r",\s"
    ends = "" if wide else r"(?![^\W\d_])"
    return before, re.compile(rf"{bracketed}|{loose}({long}){ends}")


@cache
def _joined(language: Language) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds the beginning of a range before its last day ("3.–" 14. August), and what finds its last day
    after the first (August 3 "–14", 8月10日「～16日」)."""
    names = "|".join(sorted(map(re.escape, language.weekdays), key=len, reverse=True))
    sign = rf"(?:{language.ordinal}|\.)?"
    joint = rf"\s?(?:[-~ー]|\b(?:{language.joint})\b|&|\+)\s?"
    filler = rf"(?:(?:{language.filler})[\s,]+){{0,3}}"
    begins = re.compile(rf"(?<![\d.,/])(?<!\d:)(?P<day>\d{{1,2}}){sign}(?:\s?\(?(?:{names})\.?\)?)?{joint}{filler}$")
    if not (language.month_first or language.order == "MD"):
        return begins, re.compile(r"(?!)")
    # 「11/23、24は」
    listed = (
        r"[、・](?=\d{1,2}[日號号일]?[\s(月火水木金土日]{0,3}\)?(?:は|の|に|も|を|、|日|まで))"
        if language.code == "ja"
        else "(?!)"
    )
    wide_joint = rf"\s?(?:[-~ー至到]|から|より|부터|\b(?:{language.joint})\b|&|{listed})\s?"
    last = rf"(?:\s?\(?(?:{names})(?:曜日|요일)?\.?\)?)?{wide_joint}(?:the\s)?(?P<day>\d{{1,2}}){sign}[日号號일]?"
    return begins, re.compile(
        rf"{last}(?:\s?\((?:{names})[・祝休]*\))?(?![\d月월/年년:]|\.\d|\s?(?:{language.month}|[ap]m\b))"
    )
