"""The day of return that an absence note states: in English, German, French, Spanish, Portuguese, Italian, Dutch,
Swedish, Japanese, Chinese and Korean, or as an ISO date.

A modest reading, made to err on one side: mail that resumes too early is the worse mistake, so of two readings the
later counts, and a day that is past or far off counts as none.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from relent.mail import phrases

FARTHEST = timedelta(days=90)
_HALF_A_YEAR = timedelta(days=183)
_LONGEST = 8000
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner januari janvier enero janeiro gennaio",
            "february feb februar februari février febrero fevereiro febbraio",
            "march mar märz maart mars marzo março",
            "april apr avril abril aprile",
            "may mai mei maj mayo maio maggio",
            "june jun juni juin junio junho giugno",
            "july jul juli juillet julio julho luglio",
            "august aug augustus augusti août agosto",
            "september sept sep septembre septiembre setembro settembre",
            "october oct oktober okt octobre octubre outubro ottobre",
            "november nov novembre noviembre novembro",
            "december dec dezember dez décembre diciembre dezembro dicembre",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
# Each way to write a day; the groups say which number is what.
_WAYS = (
    re.compile(r"(?<!\d)(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)"),
    re.compile(r"(?:(?P<year>\d{4})[年년]\s?)?(?P<month>\d{1,2})[月월]\s?(?P<day>\d{1,2})[日号號일]"),
    re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|[.º°])?\s(?:(?:of|de|den)\s)?(?P<name>{_MONTH})\b\.?,?"
        r"(?:\s(?:del?\s)?(?P<year>\d{4}))?",
        re.IGNORECASE,
    ),
    # "March 2-13": the last day of an absence
    re.compile(
        rf"\b(?P<name>{_MONTH})\.?\s(?P<since>\d{{1,2}})\s?[-–—]\s?(?P<day>\d{{1,2}})(?!\d)(?:,?\s(?P<year>\d{{4}}))?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?P<name>{_MONTH})\.?\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?\s(?P<year>\d{{4}}))?",
        re.IGNORECASE,
    ),
    re.compile(r"(?<![\d.])(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.(?:\s?(?P<year>\d{4}|\d{2}(?!\d)))?"),
    re.compile(r"(?<![\d/])(?P<one>\d{1,2})/(?P<two>\d{1,2})(?:/(?P<year>\d{4}|\d{2}(?!\d)))?(?![\d/])"),
)
# What stands before the day; a weekday or an article may come between.
_BETWEEN = (
    r"(?:(?:the|on|and|including|zum|am|dem|einschließlich|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|"
    r"mo|di|mi|do|fr|sa|so|"
    r"le|au|el|al|en|com|t/m|met|den|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|"
    r"viernes|sábado|domingo|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|maandag|dinsdag|woensdag|"
    r"donderdag|vrijdag|zaterdag|zondag|(?:mån|tis|ons|tors|fre|lör|sön)dag|(?:segunda|terça|quarta|quinta|sexta)"
    r"(?:-feira)?)\b[.,]?\s*){0,3}"
)
_UNTIL = re.compile(
    rf"(?:\b(?:until|till|through|thru|to|bis|including|einschließlich|jusqu['’]?(?:au|à)?|au|hasta|al|até(?: a)?|"
    rf"fino(?: al?)?|tot(?: en met)?|t/m|till och med|t\.?o\.?m\.?)(?!\w)\W*{_BETWEEN}"
    rf"|(?:\d\.?|\b(?:{_MONTH})\.?|\d{{4}})\s?[-–—]\s?|[~〜至到]\s?)$",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"\b(?:back|return(?:ing|s)?|resum\w+|available again|reachable|in the office again|rejoin\w*|"
    r"(?:de )?retour|reviendrai|reprend\w*|rentrerai|regres\w+|vuelv\w+|volver\w*|volto|voltar\w*|reincorpor\w+|"
    r"rientr\w+|torn(?:o|er\w+)|terug|weer (?:aanwezig|bereikbaar)|tillbaka|åter)\b"
    r"(?:\W+\w+){0,6}\W+$",
    re.IGNORECASE,
)
_NOT_BEFORE = re.compile(r"\b(?:back|return)\b[^.!?\n]{0,30}\b(?:until|till)\b[^.!?\n]{0,20}$", re.IGNORECASE)
_FROM = re.compile(rf"\b(?:ab|wieder|zurück|again|from|as of|starting)\b\W*{_BETWEEN}$", re.IGNORECASE)
_BACK_AROUND = phrases.any_of(
    r"\bwieder\b", r"\bzurück\b", r"\berreichbar\b", r"\bback\b", r"\bavailable\b", r"\breturn"
)
_AWAY_AROUND = phrases.any_of(
    r"\burlaub", r"\babwesend", r"\bnicht\b", r"\baway\b", r"out of (?:the )?office", r"\bleave\b"
)
# What stands after the day, in Japanese.
_UNTIL_AFTER = re.compile(r"^\s?(?:[(（][^)）]{1,4}[)）])?\s?(?:いっぱい)?(?:まで|迄|까지)")
_BACK_AFTER_OTHERS = re.compile(
    r"^\s?(?:[(（][^)）]{1,6}[)）])?\s?(?:"
    r"(?:起)?(?:返回|回到|回来|回來|恢复|恢復|上班|复工|返工)|(?:에|부터|에는)[^.。\n]{0,12}(?:복귀|출근|업무|답변|회신)|后(?:回复|联系))"
)
_BACK_AFTER = re.compile(
    r"^\s?(?:[(（][^)）]{1,4}[)）])?\s?(?:より|から|以降|に|には)[^。\n]{0,20}"
    r"(?:出社|出勤|復帰|再開|返信|返事|対応|連絡|勤務|業務|戻|順次|営業|回答|帰社|帰国)"
)
_JAPANESE = re.compile(r"[ぁ-んァ-ヶ]")
_OPEN_END = phrases.any_of(r"until further notice", r"bis auf weiteres", r"当面の間", r"当分の間", r"indefinite")


@dataclass(frozen=True, slots=True)
class Return:
    """``day`` is the first day the person is back, ``None`` where none can be relied on. ``doubtful`` asks a person to
    look: the day can be read in two ways, lies farther off than 90 days, or the absence has no stated end."""

    day: date | None
    doubtful: bool


def stated(text: str, received: date) -> Return:
    """Read the day of return out of ``text``, which arrived on ``received``.

    "Until D" means that D itself is a day of absence. A day without a year is the next one of that name.
    """
    text = unicodedata.normalize("NFKC", text[:_LONGEST])
    days: list[date] = []
    doubtful = _OPEN_END.search(text) is not None
    for found in _days(text):
        shift = _meaning(text, found)
        if shift is None:
            continue
        ahead = [
            day for day in _readings(found, received, japanese=bool(_JAPANESE.search(text))) if day + shift > received
        ]
        # Without a year, a day that comes again only in more than half a year is one that has passed.
        ahead = [day for day in ahead if found["year"] or day <= received + _HALF_A_YEAR]
        near = [day + shift for day in ahead if day + shift <= received + FARTHEST]
        doubtful = doubtful or len(ahead) > 1 or (bool(ahead) and not near)
        days += near
    return Return(max(days, default=None), doubtful)


def _days(text: str) -> Iterator[re.Match[str]]:
    """Yield what is written as a day, each place once."""
    taken: list[tuple[int, int]] = []
    for way in _WAYS:
        for found in list(way.finditer(text))[:20]:
            if all(found.end() <= start or end <= found.start() for start, end in taken):
                taken.append(found.span())
                yield found


def _meaning(text: str, found: re.Match[str]) -> timedelta | None:
    """Return what to add to the day to get the day of return; ``None`` where the day is none of return."""
    after = text[found.end() : found.end() + 40]
    if _UNTIL_AFTER.match(after):
        return timedelta(days=1)
    if _BACK_AFTER.match(after) or _BACK_AFTER_OTHERS.match(after):
        return timedelta()
    if found.groupdict().get("since"):
        return timedelta(days=1)
    sentence = re.split(r"[!?\n]|\.\s(?=[A-ZÄÖÜ])", text[max(0, found.start() - 120) : found.start()])[-1]
    if _UNTIL.search(sentence):
        # "Not back until Monday" names the day of return, "away until Monday" the last one of absence.
        return timedelta() if _NOT_BEFORE.search(sentence) else timedelta(days=1)
    if _BACK.search(sentence):
        return timedelta()
    if not _FROM.search(sentence):
        return None
    around = sentence + re.split(r"[!?\n]|\.\s", after)[0]
    return timedelta() if _BACK_AROUND.search(around) and not _AWAY_AROUND.search(after) else None


def _readings(found: re.Match[str], received: date, *, japanese: bool) -> set[date]:
    """Return the days a written day can mean: two where day and month cannot be told apart."""
    named = found.groupdict()
    if "one" in named:
        pairs = [(named["one"], named["two"])] + ([] if japanese else [(named["two"], named["one"])])
    elif "name" in named:
        pairs = [(str(_MONTHS[named["name"].lower()]), named["day"])]
    else:
        pairs = [(named["month"], named["day"])]
    days = {_day(named["year"], int(month), int(day), received) for month, day in pairs}
    return {day for day in days if day is not None}


def _day(year: str | None, month: int, day: int, received: date) -> date | None:
    try:
        if year:
            return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
        this_year = date(received.year, month, day)
        return this_year if this_year >= received else date(received.year + 1, month, day)
    except ValueError:
        return None
