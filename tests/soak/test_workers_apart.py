"""Workers on hosts of their own, each a network namespace: all they share is TCP to the services.

Needs root and a kernel that lets it make network namespaces; fails where it may not.
"""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from adoptiq.supervisor import Program, Supervisor
from tests.adoptiq.plant import WORKER, Plant, plant
from tests.paths import ROOT

pytestmark = pytest.mark.soak

HOSTS = 2
RUNS = 40
URLS = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_OPS_URL", "REDIS_URL")


@dataclass(frozen=True)
class Host:
    """A namespace joined to this one by a cable with an address at either end."""

    number: int

    @property
    def name(self) -> str:
        return f"adoptiq-{os.getpid()}-{self.number}"

    @property
    def cable(self) -> str:
        return f"aiq{os.getpid() % 100_000}n{self.number}"

    @property
    def here(self) -> str:
        return f"10.231.{self.number}.1"

    @property
    def there(self) -> str:
        return f"10.231.{self.number}.2"

    def inside(self, *command: str) -> tuple[str, ...]:
        return ("ip", "netns", "exec", self.name, *command)


def run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"


@contextmanager
def host(number: int) -> Iterator[Host]:
    made = Host(number)
    run("ip", "netns", "add", made.name)
    try:
        far = f"{made.cable}x"
        run("ip", "link", "add", made.cable, "type", "veth", "peer", "name", far)
        run("ip", "link", "set", far, "netns", made.name)
        run("ip", "address", "add", f"{made.here}/30", "dev", made.cable)
        run("ip", "link", "set", made.cable, "up")
        run(*made.inside("ip", "address", "add", f"{made.there}/30", "dev", far))
        run(*made.inside("ip", "link", "set", far, "up"))
        run(*made.inside("ip", "link", "set", "lo", "up"))
        yield made
    finally:
        # Takes the cable along.
        run("ip", "netns", "delete", made.name)


class Relay:
    """The services listen on this machine only; what comes in at an address is passed on to one."""

    def __init__(self, address: str, port: int) -> None:
        self.port = port
        self.socket = socket.create_server((address, port))
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                caller, _address = self.socket.accept()
                service = socket.create_connection(("127.0.0.1", self.port))
                for source, sink in ((caller, service), (service, caller)):
                    threading.Thread(target=_pass_on, args=(source, sink), daemon=True).start()

    def close(self) -> None:
        self.socket.close()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


def seen_from(made: Host, url: str) -> str:
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{place[0]}@{made.here}:{parts.port}"))


@pytest.fixture
def works() -> Iterator[Plant]:
    with plant() as found:
        found.start_beat()
        yield found


def test_workers_of_several_hosts_share_the_work_and_take_over(
    works: Plant, figure: Callable[[str, object], None]
) -> None:
    with ExitStack() as stack:
        hosts = [stack.enter_context(host(number)) for number in range(1, HOSTS + 1)]
        for made in hosts:
            for name in ("DATABASE_URL", "REDIS_URL"):
                port = urlsplit(works.environment[name]).port
                assert port
                stack.callback(Relay(made.here, port).close)
            _start_worker(works, made)
        stack.callback(works.stop_all)
        slow = works.add_run("slow apart")
        first = works.at_it(slow, seconds=60)
        runs = [works.add_run(f"apart {number}", tenant=number % 2) for number in range(RUNS)]
        works.recovery(runs)
        spread = {_done_in(works, run_id) for run_id in (*runs, slow)}
        networks = {_network(works.process(made.name).pid): made for made in hosts}
        assert len(networks) == HOSTS
        assert spread == networks.keys()
        lost = time.monotonic()
        _lose(works, networks[_network(first.pid)])
        works.recovery([slow])
        took = time.monotonic() - lost
        assert works.effects("slow apart") == 1
        assert works.states([slow])[slow] == ("done", 2)
    figure(f"{RUNS} runs by workers of {HOSTS} network namespaces, at work", len(spread))
    figure("a run of the host that went was done by another after", f"{took:.1f} s")


def _start_worker(works: Plant, made: Host) -> None:
    """In its namespace, with addresses as they are seen from there."""
    environment = {name: seen_from(made, works.environment[name]) for name in URLS}
    words = (*WORKER, "--hostname", f"worker@{made.name}")
    program = Program(
        name=made.name,
        command=made.inside(sys.executable, "-m", *words),
        folder=ROOT,
        environment=works.environment | environment | {"REMAP_SIGTERM": "SIGQUIT"},
        log=works.home / f"{made.name}.log",
        patience_seconds=60.0,
    )
    with works.lock:
        works.supervisors[made.name] = Supervisor(works.note, most_crashes=1000)
        works.supervisors[made.name].start(program)


def _lose(works: Plant, made: Host) -> None:
    """The host is gone at once, and nobody starts it again."""
    with works.lock:
        lost = works.supervisors.pop(made.name)
    lost.kill()
    lost.stop()


def _network(pid: int) -> str:
    return str(Path(f"/proc/{pid}/ns/net").readlink())


def _done_in(works: Plant, run_id: str) -> str:
    """The network of the process that did a run."""
    return _network(int((works.home / "rehearsal" / f"{run_id}.1").read_text()))
