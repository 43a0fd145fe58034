"""Which SQLite is used, and how it is opened.

SQLite 3.7.0 to 3.51.2 can corrupt a database in WAL mode when a checkpoint meets a reset of the log (fixed in 3.51.3,
and in 3.44.6 and 3.50.7). Debian 12 carries 3.40.1. So the driver that brings its own, newer SQLite is used where it is
installed; an affected SQLite is opened with a rollback journal instead, which does not have the fault.
"""

import sys
from typing import Any

_FIXED = (3, 51, 3)


def use_newest() -> None:
    """Let ``import sqlite3`` mean pysqlite3 where that is installed; call before Django loads a database backend."""
    try:
        import pysqlite3
    except ImportError:
        return
    sys.modules.setdefault("sqlite3", pysqlite3)
    if sys.modules["sqlite3"] is not pysqlite3:
        sys.modules["sqlite3"] = pysqlite3
        sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2


def version() -> tuple[int, int, int]:
    """Return the version of the SQLite library in use."""
    import sqlite3

    return sqlite3.sqlite_version_info[0], sqlite3.sqlite_version_info[1], sqlite3.sqlite_version_info[2]


def is_safe_in_wal_mode() -> bool:
    """Whether this SQLite is free of the WAL-reset fault."""
    found = version()
    return found >= _FIXED or (3, 50, 7) <= found < (3, 51, 0) or (3, 44, 6) <= found < (3, 45, 0)


def options() -> dict[str, Any]:
    """Return Django's ``OPTIONS`` for the SQLite backend."""
    journal = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        if is_safe_in_wal_mode()
        else "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL;"
    )
    # IMMEDIATE takes the write lock at BEGIN: a transaction that reads first can then never fail to upgrade.
    return {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": f"{journal} PRAGMA foreign_keys=ON;"}
