"""`relent work`: the turns alone."""

import sys
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from relent.workers import processes, terminal


class Command(terminal.TerminalCommand):
    """Takes turns and watches mailboxes; any number of these may run on PostgreSQL."""

    help = "Take turns and watch mailboxes, without the web server (PostgreSQL; run as many as needed)."
    requires_system_checks = "__all__"

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until SIGTERM or SIGINT."""
        stop = threading.Event()
        processes.stop_on_signals(stop)
        if not settings.ON_POSTGRESQL:
            self.warn(_("On SQLite, `relent up` runs everything and notices changes sooner."))
        try:
            with processes.alone():
                self.say(_("At work."))
                code = processes.run_together(processes.turns(), stop)
        except processes.AlreadyAtWork as error:
            raise CommandError(_("Relent is already at work on %(folder)s.") % {"folder": error}) from error
        sys.exit(code)
