"""`relent scenarios`: tell stories to the real flows, and check how they end."""

import argparse
import json
import logging
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from relent.workers.scenarios import database, environment, loader, process
from relent.workers.scenarios.nodes import NotAScenario
from relent.workers.scenarios.process import Told


class Command(BaseCommand):
    """Exit status: 0 where all passed, 1 where one failed, 2 where a file is not a scenario."""

    help = "Run every scenario (*.yaml) below PATH on an empty database of its own. Nothing leaves the machine."
    requires_system_checks: list[str] = []  # they are about an install; a scenario touches none

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the paths, the form of the output, and where to run."""
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--json", action="store_true", help="One JSON object per file instead of text.")
        parser.add_argument(
            "--jobs", type=_jobs, default=process.cores(), metavar="N", help="Processes at most (default: %(default)s)."
        )
        parser.add_argument(
            "--database",
            metavar="URL",
            help="Run on this PostgreSQL instead of in memory, in schemas made for the run and dropped after it; "
            "nothing else in the database is touched.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run them and leave with the exit status."""
        ground = environment.ground()
        if options["database"] and not ground.prefix:
            raise CommandError("--database takes a URL that starts with postgres://", returncode=2)
        logging.disable(logging.ERROR)  # a story's failing servers are meant to fail
        try:
            status = self._run(options, ground)
        finally:
            database.drop(ground.prefix)
        if status:
            sys.exit(status)

    def _run(self, options: dict[str, Any], ground: environment.Ground) -> int:
        tell = self._tell_json if options["json"] else self._tell
        passed = failed = faults = 0
        for told in _with_own_ids(_all(options["paths"], options["jobs"], ground)):
            if told.fault:
                faults += 1
                self.stderr.write(told.fault)
                if options["json"]:
                    self._tell_json(told.id, told.file, [told.fault])
                continue
            passed, failed = passed + (not told.failures), failed + bool(told.failures)
            tell(told.id, told.file, list(told.failures))
        if not options["json"]:
            self.stdout.write(f"{passed} passed, {failed} failed")
        return 2 if faults else int(bool(failed))

    def _tell(self, name: str, file: Path, failures: list[str]) -> None:
        self.stdout.write(f"FAIL {name} ({file}): {'; '.join(failures)}" if failures else f"pass {name}")
        self.stdout.flush()

    def _tell_json(self, name: str, file: Path, failures: list[str]) -> None:
        told = {"id": name, "file": str(file), "passed": not failures, "failures": failures}
        self.stdout.write(json.dumps(told, ensure_ascii=False))
        self.stdout.flush()


def _all(paths: Sequence[Path], jobs: int, ground: environment.Ground) -> Iterator[Told]:
    """Tell the stories of every file below ``paths``; a path without one is a fault."""
    files: dict[Path, Path] = {}
    faults = []
    for path in paths:
        try:
            for file in loader.files([path]):
                files.setdefault(file.resolve(), file)
        except NotAScenario as fault:
            faults.append(Told(path, fault=str(fault)))
    yield from faults
    yield from process.tell_all(list(files.values()), jobs, ground)


def _with_own_ids(stories: Iterator[Told]) -> Iterator[Told]:
    """Let the second of two files with the same id be a fault."""
    seen: dict[str, Path] = {}
    for told in stories:
        if told.fault or seen.setdefault(told.id, told.file) == told.file:
            yield told
        else:
            first = seen[told.id]
            yield Told(told.file, fault=f"{told.file}:1: id: {told.id!r} is the id of {first} already")


def _jobs(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError("must be a whole number, 1 or more")
    return int(text)
