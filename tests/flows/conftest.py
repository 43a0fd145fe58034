"""The cast is at hand here."""

from tests.cast import cast, world

__all__ = ["cast", "world"]
