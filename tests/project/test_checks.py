"""Each setting that was told wrong is said at start, by an id."""

from pathlib import Path
from typing import Any

import pytest
from django.core import checks
from pytest_django.fixtures import Settings

from relent.project.environment import Fault


def ids() -> set[str]:
    return {message.id for message in checks.run_checks() if message.id and message.id.startswith("relent.")}


def test_the_tests_own_settings_are_sound() -> None:
    assert ids() == set()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("ENVIRONMENT_FAULTS", [Fault("RELENT_DEBUG", "must be true or false")], "relent.E001"),
        ("ENVIRONMENT", {"RELENT_SECRET_KEY": "short"}, "relent.E002"),
        ("SECRETS_KEYS", [], "relent.E003"),
        ("SECRETS_KEYS", ["not a key"], "relent.E003"),
        ("PUBLIC_URL", "relent.example", "relent.E004"),
        ("DATA_DIR", Path("/dev/null/relent"), "relent.E005"),
        ("PUBLIC_URL", "http://relent.example", "relent.W001"),
        ("FRESHNESS_SECONDS", 61.0, "relent.W003"),
        ("CLOCK_FILE", "/tmp/clock", "relent.W005"),
        ("CLASSIFIER", "/nowhere/words.npz", "relent.W006"),
    ],
)
def test_a_setting_told_wrong_is_said_by_its_id(settings: Settings, name: str, value: Any, expected: str) -> None:
    setattr(settings, name, value)
    assert expected in ids()


def test_an_affected_sqlite_is_said(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.ON_POSTGRESQL = False
    monkeypatch.setattr("relent.project.sqlite.version", lambda: (3, 40, 1))
    assert "relent.W002" in ids()


def test_debugging_on_a_public_address_is_said(settings: Settings) -> None:
    settings.DEBUG, settings.PUBLIC_URL = True, "https://relent.example"
    assert "relent.W004" in ids()
