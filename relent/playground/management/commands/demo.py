"""`relent demo`: Relent with a small world around it, on this machine only."""

import os
import sys
import threading
import webbrowser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.urls import reverse
from django.utils.translation import gettext as _

from relent import clock
from relent.playground import entrance, environment, sample, scene, world
from relent.workers import processes, terminal, web_server
from relent.workers.engine.embedded import EmbeddedEngine


class Command(terminal.TerminalCommand):
    """Sets up an install of its own, and runs it together with the world's mail server. Needs no environment."""

    help = "Try Relent with a small world of mailboxes on this machine; nothing is set up and nothing leaves it."
    requires_system_checks = "__all__"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what environment.prepare has read already, and whether to open a browser."""
        environment.add_arguments(parser)
        parser.add_argument("--no-browser", action="store_true", help="Only print the address.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until Ctrl-C."""
        if not settings.PLAYGROUND_DIR:
            raise CommandError("Run it as `relent demo`.")
        stop = threading.Event()
        processes.stop_on_signals(stop)
        outside = world.World(environment.smtp_port(Path(settings.PLAYGROUND_DIR)))
        try:
            with processes.alone():
                processes.migrate()
                outside.start()
                self._set_the_scene()
                services = [processes.web(), *processes.turns(EmbeddedEngine(scene.take_gated))]
                self._invite(open_browser=not options["no_browser"])
                code = processes.run_together(services, stop)
        except (OSError, web_server.AddressInUse, processes.AlreadyAtWork) as error:
            raise CommandError(str(error)) from error
        finally:
            outside.stop()
        self.say(_("The demo has stopped. `relent demo` goes on, `relent demo --fresh` starts anew."))
        sys.exit(code)

    def _set_the_scene(self) -> None:
        if scene.is_set():
            scene.connect_mailbox(scene.rep(), clock.now())
        else:
            scene.set_up(clock.now())

    def _invite(self, *, open_browser: bool) -> None:
        link = f"{settings.PUBLIC_URL}{reverse('playground:enter', args=[entrance.open_once()])}"
        self.say(_("The demo is up. This link signs you in, once:"))
        self.say(f"\n    {link}\n")
        self.say(
            _("Later: %(url)s, as %(user)s with the password %(password)s")
            % {
                "url": settings.PUBLIC_URL,
                "user": sample.REP_ADDRESS,
                "password": environment.password(Path(settings.PLAYGROUND_DIR)),
            }
        )
        self.say(_("Stop it with Ctrl-C."))
        if open_browser and (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            webbrowser.open(link)
