"""`relent enroll`: enroll contacts in a sequence from a terminal, each for itself."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from relent import clock
from relent.flows import bulk_enrolling
from relent.records.models import EnrollBatch, EnrollRow
from relent.terms import reasons
from relent.workers import naming, terminal


class Command(BaseCommand):
    """Enrolls contacts in the name of a user, and prints what became of each."""

    help = "Enroll contacts (addresses or ids; - reads them from standard input, one a line) in a sequence."
    requires_system_checks = "__all__"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a sequence, contacts, and who does it."""
        parser.add_argument("sequence", help="Name or id.")
        parser.add_argument("contacts", nargs="+", metavar="contact")
        parser.add_argument("--by", required=True, metavar="USER", help="Address of the user who does it.")
        parser.add_argument("--mailbox", default="", metavar="ADDRESS", help="The user's own, if left out.")
        parser.add_argument("--start-step", type=int, default=1, metavar="N")
        parser.add_argument("--language", choices=["en", "ja"], default=terminal.language())

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each contact as it is dealt with; exit with 1 where one was refused."""
        with translation.override(options["language"]):
            named = options["contacts"]
            if named == ["-"]:
                named = [line.strip() for line in sys.stdin if line.strip()]
            wish = bulk_enrolling.Wish(
                sequence=naming.sequence(options["sequence"]),
                by=naming.user(options["by"]),
                mailbox=naming.mailbox(options["mailbox"]) if options["mailbox"] else None,
                start_step=options["start_step"],
            )
            found, unknown = self._found(named)
            batch = bulk_enrolling.begin(wish, found, clock.now())
            refused = unknown + self._work(batch, options["language"])
            if refused:
                raise CommandError(_("%(number)d were not enrolled.") % {"number": refused})

    def _found(self, named: list[str]) -> tuple[list[int], int]:
        """Return the contacts' ids, and how many names fit none: they are told, and keep nobody else out."""
        found, unknown = list[int](), 0
        for each in named:
            try:
                found.append(naming.contact(each).pk)
            except CommandError as error:
                self.stdout.write(str(error))
                unknown += 1
        return found, unknown

    def _work(self, batch: EnrollBatch, language: str) -> int:
        told = refused = 0
        done = False
        while not done:
            done = bulk_enrolling.work(batch, clock.now())
            rows = EnrollRow.objects.filter(batch=batch, pk__gt=told, at__isnull=False).order_by("pk")
            for row in rows.select_related("contact"):
                told, refused = row.pk, refused + bool(row.code)
                became = f"{reasons.sentence(row.code, language)} {row.detail}".strip() if row.code else _("Enrolled.")
                self.stdout.write(f"{row.contact}: {became}")
        return refused
