"""What runs apart: a file comes in by standard input, its rows leave as CSV, what else there is to
say by standard error as JSON."""

from __future__ import annotations

import resource
import sys
from typing import Any

import orjson

from usage.adapters.files.spooling import LARGEST_ANSWER, LONGEST_SECONDS, MOST_MEMORY
from usage.adapters.inflating import UnreadableFile


def main(asked: dict[str, Any]) -> None:
    """Write the rows, then the answer: the number of the first one, or why the file is refused."""
    for limit, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, LONGEST_SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST_ANSWER),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    sys.stderr.buffer.write(orjson.dumps(_answer(asked)))


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    # Only now: what this brings along counts against the limits as well.
    from usage.adapters.files.unpacking import unpack

    try:
        return unpack(sys.stdin.buffer, sys.stdout.buffer, asked)
    except UnreadableFile as refusal:
        return {"refused": str(refusal)}


if __name__ == "__main__":
    main(orjson.loads(sys.argv[1]))
