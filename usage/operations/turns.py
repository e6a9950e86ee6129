"""Two hands in one process, of which one waits for the database and the other computes."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

TURN_SECONDS = 0.0005


@contextmanager
def quick_turns() -> Iterator[None]:
    """Have threads take turns sooner: who stores or reads waits for a turn behind each answer of the
    database, and the usual wait is longer than most answers."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(TURN_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
