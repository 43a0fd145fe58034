"""Run every check and test, part by part, and count them.

`python tests/run.py` runs all parts, `python tests/run.py pure sqlite` some. Each part is a command of its own, with
its own time; what it prints is shown where it fails. One part more runs at a time than there are cores, for some wait
for servers; each has its own files, ports and databases. The last line of all is `N passed, N failed`. A skipped test
counts as failed: it shows nothing.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PURE = ["tests/terms", "tests/mail", "tests/normalize", "tests/decide", "tests/corpus"]
APART = "integration or race or crash or browser"
# These do the same hundreds of times in one test: on a busy machine that takes longer than any test that does not hang.
LONG = ("-o", "faulthandler_timeout=1800")
LANES = (os.cpu_count() or 1) + 1
# Compiled modules are kept whatever the shell says: every command that a test starts would compile them all anew.
COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}


@dataclass
class Result:
    """What a part came to."""

    passed: int = 0
    failed: int = 0
    seconds: float = 0.0
    output: str = ""


@dataclass(frozen=True)
class Part:
    """One part of the run. ``needs`` names what the system must have; ``run`` does the work; ``at_most`` is how many
    seconds it is meant to take where nothing runs beside it, if that matters."""

    name: str
    what: str
    run: Callable[[], Result]
    needs: tuple[str, ...] = ()
    at_most: float = 0.0


def main(names: list[str]) -> int:
    """Run the parts named, or all; return the exit code."""
    known = parts()
    unknown = set(names) - {part.name for part in known}
    if unknown:
        print(f"No such part: {', '.join(sorted(unknown))}. There are: {', '.join(part.name for part in known)}.")
        return 2
    begun = time.monotonic()
    results = run([part for part in known if not names or part.name in names])
    passed, failed = sum(r.passed for r in results), sum(r.failed for r in results)
    print(f"\nin {time.monotonic() - begun:.0f} s:\n{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def run(chosen: list[Part]) -> list[Result]:
    """Run the parts beside each other; each begins in its turn, when one before it has ended."""
    with ThreadPoolExecutor(max_workers=LANES) as lanes:
        results = list(lanes.map(told, chosen))
    if len(chosen) == 1 and 0 < chosen[0].at_most < results[0].seconds:
        print(f"             this is meant to take {chosen[0].at_most:.0f} s")
    return results


def parts() -> list[Part]:
    """Return the parts in the order they begin: the quick ones first, then the longest, so that all end together."""
    dovecot, postgresql, chromium = ("dovecot",), ("postgresql",), ("chromium",)
    return [
        Part("check", "style, types, contracts, migrations, translations", checks),
        Part("pure", "the pure floors, without Django", pure, at_most=15),
        Part("sqlite", "everything above the pure floors, on SQLite", on_sqlite),
        Part("postgres", "records and flows, on PostgreSQL", on_postgresql, postgresql),
        Part(
            "crash", "workers killed at random points", lambda: run_tests("tests", *LONG, mark=only("crash")), dovecot
        ),
        Part(
            "integration",
            "real servers: IMAP, LMTP, SMTP",
            lambda: run_tests("tests", mark=only("integration")),
            dovecot,
        ),
        Part("race", "many rounds of threads, on SQLite", race_on_sqlite),
        Part("race-postgres", "many rounds of threads, on PostgreSQL", race_on_postgresql, postgresql),
        Part(
            "fuzz",
            "the pure floors, with random and large input",
            lambda: run_tests(*PURE, mark="fuzz or slow", without=("django",)),
        ),
        Part("browser", "the pages in a browser", lambda: run_tests("tests", mark=only("browser")), chromium + dovecot),
        Part("stories", "the scenarios of tests/scenarios, on PostgreSQL", stories, postgresql),
    ]


def told(part: Part) -> Result:
    """Run one part and print its line, and its output where it failed."""
    begun = time.monotonic()
    missing = [need for need in part.needs if not present(need)]
    if missing:
        result = Result(failed=1, output=f"{', '.join(missing)} is not installed: run scripts/setup-test-machine")
    else:
        result = part.run()
    result.seconds = time.monotonic() - begun
    if not result.passed and not result.failed:
        result.failed, result.output = 1, "No test was found."
    outcome = f"{result.seconds:6.1f} s  {result.passed} passed, {result.failed} failed"
    print(f"{part.name:<12} {part.what:<52} {outcome}", flush=True)
    if result.failed:
        print(result.output, flush=True)
    return result


def checks() -> Result:
    """Run what needs no test: each command is one check."""
    total = Result()
    with tempfile.TemporaryDirectory() as data_dir:
        for command in (
            ["ruff", "format", "--check", "--quiet", "."],
            ["ruff", "check", "--quiet", "."],
            ["mypy"],
            ["lint-imports", "--no-logo"],
            ["relent", "makemigrations", "--check", "--dry-run"],
            ["python", "scripts/check_catalogs.py"],
        ):
            code, output = call(command, {"RELENT_DATA_DIR": data_dir, "DJANGO_SETTINGS_MODULE": "tests.settings"})
            total.passed += code == 0
            total.failed += code != 0
            if code != 0:
                total.output += f"$ {' '.join(command)}\n{output}\n"
    return total


def pure() -> Result:
    """Run the pure floors as they are meant to be run all day: without Django, in seconds; half of them beside the
    other half."""
    # Each of these costs a good part of a second to load, or a part of a millisecond for each of thousands of tests.
    without = ("django", "xdist", "hypothesispytest", "anyio", "logging")
    quick = ("-o", "faulthandler_timeout=0")  # the watch over tests that hang costs a millisecond for each, too
    halves = [["tests/mail"], [path for path in PURE if path != "tests/mail"]]
    with ThreadPoolExecutor() as lanes:
        return added(
            *lanes.map(lambda half: run_tests(*half, *quick, mark="not fuzz and not slow", without=without), halves)
        )


def on_sqlite() -> Result:
    """Run every test that is in no other part, so that a new folder of tests is never forgotten."""
    return run_tests("tests", *(f"--ignore={path}" for path in PURE), mark=f"not ({APART} or postgres)")


def on_postgresql() -> Result:
    """Run the tests that touch rows, and those that are about PostgreSQL, in a cluster made for this run."""
    with postgresql() as url:
        pure = [f"--ignore={path}" for path in PURE]
        return run_tests("tests", *pure, mark=f"(rows or postgres) and not ({APART})", url=url)


def stories() -> Result:
    """Run our scenarios on PostgreSQL; on SQLite the tests of the command do."""
    code, output = call(["python", "tests/stories.py", "tests/scenarios", "--on", "postgresql"], {})
    found = re.search(r"^(\d+) passed, (\d+) failed$", output, re.MULTILINE)
    result = (
        Result(passed=int(found[1]), failed=int(found[2]), output=output) if found else Result(failed=1, output=output)
    )
    result.failed = result.failed or int(code != 0)
    return result


def race_on_sqlite() -> Result:
    """Run the races on SQLite."""
    return run_tests("tests", *LONG, mark=f"{only('race')} and not postgres")


def race_on_postgresql() -> Result:
    """Run the races on PostgreSQL."""
    with postgresql() as url:
        return run_tests("tests", *LONG, mark=only("race"), url=url)


def only(mark: str) -> str:
    """Return the expression for ``mark`` and none of the marks that have a part of their own after it."""
    later = {"integration": "race or crash or browser", "race": "crash or browser", "crash": "browser"}
    return f"{mark} and not ({later[mark]})" if mark in later else mark


def run_tests(*arguments: str, mark: str, without: tuple[str, ...] = (), url: str = "") -> Result:
    """Run pytest and count; ``without`` names plugins to leave out. Folders that do not exist are left out too."""
    chosen = [a for a in arguments if not a.startswith("tests/") or (ROOT / a).exists()]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [
            "pytest",
            "-q",
            "--no-header",
            "--durations=5",
            "--durations-min=2",
            f"--junitxml={report}",
            "-m",
            mark,
        ]
        code, output = call(
            [*command, *(f"-pno:{plugin}" for plugin in without), *chosen], {"RELENT_DATABASE_URL": url}
        )
        result = counted(report) if report.exists() else Result()
    result.output = output
    if code not in (0, 5) and not result.failed:
        result.failed = 1  # pytest itself went wrong
    return result


def counted(report: Path) -> Result:
    """Read pytest's report."""
    result = Result()
    for suite in ElementTree.parse(report).iter("testsuite"):
        bad = sum(int(suite.get(name, "0")) for name in ("failures", "errors", "skipped"))
        result.failed += bad
        result.passed += int(suite.get("tests", "0")) - bad
    return result


def added(*results: Result) -> Result:
    """Return the sum of several results; only the output of those that failed."""
    return Result(
        passed=sum(r.passed for r in results),
        failed=sum(r.failed for r in results),
        output="\n".join(r.output for r in results if r.failed),
    )


@contextmanager
def postgresql() -> Iterator[str]:
    """Start a PostgreSQL of our own and give its URL; it is gone afterwards."""
    sys.path.insert(0, str(ROOT))
    from tests.servers import postgres

    with postgres.cluster() as url:
        yield url


def call(command: list[str], environment: dict[str, str]) -> tuple[int, str]:
    """Run a command of the environment; return its exit code and all it said."""
    program = str(BIN / command[0])
    done = subprocess.run(
        [program, *command[1:]],
        cwd=ROOT,
        env={**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", **COMPILED, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def present(need: str) -> bool:
    """Whether the system has the server or program ``need``."""
    if need == "postgresql":
        return any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or shutil.which("initdb") is not None
    return shutil.which(need) is not None or Path("/usr/sbin", need).exists()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
