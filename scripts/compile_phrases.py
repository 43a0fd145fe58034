#!/usr/bin/env python3
"""Work out the phrases that automatic mail is told by, where they have changed since that was done last.

Run by the build hook, by scripts/setup for an editable install, and by hand.
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Work them out, and say so."""
    if compile_all(ROOT):
        print("compiled the phrases of automatic mail")
    return 0


def compile_all(root: Path) -> bool:
    """Write what ``root``/relent keeps of its phrases, if that has changed; return whether it had."""
    sys.path.insert(0, str(root))
    try:
        from relent.mail.notes import phrase_data
    finally:
        sys.path.remove(str(root))
    if phrase_data.is_kept():
        return False
    target = root / "relent" / "mail" / "notes" / phrase_data.COMPILED
    part = target.with_suffix(".part")
    part.write_text(json.dumps(phrase_data.work_out(), ensure_ascii=False), encoding="utf-8")
    part.replace(target)  # whole or not at all: others may be reading
    return True


if __name__ == "__main__":
    sys.exit(main())
