"""`relent overrules`: what people said of mails against the rules."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from relent import clock
from relent.flows import labels
from relent.records import models
from relent.workers import terminal


class Command(BaseCommand):
    """Counts overruled judgements, and writes them out as labels."""

    help = "Count the judgements that were overruled; --export DIR writes them as labels, with the mails."
    requires_system_checks = "__all__"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a folder to write to, and a language."""
        parser.add_argument("--export", type=Path, metavar="DIR", help="Write labels.jsonl and the mails there.")
        parser.add_argument("--language", choices=["en", "ja"], default=terminal.language())

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many of how many were overruled; with ``--export``, how many mails were written."""
        with translation.override(options["language"]):
            came = models.InboundItem.objects
            counted = {"overruled": came.all().overruled().count(), "judged": came.all().judged().count()}
            self.stdout.write(_("%(overruled)s of %(judged)s judgements overruled.") % counted)
            if options["export"] is None:
                return
            try:
                written = labels.write(options["export"], clock.now())
            except OSError as error:
                raise CommandError(str(error)) from error
            self.stdout.write(
                _("%(mails)s mails written to %(folder)s; they are letters of others: keep them safe.")
                % {
                    "mails": written,
                    "folder": options["export"],
                }
            )
