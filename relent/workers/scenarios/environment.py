"""The environment that scenarios run in: none of the install's own, so that a story ends the same on every machine."""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

IN_MEMORY = "sqlite://:memory:"
_OPTION = "--database"


@dataclass(frozen=True)
class Ground:
    """Where a run's stories happen. On PostgreSQL ``url`` names the database in which each process makes a schema of
    its own, whose name begins with ``prefix``; what else lies in that database is never looked at."""

    url: str = IN_MEMORY
    prefix: str = ""

    @property
    def schema(self) -> str:
        """This process's schema; empty on SQLite, where its memory is its own anyway."""
        return f"{self.prefix}_{os.getpid()}" if self.prefix else ""

    def own_url(self) -> str:
        """Return the URL of this process's own, still empty, database."""
        if not self.prefix:
            return self.url
        # A story's database is thrown away: nobody needs to wait until the disk has it.
        options = quote(f"-c search_path={self.schema} -c synchronous_commit=off")
        return f"{self.url}{'&' if urlsplit(self.url).query else '?'}options={options}"


def prepare(arguments: Sequence[str] = ()) -> Ground:
    """Set it up for this process, on the database that ``arguments`` (of ``relent scenarios``) ask for. Call it before
    Django reads its settings."""
    url = _asked_for(arguments)
    ground = Ground(url, f"relent_scenarios_{secrets.token_hex(4)}") if url.startswith("postgres") else Ground()
    enter(ground)
    return ground


def enter(ground: Ground) -> None:
    """Set it up for this process, on a ground that another process has chosen."""
    for name in [name for name in os.environ if name.startswith("RELENT_")]:
        del os.environ[name]
    os.environ.update(
        {
            "RELENT_DATABASE_URL": ground.own_url(),
            "RELENT_SECRET_KEY": "stories need no secrets, for nothing of theirs leaves the machine",
            "RELENT_PUBLIC_URL": "https://relent.example",
            # A mailbox that is in order needs no routine reading: the runner has it read at every event.
            "RELENT_READ_EVERY_SECONDS": "315360000",
        }
    )
    global _ground
    _ground = ground


def ground() -> Ground:
    """Return where this process's stories happen."""
    return _ground


_ground = Ground()


def _asked_for(arguments: Sequence[str]) -> str:
    for place, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name == _OPTION:
            return value if equals else "".join(arguments[place + 1 : place + 2])
    return IN_MEMORY
