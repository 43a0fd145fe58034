"""The ``relent`` command."""

import os
import sys


def main() -> None:
    """Run one of Relent's commands (``relent help`` lists them)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "relent.project.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
