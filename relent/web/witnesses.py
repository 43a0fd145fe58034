"""What a judgement rests on, in words for whoever reads it, with what stood in the mail beside them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils import dateformat
from django.utils.translation import get_language, gettext, pgettext

from relent.terms import readings
from relent.terms.evidence import EvidenceKind
from relent.web import words

_DAYS = re.compile(r"(back on )?(\d{4}-\d\d-\d\d)(?: to (\d{4}-\d\d-\d\d))?: (.*)", re.DOTALL)
_STEP = re.compile(r"step (\d+): (.*)", re.DOTALL)
_SCORE = re.compile(r"(\d\.\d\d) automatic")
_FIELDS = {EvidenceKind.HEADER, EvidenceKind.WEAK, EvidenceKind.REPORT}


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that was seen: in words, and as it stood there; either may be empty."""

    words: str
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Witness:
    """What was seen of one kind."""

    label: str
    seen: list[Seen]


def told(evidence: Iterable[Sequence[str]]) -> list[Witness]:
    """Return stored evidence, ``[kind, seen]`` pairs, for a person to read; neighbors of one kind stand together."""
    found = []
    for kind, pairs in groupby(evidence, key=lambda pair: pair[0]):
        seen = dict.fromkeys(_in_words(kind, pair[1]) for pair in pairs)
        found.append(Witness(words.evidence_kind(kind), list(seen)))
    return found


def _in_words(kind: str, seen: str) -> Seen:
    language = get_language() or "en"
    if kind == EvidenceKind.RULE:
        return Seen(readings.rule(seen, language))
    if kind in _FIELDS:
        return Seen(readings.header(seen, language), seen)
    if kind == EvidenceKind.TEXT:
        return Seen(_quoted(seen))
    if kind == EvidenceKind.DAYS and (days := _DAYS.fullmatch(seen)):
        return Seen(f"{_days(*days.groups()[:3])} · {_quoted(days[4])}")
    if kind == EvidenceKind.CLASSIFIER and (score := _SCORE.fullmatch(seen)):
        return Seen(gettext("%(share)s %% likely that a machine wrote this") % {"share": round(100 * float(score[1]))})
    if step := _STEP.fullmatch(seen):
        return Seen(gettext("Step %(number)s") % {"number": step[1]}, step[2])
    one, _, other = seen.partition(" = ")
    return Seen(one if one == other else seen)


def _days(back: str | None, first: str, last: str | None) -> str:
    day = _day(first)
    if back:
        return gettext("Back on %(day)s") % {"day": day}
    if last:
        return gettext("%(first)s to %(last)s") % {"first": day, "last": _day(last)}
    return gettext("Until %(day)s") % {"day": day}


def _day(iso: str) -> str:
    return dateformat.format(date.fromisoformat(iso), pgettext("a day (Django date format)", "j M Y"))


def _quoted(text: str) -> str:
    return gettext("“%(words)s”") % {"words": " ".join(text.split())}
