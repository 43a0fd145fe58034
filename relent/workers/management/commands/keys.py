"""`relent keys`: fresh keys."""

import secrets
from typing import Any

from cryptography.fernet import Fernet
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Prints the two keys that an install needs, as lines for its environment."""

    help = "Print fresh RELENT_SECRET_KEY and RELENT_SECRETS_KEYS lines; nothing is stored."
    requires_system_checks: list[str] = []  # the checks ask for the keys that this makes

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line per key."""
        self.stdout.write(f"RELENT_SECRET_KEY={secrets.token_urlsafe(50)}")
        self.stdout.write(f"RELENT_SECRETS_KEYS={Fernet.generate_key().decode()}")
