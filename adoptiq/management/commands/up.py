"""manage.py up: AdoptIQ on this machine, in the foreground, until Ctrl-C."""

import signal
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from adoptiq import embedded, health, launch
from adoptiq.supervisor import GaveUp, Supervisor, end_with_parent

# In a row: what does not start at all is given up sooner than what has run before.
MOST_CRASHES_STARTING = 3
MOST_CRASHES = 6
SAME_SIGNAL_SECONDS = 1.0


class AskedToStop(BaseException):
    """Ctrl-C or a signal; like KeyboardInterrupt, no part of the work may swallow it."""


class Command(BaseCommand):
    help = (
        "Starts web server, worker and beat, with PostgreSQL and Valkey of its own where none are "
        "configured. PORT and ADOPTIQ_HOME let copies run side by side."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--stop-with-parent",
            action="store_true",
            help="stop when the caller ends, as make does",
        )
        parser.add_argument("--no-demo", action="store_true", help="do not load the demo")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["stop_with_parent"]:
            end_with_parent(signal.SIGKILL)
        _Signals().listen()
        supervisor = Supervisor(self.report, most_crashes=MOST_CRASHES_STARTING)
        try:
            self.run(supervisor, demo=not options["no_demo"])
        except AskedToStop:
            self.report("Stopping")
        except (GaveUp, embedded.ServicesUnavailable) as problem:
            self.report(str(problem))
            sys.exit(1)
        finally:
            self.stop(supervisor)

    def run(self, supervisor: Supervisor, *, demo: bool) -> None:
        home, port = Path(settings.ADOPTIQ_HOME), int(settings.PORT)
        log_to_files = sys.stderr.isatty()
        # A configured database is somebody's own: nothing is invented there.
        demo = demo and embedded.in_use(home)
        launch.prepare(home, demo=demo, report=self.report)
        self.report("Starting web server, worker and beat")
        health.forget_heartbeats()
        for program in launch.programs(home, port, log_to_files=log_to_files):
            supervisor.start(program)
        launch.await_health(port, supervisor, self.report)
        supervisor.most_crashes = MOST_CRASHES
        self.announce(home, port, log_to_files=log_to_files)
        launch.watch(home, supervisor, self.report)

    def announce(self, home: Path, port: int, *, log_to_files: bool) -> None:
        lines = [f"\nAdoptIQ runs on http://localhost:{port}"]
        people = launch.sign_ins(home)
        width = max((len(person.role) for person in people), default=0)
        lines += [f"  {p.role:<{width}}  {p.email}  {p.password}" for p in people]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()
        self.report(f"Logs: {home / 'log'}" if log_to_files else "Logs follow")
        self.report("Stop with Ctrl-C")

    def stop(self, supervisor: Supervisor) -> None:
        """Stops in peace; a second Ctrl-C ends everything at once."""
        try:
            supervisor.stop()
        except AskedToStop:
            supervisor.kill()

    def report(self, line: str) -> None:
        print(line, file=sys.stderr, flush=True)


class _Signals:
    """Turns signals into AskedToStop. A group's signal, passed on by make, counts once."""

    def __init__(self) -> None:
        self.last = -SAME_SIGNAL_SECONDS

    def listen(self) -> None:
        for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(ending, self._ask_to_stop)

    def _ask_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        if now - self.last < SAME_SIGNAL_SECONDS:
            return
        self.last = now
        raise AskedToStop
