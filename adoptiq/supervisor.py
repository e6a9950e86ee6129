"""Programs kept running in the foreground by the process that started them.

Every program carries a parent-death signal: the kernel ends it when its supervisor ends, however
that happens. A program that ends unasked is started again, after a pause that doubles; one that
keeps ending stops the whole with a reason.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
FIRST_PAUSE_SECONDS = 0.5
STEADY_SECONDS = 10.0
LONGEST_LOG_BYTES = 10_000_000


class GaveUp(RuntimeError):
    """A program kept ending; the message says which, how often and where its log is."""


@dataclass(frozen=True)
class Account:
    """The user a program runs as."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Program:
    """One long-running command.

    `prepare` runs before every start. `death_signal` is what the kernel sends when the supervisor
    is gone, `stop_signal` what the supervisor sends when it stops the program in peace, with
    `patience_seconds` before it is killed. Without `log` the output joins the supervisor's stderr.
    """

    name: str
    command: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str]
    account: Account | None = None
    log: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGKILL
    patience_seconds: float = 10.0
    prepare: Callable[[], None] = lambda: None


def _load_libc() -> ctypes.CDLL | None:
    return ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


_libc = _load_libc()


def end_with_parent(death_signal: signal.Signals, parent: int | None = None) -> None:
    """Asks the kernel to signal this process when its parent ends.

    `parent` is the process id expected as parent: when it is gone already, this process ends now.
    """
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
    if parent is not None and os.getppid() != parent:
        os._exit(1)


def spawn(program: Program) -> "subprocess.Popen[bytes]":
    """Starts a program in a session of its own, so that the terminal's Ctrl-C is not sent to it."""
    parent = os.getpid()
    account = program.account
    with _output(program.log) as output:
        # The kernel forgets the signal when the user changes, so it is set after that: preexec_fn.
        return subprocess.Popen(
            program.command,
            cwd=program.folder,
            env=dict(program.environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            umask=0o077,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=lambda: end_with_parent(program.death_signal, parent),
        )


def _output(log: Path | None) -> "contextlib.AbstractContextManager[IO[bytes] | int]":
    if log is None:
        return contextlib.nullcontext(sys.stderr.fileno())
    if log.exists() and log.stat().st_size > LONGEST_LOG_BYTES:
        log.replace(log.with_suffix(".1.log"))
    if not log.exists():
        log.touch(mode=0o600)
        if os.geteuid() == 0:
            owner = log.parent.stat()
            os.chown(log, owner.st_uid, owner.st_gid)
    return log.open("ab")


def end_group(process: "subprocess.Popen[bytes]", with_signal: signal.Signals) -> None:
    """Signals a program and whatever it started, also when the program itself is gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, with_signal)


@dataclass
class _Slot:
    program: Program
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    start_again: float = 0.0
    crashes: int = 0


@dataclass
class Supervisor:
    """Keeps programs running. Call `start`, then `watch` several times a second, then `stop`."""

    report: Callable[[str], None]
    most_crashes: int = 5
    slots: list[_Slot] = field(default_factory=list)

    def start(self, program: Program) -> "subprocess.Popen[bytes]":
        slot = _Slot(program)
        self.slots.append(slot)
        return self._launch(slot)

    def watch(self) -> None:
        """Starts again what has ended. Raises GaveUp when something keeps ending."""
        for slot in self.slots:
            if slot.process is None:
                if time.monotonic() >= slot.start_again:
                    self._launch(slot)
            elif slot.process.poll() is not None:
                self._note_crash(slot, slot.process)

    def stop(self) -> None:
        """Asks all programs to end, at once, and returns when none is left."""
        running = [(slot.program, slot.process) for slot in self.slots if slot.process]
        for program, process in running:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(program.stop_signal)
        for program, process in running:
            _see_end(program, process)
        self.slots.clear()

    def restart(self, name: str, reason: str) -> None:
        """Ends one program at once; the next `watch` starts it again."""
        for slot in self.slots:
            if slot.program.name == name and slot.process:
                self.report(f"{name} {reason}; ending it")
                end_group(slot.process, signal.SIGKILL)

    def age(self, name: str) -> float:
        """Seconds since a program was last started; 0 while it waits to be."""
        started = (
            slot.started for slot in self.slots if slot.program.name == name and slot.process
        )
        return time.monotonic() - next(started, time.monotonic())

    def kill(self) -> None:
        """Ends all programs, and what they started, without asking."""
        for slot in self.slots:
            if slot.process:
                end_group(slot.process, signal.SIGKILL)

    def _launch(self, slot: _Slot) -> "subprocess.Popen[bytes]":
        slot.program.prepare()
        slot.process = spawn(slot.program)
        slot.started = time.monotonic()
        return slot.process

    def _note_crash(self, slot: _Slot, process: "subprocess.Popen[bytes]") -> None:
        end_group(process, signal.SIGKILL)
        slot.process = None
        now = time.monotonic()
        slot.crashes = 1 if now - slot.started > STEADY_SECONDS else slot.crashes + 1
        what = f"{slot.program.name} ended by itself ({_ending(process.returncode)})"
        if slot.crashes >= self.most_crashes:
            raise GaveUp(f"{what} {slot.crashes} times in a row{_see(slot.program.log)}")
        slot.start_again = now + FIRST_PAUSE_SECONDS * 2 ** (slot.crashes - 1)
        self.report(f"{what}; starting it again{_see(slot.program.log)}")


def _see_end(program: Program, process: "subprocess.Popen[bytes]") -> None:
    try:
        process.wait(program.patience_seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    finally:
        end_group(process, signal.SIGKILL)


def _ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _see(log: Path | None) -> str:
    return f"; see {log}" if log else ""
