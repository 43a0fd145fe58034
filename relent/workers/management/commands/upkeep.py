"""`relent upkeep`: tidy up by hand; `relent up` and `relent work` do it each hour."""

from typing import Any

from django.utils.translation import gettext as _

from relent import clock
from relent.flows import upkeep
from relent.workers import terminal


class Command(terminal.TerminalCommand):
    """Drops what the retention settings let go, and sessions that are over."""

    help = "Drop what retention lets go (originals of old mails, ended sessions). Runs each hour by itself."
    requires_system_checks = "__all__"

    def handle(self, *args: Any, **options: Any) -> None:
        """Tidy up once."""
        upkeep.run(clock.now())
        self.stdout.write(_("Tidied up."))
