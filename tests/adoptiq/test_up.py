"""manage.py up: AdoptIQ starts, heals and goes, and leaves nothing behind."""

import json
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from adoptiq import launch as launch_module
from tests.adoptiq.processes import (
    at_work_for,
    bare_environment,
    eventually,
    kill_all_at_work_for,
    launch,
    named,
    open_folder,
)
from tests.paths import ROOT


@dataclass
class Copy:
    """A running copy of AdoptIQ."""

    home: Path
    port: int
    launcher: "subprocess.Popen[str]"
    said: list[str]

    def health(self, host: str = "localhost") -> tuple[int, dict[str, Any]]:
        url = f"http://{host}:{self.port}/healthz"
        try:
            with urllib.request.urlopen(url, timeout=15) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, json.load(answer)

    def is_well(self) -> bool:
        try:
            return self.health()[0] == 200
        except OSError:
            return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def copy_at(home: Path, *command: str, **environment: str) -> Iterator[Copy]:
    """A copy that has said it runs. However the test ends, it is gone afterwards."""
    port = free_port()
    with (home.parent / "stderr").open("w") as progress:
        launcher = subprocess.Popen(
            command or (sys.executable, "manage.py", "up", "--no-demo"),
            cwd=ROOT,
            env=bare_environment() | {"ADOPTIQ_HOME": str(home), "PORT": str(port)} | environment,
            stdout=subprocess.PIPE,
            stderr=progress,
            text=True,
        )
    try:
        yield Copy(home, port, launcher, announced(launcher, home))
    finally:
        launcher.terminate()
        launcher.communicate()
        kill_all_at_work_for(home)


def announced(launcher: "subprocess.Popen[str]", home: Path) -> list[str]:
    assert launcher.stdout
    said = []
    for line in launcher.stdout:
        said.append(line.rstrip())
        if "AdoptIQ runs on" in line:
            return said
    raise AssertionError((home.parent / "stderr").read_text())


def test_one_sign_in_a_role_is_read_from_what_the_demo_left(tmp_path: Path) -> None:
    assert launch_module.sign_ins(tmp_path) == []
    left = [{"role": "CSM", "email": "mara@demo.example", "password": "amber-birch"}]
    (tmp_path / "demo-sign-ins.json").write_text(json.dumps(left))
    assert launch_module.sign_ins(tmp_path) == [
        launch_module.SignIn("CSM", "mara@demo.example", "amber-birch")
    ]


@pytest.fixture(scope="module")
def copy() -> Iterator[Copy]:
    with open_folder() as folder, copy_at(folder / "data") as running:
        yield running


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder / "data"


def test_answers_by_name_and_by_number_with_every_part_alive(copy: Copy) -> None:
    assert copy.said[-1] == f"AdoptIQ runs on http://localhost:{copy.port}"
    for host in ("localhost", "127.0.0.1"):
        status, found = copy.health(host)
        assert status == 200
        assert found.pop("ok") is True
        assert set(found) == {"database", "broker", "worker", "beat"}
        assert all(part["ok"] for part in found.values())


def test_progress_goes_to_stderr_and_the_result_to_stdout(copy: Copy) -> None:
    progress = (copy.home.parent / "stderr").read_text()
    assert "Bringing the database up to date\n" in progress
    assert "Starting web server, worker and beat\n" in progress
    assert [line for line in copy.said if line] == copy.said[-1:]


def test_a_second_copy_in_the_same_folder_is_refused_in_one_line(copy: Copy) -> None:
    second = launch("manage.py", "up", ADOPTIQ_HOME=str(copy.home), PORT=str(free_port()))
    output, problem = second.communicate()
    assert (second.returncode, output) == (1, "")
    assert problem == (
        f"AdoptIQ already runs from {copy.home} on port {copy.port}; "
        "set ADOPTIQ_HOME and PORT for a second copy.\n"
    )
    assert copy.is_well()


@pytest.mark.parametrize(
    ("port", "reason"),
    [("taken", "is taken by another program"), ("80x", "must be a number"), ("0", "must be")],
)
def test_a_port_that_cannot_be_used_is_refused_in_one_line(
    copy: Copy, home: Path, port: str, reason: str
) -> None:
    wanted = str(copy.port) if port == "taken" else port
    other = launch("manage.py", "up", ADOPTIQ_HOME=str(home), PORT=wanted)
    output, problem = other.communicate()
    assert (other.returncode, output) == (1, "")
    assert reason in problem
    assert problem.count("\n") == 1
    assert not (home / "postgres").exists()


def test_a_management_command_joins_the_running_services(copy: Copy) -> None:
    health = launch("manage.py", "health", ADOPTIQ_HOME=str(copy.home))
    output, progress = health.communicate()
    assert (health.returncode, progress) == (0, "")
    assert {name for name, part in json.loads(output).items() if part["ok"]} == {
        *("database", "broker", "worker", "beat")
    }


@pytest.mark.parametrize("victim", ["gunicorn", "quiet worker", "quiet beat", "adoptiq.embedded"])
def test_a_killed_part_comes_back(copy: Copy, victim: str) -> None:
    killed = [process for process in named(copy.home, victim) if is_first_of_its_kind(process)]
    assert len(killed) == 1
    killed[0].kill()
    assert eventually(lambda: not killed[0].is_running())
    assert eventually(lambda: len(named(copy.home, victim)) > 0 and copy.is_well(), seconds=30), (
        copy.home.parent / "stderr"
    ).read_text()


def is_first_of_its_kind(process: psutil.Process) -> bool:
    parent = process.parent()
    return parent is None or parent.cmdline() != process.cmdline()


def test_silence_of_the_worker_is_told_as_503_and_in_words(copy: Copy) -> None:
    assert eventually(copy.is_well, seconds=30)
    [worker] = [p for p in named(copy.home, "celery", "worker") if is_first_of_its_kind(p)]
    worker.suspend()
    try:
        assert eventually(lambda: copy.health()[0] == 503)
        found = copy.health()[1]
        assert not found["worker"]["ok"]
        assert re.fullmatch(r"silent for \d+ seconds", found["worker"]["detail"])
        assert found["database"]["ok"]
        assert found["beat"]["ok"]
    finally:
        worker.resume()
    assert eventually(copy.is_well, seconds=30)


def test_a_worker_that_hangs_is_ended_and_started_again(home: Path) -> None:
    with copy_at(home, STALLED_AFTER_SECONDS="6") as running:
        [worker] = [p for p in named(home, "celery", "worker") if is_first_of_its_kind(p)]
        worker.suspend()
        assert eventually(lambda: not worker.is_running(), seconds=30)
        assert eventually(running.is_well, seconds=60), (home.parent / "stderr").read_text()
        assert "The worker is silent for" in (home.parent / "stderr").read_text()


MAKE = ("make", "--no-print-directory", "-o", "environment-run", "run")


@pytest.mark.parametrize(
    ("command", "ending"),
    [
        ((), signal.SIGINT),
        (MAKE, signal.SIGTERM),
        (MAKE, signal.SIGKILL),
    ],
    ids=["up-SIGINT", "make-SIGTERM", "make-SIGKILL"],
)
def test_nothing_is_left_and_the_next_start_is_fine(
    home: Path, command: tuple[str, ...], ending: signal.Signals
) -> None:
    with copy_at(home, *command) as running:
        assert running.is_well()
        # Stopped processes notice nothing by themselves; the kernel has to end them.
        stuck = [p for p in at_work_for(home) if not is_first_of_its_kind(p)]
        assert {"gunicorn", "celery"} <= {word for p in stuck for word in p.cmdline()}
        if ending == signal.SIGKILL:
            for process in stuck:
                process.suspend()
        running.launcher.send_signal(ending)
        running.launcher.wait()
        assert eventually(lambda: not at_work_for(home), seconds=15), at_work_for(home)
        if not command:
            assert running.launcher.returncode == 0
