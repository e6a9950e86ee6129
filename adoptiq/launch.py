"""AdoptIQ on one machine: what is prepared before a start, and the programs that then run."""

import fcntl
import hashlib
import json
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands

from adoptiq import embedded
from adoptiq.supervisor import Program, Supervisor

USUAL_PORT = 8000
PORTS_TRIED = 100
WEB_WORKERS = 2
WEB_THREADS = 4
TASK_PROCESSES = 2
# Celery's own soft stop takes up to 20 seconds.
WORKER_PATIENCE_SECONDS = 30.0
LOOK_EVERY_SECONDS = 0.2

Report = Callable[[str], None]


class CannotStart(RuntimeError):
    """AdoptIQ cannot start here; the message is one line for the person at the keyboard."""


@dataclass(frozen=True)
class SignIn:
    """One person of the demo to sign in as."""

    role: str
    email: str
    password: str


# --- where ----------------------------------------------------------------------------------


def addresses() -> list[str]:
    """The loopback addresses of this machine: localhost may mean either."""
    return [address for address in ("127.0.0.1", "::1") if _can_listen(address, 0)]


def choose_port(wanted: str | None, report: Report) -> int:
    """PORT as given, or the first free one from 8000 on.

    Raises CannotStart when PORT is no port number or taken.
    """
    if wanted:
        return _given_port(wanted)
    for port in range(USUAL_PORT, USUAL_PORT + PORTS_TRIED):
        if _is_free(port):
            if port != USUAL_PORT:
                report(f"Port {USUAL_PORT} is taken, so this copy uses {port}")
            return port
    raise CannotStart(f"No free port from {USUAL_PORT} on; set PORT to one.")


def _given_port(wanted: str) -> int:
    if not (wanted.isdecimal() and 0 < int(wanted) < 65536):
        raise CannotStart(f"PORT is “{wanted}”; it must be a number from 1 to 65535.")
    if not _is_free(int(wanted)):
        raise CannotStart(f"Port {wanted} is taken by another program; set PORT to a free one.")
    return int(wanted)


def _is_free(port: int) -> bool:
    return all(_can_listen(address, port) for address in addresses())


def _can_listen(address: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
    except OSError:
        return False
    return True


@contextmanager
def only_copy(home: Path, port: int) -> Iterator[None]:
    """Holds the data folder for one running copy. Raises CannotStart when another has it."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (home / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CannotStart(
                f"AdoptIQ already runs from {home} on port {lock.read().strip()}; "
                "set ADOPTIQ_HOME and PORT for a second copy."
            ) from None
        lock.truncate(0)
        lock.write(str(port))
        lock.flush()
        yield


# --- before the start -----------------------------------------------------------------------


def prepare(home: Path, *, demo: bool, report: Report) -> None:
    """Brings schema, static files and, on a first start, the demo up to date."""
    report("Bringing the database up to date")
    call_command("migrate", database="owner", interactive=False, verbosity=0)
    _collect_static(report)
    if demo:
        _load_demo(home, report)


def _collect_static(report: Report) -> None:
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    wanted = static_fingerprint()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    report("Collecting static files")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(wanted)


def static_fingerprint() -> str:
    """Changes when any static file of the project or of an installed app does."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _load_demo(home: Path, report: Report) -> None:
    """Loads the demo once: who removed it does not want it back."""
    flag = home / "demo-loaded"
    if flag.exists() or "load_demo" not in get_commands():
        return
    report("Loading the demo")
    call_command("load_demo", verbosity=0)
    flag.touch()


def sign_ins(home: Path) -> list[SignIn]:
    """One sign-in a role, as the demo left them in demo-sign-ins.json; none without a demo."""
    file = home / "demo-sign-ins.json"
    if not file.exists():
        return []
    return [SignIn(**entry) for entry in json.loads(file.read_text())]


# --- the programs ---------------------------------------------------------------------------


def programs(home: Path, port: int, *, log_to_files: bool) -> list[Program]:
    """Web, worker and beat."""
    code = Path(settings.BASE_DIR)
    environment = os.environ | {
        "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "adoptiq.settings",
        # Root is no concern here, and Celery says so at length on every start.
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
    }

    def log(name: str) -> Path | None:
        return home / "log" / f"{name}.log" if log_to_files else None

    return [
        Program(
            name="The web server",
            command=_web(port),
            folder=code,
            environment=environment,
            log=log("web"),
            death_signal=signal.SIGQUIT,
        ),
        Program(
            name="The worker",
            command=_celery("worker", "--concurrency", str(TASK_PROCESSES), "--hostname", "w@%h"),
            folder=code,
            # Celery's soft stop: what does not finish in time goes back to the queue.
            environment=environment | {"REMAP_SIGTERM": "SIGQUIT"},
            log=log("worker"),
            patience_seconds=WORKER_PATIENCE_SECONDS,
        ),
        Program(
            name="Beat",
            command=_celery("beat"),
            folder=code,
            environment=environment,
            log=log("beat"),
        ),
    ]


def _web(port: int) -> tuple[str, ...]:
    places = [f"[{address}]:{port}" if ":" in address else f"{address}:{port}" for address in addresses()]
    binds = [word for place in places for word in ("--bind", place)]
    return (
        *(sys.executable, "-m", "gunicorn", "adoptiq.wsgi", *binds),
        *("--worker-class", "gthread", "--workers", str(WEB_WORKERS)),
        *("--threads", str(WEB_THREADS), "--graceful-timeout", "5", "--timeout", "60"),
        # It would lie in the home folder of whoever started us.
        *("--no-control-socket", "--log-level", "warning"),
    )


def _celery(*arguments: str) -> tuple[str, ...]:
    quiet = ("--without-gossip", "--without-mingle") if arguments[0] == "worker" else ()
    return (sys.executable, "-m", "celery", "--app", "adoptiq", "--quiet", *arguments, *quiet)


# --- running --------------------------------------------------------------------------------


def await_health(port: int, supervisor: Supervisor, report: Report) -> None:
    """Returns when /healthz is green. Raises GaveUp when a program keeps ending."""
    said, slow_from = "", time.monotonic() + 10.0
    while (missing := _missing(port)) is not None:
        supervisor.watch()
        if missing != said and time.monotonic() > slow_from:
            report(f"Waiting for {missing}")
            said = missing
        time.sleep(LOOK_EVERY_SECONDS)


def _missing(port: int) -> str | None:
    """The parts that are not well yet, in words; None when all are."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10):  # noqa: S310
            return None
    except urllib.error.HTTPError as answer:
        try:
            parts = json.load(answer)
        except ValueError:
            return f"the web server (status {answer.code})"
        return ", ".join(name for name, part in parts.items() if part is not True and not part["ok"])
    except OSError:
        return "the web server"


def watch(home: Path, supervisor: Supervisor, report: Report) -> None:
    """Keeps everything running until a signal arrives.

    Raises GaveUp or ServicesUnavailable with the reason when something cannot be kept running.
    """
    ours = embedded.in_use(home)
    while True:
        supervisor.watch()
        if ours and embedded.revive(home):
            report("PostgreSQL and Valkey were gone; starting them again")
        time.sleep(LOOK_EVERY_SECONDS)
