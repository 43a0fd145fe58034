"""`relent turn`: one turn by hand."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from relent import clock
from relent.flows import turn
from relent.records import models
from relent.workers import terminal
from relent.workers.engine import taking


class Command(terminal.TerminalCommand):
    """Takes one turn of one mailbox, or of each that wants one, and prints what came of it."""

    help = "Take one turn: of the mailbox named by address or id, or of each that wants one."
    requires_system_checks = "__all__"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take an address, an id, or nothing."""
        parser.add_argument("mailbox", nargs="?", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take the turns one after the other."""
        wanted = [_find(options["mailbox"])] if options["mailbox"] else turn.wanted(clock.now())
        if not wanted:
            self.stdout.write(_("No mailbox wants a turn now."))
        for mailbox_id in wanted:
            report = turn.take(mailbox_id, clock.now, taking.holder())
            self.stdout.write(f"{models.Mailbox.objects.get(pk=mailbox_id)}: {_told(report)}")


def _find(named: str) -> int:
    by = {"pk": int(named)} if named.isdecimal() else {"address": named.lower()}
    mailbox = models.Mailbox.objects.filter(**by).first()
    if mailbox is None:
        raise CommandError(_("There is no mailbox %(named)s.") % {"named": named})
    return mailbox.pk


def _told(report: turn.TurnReport) -> str:
    if report.busy:
        return _("another worker holds it")
    counts = _("read %(read)s, executed %(executed)s") % {"read": report.read, "executed": report.executed}
    return f"{counts}; {report.error}" if report.error else counts
