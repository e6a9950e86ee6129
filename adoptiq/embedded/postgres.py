"""The embedded PostgreSQL: its cluster, how it is started, and when it is ready."""

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
from adoptiq.embedded.folder import LOCALHOST, Home, ServicesUnavailable, ServiceSettings
from adoptiq.supervisor import Account, Program

SUPERUSER = "postgres"
DATABASE = "adoptiq"
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

    def create(self, report: Callable[[str], None]) -> None:
        """Makes the cluster on a first start. One cut short leaves nothing behind that counts."""
        if self.home.database.exists():
            return
        report("Creating the database")
        new = self.home.path / "postgres.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        password_file = new.with_suffix(".password")
        password_file.write_text(self.settings.superuser_password)
        for path in (new, password_file):
            path.chmod(0o700)
            if self.account:
                os.chown(path, self.account.uid, self.account.gid)
        try:
            self._initdb(new, password_file)
        finally:
            password_file.unlink()
        new.replace(self.home.database)

    def _initdb(self, target: Path, password_file: Path) -> None:
        account = self.account
        answer = subprocess.run(  # noqa: S603
            (self.binaries.initdb(), "-D", str(target), "-U", SUPERUSER)
            + (f"--pwfile={password_file}", "--auth=scram-sha-256", "--encoding=UTF8")
            # libc's C.UTF-8 knows upper and lower case beyond ASCII, for ILIKE and trigrams alike.
            + ("--locale=C.UTF-8", "--locale-provider=libc", "--no-instructions")
            + (("--no-sync",) if self.fast else ()),
            cwd=target,
            env=_environment(),
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            capture_output=True,
            text=True,
            check=False,
        )
        if answer.returncode:
            reason = " ".join(answer.stderr.split())
            raise ServicesUnavailable(f"The database could not be created: {reason}")

    def _clear_the_way(self) -> None:
        """Ends what an earlier life left running here and drops a pid file that means nothing.

        We hold the keeper's lock, so no server of this folder has a right to run. The pid file is
        judged by PostgreSQL itself, except for one case it cannot see: another program has the pid.
        """
        left_over = _servers_in(self.home.database)
        for pid in left_over:
            _signal(pid, signal.SIGQUIT)
        deadline = time.monotonic() + 5.0
        while left_over := _servers_in(self.home.database):
            if time.monotonic() > deadline:
                for pid in left_over:
                    _signal(pid, signal.SIGKILL)
            time.sleep(0.05)
        (self.home.database / "postmaster.pid").unlink(missing_ok=True)


def database_url(settings: ServiceSettings, role: str, database: str = DATABASE) -> str:
    passwords = {
        SUPERUSER: settings.superuser_password,
        "adoptiq_owner": settings.owner_password,
        "adoptiq_app": settings.app_password,
        "adoptiq_ops": settings.ops_password,
    }
    return f"postgres://{role}:{passwords[role]}@{LOCALHOST}:{settings.postgres_port}/{database}"


def database_accepts(settings: ServiceSettings) -> bool:
    """Whether PostgreSQL lets us in by now."""
    try:
        psycopg2.connect(database_url(settings, SUPERUSER, "postgres"), connect_timeout=5).close()
    except psycopg2.OperationalError:
        return False
    return True


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
    answer = subprocess.run(  # noqa: S603
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


def _signal(pid: int, with_signal: signal.Signals) -> None:
    try:
        os.kill(pid, with_signal)
    except ProcessLookupError:
        return
