"""`relent rotate-keys`: encrypt every stored secret with the newest key."""

from typing import Any

from django.core.management.base import CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from relent.records import fields, models
from relent.workers import terminal


class Command(terminal.TerminalCommand):
    """Reads each mailbox's secrets with any key, and writes them with the first. Safe to repeat and to break off."""

    help = "Encrypt all mailbox secrets with the first key of RELENT_SECRETS_KEYS; then the others can be taken away."
    requires_system_checks = "__all__"

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through all mailboxes, one UPDATE each."""
        ids = list(models.Mailbox.objects.order_by("pk").values_list("pk", flat=True))
        locked = [mailbox_id for mailbox_id in ids if not self._rotate(mailbox_id)]
        self.stdout.write(_("%(count)s mailboxes now use the first key.") % {"count": len(ids) - len(locked)})
        if locked:
            addresses = models.Mailbox.objects.filter(pk__in=locked).values_list("address", flat=True)
            raise CommandError(
                _("No key of RELENT_SECRETS_KEYS opens the secrets of: %(mailboxes)s. Put the missing key back.")
                % {"mailboxes": ", ".join(addresses)}
            )

    @transaction.atomic
    def _rotate(self, mailbox_id: int) -> bool:
        row = models.Mailbox.objects.filter(pk=mailbox_id)
        try:
            # Locked: a password that a user changes meanwhile must not be overwritten with the old one.
            secrets = row.select_for_update().values_list("secrets", flat=True).first()
        except fields.UndecryptableSecret:
            return False
        if secrets:
            row.update(secrets=secrets)
        return True
