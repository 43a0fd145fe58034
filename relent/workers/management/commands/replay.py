"""`relent replay`: what past mails and meetings would have meant under another profile or other settings."""

import json
import re
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from relent import clock
from relent.flows import profiles, replaying
from relent.terms import reasons
from relent.terms.history import Action
from relent.workers import terminal

_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


class Command(BaseCommand):
    """Prints each decision that would differ, and changes nothing."""

    help = "Say which past mails and meetings would have been decided differently. Changes nothing."
    requires_system_checks = "__all__"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how far back, the profile, single settings, and the form of the answer."""
        parser.add_argument("--since", default="30d", metavar="30d", help="How far back: 12h, 30d, 8w.")
        parser.add_argument("--profile", default="", help="safe or hubspot-strict; by default the account's own.")
        parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="A setting that differs.")
        parser.add_argument("--json", action="store_true", help="One JSON object per line.")
        parser.add_argument("--language", choices=["en", "ja"], default=terminal.language())

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one paragraph per difference, oldest first, and how many were looked at."""
        with translation.override(options["language"]):
            try:
                policy = profiles.policy_of(options["profile"], _settings(options["set"]), clock.now())
            except ValueError as error:
                raise CommandError(str(error)) from error
            replayed = replaying.since(clock.now() - _back(options["since"]), policy)
            for one in replayed.differences:
                line = (
                    json.dumps(asdict(one), default=str, ensure_ascii=False)
                    if options["json"]
                    else _told(one, options["language"])
                )
                self.stdout.write(line)
            counted = {
                "mails": replayed.mails,
                "meetings": replayed.meetings,
                "different": len(replayed.differences),
                "dropped": replayed.dropped,
            }
            if options["json"]:
                self.stdout.write(json.dumps(counted))
                return
            self.stdout.write(
                _("%(mails)s mails and %(meetings)s meetings looked at, %(different)s decided differently.") % counted
            )
            if replayed.dropped:
                self.stdout.write(_("Of %(dropped)s mails the text is no longer kept.") % counted)


def _back(written: str) -> timedelta:
    matched = re.fullmatch(r"(\d{1,4})([hdw])", written)
    if matched is None:
        raise CommandError(_("%(written)s is no span of time; write 12h, 30d or 8w.") % {"written": written})
    return timedelta(**{_UNITS[matched.group(2)]: int(matched.group(1))})


def _settings(written: list[str]) -> dict[str, str]:
    pairs = [one.partition("=") for one in written]
    if any(not separator for _name, separator, _value in pairs):
        raise CommandError(_("Write --set NAME=VALUE."))
    return {name: value for name, _separator, value in pairs}


def _told(one: replaying.Difference, language: str) -> str:
    at = timezone.localtime(one.at)
    return "\n".join(
        (
            _("%(at)s  %(contact)s in “%(sequence)s”: %(what)s")
            % {"at": f"{at:%Y-%m-%d %H:%M %Z}", "contact": one.contact, "sequence": one.sequence, "what": one.what},
            "  " + _("decided: %(verdict)s") % {"verdict": _verdict(one.was, language)},
            "  " + _("would be: %(verdict)s") % {"verdict": _verdict(one.would_be, language)},
            "  " + _("Rule: %(rule)s") % {"rule": one.rule},
        )
    )


def _verdict(pair: tuple[str, str], language: str) -> str:
    return f"{Action(pair[0]).say(language)} {reasons.sentence(pair[1], language)}"
