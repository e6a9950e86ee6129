"""Where a copy of AdoptIQ runs: one data folder and one port, both its own.

Looked at before settings are imported, so that they find the port in the environment.
"""

import fcntl
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from adoptiq.embedded.folder import Home, give_to_owner

USUAL_PORT = 8000
PORTS_TRIED = 100


class CannotStart(RuntimeError):
    """AdoptIQ cannot start here; the message is one line for the person at the keyboard."""


@contextmanager
def claimed(home: Path, report: Callable[[str], None]) -> Iterator[None]:
    """Holds a data folder for one running copy, with its port in the environment as PORT.

    Raises CannotStart when another copy has the folder or another program the port.
    """
    with _opened(home / "up.lock") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(
                f"AdoptIQ already runs from {home} on port {os.read(lock, 10).decode()}; "
                "set ADOPTIQ_HOME and PORT for a second copy."
            ) from None
        port = choose_port(os.environ.get("PORT"), report)
        os.ftruncate(lock, 0)
        os.write(lock, str(port).encode())
        os.environ["PORT"] = str(port)
        yield


@contextmanager
def _opened(lock: Path) -> Iterator[int]:
    try:
        lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        give_to_owner(lock, Home(lock.parent))
    except OSError as error:
        raise CannotStart(
            f"Cannot write to {lock.parent} ({error.strerror}); "
            "set ADOPTIQ_HOME to a folder of your own."
        ) from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def addresses() -> list[str]:
    """The loopback addresses of this machine: localhost may mean either."""
    return [address for address in ("127.0.0.1", "::1") if _can_listen(address, 0)]


def choose_port(wanted: str | None, report: Callable[[str], None]) -> int:
    """PORT as given, or the first free one from 8000 on.

    Raises CannotStart when PORT is no port number or taken.
    """
    if wanted:
        return _given_port(wanted)
    for port in range(USUAL_PORT, USUAL_PORT + PORTS_TRIED):
        if _is_free(port):
            if port != USUAL_PORT:
                report(f"Port {USUAL_PORT} is taken, so this copy uses {port}")
            return port
    raise CannotStart(f"No free port from {USUAL_PORT} on; set PORT to one.")


def _given_port(wanted: str) -> int:
    if not (wanted.isdecimal() and 0 < int(wanted) < 65536):
        raise CannotStart(f"PORT is “{wanted}”; it must be a number from 1 to 65535.")
    if not _is_free(int(wanted)):
        raise CannotStart(f"Port {wanted} is taken by another program; set PORT to a free one.")
    return int(wanted)


def _is_free(port: int) -> bool:
    return all(_can_listen(address, port) for address in addresses())


def _can_listen(address: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
    except OSError:
        return False
    return True
