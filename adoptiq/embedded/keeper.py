"""The process that keeps the services running for as long as anybody uses them.

It is started by the first user, holds keeper.lock, and ends by itself when the last user has let go
of users.lock, whether that user finished or was killed. PostgreSQL and Valkey are its children and
end with it.
"""

import fcntl
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from adoptiq.embedded.accounts import open_to, service_account
from adoptiq.embedded.binaries import Binaries, find
from adoptiq.embedded.folder import (
    Home,
    ServiceSettings,
    ServicesUnavailable,
    give_to_owner,
    opened,
    settle,
    try_lock,
)
from adoptiq.embedded.postgres import Cluster, apply_roles, database_accepts
from adoptiq.embedded.state import FAILED, READY, STARTING, STOPPING, write_state
from adoptiq.embedded.valkey import Broker, broker_accepts
from adoptiq.supervisor import Account, GaveUp, Supervisor

LOOK_EVERY_SECONDS = 0.05
# In a row: what does not start at all is given up sooner than what has run before.
MOST_CRASHES_STARTING = 3
MOST_CRASHES = 6
STARTING_MESSAGE = "Starting PostgreSQL and Valkey"


class AskedToStop(Exception):
    """Somebody sent the keeper a signal."""


def start_keeper(home: Home, lock: int, *, fast: bool) -> "subprocess.Popen[bytes]":
    """Starts the keeper and hands it the lock held on an open file."""
    write_state(home, STARTING, STARTING_MESSAGE)
    command = [sys.executable, "-m", "adoptiq.embedded", str(home.path), str(lock)]
    log_file = home.logs / "keeper.log"
    log_file.touch(mode=0o600)
    give_to_owner(log_file, home)
    with log_file.open("ab") as log:
        return subprocess.Popen(
            [*command, *(["--fast"] if fast else [])],
            cwd=Path(__file__).resolve().parents[2],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[lock],
            start_new_session=True,
        )


def keep(home: Home, *, fast: bool) -> int:
    """Runs the services until nobody uses them. Answers an exit code; the state says why."""
    _on_ending_signals(_stop)
    supervisor = Supervisor(_to_log, most_crashes=MOST_CRASHES_STARTING)
    with opened(home.users_lock) as users:
        try:
            _Keeper(home, fast, supervisor, users).run()
        except AskedToStop:
            return 0
        except (ServicesUnavailable, GaveUp, OSError) as error:
            write_state(home, FAILED, str(error))
            return 1
        finally:
            _on_ending_signals(signal.SIG_IGN)
            supervisor.stop()
    return 0


def _to_log(line: str) -> None:
    print(line, flush=True)


def _on_ending_signals(
    handler: "signal.Handlers | Callable[[int, FrameType | None], None]",
) -> None:
    for ending in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(ending, handler)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise AskedToStop


@dataclass
class _Keeper:
    home: Home
    fast: bool
    supervisor: Supervisor
    users: int

    def run(self) -> None:
        account = service_account(self.home)
        open_to(account, self.home)
        binaries = find(self.home, account)
        settings = settle(self.home)
        while not self._started(settings, binaries, account):
            settings = settle(self.home)
        apply_roles(settings, binaries.psql())
        self.supervisor.most_crashes = MOST_CRASHES
        write_state(self.home, READY, "")
        while not self._unused():
            self.supervisor.watch()
            time.sleep(LOOK_EVERY_SECONDS)
        write_state(self.home, STOPPING, "Stopping PostgreSQL and Valkey")

    def _started(
        self, settings: ServiceSettings, binaries: Binaries, account: Account | None
    ) -> bool:
        """Both services answer. False when somebody was quicker to take one of their ports."""
        try:
            self._start(
                Cluster(self.home, binaries, account, settings, self.fast),
                Broker(self.home, binaries, account, settings, self.fast),
            )
            self._wait_for(settings)
        except GaveUp:
            self.supervisor.stop()
            if settle(self.home) == settings:
                raise
            return False
        return True

    def _start(self, cluster: Cluster, broker: Broker) -> None:
        if not self.home.database.exists():
            write_state(self.home, STARTING, "Creating the database")
            cluster.create(self._stop_when_unused)
            write_state(self.home, STARTING, STARTING_MESSAGE)
        broker.create()
        self.supervisor.start(cluster.program())
        self.supervisor.start(broker.program())

    def _wait_for(self, settings: ServiceSettings) -> None:
        """Waits as long as it takes: after a crash a slow disk may need minutes to recover."""
        while not (database_accepts(settings, self.home) and broker_accepts(settings, self.home)):
            self.supervisor.watch()
            self._stop_when_unused()
            time.sleep(LOOK_EVERY_SECONDS)

    def _stop_when_unused(self) -> None:
        if self._unused():
            raise AskedToStop

    def _unused(self) -> bool:
        # Held until this process ends, the lock makes newcomers wait for a clean new start.
        return try_lock(self.users, fcntl.LOCK_EX)
