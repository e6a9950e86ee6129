"""A copy of AdoptIQ taken apart: services, web, workers and beats as processes to be killed."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import redis
from celery import Celery

from adoptiq.embedded import Endpoints, running
from adoptiq.launch import WEB
from adoptiq.supervisor import Program, Supervisor
from tests.adoptiq.processes import (
    at_work_for,
    bare_environment,
    eventually,
    kill_all_at_work_for,
    named,
    open_folder,
)
from tests.browser.copies import free_port
from tests.paths import ROOT

# Short enough for a test; what is measured against it is printed.
VISIBILITY_SECONDS = 20
BAR_SECONDS = VISIBILITY_SECONDS + 15
DAY = date(2026, 11, 17)
FURNITURE = "furniture.json"
CELERY = ("celery", "--app", "tests.adoptiq.rehearsal", "--quiet")
WORKER = (*CELERY, "worker", "--concurrency", "2", "--without-gossip", "--without-mingle")
BEAT = (*CELERY, "beat")

FURNISH = """
import json, sys, django
django.setup()
from uuid import UUID
from tests import factories
from tenancy import audit
from tenancy.scope import tenant_scope
from usage.operations import create_source
found = []
for number in range(int(sys.argv[1])):
    tenant = factories.make_tenant(f"plant-{number}", time_zone="UTC")
    found.append(str(tenant.pk))
from people.models import User
from tenancy.models import Role, Tenant
from tenancy import operations as tenancy
tenant = Tenant.objects.get(pk=found[0])
user = User.objects.create_user("plant@example.org", password=factories.PASSWORD, name="Plant")
tenancy.add_member(tenant=tenant, user=user, role=Role.ADMIN)
with tenant_scope(tenant.pk):
    _source, key = create_source(name="plant", creates_customers=True)
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.create()
for tenant_id in found:
    with tenant_scope(UUID(tenant_id)):
        audit.record(action="plant.furnished")
print(json.dumps({"tenants": found, "key": key.text, "session": session.session_key}))
"""


@dataclass
class Plant:
    """Its services run; web, workers and beats are started and killed by name."""

    home: Path
    endpoints: Endpoints
    port: int
    environment: dict[str, str]
    furniture: dict[str, Any] = field(default_factory=dict)
    supervisors: dict[str, Supervisor] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def tenants(self) -> list[str]:
        return list(self.furniture["tenants"])

    # --- programs ---------------------------------------------------------------------------

    def python(self, *words: str, seconds: float = 300.0) -> str:
        """What a Python command in the checkout prints. Raises when it fails."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=seconds,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def manage(self, *words: str) -> str:
        return self.python("manage.py", *words)

    def start(self, name: str, *command: str, **environment: str) -> None:
        """Runs until it is stopped by name: whatever ends is started again."""
        program = Program(
            name=name,
            command=(sys.executable, "-m", *command),
            folder=ROOT,
            environment=self.environment | environment,
            log=self.home / f"{name}.log",
            patience_seconds=60.0,
        )
        with self.lock:
            self.supervisors[name] = Supervisor(self.note, most_crashes=1000)
            self.supervisors[name].start(program)

    def note(self, line: str) -> None:
        with (self.home / "supervisor.log").open("a") as log:
            log.write(f"{line}\n")

    def look_after(self, stop: threading.Event) -> None:
        while not stop.wait(0.1):
            with self.lock:
                for supervisor in self.supervisors.values():
                    supervisor.watch()

    def process(self, name: str) -> psutil.Process:
        """The program as it runs at this moment."""
        found: list[psutil.Process] = []

        def look() -> bool:
            with self.lock, suppress(psutil.NoSuchProcess):
                [slot] = self.supervisors[name].slots
                if slot.process is not None:
                    found[:] = [psutil.Process(slot.process.pid)]
            return bool(found)

        assert eventually(look, seconds=30)
        return found[0]

    def start_worker(self, name: str = "worker") -> None:
        self.start(name, *WORKER, "--hostname", f"{name}@plant", REMAP_SIGTERM="SIGQUIT")

    def start_beat(self, name: str = "beat") -> None:
        self.start(name, *BEAT)

    def start_web(self, name: str = "web") -> None:
        """Returns when it serves."""
        self.start(name, *WEB, WEB_BIND=f"127.0.0.1:{self.port}")
        assert eventually(lambda: self.status("/readyz") == 200, seconds=60), self.log(name)

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Status and body; status 0 when nobody answers."""
        request = urllib.request.Request(f"{self.address}{path}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, answer.read().decode()
        except OSError:
            return 0, ""

    def status(self, path: str) -> int:
        return self.get(path)[0]

    def kill(self, name: str) -> None:
        """SIGKILL for the program alone: what it started has to end by itself."""
        self.process(name).kill()

    def stop(self, *names: str) -> None:
        """In peace and for good."""
        with self.lock:
            supervisors = [self.supervisors.pop(name) for name in names]
        for supervisor in supervisors:
            supervisor.stop()

    def stop_all(self) -> None:
        with self.lock:
            for supervisor in self.supervisors.values():
                supervisor.kill()
                supervisor.stop()
            self.supervisors.clear()

    def log(self, name: str) -> str:
        return (self.home / f"{name}.log").read_text()

    # --- services ---------------------------------------------------------------------------

    @property
    def valkey(self) -> psutil.Process:
        return self._service("valkey-server")

    @property
    def postgres(self) -> psutil.Process:
        return self._service("postgres", "-D")

    def _service(self, *words: str) -> psutil.Process:
        found: list[psutil.Process] = []

        def look() -> bool:
            with suppress(psutil.NoSuchProcess):
                found[:] = [p for p in named(self.home, *words) if p.name() == words[0]]
            return len(found) == 1

        assert eventually(look, seconds=20), found
        return found[0]

    def restart_valkey(self) -> None:
        """Killed; the keeper starts it again."""
        self.valkey.kill()

    def flush_valkey(self) -> None:
        with redis.Redis.from_url(self.endpoints.redis_url) as client:
            client.flushall()

    @contextmanager
    def valkey_refusing(self) -> Iterator[None]:
        """Nobody listens on its port for the length of the block."""
        [keeper] = named(self.home, "adoptiq.embedded")
        keeper.suspend()
        try:
            self.valkey.kill()
            yield
        finally:
            keeper.resume()

    @contextmanager
    def valkey_silent(self) -> Iterator[None]:
        """Connections open, and nothing ever comes back, for the length of the block."""
        server = self.valkey
        server.suspend()
        try:
            yield
        finally:
            server.resume()

    def restart_postgres(self) -> None:
        """Stopped as for maintenance, every connection ended; the keeper starts it again."""
        self.postgres.send_signal(signal.SIGINT)

    def answers(self) -> bool:
        try:
            return self.sql("SELECT 1") == [(1,)]
        except psycopg2.OperationalError:
            return False

    def sql(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        connection = psycopg2.connect(self.endpoints.superuser_url, connect_timeout=5)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(query, values or None)
                return list(cursor.fetchall()) if cursor.description else []
        finally:
            connection.close()

    # --- work -------------------------------------------------------------------------------

    def add_run(self, subject: str, *, tenant: int = 0, times: int = 1) -> str:
        """A run that is due, published that many times; 0 is a crash before publishing."""
        run_id = str(uuid.uuid4())
        self.sql(
            "INSERT INTO tenancy_jobrun (id, tenant_id, job, business_date, subject, state,"
            " attempt, due_at, error) VALUES (%s, %s, 'rehearsal.effect', %s, %s, 'due', 0,"
            " now(), '')",
            *(run_id, self.tenants[tenant], DAY, subject),
        )
        for _time in range(times):
            self.publish(run_id)
        return run_id

    def publish(self, run_id: str) -> None:
        app = Celery("outside", broker=self.endpoints.redis_url, set_as_current=False)
        with app.connection_for_write() as line:
            app.send_task("tenancy.run_job", kwargs={"run_id": run_id}, connection=line)

    def states(self, runs: Sequence[str]) -> dict[str, tuple[str, int]]:
        """State and attempt of runs."""
        rows = self.sql(
            "SELECT id::text, state, attempt FROM tenancy_jobrun WHERE id = ANY(%s::uuid[])",
            list(runs),
        )
        return {run_id: (state, attempt) for run_id, state, attempt in rows}

    def effects(self, subject: str) -> int:
        """How often a subject took effect."""
        rows = self.sql("SELECT count(*) FROM engagements_customer WHERE name = %s", subject)
        return int(rows[0][0])

    def at_it(self, run_id: str, attempt: int = 1, *, seconds: float = 20.0) -> psutil.Process:
        """The process that performs a run."""
        note = self.home / "rehearsal" / f"{run_id}.{attempt}"
        assert eventually(lambda: note.exists() and note.read_text(), seconds=seconds), (
            self.states([run_id]),
            self.log("worker")[-3000:],
        )
        return psutil.Process(int(note.read_text()))

    def recovery(self, runs: Sequence[str], *, seconds: float = BAR_SECONDS) -> float:
        """Seconds until all runs are done; fails when it takes longer than allowed."""
        began = time.monotonic()

        def done() -> bool:
            try:
                return {state for state, _attempt in self.states(runs).values()} == {"done"}
            except psycopg2.OperationalError:
                return False

        assert eventually(done, seconds=seconds), (self.states(runs), self.log("worker")[-3000:])
        return time.monotonic() - began


@contextmanager
def plant(*, tenants: int = 2, durable: bool = False, **environment: str) -> Iterator[Plant]:
    """A plant with so many workspaces and nothing started but its services; gone afterwards.

    With no workspaces even the database is empty. A durable one waits for the disk as a real one.
    """
    with open_folder() as home:
        _copy(_furnished(tenants), home)
        with running(home, fast=not durable) as endpoints:
            yield from _at_work(_plant_at(home, endpoints, environment))
    kill_all_at_work_for(home)


def _plant_at(home: Path, endpoints: Endpoints, environment: dict[str, str]) -> Plant:
    port = free_port()
    own = {
        "ADOPTIQ_HOME": str(home),
        "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "adoptiq.settings",
        "VISIBILITY_TIMEOUT_SECONDS": str(VISIBILITY_SECONDS),
        "PYTHONWARNINGS": "ignore",
    }
    found = Plant(
        home, endpoints, port, bare_environment() | endpoints.environment() | own | environment
    )
    if (told := home / FURNITURE).exists():
        found.furniture = json.loads(told.read_text())
    return found


def _at_work(found: Plant) -> Iterator[Plant]:
    """Whatever is started by name is looked after until the end, and then stopped."""
    stop = threading.Event()
    looking = threading.Thread(target=found.look_after, args=(stop,))
    looking.start()
    try:
        yield found
    finally:
        stop.set()
        looking.join()
        found.stop_all()


# --- furnished once -------------------------------------------------------------------------


def _furnished(tenants: int) -> Path:
    """A data folder with so many workspaces, nothing running: made once a run, to be copied."""
    kept = Path(os.environ["ADOPTIQ_HOME"]) / f"furnished-{tenants}"
    with (kept.with_suffix(".lock")).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            with open_folder() as making:
                _furnish(making, tenants)
                _forget_ports(making)
                _copy(making, kept)
    return kept


def _furnish(home: Path, tenants: int) -> None:
    with running(home, fast=True) as endpoints:
        found = _plant_at(home, endpoints, {})
        found.manage("collectstatic", "--no-input", "-v", "0", "--skip-checks")
        if tenants:
            found.manage("migrate", "--database", "owner", "-v", "0", "--skip-checks")
            (home / FURNITURE).write_text(found.python("-c", FURNISH, str(tenants)))
    assert eventually(lambda: not at_work_for(home), seconds=60), at_work_for(home)


def _forget_ports(home: Path) -> None:
    """Copies choose their own: no plant starts where another has just killed its services."""
    place = home / "services.json"
    place.write_text(
        json.dumps(json.loads(place.read_text()) | {"postgres_port": 0, "valkey_port": 0})
    )


def _copy(folder: Path, place: Path) -> None:
    """With owners and rights, which PostgreSQL insists on."""
    subprocess.run(["cp", "-a", "-T", str(folder), str(place)], check=True)
