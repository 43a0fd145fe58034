"""A run in chunks: each is the same mails whenever it is run with the same seed, so a run can be left and resumed."""

import hashlib
import random
import resource
import traceback
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.fuzz import limits, mutations, seeds

MAILS = 5000
_MEASURE_MEMORY_OF = 500  # one mail in so many; tracing memory makes judging several times slower
_TELL_OF = 10  # what only those read who ask is asked of one in so many
_ROOT = Path(__file__).resolve().parent.parent.parent
_CODE = ("relent/mail", "relent/normalize", "relent/terms", "tests/fuzz", "tests/corpus", "tests/mail")


@dataclass
class Result:
    """What a chunk came to. ``slowest`` and ``peak`` are the worst of its mails: milliseconds, and bytes beside the
    mail with the mail's own; ``resident`` is the most memory the process ever had, in bytes."""

    chunk: int
    mails: int = 0
    bytes: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    peak: tuple[int, int] = (0, 0)
    resident: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    mutations: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return dict(vars(self))


def digest() -> str:
    """Return what the code and the seeds are; a result counts for no other."""
    found = hashlib.sha256()
    for path in sorted(path for name in _CODE for path in (_ROOT / name).rglob("*") if path.is_file()):
        if "__pycache__" not in path.parts:
            found.update(path.as_posix().encode() + path.read_bytes())
    return found.hexdigest()[:16]


def run(seed: int, chunk: int, count: int, failures: Path) -> Result:
    """Judge the ``count`` mails of one chunk. A mail that breaks a limit is written to the folder ``failures``."""
    stock = _stock()
    dice = random.Random(f"{seed}:{chunk}")
    result = Result(chunk)
    with limits.broken_off():
        for number in range(count):
            raw, names = mutations.spoil(dice, stock)
            result.mails += 1
            result.bytes += len(raw)
            result.mutations.update(names)
            try:
                _judge(raw, result, number)
            except Exception as error:
                failures.mkdir(parents=True, exist_ok=True)
                kept = failures / f"{seed}-{chunk}-{number}-{type(error).__name__}.eml"
                kept.write_bytes(raw)
                kept.with_suffix(".txt").write_text(f"{', '.join(names)}\n{traceback.format_exc()}")
                result.failures.append(f"{kept.name}: {error}")
    result.resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return result


def _judge(raw: bytes, result: Result, number: int) -> None:
    kind, seconds = limits.timed(raw, told=number % _TELL_OF == 0)
    result.kinds[kind] += 1
    result.seconds += seconds
    result.slowest = max(result.slowest, seconds * 1000)
    if number % _MEASURE_MEMORY_OF == 0:
        result.peak = max(result.peak, (limits.peak(raw), len(raw)))


@cache
def _stock() -> seeds.Stock:
    stock = seeds.stock()
    for raw in (*stock.short, *stock.long):
        limits.judge(raw)  # what is compiled or loaded once is no mail's cost
    return stock
