"""`relent train-classifier`: make the file that RELENT_CLASSIFIER may name."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from relent.flows import training
from relent.workers import terminal


class Command(BaseCommand):
    """Trains a text classifier on labeled mails."""

    help = "Train a text classifier on labeled mails (labels.jsonl, the mails beside it) and write it to --out FILE."
    requires_system_checks = "__all__"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the labels and where to write."""
        parser.add_argument("labels", nargs="+", type=Path, metavar="LABELS.jsonl")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="The file to write, as words.npz.")
        parser.add_argument("--language", choices=["en", "ja"], default=terminal.language())

    def handle(self, *args: Any, **options: Any) -> None:
        """Print on how many mails it was trained, and about how many it would ask."""
        with translation.override(options["language"]):
            try:
                trained = training.train(options["labels"], options["out"])
            except (training.CannotTrain, OSError) as error:
                raise CommandError(str(error)) from error
            counted = {
                "persons": trained.persons,
                "machines": trained.machines,
                "asked": trained.asked,
                "caught": trained.caught,
            }
            self.stdout.write(_("Trained on %(persons)s mails of people and %(machines)s of machines.") % counted)
            self.stdout.write(
                _(
                    "Of mails not seen in training it would ask about %(asked)s of %(persons)s people's and "
                    "%(caught)s of %(machines)s machines'."
                )
                % counted
            )
