"""Keyset pagination: the next page starts after the last row shown, so its cost does not grow with its number."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Page(Generic[M]):
    """Some rows, and the mark after which the next page starts (empty: there is none)."""

    rows: list[M]
    next: str


def cut(rows: QuerySet[M], order: tuple[str, ...], after: str, size: int = 50) -> Page[M]:
    """Return the ``size`` rows that follow the mark ``after`` when sorted by ``order`` (the last field is unique).

    A mark that cannot be read, e.g. from an address somebody edited, starts from the beginning.
    """
    try:
        rest = rows.filter(_beyond(order, json.loads(after))) if after else rows
    except (TypeError, ValueError, ValidationError):
        rest = rows
    found = list(rest.order_by(*order)[: size + 1])
    return Page(found[:size], mark(found[size - 1], order) if len(found) > size else "")


def mark(row: Model, order: tuple[str, ...]) -> str:
    """Return the mark of ``row``: the values it is sorted by."""
    values = [getattr(row, name.lstrip("-")) for name in order]
    return json.dumps([value.isoformat() if isinstance(value, datetime) else value for value in values])


def _beyond(order: tuple[str, ...], values: list[Any]) -> Q:
    # (a, b) > (x, y) is written a > x or (a = x and b > y): SQLite and PostgreSQL then both walk the index.
    condition = Q()
    same: dict[str, Any] = {}
    for name, value in zip(order, values, strict=True):
        field = name.lstrip("-")
        condition |= Q(**same, **{f"{field}__{'lt' if name.startswith('-') else 'gt'}": value})
        same[field] = value
    return condition
