"""What every test run shares. Nothing here imports Django: the pure floors run without it."""

import os

# Here and not in pyproject.toml: there the option is unknown, hence an error, when the Django plugin is left out.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

# A run must not depend on what the shell exports; only the database is the run's choice (tests/run.py uses both). A
# process that a test starts keeps what the test gave it.
for _name in [name for name in os.environ if name.startswith("RELENT_") and name != "RELENT_DATABASE_URL"]:
    del os.environ[_name]
