"""What every test run shares. Nothing here needs Django: `-p no:django` runs the pure floors without it."""

import gc
import os
import sys
from pathlib import Path

import pytest

pytest_plugins = ["tests.servers.fixtures"]

# A run must not depend on what the shell exports; only the database is the run's choice (tests/run.py uses both). A
# process that a test starts keeps what the test gave it.
for _name in [name for name in os.environ if name.startswith("RELENT_") and name != "RELENT_DATABASE_URL"]:
    del os.environ[_name]
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

# Without the Django plugin (`-p no:django`) the pure floors run, and Django stays out. With it Django is set up here:
# the conftests of the other floors import models, and pytest loads them before it asks any plugin.
if "pytest_django.plugin" in sys.modules:
    import django

    django.setup()

_ROWS = tuple(Path(__file__).parent / name for name in ("records", "flows"))


@pytest.hookimpl(tryfirst=True)  # before pytest chooses by marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that touch rows, which tests/run.py runs on both databases."""
    for item in items:
        if any(folder in item.path.parents for folder in _ROWS):
            item.add_marker("rows")


def pytest_collection_finish() -> None:
    """Spare what is loaded now from being looked through by every collection of garbage: it stays to the end."""
    gc.freeze()
