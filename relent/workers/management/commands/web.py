"""`relent web`: the web server alone."""

import sys
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from relent.workers import processes, terminal, web_server


class Command(terminal.TerminalCommand):
    """Answers web requests; turns are taken by `relent work`."""

    help = "Run the web server alone (PostgreSQL); `relent work` takes the turns."
    requires_system_checks = "__all__"

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until SIGTERM or SIGINT."""
        stop = threading.Event()
        processes.stop_on_signals(stop)
        if not settings.ON_POSTGRESQL:
            self.warn(_("On SQLite, `relent up` runs everything and notices changes sooner."))
        try:
            services = [processes.web()]
        except web_server.AddressInUse as error:
            raise CommandError(_("Cannot listen on %(address)s") % {"address": error}) from error
        at = {"url": settings.PUBLIC_URL, "listen": settings.LISTEN}
        self.say(_("The web server is up at %(url)s, listening on %(listen)s") % at)
        sys.exit(processes.run_together(services, stop))
