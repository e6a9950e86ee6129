"""AdoptIQ on one machine: what is prepared before a start, and the programs that then run."""

import hashlib
import http
import json
import os
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from adoptiq import embedded, health, place
from adoptiq.demo import loading
from adoptiq.supervisor import Program, Supervisor

WEB = ("gunicorn", "--config", "python:adoptiq.gunicorn", "adoptiq.wsgi")
CELERY = ("celery", "--app", "adoptiq", "--quiet")
WORKER = (*CELERY, "worker", "--concurrency", "2", "--without-gossip", "--without-mingle")
BEAT = (*CELERY, "beat")
# Celery's own soft stop takes up to 20 seconds.
PATIENCE_SECONDS = 30.0
# Celery warns of root at length on every start.
ROOT_IS_FINE = "ignore:You're running the worker with superuser privileges"
LOOK_EVERY_SECONDS = 0.2
SLOW_START_SECONDS = 10.0
# Times the silence that is allowed later on.
STARTS_AT_MOST = 5

NAMES = {health.WORKER: "The worker", health.BEAT: "Beat"}

Report = Callable[[str], None]


@dataclass(frozen=True)
class SignIn:
    """One person of the demo to sign in as."""

    role: str
    email: str
    password: str


# --- before the start -----------------------------------------------------------------------


def prepare(home: Path, *, demo: bool, report: Report) -> None:
    """Brings schema, static files and, on a first start, the demo up to date."""
    report("Bringing the database up to date")
    call_command("migrate", database="owner", interactive=False, verbosity=0)
    _collect_static(report)
    if demo:
        _load_demo(home, report)
    connections.close_all()


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
    if flag.exists():
        return
    if not sign_ins(home):
        report("Loading the demo")
        # A start that was killed here has left half a demo.
        loading.remove_demo()
        try:
            loading.load_demo(now=timezone.now(), report=report)
        except loading.DemoIsLoaded:
            report("The demo is left out: a workspace of your own has its name")
    flag.touch()


def sign_ins(home: Path) -> list[SignIn]:
    """One sign-in a role, as the demo left them in its file; none without a demo."""
    file = home / loading.SIGN_INS_FILE
    if not file.exists():
        return []
    entries = json.loads(file.read_text())
    return [SignIn(entry["role"], entry["email"], entry["password"]) for entry in entries]


# --- the programs ---------------------------------------------------------------------------


def programs(home: Path, port: int, *, log_to_files: bool) -> list[Program]:
    """Web, worker and beat."""
    here = os.environ | {"PORT": str(port), "PYTHONWARNINGS": ROOT_IS_FINE}

    def program(name: str, log: str, *command: str, **environment: str) -> Program:
        return Program(
            name=name,
            command=(sys.executable, "-m", *command),
            folder=Path(settings.BASE_DIR),
            environment=here | environment,
            log=home / "log" / f"{log}.log" if log_to_files else None,
            patience_seconds=PATIENCE_SECONDS,
        )

    return [
        program("The web server", "web", *WEB, "--preload", WEB_BIND=",".join(_places(port))),
        # Celery's soft stop: what does not finish in time goes back to the queue.
        program(NAMES[health.WORKER], "worker", *WORKER, REMAP_SIGTERM="SIGQUIT"),
        program(NAMES[health.BEAT], "beat", *BEAT),
    ]


def _places(port: int) -> list[str]:
    """Where the web server listens: localhost may mean either loopback address."""
    return [f"[{a}]:{port}" if ":" in a else f"{a}:{port}" for a in place.addresses()]


# --- running --------------------------------------------------------------------------------


def await_health(port: int, supervisor: Supervisor, report: Report) -> None:
    """Returns when /healthz is green. Raises GaveUp when a program keeps ending."""
    said, slow_from = "", time.monotonic() + SLOW_START_SECONDS
    while missing := _missing(port):
        supervisor.watch()
        if missing != said and time.monotonic() > slow_from:
            report(f"Waiting for {missing}")
            said = missing
        time.sleep(LOOK_EVERY_SECONDS)


def _missing(port: int) -> str:
    """The parts that are not well yet, in words; empty when all are."""
    silent = [name for name, part in health.check().parts.items() if not part.ok]
    if not silent and _answers(port):
        return ""
    return ", ".join(silent) or "web server"


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
            return bool(answer.status == http.HTTPStatus.OK)
    except OSError:
        return False


def watch(home: Path, supervisor: Supervisor, report: Report) -> None:
    """Keeps everything running until a signal arrives.

    Raises GaveUp or ServicesUnavailable with the reason when something cannot be kept running.
    """
    ours = embedded.in_use(home)
    look_again = time.monotonic()
    while True:
        supervisor.watch()
        if time.monotonic() > look_again:
            end_stalled(supervisor)
            look_again = time.monotonic() + settings.STALLED_AFTER_SECONDS / 4
        if ours and embedded.revive(home):
            report("PostgreSQL and Valkey were gone; starting them again")
        time.sleep(LOOK_EVERY_SECONDS)


def end_stalled(supervisor: Supervisor) -> None:
    """Ends worker or beat when it runs and yet has not been heard of for long."""
    found = health.check().parts
    if not found["broker"].ok:
        return
    for part, name in NAMES.items():
        if _has_stalled(supervisor.age(name), found[part].heard):
            supervisor.restart(name, f"is {found[part].detail}")


def _has_stalled(age: float, heard: float | None) -> bool:
    """Of a program started `age` seconds ago: one that was heard of since has less patience."""
    longest = settings.STALLED_AFTER_SECONDS
    if heard is not None and heard < age:
        return heard > longest
    return age > STARTS_AT_MOST * longest
