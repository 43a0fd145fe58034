"""Keys that the account makes for itself, and what stays of an erased address."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import models

from relent.records.fields import SecretsField
from relent.terms import addresses

# What an erased address starts with; no address has a colon before an unquoted ``@`` (RFC 5321 section 4.1.2).
ERASED = "erased:"
_NAME = "erasure"


class AccountKeyQuerySet(models.QuerySet["AccountKey"]):
    """Uses of the key by which erased addresses are known again."""

    def make(self, now: datetime) -> None:
        """See that there is one (32 random bytes), before the first address is erased."""
        self.get_or_create(name=_NAME, defaults={"secrets": {"key": secrets.token_hex(32)}, "created_at": now})

    def marks(self, written: Iterable[str]) -> dict[str, str]:
        """Return for each of the ``written`` addresses the mark that stays of it once it is erased (HMAC-SHA-256);
        empty where nothing was ever erased."""
        kept = self.filter(name=_NAME).first()
        if kept is None:
            return {}
        key = bytes.fromhex(kept.secrets["key"])
        return {address: ERASED + _hash(key, addresses.canonical(address)) for address in written}


class AccountKey(models.Model):
    """A key that the account made for itself once and never changes, as ``erasure``: what was hashed with it must be
    found again, whatever becomes of the keys in the settings."""

    name = models.CharField(max_length=40, unique=True)
    secrets = SecretsField(default=dict, editable=False)
    created_at = models.DateTimeField()

    objects = AccountKeyQuerySet.as_manager()


def _hash(key: bytes, address: str) -> str:
    return hmac.new(key, address.encode(), hashlib.sha256).hexdigest()
