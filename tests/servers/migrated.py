"""An SQLite database that is up to date, made once in a run: a process that is given a copy need not make its own."""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

KEYS = {
    "RELENT_SECRET_KEY": "a-key-for-tests-only-that-is-long-enough-for-every-check-0123456789",
    "RELENT_SECRETS_KEYS": "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
}
_NAME = "relent.sqlite3"


def folder(path: Path) -> Path:
    """Make the folder where it is missing, put the database there as Relent would find its own, and return it."""
    path.mkdir(exist_ok=True)
    shutil.copy(_made() / _NAME, path / _NAME)
    return path


@cache
def _made() -> Path:
    made = Path(tempfile.mkdtemp(prefix="relent-migrated-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    relent = Path(sys.executable).with_name("relent")
    environment = {"PATH": os.environ["PATH"], "RELENT_DATA_DIR": str(made), **KEYS}
    subprocess.run([relent, "migrate", "-v0"], env=environment, check=True)
    assert [one.name for one in made.glob(f"{_NAME}*")] == [_NAME], "all of it is in one file"
    return made
