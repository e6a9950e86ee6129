#!/usr/bin/env python
"""Django's command line. Where no servers are configured, commands that need PostgreSQL and Valkey
get the embedded ones, started when they are down."""

import contextlib
import os
import sys

from adoptiq import embedded

WITHOUT_SERVICES = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "makemigrations",
    "schedule_file",
    "spectacular",
    "startapp",
    "test",
    "version",
}


def needs_services(arguments: list[str]) -> bool:
    """Whether a command line, without the program's name, uses database or broker."""
    if not arguments or arguments[0].startswith("-") or {"-h", "--help"} & set(arguments):
        return False
    return arguments[0] not in WITHOUT_SERVICES


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "adoptiq.settings")
    services = embedded.provided() if needs_services(arguments) else contextlib.nullcontext()
    try:
        with services:
            # Settings read the environment when they are imported: not before this line.
            from django.core.management import execute_from_command_line

            execute_from_command_line(["manage.py", *arguments])
    except embedded.ServicesUnavailable as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
