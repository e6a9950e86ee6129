"""The web server as it is run, and requests that come at a rate of their own."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from tests.adoptiq.processes import eventually
from tests.browser.copies import free_port
from tests.paths import ROOT

WORKERS = 2
# Where `tests.benchmarks.floor` answers with as little as can be.
FLOOR = "/floor"


@contextmanager
def web_server(application: str = "adoptiq.wsgi") -> Iterator[int]:
    """Two web processes at the services of this process's environment; yields their port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "python:adoptiq.gunicorn", application]
    own = {"WEB_BIND": f"127.0.0.1:{port}", "WEB_WORKERS": str(WORKERS), "PORT": str(port)}
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | own)
    try:
        if not eventually(lambda: _answers(port), seconds=120):
            raise RuntimeError("The web server does not answer.")
        yield port
    finally:
        server.terminate()
        server.wait(60)


def _answers(port: int) -> bool:
    with suppress(OSError):
        return ask(http.client.HTTPConnection("127.0.0.1", port, timeout=20), "/readyz") == 200
    return False


def ask(
    line: http.client.HTTPConnection,
    path: str,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> int:
    """The status of one request over a connection that is kept."""
    line.request("POST" if body else "GET", path, body, dict(headers or {}))
    answer = line.getresponse()
    answer.read()
    return answer.status


def send_all(
    port: int, path: str, headers: Mapping[str, str], bodies: Sequence[bytes], *, senders: int = 4
) -> None:
    """Post everything over a few connections at once. Raises when anything is refused."""
    waiting, faults = iter(bodies), list[str]()
    lock = threading.Lock()

    def send() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while not faults:
            with lock:
                body = next(waiting, None)
            if body is None:
                break
            status = ask(line, path, headers, body)
            if status != 200:
                faults.append(f"answered {status}")
        line.close()

    threads = [threading.Thread(target=send) for _number in range(senders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise RuntimeError(faults[0])


def latencies(
    port: int,
    path: str,
    headers: Mapping[str, str],
    *,
    a_second: int,
    lasts: float,
    senders: int = 24,
) -> list[float]:
    """Seconds from when each request was due until it was answered, sorted: who comes at a rate
    does not wait for the one before."""
    begins = time.perf_counter() + 0.2
    due = iter(range(int(a_second * lasts)))
    lock, found = threading.Lock(), list[float]()

    def visit() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            with lock:
                number = next(due, None)
            if number is None:
                break
            at = begins + number / a_second
            time.sleep(max(0.0, at - time.perf_counter()))
            if ask(line, path, headers) != 200:
                raise RuntimeError(path)
            found.append(time.perf_counter() - at)
        line.close()

    threads = [threading.Thread(target=visit) for _number in range(senders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)
