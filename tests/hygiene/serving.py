"""A copy of the product behind gunicorn, and a PgBouncer, both as real processes."""

import os
import pwd
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tests.adoptiq.processes import eventually
from tests.browser.copies import free_port
from tests.paths import ROOT

SERVER_CONNECTIONS = 2


@contextmanager
def ended(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@contextmanager
def serving(folder: Path, *, database_url: str, threads: int) -> Iterator[int]:
    """The product on a port, one process of so many threads; each keeps its connection."""
    port = free_port()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.hygiene.settings",
        "DATABASE_URL": database_url,
        "HYGIENE_REPORT": str(folder / "report"),
        "SECRET_KEY": os.environ["SECRET_KEY"],
        "WEB_BIND": f"127.0.0.1:{port}",
        "WEB_WORKERS": "1",
    }
    command = ["gunicorn", "--config", "python:adoptiq.gunicorn", "--threads", str(threads)]
    with (folder / "web.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command, "tests.hygiene.wsgi"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
    with ended(process):
        assert eventually(lambda: listens(port), seconds=60), (folder / "web.log").read_text()
        yield port


@contextmanager
def pooled(folder: Path, database_url: str) -> Iterator[str]:
    """The database behind PgBouncer in transaction mode with two connections; its address."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    assert program, "PgBouncer is missing; make setup installs it on Debian as root."
    port, parts = free_port(), urlsplit(database_url)
    users = folder / "users.txt"
    users.write_text(f'"{parts.username}" "{parts.password}"\n')
    config = folder / "pgbouncer.ini"
    config.write_text(
        f"[databases]\n* = host={parts.hostname} port={parts.port}\n[pgbouncer]\n"
        f"listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        f"auth_type = scram-sha-256\nauth_file = {users}\npool_mode = transaction\n"
        f"default_pool_size = {SERVER_CONNECTIONS}\nmax_client_conn = 100\n"
    )
    account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    with (folder / "pgbouncer.log").open("wb") as log:
        process = subprocess.Popen(
            [program, str(config)],
            stdout=log,
            stderr=log,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
        )
    with ended(process):
        assert eventually(lambda: listens(port)), (folder / "pgbouncer.log").read_text()
        yield urlunsplit(
            parts._replace(netloc=f"{parts.username}:{parts.password}@127.0.0.1:{port}")
        )
