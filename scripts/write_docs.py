#!/usr/bin/env python3
"""Write what the documentation takes from the code: the tables of the pages under docs/, and .env.example.

A table stands between `<!-- table: NAME -->` and `<!-- end -->`; the rest of a page is written by hand.
"""

import importlib
import inspect
import os
import pkgutil
import re
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

from relent import terms
from relent.decide import policy
from relent.project import command, environment
from relent.terms import events, states
from relent.terms.sentences import Said

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Write every page that has changed."""
    for path, text in pages().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")
    return 0


def pages() -> dict[Path, str]:
    """Return each page as it should be."""
    found = {path: filled(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "docs").rglob("*.md"))}
    return {**found, ROOT / ".env.example": example()}


def filled(page: str) -> str:
    """Return a page with its tables made anew."""
    pattern = re.compile(r"(<!-- table: (\w+) -->\n)(?:.*?)(<!-- end -->)", re.DOTALL)
    return pattern.sub(lambda found: f"{found[1]}\n{table(found[2])}\n{found[3]}", page)


def table(name: str) -> str:
    """Return the table called ``name``: a vocabulary of terms, or one of the named ones."""
    named: dict[str, Callable[[], str]] = {
        "commands": command_table,
        "events": event_table,
        "moves": move_table,
        "policy": policy_table,
        "variables": variable_table,
    }
    return named[name]() if name in named else vocabulary_table(vocabularies()[name])


def vocabularies() -> dict[str, type[Said]]:
    """Return every vocabulary in terms by name."""
    for module in pkgutil.iter_modules(terms.__path__):
        importlib.import_module(f"relent.terms.{module.name}")
    return {kind.__name__: kind for kind in Said.__subclasses__() if kind.__module__.startswith("relent.terms.")}


def vocabulary_table(kind: type[Said]) -> str:
    """Return code and sentences."""
    return _rows(("code", "it says", "Japanese"), ((f"`{member.value}`", member.en, member.ja) for member in kind))


def event_table() -> str:
    """Return every event with what it tells."""
    return _rows(("event", "it tells"), ((f"`{kind.__name__}`", _summary(kind)) for kind in event_classes()))


def event_classes() -> Iterator[type[events.Event]]:
    """Yield the events that can happen, without their common bases."""
    for kind in vars(events).values():
        if isinstance(kind, type) and issubclass(kind, events.Event) and kind not in {events.Event, events.MailEvent}:
            yield kind


def move_table() -> str:
    """Return which state of a delivery may follow which."""
    return _rows(
        ("from", "to"),
        (
            (f"`{state}`", ", ".join(f"`{after}`" for after in states.DeliveryState if after in follow) or "(the end)")
            for state, follow in states.DELIVERY_MOVES.items()
        ),
    )


def variable_table() -> str:
    """Return every variable of the environment."""
    return _rows(
        ("variable", "default", "meaning"),
        (
            (f"`{v.name}`" + (" *" if v.secret else ""), f"`{v.default}`" if v.default else "", v.meaning)
            for v in environment.VARIABLES
        ),
    )


def policy_table() -> str:
    """Return the account's settings with what each profile sets."""
    return _rows(
        ("setting", "meaning", *policy.PROFILES),
        (
            (
                f"`{s.name}`",
                s.meaning,
                f"`{s.safe}`",
                f"`{s.strict}`",
            )
            for s in policy.SETTINGS
        ),
    )


def command_table() -> str:
    """Return the commands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "relent.project.settings")
    return _rows(("command", "what it does"), ((f"`relent {name}`", says) for name, says in sorted(command.commands())))


def example() -> str:
    """Return .env.example."""
    head = (
        "# Every setting of Relent, with its default; docs/settings.md says the same. Copy to .env, change what you\n"
        "# need, and load it:  set -a; . ./.env; set +a\n"
        "# A variable marked (secret) can also be read from a file: set its name with _FILE to the file's path.\n"
    )
    return head + "".join(_example_of(variable) for variable in environment.VARIABLES)


def _example_of(variable: environment.Variable) -> str:
    meaning = variable.meaning + (" (secret)" if variable.secret else "")
    lines = textwrap.wrap(meaning, 117, initial_indent="# ", subsequent_indent="# ")
    return "\n{}\n#{}={}\n".format("\n".join(lines), variable.name, variable.default)


def _summary(kind: type) -> str:
    paragraph = inspect.cleandoc(kind.__doc__ or "").split("\n\n")[0]
    return paragraph.replace("\n", " ").replace("``", "`")


def _rows(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
