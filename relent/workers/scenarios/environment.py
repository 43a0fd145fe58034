"""The environment that scenarios run in: none of the install's own, so that a story ends the same on every machine."""

import os


def prepare() -> None:
    """Set it up for this process. Call it before Django reads its settings."""
    for name in [name for name in os.environ if name.startswith("RELENT_")]:
        del os.environ[name]
    os.environ.update(
        {
            "RELENT_DATABASE_URL": "sqlite://:memory:",
            "RELENT_SECRET_KEY": "stories need no secrets, for nothing of theirs leaves the machine",
            "RELENT_PUBLIC_URL": "https://relent.example",
            # A mailbox that is in order needs no routine reading: the runner has it read at every event.
            "RELENT_READ_EVERY_SECONDS": "315360000",
        }
    )
