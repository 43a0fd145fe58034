"""Django's settings for the tests: the project's own, with keys and a database that last as long as the run."""

import os
import tempfile
from pathlib import Path

_RUN_DIR = Path(tempfile.gettempdir()) / f"relent-tests-{os.getuid()}"
_RUN_DIR.mkdir(mode=0o700, exist_ok=True)

for _name, _value in {
    "RELENT_SECRET_KEY": "a-key-for-tests-only-that-is-long-enough-for-every-check-0123456789",
    "RELENT_SECRETS_KEYS": "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
    "RELENT_DATABASE_URL": "",
    "RELENT_DATA_DIR": str(_RUN_DIR),
    "RELENT_ALLOWED_HOSTS": "testserver",
}.items():
    os.environ.setdefault(_name, _value)

from relent.project.settings import *  # noqa: E402, F403  # the project reads the environment when it is imported
from relent.project.settings import DATABASES, ON_POSTGRESQL  # noqa: E402  # named, for the type checker

# A file and not memory: tests with threads need one database behind several connections.
if not ON_POSTGRESQL:
    _FILE = _RUN_DIR / f"test-{os.getpid()}.sqlite3"
    for _left in _RUN_DIR.glob(f"{_FILE.name}*"):
        _left.unlink()  # by a run that was killed and had our number: its journal would be read into our database
    DATABASES["default"]["TEST"] = {"NAME": str(_FILE)}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # signing in often must not cost seconds
