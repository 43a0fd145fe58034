"""Commands speak the language that the terminal asks for."""

import os
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation


class TerminalCommand(BaseCommand):
    """A command whose lines are in Japanese where the terminal's locale is, and in English elsewhere."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command in the terminal's language."""
        with translation.override(language()):
            return super().execute(*args, **options)

    def say(self, line: str) -> None:
        """Print one line at once, also where the output is a pipe."""
        self.stdout.write(line)
        self.stdout.flush()

    def warn(self, line: str) -> None:
        """Print one line that a person should not miss."""
        self.stderr.write(self.style.WARNING(line))


def language() -> str:
    """Return ``ja`` or ``en``, by the variables that POSIX names for messages, in their order."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if said := os.environ.get(name):
            return "ja" if said.lower().startswith("ja") else "en"
    return "en"
