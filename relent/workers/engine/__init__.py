"""The seam between Relent and what spreads its turns: threads of this process, or Procrastinate on PostgreSQL."""

from django.conf import settings

from relent.workers.engine.base import Engine

__all__ = ["Engine", "for_this_install"]


def for_this_install() -> Engine:
    """Return the engine for the database in use; on SQLite everything happens in one process."""
    if settings.ON_POSTGRESQL:
        # Procrastinate is an installed app on PostgreSQL only, and cannot be imported elsewhere.
        from relent.workers.engine.procrastinate_engine import ProcrastinateEngine

        return ProcrastinateEngine()
    from relent.workers.engine.embedded import EmbeddedEngine

    return EmbeddedEngine()
