"""The one place that reads the clock, for doors only; below them ``now`` is an argument."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings


def now() -> datetime:
    """Return the present moment in UTC, moved ahead where a playground's clock was (RELENT_CLOCK_FILE)."""
    return datetime.now(UTC) + offset()


def offset() -> timedelta:
    """Return how far the playground's clock is ahead of the machine's; zero outside a playground."""
    if not settings.CLOCK_FILE:
        return timedelta()
    try:
        return timedelta(seconds=float(Path(settings.CLOCK_FILE).read_text()))
    except (FileNotFoundError, ValueError):
        return timedelta()
