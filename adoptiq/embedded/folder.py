"""ADOPTIQ_HOME: where the embedded services keep their data, ports and passwords.

services.json   ports, passwords and SECRET_KEY; readable by its owner only
postgres/       the database cluster          valkey/    the append-only file
log/            postgres.log, valkey.log, keeper.log
users.lock      held, shared, by every process that uses the services
keeper.lock     held by the one process that keeps them running
state.json      what that process is doing; a reason when it failed
"""

import fcntl
import json
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

LOCALHOST = "127.0.0.1"


class ServicesUnavailable(RuntimeError):
    """The embedded services cannot run; the message is one line for the person at the keyboard."""


@dataclass(frozen=True)
class Home:
    """The paths inside one ADOPTIQ_HOME."""

    path: Path

    @classmethod
    def at(cls, path: Path) -> "Home":
        return cls(path.expanduser().absolute())

    @property
    def database(self) -> Path:
        return self.path / "postgres"

    @property
    def broker(self) -> Path:
        return self.path / "valkey"

    @property
    def logs(self) -> Path:
        return self.path / "log"

    @property
    def settings_file(self) -> Path:
        return self.path / "services.json"

    @property
    def state_file(self) -> Path:
        return self.path / "state.json"

    @property
    def users_lock(self) -> Path:
        return self.path / "users.lock"

    @property
    def keeper_lock(self) -> Path:
        return self.path / "keeper.lock"

    def create(self) -> None:
        """Makes the folder, for its owner alone; raises ServicesUnavailable when it cannot."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            make_folder(self.logs, self)
            for lock in (self.users_lock, self.keeper_lock):
                lock.touch(mode=0o600)
                give_to_owner(lock, self)
        except OSError as error:
            raise ServicesUnavailable(
                f"Cannot write to {self.path} ({error.strerror}); "
                "set ADOPTIQ_HOME to a folder of your own."
            ) from error


@dataclass(frozen=True)
class ServiceSettings:
    """What services.json holds: ports and generated secrets."""

    postgres_port: int
    valkey_port: int
    superuser_password: str
    owner_password: str
    app_password: str
    ops_password: str
    valkey_password: str
    secret_key: str


def is_same(said: object, path: Path) -> bool:
    """Whether a server that says where it keeps something means this path, whatever it calls it."""
    return isinstance(said, str) and os.path.realpath(said) == os.path.realpath(path)


def give_to_owner(path: Path, home: Home) -> None:
    """Hands a file that root made to the owner of ADOPTIQ_HOME, who may run AdoptIQ without root."""
    if os.geteuid() == 0:
        owner = home.path.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


def make_folder(path: Path, home: Home) -> None:
    if not path.exists():
        path.mkdir(mode=0o700)
        give_to_owner(path, home)


def write_file(path: Path, content: str, home: Home) -> None:
    """Replaces a file in one step, readable by its owner only."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    with new.open("w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    give_to_owner(new, home)
    new.replace(path)


def read_json(path: Path) -> dict[str, Any] | None:
    try:
        return dict(json.loads(path.read_text()))
    except (FileNotFoundError, ValueError):
        return None


def read_settings(home: Home) -> ServiceSettings | None:
    """The settings of services that have run here before; None on a first start."""
    stored = read_json(home.settings_file)
    try:
        return ServiceSettings(**stored) if stored else None
    except TypeError:
        return None


def settle(home: Home) -> ServiceSettings:
    """Settings to start with: the stored ones, with other ports where a port is taken.

    Raises ServicesUnavailable when there is a database whose passwords are lost.
    """
    known = read_settings(home)
    if known is None and home.database.exists():
        raise ServicesUnavailable(
            f"{home.settings_file} is missing or damaged, and with it the passwords of the "
            f"database in {home.database}; put it back, or set ADOPTIQ_HOME to another folder."
        )
    settings = _with_free_ports(known or _generate())
    if settings != known:
        write_file(home.settings_file, json.dumps(asdict(settings), indent=2), home)
    return settings


def _generate() -> ServiceSettings:
    return ServiceSettings(
        postgres_port=0,
        valkey_port=0,
        superuser_password=secrets.token_hex(24),
        owner_password=secrets.token_hex(24),
        app_password=secrets.token_hex(24),
        ops_password=secrets.token_hex(24),
        valkey_password=secrets.token_hex(24),
        secret_key=secrets.token_urlsafe(48),
    )


def _with_free_ports(settings: ServiceSettings) -> ServiceSettings:
    with _probe(settings.postgres_port) as postgres, _probe(settings.valkey_port) as valkey:
        return replace(
            settings,
            postgres_port=postgres.getsockname()[1],
            valkey_port=valkey.getsockname()[1],
        )


def _probe(wanted: int) -> socket.socket:
    """Holds the wanted port, or any free one when it is taken or 0."""
    for port in (wanted, 0):
        probe = socket.socket()
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOCALHOST, port))
            # Nobody else is given what somebody listens to, not even here.
            probe.listen()
        except OSError:
            probe.close()
        else:
            return probe
    raise ServicesUnavailable(f"No free port on {LOCALHOST}.")


@contextmanager
def opened(lock: Path) -> Iterator[int]:
    """An open lock file; closing it gives up whatever lock was taken on it."""
    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_CLOEXEC)
    except OSError as error:
        raise ServicesUnavailable(
            f"Cannot open {lock} ({error.strerror}); set ADOPTIQ_HOME to a folder of your own."
        ) from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def try_lock(descriptor: int, operation: int) -> bool:
    """Takes a lock (fcntl.LOCK_SH or LOCK_EX) without waiting; False when others hold it."""
    try:
        fcntl.flock(descriptor, operation | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
