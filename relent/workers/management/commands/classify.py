"""`relent classify`: what the mails in files, mboxes, Maildirs and folders are, and how well that is told."""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from relent.flows import classifying, witness
from relent.flows.classifying import Judged, Label, Labels, NotLabels, Terms, Unreadable
from relent.workers import figures
from relent.workers.classifying import judged
from relent.workers.scenarios.process import cores
from relent.workers.terminal import TerminalCommand

_TOLD_EVERY = 500


class Command(TerminalCommand):
    """Exit status: 0, or 2 where something could not be read or was asked for wrongly. No database is needed."""

    help = "Say what mails are (files, folders, mbox, Maildir) and on what evidence; nothing is stored."
    requires_system_checks: list[str] = []  # they are about an install; this needs none

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the mails, the form of the output, and the labels to measure with."""
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="A mail, an mbox, a Maildir, a folder.")
        parser.add_argument("--json", action="store_true", help="One JSON object per mail instead of text.")
        parser.add_argument(
            "--labels",
            action="append",
            type=Path,
            default=[],
            metavar="FILE",
            help="Measure with these labels (labels.jsonl); without PATH, on the mails they name. May be repeated.",
        )
        parser.add_argument(
            "--own",
            action="append",
            default=[],
            metavar="ADDRESS",
            help="An address or a domain of ours: mail from it is our own. May be repeated.",
        )
        parser.add_argument(
            "--jobs", type=_jobs, default=cores(), metavar="N", help="Processes at most (default: %(default)s)."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Judge them, print what came of it, and leave with the exit status."""
        try:
            labels = [Labels(path) for path in options["labels"]]
        except NotLabels as fault:
            raise CommandError(str(fault), returncode=2) from fault
        paths = options["paths"] or [file for each in labels for file in each.files()]
        if not paths:
            raise CommandError(_("Name the mails to judge, or labels with --labels."), returncode=2)
        try:
            faults = self._run(paths, labels, options)
            self.stdout.flush()
        except KeyboardInterrupt:
            sys.exit(130)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # nobody reads on; and what is left must not complain again
            sys.exit(0)
        if faults:
            sys.exit(2)

    def _run(self, paths: list[Path], labels: list[Labels], options: dict[str, Any]) -> int:
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")  # a file's name may be in no charset
        if (fault := witness.fault()) is not None:
            self.stderr.write(fault.say(get_language() or "en"))
        one_by_one = options["json"] or not labels
        scored = []
        faults = done = 0
        found = (mail for path in paths for mail in classifying.mails(path))
        terms = Terms(own=options["own"], classifier=settings.CLASSIFIER, with_language=one_by_one)
        for told in judged(found, options["jobs"], terms):
            if isinstance(told, Unreadable):
                faults += 1
                self.stderr.write(f"{_printable(str(told.path))}: {told.why}")
                continue
            done += 1
            self._progress(done)
            if one_by_one:
                self._tell(told, options["json"])
            if (label := _label(labels, told)) is not None:
                scored.append(classifying.scored(told, label))
        self._progress(done, ended=True)
        if labels:
            told_of_all = classifying.figures(scored)
            self.stdout.write(_json(told_of_all) if options["json"] else "\n".join(figures.table(told_of_all)))
        return faults

    def _tell(self, told: Judged, as_json: bool) -> None:
        name = _encodable(told.mail.name)
        self.stdout.write(_json({"file": name, **told.told}) if as_json else "\t".join(_fields(name, told.told)))

    def _progress(self, done: int, *, ended: bool = False) -> None:
        if not sys.stderr.isatty() or done < _TOLD_EVERY:
            return
        if ended or done % _TOLD_EVERY == 0:
            told = _("%(count)s mails judged") % {"count": f"{done:,}"}
            self.stderr.write(f"\r{told}", ending="\n" if ended else "")
            self.stderr.flush()


def _label(labels: list[Labels], told: Judged) -> Label | None:
    return next((label for each in labels if (label := each.of(told.mail)) is not None), None)


def _fields(name: str, told: dict[str, Any]) -> Iterator[str]:
    """The fields of one line; a hyphen stands for nothing."""
    yield _printable(name)
    yield told["kind"]
    yield told["subkind"] or "-"
    yield f"{told['confidence']:.2f}"
    yield told["language"] or "-"
    yield told["returns_on"] or "-"
    recipients = (" ".join(filter(None, one.values())) for one in told["recipients"])
    yield _printable("; ".join(recipients)) or "-"
    yield _printable("; ".join(map(_seen, told["evidence"]))) or "-"


def _seen(evidence: dict[str, Any]) -> str:
    place = "" if evidence["start"] is None else f" [{evidence['start']}-{evidence['end']}]"
    return f"{evidence['kind']}: {evidence['seen']}{place}"


def _json(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False)


def _printable(text: str) -> str:
    """On one line, and without what a terminal would obey: mails come from anybody."""
    return "".join(letter if letter.isprintable() else " " for letter in _encodable(text))


def _encodable(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _jobs(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError("must be a whole number, 1 or more")
    return int(text)
