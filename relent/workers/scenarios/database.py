"""The database of the stories that one process tells: made once, and emptied before each story.

Its tables are made from the models, which is what the migrations come to (a check of the project's own sees to that),
and takes a tenth of the time. No row of anybody else's can be met: on SQLite it lies in memory, on PostgreSQL in a
schema that this process made.
"""

import importlib
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from relent.workers.scenarios import environment

_blank: Any = None  # SQLite: a second database in memory, as it was before the first story


class _NoMigrations(Mapping[str, None]):
    """Tells Django that no app has migrations."""

    def __contains__(self, app: object) -> bool:
        return True

    def __getitem__(self, app: str) -> None:
        return None

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0


def make() -> None:
    """Make the tables. Raises RuntimeError on a database that is not the stories' own."""
    global _blank
    schema = environment.ground().schema
    if schema and settings.ON_POSTGRESQL:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {connection.ops.quote_name(schema)}")
    _require_own()
    settings.MIGRATION_MODULES = _NoMigrations()
    call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
    if not schema:
        # Django's backend and this must be one module: it may be the newer SQLite (relent/project/sqlite.py).
        _blank = importlib.import_module("sqlite3").connect(":memory:")
        connection.connection.backup(_blank)


def empty() -> None:
    """Take every row away that a story has left."""
    _require_own()
    if _blank is not None:
        _blank.backup(connection.connection)
        return
    with transaction.atomic(), connection.cursor() as cursor:
        # Foreign keys are checked at the end of the transaction: the order of the tables does not matter.
        for name in _tables():
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")  # noqa: S608  # a table's name, quoted


def drop(prefix: str) -> None:
    """Drop the schemas of every process of a run; nothing to do on SQLite."""
    if not prefix:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE %s", [prefix.replace("_", r"\_") + "%"])
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP SCHEMA {connection.ops.quote_name(name)} CASCADE")
    connection.close()


def _tables() -> list[str]:
    return connection.introspection.django_table_names(only_existing=False, include_views=False)


def _require_own() -> None:
    if settings.ON_POSTGRESQL:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            own = cursor.fetchone() == (environment.ground().schema,)
    else:
        own = connection.is_in_memory_db()  # type: ignore[attr-defined]  # SQLite's own
    if not own:
        raise RuntimeError("Scenarios run on a database of their own only: start them with `relent scenarios`.")
