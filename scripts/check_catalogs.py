#!/usr/bin/env python3
"""Say which sentences lack a Japanese translation, which translations nobody uses, and which were only guessed."""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import extract, pofile
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SENTENCES = {
    **extract.DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def main() -> int:
    """Print every fault; return the exit code."""
    faults = [*guessed_or_empty(), *missing(), *unused()]
    print("\n".join(faults) or "every sentence has its translation")
    return 1 if faults else 0


def missing() -> Iterator[str]:
    """Yield each sentence of the code and the templates that no catalog holds."""
    translated = set(catalogs())
    for key, place in sorted(used().items()):
        if key not in translated:
            yield f"{place}: no translation of {key!r}"


def unused() -> Iterator[str]:
    """Yield each translation whose sentence is gone."""
    wanted = used()
    for key, path in sorted(catalogs().items()):
        if key not in wanted:
            yield f"{path}: nobody says {key!r}"


def guessed_or_empty() -> Iterator[str]:
    """Yield each entry of a catalog that is empty, or marked as a guess (fuzzy)."""
    for path in sources():
        for message in pofile.read_po(BytesIO(path.read_bytes())):
            strings = message.string if isinstance(message.string, tuple | list) else [message.string]
            if message.id and (not all(strings) or message.fuzzy):
                yield f"{path.relative_to(ROOT)}: {message.id!r} is empty or guessed"


def catalogs() -> dict[str, str]:
    """Return every sentence that is translated, with its catalog."""
    found = {}
    for path in sources():
        for message in pofile.read_po(BytesIO(path.read_bytes())):
            if message.id:
                first = message.id if isinstance(message.id, str) else message.id[0]
                found[_key(message.context, first)] = str(path.relative_to(ROOT))
    return found


def used() -> dict[str, str]:
    """Return every sentence that the code or a template says, with its place."""
    found = {}
    for path in sorted([*(ROOT / "relent").rglob("*.py"), *(ROOT / "relent").rglob("templates/**/*.*")]):
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # One line: what templatize leaves of the markup would not be Python with its line breaks.
            text = templatize(text).replace("\n", " ")
        for line, sentence, _, context in extract.extract("python", BytesIO(text.encode()), keywords=SENTENCES):
            first = sentence if isinstance(sentence, str) else sentence[0]
            found[_key(context, first)] = f"{path.relative_to(ROOT)}:{line}"
    return found


def sources() -> list[Path]:
    """Return the catalogs."""
    return sorted((ROOT / "relent").glob("*/locale/*/LC_MESSAGES/*.po"))


def _key(context: str | None, sentence: str) -> str:
    return f"{context}|{sentence}" if context else sentence


if __name__ == "__main__":
    sys.exit(main())
