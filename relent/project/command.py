"""The ``relent`` command."""

import os
import sys
from collections.abc import Iterator

# The rooms whose management commands a person is meant to use; Django's own stay reachable by name.
_ROOMS = ("relent.workers", "relent.playground")


def main() -> None:
    """Run one of Relent's commands; without one, list them. ``rotate-keys`` and ``rotate_keys`` are the same."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "relent.project.settings")
    from django.core.management import execute_from_command_line

    name, *rest = sys.argv[1:] or ["help"]
    if name in {"help", "--help", "-h"} and not rest:
        sys.stdout.write(overview())
        return
    if name == "demo" and not {"-h", "--help"} & set(rest):
        from relent.playground import environment

        environment.prepare(rest)  # the demo's settings are its own, and must be there before Django reads them
    if name == "scenarios":
        from relent.workers.scenarios import environment as of_a_story

        of_a_story.prepare(rest)  # an empty database of its own, whatever this install's is
    execute_from_command_line([sys.argv[0], name if name.startswith("-") else name.replace("-", "_"), *rest])


def overview() -> str:
    """Return the list of Relent's commands, one line each."""
    lines = [f"  relent {name:<14} {summary}\n" for name, summary in sorted(commands())]
    return f"Relent's commands (`relent help COMMAND` says more):\n\n{''.join(lines)}"


def commands() -> Iterator[tuple[str, str]]:
    """Yield each command as it is typed, and what it does."""
    import django
    from django.core.management import get_commands, load_command_class

    django.setup()
    for name, app in get_commands().items():
        if app in _ROOMS:
            yield name.replace("_", "-"), load_command_class(app, name).help


if __name__ == "__main__":
    main()
