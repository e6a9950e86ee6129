"""Using the services: join those that run, or have them started."""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from adoptiq.embedded.binaries import installed
from adoptiq.embedded.folder import (
    Home,
    ServiceSettings,
    ServicesUnavailable,
    opened,
    read_settings,
    try_lock,
)
from adoptiq.embedded.keeper import start_keeper
from adoptiq.embedded.postgres import (
    DATABASE,
    SUPERUSER,
    apply_roles,
    database_accepts,
    database_url,
)
from adoptiq.embedded.state import FAILED, READY, read_state
from adoptiq.embedded.valkey import broker_accepts, broker_url

CODE = Path(__file__).resolve().parents[2]
MOST_STARTS = 3
# Children to be reaped when they end.
_KEEPERS: "list[subprocess.Popen[bytes]]" = []
STILL_EVERY_SECONDS = 5.0
LONGEST_STOP_SECONDS = 150.0


@dataclass(frozen=True)
class Endpoints:
    """Addresses of the running services, passwords included: never log one."""

    database_url: str
    owner_url: str
    ops_url: str
    superuser_url: str
    redis_url: str
    secret_key: str

    def environment(self) -> dict[str, str]:
        """The variables that settings read."""
        return {
            "DATABASE_URL": self.database_url,
            "DATABASE_OWNER_URL": self.owner_url,
            "DATABASE_OPS_URL": self.ops_url,
            "REDIS_URL": self.redis_url,
            "SECRET_KEY": self.secret_key,
        }


def to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


@contextmanager
def running(
    home: Path, *, fast: bool = False, report: Callable[[str], None] = to_stderr
) -> Iterator[Endpoints]:
    """PostgreSQL and Valkey of one data folder, for the time of the block.

    They are started when they are down and stopped when the last user has left; several processes
    may use one folder at once. `fast`, for tests, gives up durability and only counts when this
    call starts them. Raises ServicesUnavailable with a line for people.
    """
    place = Home.at(home)
    place.create()
    with opened(place.users_lock) as users:
        _join(users, report)
        try:
            yield _Services(place, fast, report).reach()
        finally:
            fcntl.flock(users, fcntl.LOCK_UN)
            _see_off(place, users)


def create_database(home: Path, name: str) -> Endpoints:
    """Makes one more database, with the same roles and grants, beside the main one.

    The services must be running. Safe to repeat.
    """
    settings = read_settings(Home.at(home))
    if settings is None:
        raise ServicesUnavailable(f"No services run in {home}.")
    apply_roles(settings, installed().psql(), name)
    return endpoints(settings, name)


def endpoints(settings: ServiceSettings, database: str = DATABASE) -> Endpoints:
    return Endpoints(
        database_url=database_url(settings, "adoptiq_app", database),
        owner_url=database_url(settings, "adoptiq_owner", database),
        ops_url=database_url(settings, "adoptiq_ops", database),
        superuser_url=database_url(settings, SUPERUSER, database),
        redis_url=broker_url(settings),
        secret_key=settings.secret_key,
    )


def default_home() -> Path:
    """ADOPTIQ_HOME, or .adoptiq/ beside the code."""
    return Path(os.environ.get("ADOPTIQ_HOME") or CODE / ".adoptiq").expanduser().absolute()


@contextmanager
def provided() -> Iterator[None]:
    """Puts the addresses of the embedded services into the environment where none are configured.

    What is configured stays: with DATABASE_URL but no REDIS_URL only the broker is ours.
    """
    os.environ["ADOPTIQ_HOME"] = str(default_home())
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        yield
        return
    with running(default_home()) as found:
        offered = found.environment()
        if os.environ.get("DATABASE_URL"):
            for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_OPS_URL"):
                del offered[name]
        if os.environ.get("REDIS_URL"):
            del offered["REDIS_URL"]
        if os.environ.get("SECRET_KEY"):
            del offered["SECRET_KEY"]
        os.environ.update(offered)
        yield


def in_use(home: Path) -> bool:
    """Whether this process works with the embedded services rather than configured ones."""
    settings = read_settings(Home.at(home))
    if settings is None:
        return False
    return os.environ.get("DATABASE_URL") == endpoints(settings).database_url


def revive(home: Path) -> bool:
    """Starts the keeper again when it is gone while we use its services; True when it was.

    Raises ServicesUnavailable when it gave up, with its reason.
    """
    place = Home.at(home)
    gone = ensure_keeper(place, unless_failed=True)
    if not gone and (state := read_state(place)).name == FAILED:
        raise ServicesUnavailable(state.message)
    return gone


def ensure_keeper(home: Home, *, fast: bool = False, unless_failed: bool = False) -> bool:
    """Starts the keeper when there is none; True when it was started."""
    _reap()
    with opened(home.keeper_lock) as lock:
        if not try_lock(lock, fcntl.LOCK_EX):
            return False
        if unless_failed and read_state(home).name == FAILED:
            return False
        _KEEPERS.append(start_keeper(home, lock, fast=fast))
        return True


def _join(users: int, report: Callable[[str], None]) -> None:
    if not try_lock(users, fcntl.LOCK_SH):
        report("Waiting for PostgreSQL and Valkey to stop")
        fcntl.flock(users, fcntl.LOCK_SH)


@dataclass
class _Services:
    home: Home
    fast: bool
    report: Callable[[str], None]
    starts: int = 0
    said: str = ""
    said_at: float = 0.0

    def reach(self) -> Endpoints:
        """Waits, however long it takes, until both services answer."""
        while True:
            self._have_keeper()
            state = read_state(self.home)
            settings = read_settings(self.home)
            if state.name == READY and settings and self._both_answer(settings):
                return endpoints(settings)
            if state.message and state.name != FAILED:
                self._tell(state.message)
            time.sleep(0.05)

    def _both_answer(self, settings: ServiceSettings) -> bool:
        return database_accepts(settings, self.home) and broker_accepts(settings, self.home)

    def _have_keeper(self) -> None:
        state = read_state(self.home)
        if not ensure_keeper(self.home, fast=self.fast):
            return
        if self.starts and state.name == FAILED:
            raise ServicesUnavailable(state.message)
        if self.starts == MOST_STARTS:
            raise ServicesUnavailable(
                f"PostgreSQL and Valkey did not start; see {self.home.logs / 'keeper.log'}"
            )
        self.starts += 1

    def _tell(self, message: str) -> None:
        now = time.monotonic()
        if message != self.said:
            self.said, self.said_at = message, now
            self.report(message)
        elif now - self.said_at > STILL_EVERY_SECONDS:
            self.said_at = now
            self.report(f"{message}, still")


def _see_off(home: Home, users: int) -> None:
    """Waits until the services are gone, unless somebody else uses them."""
    deadline = time.monotonic() + LONGEST_STOP_SECONDS
    with opened(home.keeper_lock) as keeper:
        while time.monotonic() < deadline:
            if try_lock(keeper, fcntl.LOCK_EX) or _used_by_others(users):
                break
            time.sleep(0.02)
    _reap()


def _reap() -> None:
    _KEEPERS[:] = [process for process in _KEEPERS if process.poll() is None]


def _used_by_others(users: int) -> bool:
    # Nobody else: the exclusive lock is ours for a moment. The keeper stopping: not even a shared
    # one is. Another user: shared yes, exclusive no.
    if try_lock(users, fcntl.LOCK_EX):
        fcntl.flock(users, fcntl.LOCK_UN)
        return False
    shared = try_lock(users, fcntl.LOCK_SH)
    fcntl.flock(users, fcntl.LOCK_UN)
    return shared
