"""Folders that an unprivileged user may reach, and the processes at work for them."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from tests.paths import ROOT

# Holds the services of a folder until it is ended.
HOLD = """
import sys, time
from pathlib import Path
from adoptiq.embedded import running
with running(Path(sys.argv[1])) as found:
    print(found.superuser_url, flush=True)
    time.sleep(60)
"""


@contextmanager
def open_folder() -> Iterator[Path]:
    """pytest's own temporary folders are closed to everybody else, nobody included."""
    folder = Path(tempfile.mkdtemp(prefix="adoptiq-home-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def at_work_for(home: Path) -> list[psutil.Process]:
    """Every process whose arguments, working folder or ADOPTIQ_HOME lie in a data folder."""
    own = psutil.Process()
    return [
        process for process in psutil.process_iter() if process != own and _works(process, home)
    ]


def _works(process: psutil.Process, home: Path) -> bool:
    place = str(home)
    try:
        return (
            process.status() != psutil.STATUS_ZOMBIE
            and process.ppid() != 2
            and (
                any(place in word for word in process.cmdline())
                or process.cwd().startswith(place)
                or process.environ().get("ADOPTIQ_HOME", "").startswith(place)
            )
        )
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def named(home: Path, *words: str) -> list[psutil.Process]:
    """The processes at work for a folder whose command line holds all the words."""
    return [process for process in at_work_for(home) if _says(process, words)]


def _says(process: psutil.Process, words: tuple[str, ...]) -> bool:
    try:
        line = " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return False
    return all(word in line for word in words)


def eventually(holds: Callable[[], object], *, seconds: float = 10.0) -> bool:
    """Whether something becomes true in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def launch(*command: str, **environment: str) -> "subprocess.Popen[str]":
    """Starts a Python command in the checkout, apart from the configured services of this run."""
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env=bare_environment() | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_hear_interrupts,
    )


def _hear_interrupts() -> None:
    """A run in the background ignores Ctrl-C, and would hand that on to what it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def bare_environment() -> dict[str, str]:
    ours = ("DATABASE", "REDIS_URL", "SECRET_KEY", "ADOPTIQ", "PORT", "PYTEST", "DJANGO")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


@contextmanager
def held(home: Path) -> Iterator["subprocess.Popen[str]"]:
    """A process of its own that has the services of a folder running."""
    process = launch("-c", HOLD, str(home))
    try:
        assert process.stdout
        assert process.stdout.readline(), process.communicate()[1]
        yield process
    finally:
        process.kill()
        process.communicate()
        assert eventually(lambda: not at_work_for(home))


def kill_all_at_work_for(home: Path) -> None:
    """At once, as a power cut would; some end by themselves when their parent is gone."""
    for process in at_work_for(home):
        with suppress(psutil.NoSuchProcess):
            process.kill()
