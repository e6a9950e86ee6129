#!/usr/bin/env python
"""Django's command line. Where no servers are configured, commands that need PostgreSQL and Valkey
get the embedded ones, started when they are down."""

import contextlib
import os
import sys
from collections.abc import Iterator

from adoptiq import embedded, place

WITHOUT_SERVICES = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "makemigrations",
    "messages",
    "schedule_file",
    "spectacular",
    "startapp",
    "test",
    "version",
}


@contextlib.contextmanager
def prepared_for(arguments: list[str]) -> Iterator[None]:
    """Has there what a command line, without the program's name, needs while it is carried out."""
    asks_for_help = not arguments or arguments[0].startswith("-") or {"-h", "--help"} & {*arguments}
    with contextlib.ExitStack() as stack:
        if not asks_for_help and arguments[0] not in WITHOUT_SERVICES:
            if arguments[0] == "up":
                stack.enter_context(place.claimed(embedded.default_home(), embedded.to_stderr))
            stack.enter_context(embedded.provided())
        yield


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "adoptiq.settings")
    try:
        with prepared_for(arguments):
            # Settings read the environment when they are imported: not before this line.
            from django.core.management import execute_from_command_line

            execute_from_command_line(["manage.py", *arguments])
    except (embedded.ServicesUnavailable, place.CannotStart) as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
