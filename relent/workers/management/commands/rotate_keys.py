"""`relent rotate-keys`: encrypt every stored secret with the newest key."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management.base import CommandError
from django.db import models, transaction
from django.utils.translation import gettext as _

from relent.records import fields
from relent.workers import terminal


class Command(terminal.TerminalCommand):
    """Reads each stored secret with any key, and writes it with the first. Safe to repeat and to break off."""

    help = "Encrypt all stored secrets with the first key of RELENT_SECRETS_KEYS; then the others can be taken away."
    requires_system_checks = "__all__"

    def handle(self, *args: Any, **options: Any) -> None:
        """Go through whatever keeps secrets, one UPDATE each."""
        rows = [
            (model, column, pk) for model, column in _keepers() for pk in model.objects.values_list("pk", flat=True)
        ]
        locked = [(model, pk) for model, column, pk in rows if not _rotate(model, column, pk)]
        self.stdout.write(_("%(count)s secrets now use the first key.") % {"count": len(rows) - len(locked)})
        if locked:
            raise CommandError(
                _("No key of RELENT_SECRETS_KEYS opens the secrets of: %(owners)s. Put the missing key back.")
                % {"owners": ", ".join(_name(model, pk) for model, pk in locked)}
            )


def _keepers() -> Iterator[tuple[Any, str]]:
    """Yield each model that keeps secrets, with the column."""
    for model in apps.get_app_config("records").get_models():
        for field in model._meta.get_fields():
            if isinstance(field, fields.SecretsField):
                yield model, field.name


@transaction.atomic
def _rotate(model: Any, column: str, pk: int) -> bool:
    row = model.objects.filter(pk=pk)
    try:
        # Locked: a password that a user changes meanwhile must not be overwritten with the old one.
        secrets = row.select_for_update().values_list(column, flat=True).first()
    except fields.UndecryptableSecret:
        return False
    if secrets:
        row.update(**{column: secrets})
    return True


def _name(model: type[models.Model], pk: int) -> str:
    """Name the row without its secrets: by its address, its name, or its number."""
    known = {field.name for field in model._meta.get_fields()} & {"address", "name"}
    said = model._default_manager.filter(pk=pk).values_list(*sorted(known)[:1] or ["pk"], flat=True).first()
    return f"{model._meta.verbose_name} {said}"
