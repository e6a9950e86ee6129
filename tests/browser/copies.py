"""A copy of AdoptIQ of its own, started the way people start it."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.adoptiq.processes import at_work_for, bare_environment, eventually, open_folder
from tests.paths import ROOT

STARTED = "AdoptIQ runs on"
LONGEST_START_SECONDS = 240.0
LONGEST_STOP_SECONDS = 60.0


@dataclass(frozen=True)
class Copy:
    """A running copy: its address, its data folder, and who may sign in to the demo."""

    address: str
    home: Path
    environment: dict[str, str]

    @property
    def sign_ins(self) -> dict[str, tuple[str, str]]:
        """E-mail and password by the name of a role."""
        people = json.loads((self.home / "demo-sign-ins.json").read_text())
        return {person["role"]: (person["email"], person["password"]) for person in people}

    def manage(self, *words: str) -> list[str]:
        """What a management command prints, a line each. Raises when it fails."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=LONGEST_START_SECONDS,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()


@contextmanager
def running_copy() -> Iterator[Copy]:
    """Everything `make run` starts, demo included, in a folder of its own; ended and removed."""
    with open_folder() as home:
        port = free_port()
        # Somebody signed in once for all tests is not asked again in the last of them.
        own = {"ADOPTIQ_HOME": str(home), "PORT": str(port), "PROOF_SECONDS": "7200"}
        copy = Copy(f"http://localhost:{port}", home, bare_environment() | own)
        with (home / "up.out").open("w") as out, (home / "up.err").open("w") as err:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--stop-with-parent"],
                cwd=ROOT,
                env=copy.environment,
                stdout=out,
                stderr=err,
            )
        try:
            await_start(process, home)
            yield copy
        finally:
            end(process)
        assert eventually(lambda: not at_work_for(home)), at_work_for(home)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def await_start(process: "subprocess.Popen[bytes]", home: Path) -> None:
    deadline = time.monotonic() + LONGEST_START_SECONDS
    while STARTED not in (home / "up.out").read_text():
        said = (home / "up.err").read_text()
        assert process.poll() is None, said
        assert time.monotonic() < deadline, said
        time.sleep(0.2)


def end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(LONGEST_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise
