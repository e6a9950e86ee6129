"""How the web server runs: gunicorn --config python:adoptiq.gunicorn adoptiq.wsgi."""

import os
import signal
from typing import Any

from adoptiq import logs
from adoptiq.supervisor import end_with_parent

bind = os.environ.get("WEB_BIND", "127.0.0.1:8000").split(",")
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = 4
timeout = 60
graceful_timeout = 25
keepalive = 5
# It would lie in the home folder of whoever starts the server.
control_socket_disable = True
logconfig_dict = logs.settings(level="INFO") | {
    "loggers": {"gunicorn.error": {"level": "WARNING"}, "gunicorn.access": {"level": "WARNING"}}
}


def post_fork(server: Any, worker: Any) -> None:
    # A worker with a request that never ends would outlive a server that was killed.
    end_with_parent(signal.SIGKILL)
