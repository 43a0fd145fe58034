"""What the tests of the processes and commands share."""

from tests.cast import cast, world

__all__ = ["cast", "world"]
