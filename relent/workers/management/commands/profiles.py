"""`relent profiles`: what the two profiles do differently."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from relent.flows import profiles


class Command(BaseCommand):
    """Prints both profiles side by side."""

    help = "Print what the two profiles decide, side by side."
    requires_system_checks: list[str] = []  # reads no setting

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer the language."""
        parser.add_argument("--language", choices=["en", "ja"], default="en")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one row per setting, in columns as wide as they need to be."""
        japanese = options["language"] == "ja"
        with translation.override(options["language"]):
            head = (_("Setting"), "safe", "hubspot-strict", _("Meaning"))
        rows = [
            (row.name, row.safe, row.strict, row.meaning_ja if japanese else row.meaning) for row in profiles.table()
        ]
        self.stdout.write("\n".join(_columns([head, *rows])))


def _columns(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
