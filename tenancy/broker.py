"""The broker as something that may be away: short waits, and a pause after each one in vain."""

import threading
import time
from collections.abc import Callable

import structlog
from celery import current_app
from django.conf import settings
from kombu.connection import ConnectionPool

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 5.0
MOST_CONNECTIONS = 10
# A connection that was idle may be stale; the second one is new.
TRIES = 2
# Nothing here is waited for: a run that is not published now is published by the sweeper.
IMPATIENT = {
    "socket_timeout": settings.BROKER_WAIT_SECONDS,
    "socket_connect_timeout": settings.BROKER_WAIT_SECONDS,
    "max_retries": 0,
}


class Pause:
    """Begins when somebody waited in vain, so that others need not wait as well."""

    def __init__(
        self, seconds: float = PAUSE_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds, self._clock = seconds, clock
        self._until = float("-inf")

    def holds(self) -> bool:
        return self._clock() < self._until

    def begin(self) -> None:
        self._until = self._clock() + self._seconds


class Outbox:
    """Hands messages to the broker in well under a second, or not at all."""

    def __init__(self) -> None:
        self.pause = Pause()
        self._lock = threading.Lock()
        self._connections: ConnectionPool | None = None

    def send(self, task: str, **kwargs: str) -> bool:
        """Whether the broker took the message. Never raises, whatever the broker does."""
        if self.pause.holds():
            return False
        began = time.monotonic()
        for _try in range(TRIES):
            try:
                with self._pool().acquire(block=True, timeout=settings.BROKER_WAIT_SECONDS) as line:
                    current_app.send_task(task, kwargs=kwargs, connection=line, retry=False)
                return True
            except Exception as error:
                log.warning("publish_failed", task=task, error=type(error).__name__)
            if time.monotonic() - began > settings.BROKER_WAIT_SECONDS / 2:
                break
        self.pause.begin()
        return False

    def forget(self) -> None:
        """Leaves the connections to the process they were made in; for a child after a fork."""
        self._connections = None

    def _pool(self) -> ConnectionPool:
        with self._lock:
            if self._connections is None:
                line = current_app.connection_for_write(transport_options=IMPATIENT)
                self._connections = line.Pool(limit=MOST_CONNECTIONS)
            return self._connections


outbox = Outbox()
