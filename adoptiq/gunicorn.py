"""How the web server runs: gunicorn --config python:adoptiq.gunicorn adoptiq.wsgi."""

import os
import shutil
import signal
import tempfile
from typing import Any

from adoptiq import logs, memory, webworker
from adoptiq.supervisor import end_with_parent

bind = os.environ.get("WEB_BIND", "127.0.0.1:8000").split(",")
worker_class = "adoptiq.webworker.PatientWorker"
logger_class = "adoptiq.webworker.ServerLogger"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = 4
timeout = 60
graceful_timeout = 25
keepalive = 5
# It would lie in the home folder of whoever starts the server.
control_socket_disable = True
logconfig_dict = logs.settings(level="INFO") | {"loggers": {"gunicorn.error": {"level": "WARNING"}}}

# Where the web processes keep their figures; prometheus_client reads this when it is imported.
figures = tempfile.mkdtemp(prefix="adoptiq-figures-")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = figures


def on_reload(server: Any) -> None:
    webworker.reloads.value += 1


def pre_fork(server: Any, worker: Any) -> None:
    worker.generation = webworker.reloads.value


def post_worker_init(worker: Any) -> None:
    memory.settle()
    webworker.serving.value = max(webworker.serving.value, worker.generation)


def post_fork(server: Any, worker: Any) -> None:
    # A worker with a request that never ends would outlive a server that was killed.
    end_with_parent(signal.SIGKILL)


def child_exit(server: Any, worker: Any) -> None:
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    shutil.rmtree(figures, ignore_errors=True)
