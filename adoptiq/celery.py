"""The Celery application. Its settings are Django's, with the prefix CELERY_."""

import os
import signal
from typing import Any

from celery import Celery, bootsteps
from celery.beat import Scheduler
from celery.signals import beat_init, worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "adoptiq.settings")

from adoptiq import health, memory
from adoptiq.supervisor import end_with_parent
from tenancy.broker import outbox

app = Celery("adoptiq")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


class WorkerHeartbeat(bootsteps.StartStopStep):
    """Written from the loop that fetches tasks, and begun again with every new connection."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def start(self, parent: Any) -> None:
        parent.timer.call_repeatedly(
            health.HEARTBEAT_EVERY_SECONDS, health.write_heartbeat, (health.WORKER,)
        )
        from adoptiq import watchdog

        # Worker and beat look after each other: who hangs cannot say so.
        look = watchdog.Watchdog(health.BEAT).look
        parent.timer.call_repeatedly(watchdog.LOOK_EVERY_SECONDS, look)


class HeartbeatScheduler(Scheduler):
    """Keeps its times in memory: the database is the queue of record, and a file could be torn."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        wait = super().tick(*args, **kwargs)
        health.write_heartbeat(health.BEAT)
        return min(wait, health.HEARTBEAT_EVERY_SECONDS)


app.steps["consumer"].add(WorkerHeartbeat)
app.conf.beat_scheduler = HeartbeatScheduler


@worker_process_init.connect
def end_with_worker(**_kwargs: Any) -> None:
    # A killed worker must not leave a child behind that goes on with a task given to another.
    end_with_parent(signal.SIGKILL)
    outbox.forget()
    memory.settle()


@beat_init.connect
def watch_worker(**_kwargs: Any) -> None:
    from adoptiq import watchdog

    watchdog.start(health.WORKER)
