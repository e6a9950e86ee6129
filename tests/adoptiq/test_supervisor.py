"""Programs under supervision: started again, given up, ended, never left behind."""

import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from adoptiq.supervisor import GaveUp, Program, Supervisor
from tests.adoptiq.processes import eventually, launch

SUPERVISE = """
import sys, time
from pathlib import Path
from adoptiq.supervisor import Program, Supervisor
supervisor = Supervisor(print)
sleeper = supervisor.start(Program("Sleeper", ("sleep", "60"), Path("/"), {"PATH": "/usr/bin:/bin"}))
print(sleeper.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    supervisor = Supervisor([].append, most_crashes=2)
    yield supervisor
    supervisor.stop()


def shell(command: str, folder: Path, **options: object) -> Program:
    path = {"PATH": "/usr/bin:/bin"}
    return Program("Shell", ("sh", "-c", command), folder, path, **options)  # type: ignore[arg-type]


def watch_until(supervisor: Supervisor, happened: Path) -> None:
    while not happened.exists():
        supervisor.watch()
        time.sleep(0.02)


def test_what_ends_by_itself_is_started_again(supervisor: Supervisor, tmp_path: Path) -> None:
    said: list[str] = []
    supervisor.report = said.append
    supervisor.start(
        shell("test -e once && touch twice && exec sleep 60; touch once; exit 7", tmp_path)
    )
    watch_until(supervisor, tmp_path / "twice")
    assert said == ["Shell ended by itself (exit code 7); starting it again"]


def test_what_keeps_ending_is_given_up_with_a_reason(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    log = tmp_path / "shell.log"
    supervisor.start(shell("echo no; kill -9 $$", tmp_path, log=log))
    with pytest.raises(
        GaveUp, match=r"Shell ended by itself \(signal SIGKILL\) 2 times.*shell.log"
    ):
        watch_until(supervisor, tmp_path / "never")
    assert log.read_text() == "no\nno\n"


def test_what_does_not_listen_is_killed_after_some_patience(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    stubborn = supervisor.start(
        shell("trap '' TERM; touch up; while :; do sleep 0.1; done", tmp_path, patience_seconds=0.3)
    )
    watch_until(supervisor, tmp_path / "up")
    supervisor.stop()
    assert stubborn.returncode == -signal.SIGKILL


def test_children_of_a_program_that_died_are_ended_before_it_starts_again(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    supervisor.start(
        shell("test -e child && touch again && exec sleep 60; sleep 60 & echo $! > child", tmp_path)
    )
    watch_until(supervisor, tmp_path / "again")
    child = int((tmp_path / "child").read_text())
    assert eventually(lambda: not is_alive(child))


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
def test_programs_end_with_their_supervisor(ending: signal.Signals) -> None:
    launcher = launch("-c", SUPERVISE)
    assert launcher.stdout
    sleeper = int(launcher.stdout.readline())
    assert is_alive(sleeper)
    launcher.send_signal(ending)
    launcher.communicate()
    assert eventually(lambda: not is_alive(sleeper))


def test_the_terminals_signals_do_not_reach_programs(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    session = "import os; print(os.getsid(0) == os.getpid())"
    log = tmp_path / "log"
    process = supervisor.start(shell(f"exec {sys.executable} -c '{session}'", tmp_path, log=log))
    process.wait()
    assert (tmp_path / "log").read_text() == "True\n"


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_what_hangs_is_ended_on_request_and_started_again(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    said: list[str] = []
    supervisor.report = said.append
    supervisor.start(shell("test -e once && touch twice; touch once; exec sleep 60", tmp_path))
    watch_until(supervisor, tmp_path / "once")
    assert 0 < supervisor.age("Shell") < 60
    supervisor.restart("Shell", "is silent")
    watch_until(supervisor, tmp_path / "twice")
    assert said[0] == "Shell is silent; ending it"
