"""`relent up`: the whole of Relent in one process."""

import sys
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from relent.workers import processes, terminal, web_server


class Command(terminal.TerminalCommand):
    """Checks the settings, brings the database up to date, and runs the web server and the turns until stopped."""

    help = "Run everything in one process: web server, turns and watchers. Stop it with Ctrl-C or SIGTERM."
    requires_system_checks = "__all__"

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until SIGTERM or SIGINT."""
        stop = threading.Event()
        processes.stop_on_signals(stop)
        self.say(_("The settings are sound."))
        try:
            with processes.alone():
                pending = processes.migrate()
                self.say(_("The database is up to date (%(count)s migrations were run).") % {"count": pending})
                services = [processes.web(), *processes.turns()]
                at = {"url": settings.PUBLIC_URL, "listen": settings.LISTEN}
                self.say(_("Relent is up at %(url)s, listening on %(listen)s") % at)
                code = processes.run_together(services, stop)
        except processes.AlreadyAtWork as error:
            raise CommandError(_("Relent is already at work on %(folder)s.") % {"folder": error}) from error
        except web_server.AddressInUse as error:
            raise CommandError(_("Cannot listen on %(address)s") % {"address": error}) from error
        self.say(_("Relent has stopped."))
        sys.exit(code)
