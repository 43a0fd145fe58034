"""The figures of a measured judgement as lines of text."""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

_MOST_EVIDENCE = 160


def table(told: dict[str, Any]) -> Iterator[str]:
    """Yield the lines: the confusion table, each label, the shares that matter, and every mail that was missed."""
    yield from _confusion(told["confusion"])
    yield ""
    yield from _labels(told["labels"])
    yield ""
    yield from _shares(told)
    yield ""
    yield _("%(right)s of %(mails)s labeled mails were judged as their label says.") % told
    if told["missed"]:
        yield ""
        yield _("Missed:")
    for mail in told["missed"]:
        seen = "; ".join(mail["seen"])
        plain = "".join(letter if letter.isprintable() else " " for letter in seen)[:_MOST_EVIDENCE]
        yield f"  {mail['file']}: {mail['label']} → {mail['judged']} ({mail['confidence']:.2f})  {plain}"


def _confusion(confusion: dict[str, dict[str, int]]) -> Iterator[str]:
    names = sorted({name for counts in confusion.values() for name in counts})
    rows = [[label, *(str(counts.get(name, "·")) for name in names)] for label, counts in confusion.items()]
    yield from _aligned([[_("label → judged"), *names], *rows])


def _labels(labels: dict[str, dict[str, Any]]) -> Iterator[str]:
    rows = [
        [label, str(of["mails"]), str(of["right"]), _share(of["precision"]), _share(of["recall"])]
        for label, of in labels.items()
    ]
    yield from _aligned([[_("label"), _("mails"), _("right"), _("precision"), _("recall")], *rows])


def _shares(told: dict[str, Any]) -> Iterator[str]:
    sides = told["hard_against_soft"]
    false, automatic = told["false_bounces"], told["replies_judged_automatic"]
    yield _("bounces found: %(share)s of %(mails)s") % _of(told["bounces"])
    yield _(
        "hard against soft: %(share)s wrong of %(mails)s (hard called soft: %(hard_called_soft)s, "
        "soft called hard: %(soft_called_hard)s)"
    ) % {**sides, "share": _share(sides["share"])}
    yield _("false bounces: %(wrong)s of %(mails)s other mails (%(rate)s in 1,000)") % _rated(false)
    yield _("replies judged automatic: %(wrong)s of %(mails)s (%(rate)s in 1,000)") % _rated(automatic)
    yield _("out of office with a header that says so: %(share)s of %(mails)s found") % _of(
        told["out_of_office_with_header_signs"]
    )
    yield _("out of office without: %(share)s of %(mails)s found") % _of(told["out_of_office_without"])


def _of(found: dict[str, Any]) -> dict[str, Any]:
    return {**found, "share": _share(found["recall"])}


def _rated(wrong: dict[str, Any]) -> dict[str, Any]:
    rate = wrong["in_a_thousand"]
    return {**wrong, "rate": "-" if rate is None else f"{rate:.1f}"}


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.3f}"


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        cells = [" " * (width - _width(cell)) + cell for cell, width in zip(others, widths[1:], strict=True)]
        yield "  ".join([first + " " * (widths[0] - _width(first)), *cells])


def _width(cell: str) -> int:
    """Return how many columns a terminal needs: Japanese characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "FW" else 1 for letter in cell)
