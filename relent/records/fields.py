"""Fields of our own: text encrypted at rest, and bytes compressed at rest."""

import json
import zlib
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

if TYPE_CHECKING:
    _Bytes = models.BinaryField[Any, Any]
else:
    _Bytes = models.BinaryField  # generic for the type checker only


class UndecryptableSecret(Exception):
    """No key of RELENT_SECRETS_KEYS opens a stored secret: a key was taken away before ``relent rotate-keys`` ran."""


def keyring() -> MultiFernet:
    """Return the keys of RELENT_SECRETS_KEYS; the first one encrypts, all of them decrypt."""
    if not settings.SECRETS_KEYS:
        raise ImproperlyConfigured("RELENT_SECRETS_KEYS is empty: set it to a key made by `relent keys`.")
    return MultiFernet([Fernet(key) for key in settings.SECRETS_KEYS])


class SecretsField(_Bytes):
    """A ``dict[str, str]`` of secrets, stored as one Fernet token, so that a stolen database tells nothing."""

    def from_db_value(self, value: Any, *_: object) -> dict[str, str]:
        """Decrypt what the database holds."""
        if not value:
            return {}
        try:
            return dict(json.loads(keyring().decrypt(bytes(value))))
        except InvalidToken as error:
            raise UndecryptableSecret("No key of RELENT_SECRETS_KEYS opens this secret.") from error

    def get_prep_value(self, value: dict[str, str] | None) -> bytes:
        """Encrypt what the database is to hold."""
        return keyring().encrypt(json.dumps(value).encode()) if value else b""


class CompressedField(_Bytes):
    """Bytes that are kept compressed (zlib); ``None`` where they were dropped by the retention setting."""

    def from_db_value(self, value: Any, *_: object) -> bytes | None:
        """Decompress what the database holds."""
        return None if value is None else zlib.decompress(bytes(value))

    def get_prep_value(self, value: bytes | None) -> bytes | None:
        """Compress what the database is to hold."""
        return None if value is None else zlib.compress(value, level=6)
