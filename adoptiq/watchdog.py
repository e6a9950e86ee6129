"""Notices what is alive and yet does nothing: a part that hangs, work that nobody finishes.

Beat watches the worker and the queue of record, the worker watches beat; the alarm is a line in the
log of the one that still works, and the figures behind it are in /metrics.
"""

import threading
import time

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from adoptiq import health
from tenancy import jobs

log = structlog.get_logger(__name__)

LOOK_EVERY_SECONDS = settings.STALLED_AFTER_SECONDS / 4
# Work may wait for a while behind other work; that nothing at all is finished is another matter.
JOBS_STALLED_AFTER_SECONDS = 2 * settings.STALLED_AFTER_SECONDS


class Watchdog:
    """Tells once when `part` has fallen silent, and once when it is heard of again."""

    def __init__(self, part: str) -> None:
        self.part = part
        self.alarms: set[str] = set()
        self.began = time.monotonic()

    def look(self) -> None:
        found = health.check().parts
        # Without the broker nobody can be heard of, and that is told elsewhere.
        if found["broker"].ok:
            part = found[self.part]
            heard = float("inf") if part.heard is None else part.heard
            # What was silent before we looked may be on its way up.
            silent = min(heard, time.monotonic() - self.began)
            stalled = silent > settings.STALLED_AFTER_SECONDS
            self._tell(f"{self.part}_stalled", wrong=stalled, detail=part.detail)

    def look_at_jobs(self) -> None:
        """Whether work is due and none of it gets finished."""
        backlog = jobs.get_backlog(now=timezone.now())
        idle = float("inf") if backlog.last_done is None else backlog.last_done
        stalled = min(backlog.oldest, idle) > JOBS_STALLED_AFTER_SECONDS
        waiting = f"{backlog.due} due, the oldest for {backlog.oldest:.0f} seconds"
        self._tell("jobs_stalled", wrong=stalled, detail=waiting)

    def _tell(self, alarm: str, *, wrong: bool, detail: str) -> None:
        if wrong and alarm not in self.alarms:
            self.alarms.add(alarm)
            log.error(alarm, detail=detail)
        elif not wrong and alarm in self.alarms:
            self.alarms.remove(alarm)
            log.warning(f"{alarm}_no_more", detail=detail)


def start(part: str) -> None:
    """Watches a part, and the queue of record, from a thread of this process's own."""
    threading.Thread(target=_watch, args=(Watchdog(part),), name="watchdog", daemon=True).start()


def _watch(watchdog: Watchdog) -> None:
    while True:
        time.sleep(LOOK_EVERY_SECONDS)
        watchdog.look()
        try:
            watchdog.look_at_jobs()
        except DatabaseError as error:
            log.warning("watchdog_without_database", error=type(error).__name__)
        finally:
            connection.close()
