"""The embedded PostgreSQL: its cluster, how it is started, and when it is ready."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from adoptiq.embedded.binaries import Binaries
from adoptiq.embedded.folder import (
    LOCALHOST,
    Home,
    ServiceSettings,
    ServicesUnavailable,
    is_same,
    write_file,
)
from adoptiq.supervisor import Account, Program, end_group, spawn

SUPERUSER = "postgres"
DATABASE = "adoptiq"
LOOK_EVERY_SECONDS = 0.05
LEFT_OVER_SECONDS = 5.0
ROLES_SQL = Path(__file__).resolve().parents[2] / "docker" / "roles.sql"

TUNING = {
    "listen_addresses": LOCALHOST,
    # No Unix socket: its path may be 107 bytes long at most, and a data folder may be deeper.
    "unix_socket_directories": "",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_completion_target": "0.9",
    "random_page_cost": "1.1",
    "max_connections": "100",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
}
# For tests only: a power cut may lose everything.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Cluster:
    """One database cluster in ADOPTIQ_HOME/postgres."""

    home: Home
    binaries: Binaries
    account: Account | None
    settings: ServiceSettings
    fast: bool = False

    def program(self) -> Program:
        tuning = TUNING | (FORGETFUL if self.fast else {})
        options = [word for name, value in tuning.items() for word in ("-c", f"{name}={value}")]
        port = str(self.settings.postgres_port)
        return Program(
            name="PostgreSQL",
            command=(self.binaries.server(), "-D", str(self.home.database), "-p", port, *options),
            folder=self.home.database,
            environment=_environment(),
            account=self.account,
            log=self.home.logs / "postgres.log",
            # SIGINT is PostgreSQL's fast stop, SIGQUIT its immediate one: recovery follows.
            stop_signal=signal.SIGINT,
            death_signal=signal.SIGQUIT,
            patience_seconds=120.0,
            prepare=self._clear_the_way,
        )

    def create(self, while_waiting: Callable[[], None]) -> None:
        """Makes the cluster; one cut short leaves nothing behind that counts.

        `while_waiting` is called again and again, and may raise to call it off.
        """
        new = self.home.path / "postgres.new"
        password_file = self.home.path / "postgres.password"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        write_file(password_file, self.settings.superuser_password, self.home)
        if self.account:
            for path in (new, password_file):
                os.chown(path, self.account.uid, self.account.gid)
        process = spawn(self._initdb(new, password_file))
        try:
            while process.poll() is None:
                while_waiting()
                time.sleep(LOOK_EVERY_SECONDS)
        finally:
            end_group(process, signal.SIGKILL)
            process.wait()
            password_file.unlink()
        if process.returncode:
            raise ServicesUnavailable(f"The database could not be made; see {self._initdb_log}")
        new.replace(self.home.database)

    @property
    def _initdb_log(self) -> Path:
        return self.home.logs / "initdb.log"

    def _initdb(self, target: Path, password_file: Path) -> Program:
        return Program(
            name="initdb",
            command=(
                self.binaries.initdb(),
                f"--pgdata={target}",
                f"--username={SUPERUSER}",
                f"--pwfile={password_file}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                # libc's C.UTF-8 knows upper and lower case beyond ASCII, for ILIKE and trigrams.
                "--locale=C.UTF-8",
                "--locale-provider=libc",
                "--no-instructions",
                *(["--no-sync"] if self.fast else []),
            ),
            folder=target,
            environment=_environment(),
            account=self.account,
            log=self._initdb_log,
        )

    def _clear_the_way(self) -> None:
        """Ends what an earlier life left running here, and drops its pid file.

        We hold the keeper's lock, so no server of this folder has a right to run. The file may name
        a process id that another program has by now, which PostgreSQL would take for a server.
        """
        deadline = time.monotonic() + LEFT_OVER_SECONDS
        ending = signal.SIGQUIT
        while left_over := _servers_in(self.home.database):
            for pid in left_over:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, ending)
            if time.monotonic() > deadline:
                ending = signal.SIGKILL
            time.sleep(LOOK_EVERY_SECONDS)
        (self.home.database / "postmaster.pid").unlink(missing_ok=True)


def database_url(settings: ServiceSettings, role: str, database: str = DATABASE) -> str:
    passwords = {
        SUPERUSER: settings.superuser_password,
        "adoptiq_owner": settings.owner_password,
        "adoptiq_app": settings.app_password,
        "adoptiq_ops": settings.ops_password,
    }
    return f"postgres://{role}:{passwords[role]}@{LOCALHOST}:{settings.postgres_port}/{database}"


def database_accepts(settings: ServiceSettings, home: Home) -> bool:
    """Whether PostgreSQL lets us in by now, and is ours: a copy of the folder knows the password."""
    address = database_url(settings, SUPERUSER, "postgres")
    try:
        with contextlib.closing(psycopg2.connect(address, connect_timeout=5)) as connection:
            with connection.cursor() as cursor:
                cursor.execute("SHOW data_directory")
                [folder] = cursor.fetchone() or (None,)
                return is_same(folder, home.database)
    except psycopg2.OperationalError:
        return False


def apply_roles(settings: ServiceSettings, psql: str, database: str = DATABASE) -> None:
    """Runs docker/roles.sql, which makes roles and database; safe to repeat."""
    values = {
        "ADOPTIQ_DATABASE": database,
        "ADOPTIQ_OWNER_PASSWORD": settings.owner_password,
        "ADOPTIQ_APP_PASSWORD": settings.app_password,
        "ADOPTIQ_OPS_PASSWORD": settings.ops_password,
        "PGPASSWORD": settings.superuser_password,
    }
    server = ("-h", LOCALHOST, "-p", str(settings.postgres_port), "-U", SUPERUSER)
    answer = subprocess.run(
        (psql, "-X", "-q", *server, "-d", "postgres", "-f", str(ROLES_SQL)),
        env=_environment() | values,
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode:
        reason = " ".join(answer.stderr.split())
        raise ServicesUnavailable(f"The database roles could not be made: {reason}")


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _servers_in(folder: Path) -> list[int]:
    """Process ids of PostgreSQL processes at work in a data folder."""
    return [
        int(entry.name)
        for entry in Path("/proc").glob("[0-9]*")
        if _is_server(entry, str(folder.resolve()))
    ]


def _is_server(process: Path, folder: str) -> bool:
    # PostgreSQL makes its data folder the working folder. Processes of others cannot be read.
    try:
        return (process / "cwd").readlink() == Path(folder) and (
            (process / "comm").read_text().strip() == "postgres"
        )
    except OSError:
        return False
