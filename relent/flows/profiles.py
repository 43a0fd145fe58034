"""The two profiles side by side, and saving which one holds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from relent.decide import policy
from relent.flows import auditing
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


def choose(profile: str, overrides: dict[str, Any], by: models.User | None, now: datetime) -> models.AccountSettings:
    """Let ``profile`` with ``overrides`` hold from now on; what happened before is decided by what held before.

    Raises ``policy.UnknownSetting``.
    """
    policy.of(profile, overrides)
    before = models.AccountSettings.objects.at(now)
    saved = models.AccountSettings.objects.create(
        since=now,
        profile=profile,
        overrides=overrides,
        automation=before.automation,
        company_name=before.company_name,
        postal_address=before.postal_address,
        changed_by=by,
    )
    auditing.note(by, "account.settings", "account", now, profile=profile, overrides=overrides)
    return saved
