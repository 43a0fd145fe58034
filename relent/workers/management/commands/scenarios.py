"""`relent scenarios`: tell stories to the real flows, and check how they end."""

import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from relent.workers.scenarios import loader, run
from relent.workers.scenarios.nodes import NotAScenario
from relent.workers.scenarios.story import Scenario


class Command(BaseCommand):
    """Exit status: 0 where all passed, 1 where one failed, 2 where a file is not a scenario."""

    help = "Run every scenario (*.yaml) below PATH on an empty database in memory. Nothing leaves the machine."
    requires_system_checks: list[str] = []  # they are about an install; a scenario touches none

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the paths, and the form of the output."""
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--json", action="store_true", help="One JSON object per file instead of text.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run them and leave with the exit status."""
        logging.disable(logging.ERROR)  # a story's failing servers are meant to fail
        call_command("migrate", verbosity=0)
        tell = self._tell_json if options["json"] else self._tell
        passed = failed = faults = 0
        for file, scenario in _read(options["paths"]):
            if isinstance(scenario, NotAScenario):
                faults += 1
                self.stderr.write(str(scenario))
                if options["json"]:
                    tell("", file, [str(scenario)])
                continue
            failures = list(run.run(scenario).failures)
            passed, failed = passed + (not failures), failed + bool(failures)
            tell(scenario.id, file, failures)
        if not options["json"]:
            self.stdout.write(f"{passed} passed, {failed} failed")
        if faults or failed:
            sys.exit(2 if faults else 1)

    def _tell(self, name: str, file: Path, failures: list[str]) -> None:
        self.stdout.write(f"FAIL {name} ({file}): {'; '.join(failures)}" if failures else f"pass {name}")

    def _tell_json(self, name: str, file: Path, failures: list[str]) -> None:
        told = {"id": name, "file": str(file), "passed": not failures, "failures": failures}
        self.stdout.write(json.dumps(told, ensure_ascii=False))


def _read(paths: list[Path]) -> Iterator[tuple[Path, Scenario | NotAScenario]]:
    """Read every file, or what keeps it from being a scenario; two may not have the same id."""
    seen: dict[str, Path] = {}
    for path in paths:
        try:
            found = list(loader.files([path]))
        except NotAScenario as fault:
            yield path, fault
            continue
        for file in found:
            try:
                scenario = loader.load(file)
                if seen.setdefault(scenario.id, file).resolve() != file.resolve():
                    raise NotAScenario(f"{file}:1", "id", f"{scenario.id!r} is the id of {seen[scenario.id]} already")
            except NotAScenario as fault:
                yield file, fault
            else:
                yield file, scenario
