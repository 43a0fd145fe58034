"""`relent explain`: what was decided about a contact or a mail, and why."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from relent.flows import explaining
from relent.records import models
from relent.terms import addresses, evidence, reasons
from relent.terms.history import Action
from relent.workers import terminal


class Command(BaseCommand):
    """Prints the ledger's lines as sentences."""

    help = "Say what was decided about a contact (address or id), or on one mail (--message ID), and on what evidence."
    requires_system_checks = "__all__"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a contact or a Message-ID, and a language."""
        parser.add_argument("contact", nargs="?", default="")
        parser.add_argument("--message", default="", metavar="ID", help="The Message-ID of a received mail.")
        parser.add_argument("--language", choices=["en", "ja"], default=terminal.language())

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one paragraph per decision, oldest first."""
        if bool(options["contact"]) == bool(options["message"]):
            raise CommandError(_("Name a contact, or a mail with --message."))
        with translation.override(options["language"]):
            if options["message"]:
                lines = explaining.message(options["message"])
            else:
                lines = explaining.contact(_find(options["contact"]))
            told = [_paragraph(line, options["language"]) for line in lines]
            self.stdout.write("\n\n".join(told) if told else _("Nothing has been decided."))


def _find(named: str) -> models.Contact:
    if named.isdecimal():
        found = models.Contact.objects.filter(pk=int(named))
    else:
        found = models.Contact.objects.filter(addresses__address=addresses.canonical(named))
    contact = found.order_by("-pk").first()
    if contact is None:
        raise CommandError(_("There is no contact %(named)s.") % {"named": named})
    return contact


def _paragraph(line: explaining.Line, language: str) -> str:
    told = [
        _("%(at)s  %(contact)s in “%(sequence)s”")
        % {"at": _time(line.event_at), "contact": line.contact, "sequence": line.sequence},
        f"  {_decided(line.verdict, line.reason, language)}",
        "  " + _("Rule: %(rule)s") % {"rule": line.rule},
        "  " + _("Certainty: %(certainty)s") % {"certainty": _certainty(line.confidence, language)},
        "  " + _("Decided: %(at)s") % {"at": _time(line.decided_at)},
    ]
    if line.meeting:
        told.insert(1, "  " + _("Meeting: %(meeting)s") % {"meeting": line.meeting})
    if line.subject:
        told.insert(1, "  " + _("Mail: %(subject)s") % {"subject": line.subject})
    if not line.applied and line.verdict != Action.KEEP:
        told.append("  " + _("It was in force already, so nothing changed."))
    told += [f"  - {evidence.label(kind, language)}: {seen}" for kind, seen in line.evidence]
    for profile, (verdict, reason) in line.other_profile.items():
        told.append(
            "  "
            + _("The profile %(profile)s would decide: %(decision)s")
            % {"profile": profile, "decision": _decided(verdict, reason, language)}
        )
    return "\n".join(told)


def _decided(verdict: str, reason: str, language: str) -> str:
    return f"{_verdict(verdict, language)} {reasons.sentence(reason, language)} [{verdict}, {reason}]"


def _certainty(code: str, language: str) -> str:
    return evidence.Confidence(code).say(language) if code in set(evidence.Confidence) else code


def _time(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S %Z}"


def _verdict(code: str, language: str) -> str:
    return Action(code).say(language) if code in set(Action) else code
