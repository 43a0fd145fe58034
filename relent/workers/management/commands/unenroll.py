"""`relent unenroll`: take a contact out of its sequences from a terminal."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from relent import clock
from relent.flows import unenrolling
from relent.workers import naming, terminal


class Command(BaseCommand):
    """Unenrolls by hand, in the name of a user."""

    help = "Take a contact (address or id) out of its sequences, or out of the one named with --sequence."
    requires_system_checks = "__all__"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a contact, a sequence, and who does it."""
        parser.add_argument("contact")
        parser.add_argument("--sequence", default="", metavar="NAME", help="Name or id; without it, all of them.")
        parser.add_argument("--by", default="", metavar="USER", help="Address of the user who does it.")
        parser.add_argument("--language", choices=["en", "ja"], default=terminal.language())

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line for each enrollment; it is an error where there is none."""
        with translation.override(options["language"]):
            by, contact = naming.user(options["by"]), naming.contact(options["contact"])
            running = contact.enrollments.open().select_related("sequence").order_by("pk")
            if options["sequence"]:
                running = running.filter(sequence=naming.sequence(options["sequence"]))
            if not running:
                raise CommandError(_("%(contact)s is in no such sequence.") % {"contact": contact})
            for enrollment in running:
                self._unenroll(enrollment, by)

    def _unenroll(self, enrollment: Any, by: Any) -> None:
        said = {"contact": enrollment.contact, "sequence": enrollment.sequence}
        try:
            ended = unenrolling.by_hand(enrollment.pk, by, clock.now(), surface="cli")
        except unenrolling.NotAllowed as refusal:
            raise CommandError(_("%(user)s may not do this.") % {"user": by}) from refusal
        line = _("%(contact)s has left “%(sequence)s”.") if ended else _("%(contact)s had left “%(sequence)s” before.")
        self.stdout.write(line % said)
