"""Measure, and print a table: figure, floor, ratio. `--json` prints the same for machines."""

import argparse
import json
import sys
from pathlib import Path

from bench import company, figures, ground, judging, latency, reading, sending, verdicts
from bench.figures import Figure
from tests.servers.dovecot import Dovecot


def main() -> int:
    """Run the measurements asked for; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", help="verdicts, judging, company, latency, reading, sending; all")
    parser.add_argument("--mails", type=Path, metavar="PATH", help="judging: also the mails in this folder")
    parser.add_argument("--json", action="store_true", help="print JSON")
    asked = parser.parse_args()
    names = asked.names or ["verdicts", "judging", "latency", "reading", "sending", "company"]
    with ground.install():
        machine = figures.machine()
        found = [figure for name in names for figure in _measure(name, asked.mails)]
    if asked.json:
        print(json.dumps({"machine": machine, "figures": [figure.as_dict() for figure in found]}, indent=2))
    else:
        _print(machine, found)
    return 0


def _measure(name: str, folder: Path | None) -> list[Figure]:
    print(f"measuring {name} …", file=sys.stderr, flush=True)
    if name == "judging":
        return judging.measure(folder)
    if name in (alone := {"verdicts": verdicts, "reading": reading, "company": company}):
        return alone[name].measure()
    dovecot = Dovecot()
    try:
        return {"latency": latency, "sending": sending}[name].measure(dovecot)
    finally:
        dovecot.stop()


def _print(machine: dict[str, object], found: list[Figure]) -> None:
    print(", ".join(f"{name} {value}" for name, value in machine.items()))
    print(f"\n{'figure':<46}{'measured':>12}{'floor':>12}{'ratio':>8}  floor is")
    for one in found:
        digits = 1 if one.unit == "ms" else 0
        measured, floor = f"{one.value:,.{digits}f} {one.unit}", f"{one.floor:,.{digits}f} {one.unit}"
        note = f" ({one.note})" if one.note else ""
        print(f"{one.name:<46}{measured:>12}{floor:>12}{one.ratio:>7.2f}x  {one.floor_name}{note}")


if __name__ == "__main__":
    sys.exit(main())
