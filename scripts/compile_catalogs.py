#!/usr/bin/env python3
"""Compile the translation catalogs (.po) that are newer than their compiled form (.mo).

Run by the build hook, by scripts/setup for an editable install, and by hand.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Compile, and say what was."""
    for path in compile_all(ROOT):
        print(f"compiled {path.relative_to(ROOT)}")
    return 0


def compile_all(root: Path) -> list[Path]:
    """Compile every catalog under ``root``/relent that has changed; return the files written."""
    return [_compiled(source) for source in _sources(root) if _is_stale(source)]


def _sources(root: Path) -> Iterator[Path]:
    yield from sorted((root / "relent").glob("*/locale/*/LC_MESSAGES/*.po"))


def _is_stale(source: Path) -> bool:
    target = source.with_suffix(".mo")
    return not target.exists() or target.stat().st_mtime < source.stat().st_mtime


def _compiled(source: Path) -> Path:
    from babel.messages import mofile, pofile  # here, so that nothing to do needs no Babel

    target = source.with_suffix(".mo")
    with source.open("rb") as lines, target.open("wb") as out:
        mofile.write_mo(out, pofile.read_po(lines))
    return target


if __name__ == "__main__":
    sys.exit(main())
