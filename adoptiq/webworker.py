"""A web process that steps down only when its successor serves.

On a reload gunicorn starts new processes and stops the old ones in the same moment, so that nobody
would answer for as long as the new ones take to import the product.
"""

import threading
import time
from multiprocessing.sharedctypes import RawValue
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

LONGEST_WAIT_SECONDS = 20.0
LOOK_EVERY_SECONDS = 0.05

# In memory that gunicorn's first process shares with all it starts: how often it was reloaded, and
# after which of these reloads a process has come to serve.
reloads = RawValue("L", 0)
serving = RawValue("L", 0)


class PatientWorker(ThreadWorker):
    """Threads, as gunicorn's own, and patience."""

    generation = 0

    def handle_exit(self, sig: int, frame: Any) -> None:
        threading.Thread(target=self._step_down, args=(sig, frame), daemon=True).start()

    def _step_down(self, sig: int, frame: Any) -> None:
        deadline = time.monotonic() + LONGEST_WAIT_SECONDS
        while self._awaits_successor() and time.monotonic() < deadline:
            time.sleep(LOOK_EVERY_SECONDS)
        super().handle_exit(sig, frame)

    def _awaits_successor(self) -> bool:
        return bool(self.generation < reloads.value and serving.value < reloads.value)
