"""The choice of a time zone."""

import functools
import zoneinfo
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


@functools.cache
def names() -> list[str]:
    """Return the IANA zones that people live in, by name."""
    areas = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return ["UTC", *sorted(name for name in zoneinfo.available_timezones() if name.startswith(areas))]


def field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.ChoiceField:
    """Return a form field that takes one of them."""
    empty = [] if required else [("", _("Not known"))]
    return forms.ChoiceField(
        label=label,
        required=required,
        help_text=help_text,
        choices=lambda: [*empty, *((name, name.replace("_", " ")) for name in names())],
    )
