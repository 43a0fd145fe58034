"""`relent opt-outs`: take in lists of people who want no mail."""

import sys
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from relent import clock
from relent.flows import opt_outs
from relent.workers import terminal


class Command(BaseCommand):
    """Imports a list of opt-outs."""

    help = "Import a list of opt-outs (`import FILE`, - for standard input): CSV, or one address to the line."
    requires_system_checks = "__all__"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to do and the file."""
        parser.add_argument("verb", choices=["import"])
        parser.add_argument("file", type=_content, metavar="FILE")
        parser.add_argument("--language", choices=["en", "ja"], default=terminal.language())

    def handle(self, *args: Any, **options: Any) -> None:
        """Work off the list; say on standard error how far it is, and at the end what became of each row."""
        name, content = options["file"]
        with translation.override(options["language"]):
            try:
                row = opt_outs.start(name, content, None, clock.now())
            except opt_outs.TooLarge:
                raise CommandError(_("The file is too large: split it.")) from None
            for row in opt_outs.portions(row, clock.now):  # noqa: B020 -- the last one is what is told
                self.stderr.write(f"{row.position}/{row.total}")
            numbers = {"added": row.added, "known": row.known, "bad": row.bad}
            self.stdout.write(_("%(added)s added, %(known)s known before, %(bad)s without an address") % numbers)
            for line, written in row.faults:
                self.stdout.write(
                    _("line %(line)s: no mail address in “%(written)s”") % {"line": line, "written": written}
                )


def _content(path: str) -> tuple[str, bytes]:
    if path == "-":
        return "-", sys.stdin.buffer.read(opt_outs.LARGEST + 1)
    try:
        return Path(path).name, Path(path).read_bytes()
    except OSError as error:
        raise ArgumentTypeError(str(error)) from error
