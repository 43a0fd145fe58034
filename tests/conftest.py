"""What every test run shares. Nothing here needs Django: `-p no:django` runs the pure floors without it."""

import os

import pytest

# A run must not depend on what the shell exports; only the database is the run's choice (tests/run.py uses both). A
# process that a test starts keeps what the test gave it.
for _name in [name for name in os.environ if name.startswith("RELENT_") and name != "RELENT_DATABASE_URL"]:
    del os.environ[_name]
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"


def pytest_configure(config: pytest.Config) -> None:
    # Not an option in pyproject.toml: there it is unknown, hence an error, where the Django plugin is left out.
    if config.pluginmanager.hasplugin("django"):
        from django.conf import settings

        assert settings.INSTALLED_APPS  # reading one setting loads them all, before the plugin sets Django up
