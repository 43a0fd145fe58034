"""What a measurement says."""

import os
import platform
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure and its floor: what the same work takes with the bare libraries, on the same machine and mails.

    ``unit`` is ``ms``, where less is better, or ``/s``, where more is. ``ratio`` is how many times the floor is better.
    """

    name: str
    value: float
    floor: float
    unit: str
    floor_name: str
    note: str = ""

    @property
    def ratio(self) -> float:
        return self.value / self.floor if self.unit == "ms" else self.floor / self.value

    def as_dict(self) -> dict[str, object]:
        return {**asdict(self), "ratio": round(self.ratio, 2)}


def machine() -> dict[str, object]:
    """Return what the figures were measured on; to be asked once Django is set up, which chooses the SQLite."""
    import sqlite3

    return {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }


def median(values: list[float]) -> float:
    """Return the middle value."""
    return sorted(values)[len(values) // 2]


def slow(values: list[float]) -> float:
    """Return the value that nine of ten stay below."""
    return sorted(values)[int(len(values) * 0.9)]
