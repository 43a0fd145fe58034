"""Django's settings for the tests: the project's own, with keys and a database that last as long as the run."""

import os
import tempfile
from pathlib import Path

_RUN_DIR = Path(tempfile.gettempdir()) / f"relent-tests-{os.getuid()}"
_RUN_DIR.mkdir(mode=0o700, exist_ok=True)

# A test run must not depend on what the shell happens to export, so these are set, not defaulted; only the database is
# the run's choice (tests/run.py runs the same tests on SQLite and on PostgreSQL).
os.environ |= {
    "RELENT_SECRET_KEY": "a-key-for-tests-only-that-is-long-enough-for-every-check-0123456789",
    "RELENT_SECRET_KEY_FALLBACKS": "",
    "RELENT_SECRETS_KEYS": "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
    "RELENT_DATA_DIR": str(_RUN_DIR),
    "RELENT_PUBLIC_URL": "http://127.0.0.1:8000",
    "RELENT_ALLOWED_HOSTS": "testserver",
    "RELENT_CLOCK_FILE": "",
    "RELENT_PLAYGROUND_DIR": "",
}
os.environ.setdefault("RELENT_DATABASE_URL", "")

from relent.project.settings import *  # noqa: E402, F403  # the project reads the environment when it is imported
from relent.project.settings import DATABASES, ON_POSTGRESQL  # noqa: E402  # named, for the type checker

# A file and not memory: tests with threads need one database behind several connections.
if not ON_POSTGRESQL:
    DATABASES["default"]["TEST"] = {"NAME": str(_RUN_DIR / f"test-{os.getpid()}.sqlite3")}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # signing in often must not cost seconds
