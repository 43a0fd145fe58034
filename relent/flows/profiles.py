"""The two profiles side by side, and saving which one holds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from relent.decide import policy
from relent.flows import auditing, permissions
from relent.records import models


@dataclass(frozen=True, slots=True)
class Row:
    """One setting: its name, its meaning in English and Japanese, what each profile sets, and the values it may have
    (none named: a number of days)."""

    name: str
    meaning: str
    meaning_ja: str
    safe: str
    strict: str
    allowed: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether the profiles set different values."""
        return self.safe != self.strict


def table() -> list[Row]:
    """Return every setting with what each profile sets."""
    return [
        Row(each.name, each.meaning, each.meaning_ja, each.safe, each.strict, each.allowed) for each in policy.SETTINGS
    ]


def held(now: datetime) -> dict[str, str]:
    """Return the value that each setting has now."""
    saved = models.AccountSettings.objects.at(now)
    return dict(policy.of(saved.profile, saved.overrides).values)


@dataclass(frozen=True, slots=True)
class Change:
    """One saved state of the settings, and what it changed: name, value before, value after; ``-`` for none."""

    saved: models.AccountSettings
    changes: list[tuple[str, str, str]]


def history(at_most: int = 50) -> list[Change]:
    """Return the latest changes of the account's settings, the newest first."""
    rows = list(models.AccountSettings.objects.select_related("changed_by").order_by("-since", "-pk")[: at_most + 1])
    before: list[models.AccountSettings | None] = [*rows[1:], None]
    return [Change(row, _between(row, old)) for row, old in zip(rows, before, strict=False)][:at_most]


def _between(row: models.AccountSettings, old: models.AccountSettings | None) -> list[tuple[str, str, str]]:
    earlier = old or models.AccountSettings(since=row.since)
    plain = ("profile", "automation", "company_name", "postal_address")
    values = [(name, str(getattr(earlier, name)), str(getattr(row, name))) for name in plain]
    for name in sorted({*earlier.overrides, *row.overrides}):
        values.append((name, str(earlier.overrides.get(name, "-")), str(row.overrides.get(name, "-"))))
    return [(name, was, now) for name, was, now in values if was != now]


def policy_of(profile: str, settings: dict[str, Any], now: datetime) -> policy.Policy:
    """Return the policy of ``profile`` with ``settings``; without a profile, the account's own with what differs.

    Raises ``policy.UnknownSetting``, a ValueError.
    """
    if profile:
        return policy.of(profile, settings)
    held = models.AccountSettings.objects.at(now)
    return policy.of(held.profile, {**held.overrides, **settings})


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
