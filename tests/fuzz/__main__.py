"""Judge millions of spoiled mails. `python -m tests.fuzz --mails 10000000 --jobs 2 --seed 1` is the long run.

Prints how far it is, and in the end what was judged, the slowest mail and the most memory. A mail that stops the
judgement, holds it up or takes too much memory is kept in var/fuzz/failures, and the exit code is 1. What is done is
kept in var/fuzz: the same command goes on where it was left, as long as the code and the seeds are the same.
"""

import argparse
import json
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from tests.fuzz import chunks, worst

_FOLDER = Path("var/fuzz")


def main() -> int:
    """Run what was asked for; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--mails", type=int, default=100_000, help="how many mails in all (100,000)")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes (1)")
    parser.add_argument("--seed", type=int, default=1, help="which mails (1)")
    parser.add_argument("--worst", action="store_true", help="only the mails made to be slow and large; prints a table")
    parser.add_argument("--only", default="", help="with --worst: those whose name holds this")
    asked = parser.parse_args()
    if asked.worst:
        return worst.main(asked.only)
    return _run(asked.mails, asked.jobs, asked.seed)


def _run(mails: int, jobs: int, seed: int) -> int:
    digest = chunks.digest()
    _FOLDER.mkdir(parents=True, exist_ok=True)
    state = _FOLDER / f"{seed}-{digest}.jsonl"
    wanted = {number: min(chunks.MAILS, mails - number * chunks.MAILS) for number in range(-(-mails // chunks.MAILS))}
    done = {
        row["chunk"]: row
        for row in map(json.loads, state.read_text().splitlines() if state.exists() else [])
        if wanted.get(row["chunk"]) == row["mails"]
    }
    print(f"seed {seed}, code and seeds {digest}, {len(done)} of {len(wanted)} chunks were done before", flush=True)
    begun, told = time.monotonic(), 0.0
    with ProcessPoolExecutor(jobs) as pool, state.open("a") as kept:
        left = {number: count for number, count in wanted.items() if number not in done}
        running = [pool.submit(chunks.run, seed, number, count, _FOLDER / "failures") for number, count in left.items()]
        for finished in as_completed(running):
            row = finished.result().as_dict()
            done[row["chunk"]] = row
            kept.write(json.dumps(row) + "\n")
            kept.flush()
            for failure in row["failures"]:
                print(f"FAILED {failure}", flush=True)
            if time.monotonic() - told > 60:
                told = time.monotonic()
                print(f"{len(done)} of {len(wanted)} chunks after {told - begun:.0f} s", flush=True)
    return _told(list(done.values()))


def _told(rows: list[dict[str, Any]]) -> int:
    """Print what all chunks came to; return the exit code."""
    judged, mutated = Counter[str](), Counter[str]()
    for row in rows:
        judged.update(row["kinds"])
        mutated.update(row["mutations"])
    mails, size, seconds = (sum(row[name] for row in rows) for name in ("mails", "bytes", "seconds"))
    slowest, resident = (max(row[name] for row in rows) for name in ("slowest", "resident"))
    failures = sum(len(row["failures"]) for row in rows)
    peak, of = max(tuple(row["peak"]) for row in rows)
    print("judged: " + ", ".join(f"{kind} {count:,}" for kind, count in judged.most_common()))
    print("mutations: " + ", ".join(f"{name} {count:,}" for name, count in mutated.most_common()))
    print(f"most memory {peak / 1e6:.2f} MB for a mail of {of:,} bytes, of a process {resident / 1e6:.0f} MB")
    rate = f"{size / mails:,.0f} bytes on average, {mails / seconds:,.0f} a second of one core"
    print(f"{mails:,} mails of {rate}; slowest {slowest:.1f} ms; {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
