"""System checks: settings that were told wrong are said at start, each with an id."""

import os
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from relent.project import sqlite

_SHORTEST_KEY = 40
_THIS_MACHINE = {"127.0.0.1", "::1", "localhost"}


@register()
def environment_is_readable(**_: Any) -> list[CheckMessage]:
    """E001: a variable has a value that cannot be read."""
    return [
        Error(
            f"{fault.variable}: {fault.message.rstrip('.')}.",
            id="relent.E001",
            hint="docs/settings.md lists every variable.",
        )
        for fault in settings.ENVIRONMENT_FAULTS
    ]


@register()
def keys_are_set(**_: Any) -> list[CheckMessage]:
    """E002 and E003: the two keys are missing or malformed."""
    found: list[CheckMessage] = []
    if len(settings.ENVIRONMENT["RELENT_SECRET_KEY"]) < _SHORTEST_KEY:
        found.append(
            Error(
                f"RELENT_SECRET_KEY is not set, or shorter than {_SHORTEST_KEY} characters.",
                id="relent.E002",
                hint="`relent keys` makes one.",
            )
        )
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
    if parts.scheme == "http" and parts.hostname not in _THIS_MACHINE:
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


@register()
def data_folder_can_be_written(**_: Any) -> list[CheckMessage]:
    """E005: the folder of the SQLite file cannot be made or written."""
    folder = settings.DATA_DIR.absolute()
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    if settings.ON_POSTGRESQL or (nearest.is_dir() and os.access(nearest, os.W_OK)):
        return []
    return [Error(f"RELENT_DATA_DIR: {nearest} is not a folder that can be written.", id="relent.E005")]


@register()
def debugging_stays_at_home(**_: Any) -> list[CheckMessage]:
    """W004: error details, settings among them, are shown to whoever reaches a public address."""
    if settings.DEBUG and urlsplit(settings.PUBLIC_URL).hostname not in _THIS_MACHINE:
        return [Warning("RELENT_DEBUG shows error details on a public address.", id="relent.W004")]
    return []


@register()
def classifier_can_be_heard(**_: Any) -> list[CheckMessage]:
    """W006: the text classifier that is named cannot be used. Mail is judged by the rules alone then."""
    from relent.flows import witness  # its models are not loaded yet when this module is

    wrong = witness.fault()
    return [Warning(wrong.en, id="relent.W006", hint="docs/howto/overrule-a-judgement.md says how.")] if wrong else []


@register()
def playground_is_apart(**_: Any) -> list[CheckMessage]:
    """E006: a playground may lie only on this machine and on data of its own."""
    if settings.PLAYGROUND_ASKED and not settings.PLAYGROUND_DIR:
        return [
            Error(
                "RELENT_PLAYGROUND_DIR is set, but this is no playground: that listens on this machine only, and its "
                "RELENT_DATA_DIR is the same folder.",
                id="relent.E006",
                hint="Unset it; `relent demo` sets all of this by itself.",
            )
        ]
    return []


@register()
def clock_is_the_machines(**_: Any) -> list[CheckMessage]:
    """W005: a moved clock is for the playground; anywhere else mail would leave at the wrong time."""
    if settings.CLOCK_FILE and not settings.PLAYGROUND_DIR:
        return [Warning("RELENT_CLOCK_FILE moves the clock outside a playground.", id="relent.W005")]
    return []
