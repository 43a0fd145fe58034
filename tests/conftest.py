"""What every test run shares. Nothing here imports Django: the pure floors run without it."""

import os

# Here and not in pyproject.toml: there the option is unknown, hence an error, when the Django plugin is left out.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
