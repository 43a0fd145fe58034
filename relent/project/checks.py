"""System checks: settings that were told wrong are said at start, each with an id."""

from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from relent.project import sqlite


@register()
def environment_is_readable(**_: Any) -> list[CheckMessage]:
    """E001: a variable has a value that cannot be read."""
    return [
        Error(f"{fault.variable}: {fault.message}.", id="relent.E001", hint="docs/settings.md lists every variable.")
        for fault in settings.ENVIRONMENT_FAULTS
    ]


@register()
def keys_are_set(**_: Any) -> list[CheckMessage]:
    """E002 and E003: the two keys are missing or malformed."""
    found: list[CheckMessage] = []
    if not settings.ENVIRONMENT["RELENT_SECRET_KEY"]:
        found.append(Error("RELENT_SECRET_KEY is not set.", id="relent.E002", hint="`relent keys` makes one."))
    try:
        keys = [Fernet(key) for key in settings.SECRETS_KEYS]
    except ValueError:
        keys = []
    if not keys:
        found.append(
            Error("RELENT_SECRETS_KEYS holds no valid key.", id="relent.E003", hint="`relent keys` makes one.")
        )
    return found


@register()
def public_url_is_an_address(**_: Any) -> list[CheckMessage]:
    """E004: the public URL cannot stand in a mail. W001: it is not encrypted, and not on this machine."""
    parts = urlsplit(settings.PUBLIC_URL)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return [Error("RELENT_PUBLIC_URL must start with http:// or https://.", id="relent.E004")]
    if parts.scheme == "http" and parts.hostname not in {"127.0.0.1", "localhost"}:
        return [Warning("RELENT_PUBLIC_URL is not HTTPS: one-click unsubscribe needs it.", id="relent.W001")]
    return []


@register()
def sqlite_is_sound(**_: Any) -> list[CheckMessage]:
    """W002: an SQLite with the WAL-reset fault is opened with a rollback journal, which is slower."""
    if settings.ON_POSTGRESQL or sqlite.is_safe_in_wal_mode():
        return []
    number = ".".join(map(str, sqlite.version()))
    return [
        Warning(
            f"SQLite {number} can corrupt a database in WAL mode; a rollback journal is used instead.",
            id="relent.W002",
            hint="Install pysqlite3, or SQLite 3.51.3 or later.",
        )
    ]


@register()
def freshness_is_reachable(**_: Any) -> list[CheckMessage]:
    """W003: a freshness limit past a minute weakens the promise that the product makes."""
    if settings.FRESHNESS_SECONDS > 60:
        return [Warning("RELENT_FRESHNESS_SECONDS is over 60: mail may leave on old knowledge.", id="relent.W003")]
    return []
