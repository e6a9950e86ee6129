"""A web process that steps down only when its successor serves, and knows how long requests waited.

On a reload gunicorn starts new processes and stops the old ones in the same moment, so that nobody
would answer for as long as the new ones take to import the product.

Requests wait for a free thread in a queue without end. How long the one at hand did is known to
`waited`, so that what came too late can be turned away: see `adoptiq.overload`.
"""

import threading
import time
from multiprocessing.sharedctypes import RawValue
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker

LONGEST_WAIT_SECONDS = 20.0
LOOK_EVERY_SECONDS = 0.05

# In memory that gunicorn's first process shares with all it starts: how often it was reloaded, and
# after which of these reloads a process has come to serve.
reloads = RawValue("L", 0)
serving = RawValue("L", 0)


_at_hand = threading.local()


def waited() -> float:
    """Seconds the request of this thread waited for it; 0 under another server."""
    return float(getattr(_at_hand, "waited", 0.0))


class ServerLogger(Logger):
    """gunicorn's own words. Requests have lines by `adoptiq.measurements`; gunicorn would put one
    together for each of them, and then find that nobody wants to read it."""

    def access(self, *_request: Any) -> None:
        pass


class PatientWorker(ThreadWorker):
    """Threads, as gunicorn's own, and patience."""

    generation = 0

    def enqueue_req(self, conn: Any) -> None:
        conn.queued = time.monotonic()
        super().enqueue_req(conn)

    def handle(self, conn: Any) -> Any:
        # Of a connection that is kept, `queued` is when its next request could be read.
        _at_hand.waited = time.monotonic() - conn.queued
        return super().handle(conn)

    def handle_exit(self, sig: int, frame: Any) -> None:
        threading.Thread(target=self._step_down, args=(sig, frame), daemon=True).start()

    def _step_down(self, sig: int, frame: Any) -> None:
        deadline = time.monotonic() + LONGEST_WAIT_SECONDS
        while self._awaits_successor() and time.monotonic() < deadline:
            time.sleep(LOOK_EVERY_SECONDS)
        super().handle_exit(sig, frame)

    def _awaits_successor(self) -> bool:
        return bool(self.generation < reloads.value and serving.value < reloads.value)
