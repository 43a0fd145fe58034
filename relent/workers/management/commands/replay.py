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
    """Prints each judgement and each decision that would differ, and changes nothing."""

    help = "Say which past mails the rules of now take for something else, and what would be decided differently."
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
            found: list[replaying.Rejudged | replaying.Difference] = [*replayed.rejudged, *replayed.differences]
            for one in found:
                if options["json"]:
                    line = json.dumps(asdict(one), default=str, ensure_ascii=False)
                else:
                    line = _told(one, options["language"])
                self.stdout.write(line)
            counted = {
                "mails": replayed.mails,
                "meetings": replayed.meetings,
                "rejudged": len(replayed.rejudged),
                "different": len(replayed.differences),
                "dropped": replayed.dropped,
            }
            if options["json"]:
                self.stdout.write(json.dumps(counted))
                return
            self.stdout.write(
                _("%(mails)s mails and %(meetings)s meetings looked at, %(different)s decided differently.") % counted
            )
            if replayed.rejudged:
                self.stdout.write(_("Taken for something else by the rules of now: %(rejudged)s.") % counted)
            if replayed.dropped:
                self.stdout.write(_("Of %(dropped)s mails nothing is kept.") % counted)


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


def _told(one: replaying.Rejudged | replaying.Difference, language: str) -> str:
    return _judged(one) if isinstance(one, replaying.Rejudged) else _decided(one, language)


def _judged(one: replaying.Rejudged) -> str:
    at = timezone.localtime(one.at)
    lines = [
        _("%(at)s  %(sender)s: %(what)s") % {"at": f"{at:%Y-%m-%d %H:%M %Z}", "sender": one.sender, "what": one.what},
        "  " + _("taken for: %(kind)s") % {"kind": _kind(one.was)},
        "  " + _("would be: %(verdict)s") % {"verdict": _kind(one.would_be)},
    ]
    if one.said:
        lines.append("  " + _("A user said: %(said)s") % {"said": one.said})
    return "\n".join(lines)


def _kind(pair: tuple[str, str]) -> str:
    return " ".join(part for part in pair if part)


def _decided(one: replaying.Difference, language: str) -> str:
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
