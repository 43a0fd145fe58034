"""Run scenario files on both databases and count them: `python tests/stories.py PATH [--wrong FILE] [--on DATABASE]`.

FILE lists scenarios that are known to be wrong, one id per line with the reason after it; lines with # are comments.
They run, and decide nothing. The last line is `N passed, N failed`; a failure is printed above it.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.servers import postgres  # noqa: E402  # found once the root of the project is known


def main() -> int:
    """Run them on each database; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--wrong", type=Path)
    parser.add_argument("--on", choices=["memory", "postgresql"], action="append")
    asked = parser.parse_args()
    wrong = known_wrong(asked.wrong) if asked.wrong else set()
    passed = failed = 0
    for database in asked.on or ["memory", "postgresql"]:
        with place(database) as options:
            more, worse = told(database, asked.path, wrong, *options)
        passed, failed = passed + more, failed + worse
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


@contextmanager
def place(database: str) -> Iterator[list[str]]:
    """Give the options that lead to ``database``, for the length of a block."""
    if database == "memory":
        yield []
        return
    with postgres.cluster() as url:
        yield ["--database", url]


def told(where: str, path: Path, wrong: set[str], *options: str) -> tuple[int, int]:
    """Run the scenarios below ``path``; print what failed and return how many passed and failed."""
    relent = Path(sys.executable).parent / "relent"
    command = [str(relent), "scenarios", "--json", *options, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    outcomes = [json.loads(line) for line in done.stdout.splitlines()]
    counted = [outcome for outcome in outcomes if outcome["id"] not in wrong]
    failed = [outcome for outcome in counted if not outcome["passed"]]
    apart = len(outcomes) - len(counted)
    print(f"on {where}: {len(counted) - len(failed)} passed, {len(failed)} failed, {apart} not counted")
    for outcome in failed:
        print(f"  {outcome['id'] or outcome['file']}: {'; '.join(outcome['failures'])}")
    if done.returncode not in (0, 1) or not outcomes:
        print(done.stderr)
        return len(counted) - len(failed), max(len(failed), 1)
    return len(counted) - len(failed), len(failed)


def known_wrong(file: Path) -> set[str]:
    """Return the ids that ``file`` lists."""
    lines = (line.split("#")[0].split() for line in file.read_text(encoding="utf-8").splitlines())
    return {words[0] for words in lines if words}


if __name__ == "__main__":
    sys.exit(main())
