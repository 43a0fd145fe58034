"""The two profiles side by side, and saving which one holds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from relent.decide import policy
from relent.flows import auditing, permissions
from relent.records import models


@dataclass(frozen=True, slots=True)
class Row:
    """One setting: its name, its meaning in English and Japanese, and what each profile sets."""

    name: str
    meaning: str
    meaning_ja: str
    safe: str
    strict: str


def table() -> list[Row]:
    """Return every setting with what each profile sets."""
    return [Row(each.name, each.meaning, each.meaning_ja, each.safe, each.strict) for each in policy.SETTINGS]


def fault(name: str, value: Any) -> str:
    """Return what is wrong with ``value`` for the setting ``name``; empty where nothing is."""
    try:
        policy.of(policy.SAFE, {name: value})
    except policy.UnknownSetting as error:
        return str(error)
    return ""


def switch_automation(on: bool, by: models.User, now: datetime) -> models.AccountSettings:
    """Open or close the Automation tab of the sequences for the whole account; saved triggers hold either way.

    Raises NotAllowed: only a super admin may.
    """
    permissions.require_super_admin(by)
    return change(now, by, automation=on)


def change(now: datetime, by: models.User | None, **columns: Any) -> models.AccountSettings:
    """Save the account's settings with some columns changed: a new row, for a decision applies those that held."""
    saved = models.AccountSettings.objects.at(now)
    saved.pk, saved._state.adding, saved.since, saved.changed_by = None, True, now, by
    for name, value in columns.items():
        setattr(saved, name, value)
    saved.save()
    auditing.note(by, "account.settings", "account", now, **columns)
    return saved


def choose(profile: str, overrides: dict[str, Any], by: models.User | None, now: datetime) -> models.AccountSettings:
    """Let ``profile`` with ``overrides`` hold from now on; what happened before is decided by what held before.

    Raises ``policy.UnknownSetting``.
    """
    policy.of(profile, overrides)
    return change(now, by, profile=profile, overrides=overrides)
