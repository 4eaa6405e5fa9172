"""One supervised process: how it is started, how we know it is ready, how it is stopped."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from shop.services.paths import Account

# Every process we start carries the state directory in this variable. After a `kill -9` of the supervisor
# the next one finds by it what was left behind, also children of children (see leftovers.py).
OWNER_VARIABLE = "LOOKALIKE_OWNER"

_SETTLED_SECONDS = 3.0  # a process that gives no sign counts as ready when it has lived that long
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None

Command = Sequence[str | os.PathLike[str]]


@dataclass
class Service:
    """What to run and how to treat it; the supervisor adds the life of it."""

    name: str
    command: Command
    environment: Mapping[str, str]
    directory: Path
    ready: Callable[[], bool] | None = None
    ready_text: str = ""  # instead of `ready`: what its log says once it is
    hangs: Callable[[], bool] | None = None  # asked now and then: whether it lives, but works no more
    stop_signal: signal.Signals = signal.SIGTERM
    grace_seconds: float = 20
    ready_within_seconds: float = 300  # recovery after a crash may replay much of the log
    account: Account | None = None
    niceness: int = 0


def spawn(
    command: Command,
    *,
    environment: Mapping[str, str],
    directory: Path,
    output: IO[bytes] | None,
    errors: IO[bytes] | None = None,
    account: Account | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
    niceness: int = 0,
    own_session: bool = True,
    keyboard: bool = False,
) -> subprocess.Popen[bytes]:
    """Start a process that does not outlive us.

    Own session: else Ctrl-C would reach the database before the web process has stopped.
    """
    parent = os.getpid()

    def in_child() -> None:
        # Runs after the change of user, which would clear the death signal again.
        if niceness:
            os.nice(niceness)
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(death_signal))
            if os.getppid() != parent:  # we died in between: nobody is left to send the signal
                os._exit(1)

    drop: dict[str, Any] = {}
    if account:
        drop = {"user": account.uid, "group": account.gid, "extra_groups": []}
    return subprocess.Popen(
        [os.fspath(part) for part in command],
        env=dict(environment),
        cwd=directory,
        stdin=None if keyboard else subprocess.DEVNULL,
        stdout=output,
        stderr=errors or output,
        start_new_session=own_session,
        preexec_fn=in_child,
        **drop,
    )


def signal_group(process: subprocess.Popen[bytes], signal_number: signal.Signals) -> None:
    """Signal a process and its children; whatever has ended already needs none."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal_number)


@dataclass
class Child:
    """A running (or just died) service."""

    service: Service
    log: Path
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    log_start_bytes: int = 0
    stop_by: float = 0.0
    restart_at: float | None = None
    is_ready: bool = False
    look_at: float = 0.0  # when to ask whether it hangs
    failures: int = field(default=0)

    def start(self) -> None:
        service = self.service
        with self.log.open("ab") as log:
            self.log_start_bytes = log.tell()
            self.process = spawn(
                service.command,
                environment=self.environment,
                directory=service.directory,
                output=log,
                account=service.account,
                death_signal=service.stop_signal,
                niceness=service.niceness,
            )
        self.started_at = time.monotonic()
        self.restart_at = None
        self.is_ready = False

    @property
    def status(self) -> int | None:
        """Its exit status, negative for a signal; None while it lives."""
        return self.process.poll() if self.process else None

    def bury(self) -> None:
        """Kill a process and its group, such as a web worker that still holds the port of a dead one."""
        if self.process is not None:
            signal_group(self.process, signal.SIGKILL)

    def seems_ready(self) -> bool:
        if self.service.ready:
            return self.service.ready()
        if self.service.ready_text:
            with self.log.open("rb") as log:
                log.seek(self.log_start_bytes)
                return self.service.ready_text.encode() in log.read()
        return time.monotonic() - self.started_at > _SETTLED_SECONDS

    def ask_to_stop(self) -> None:
        self.stop_by = time.monotonic() + self.service.grace_seconds
        if self.process is not None:
            self.process.send_signal(self.service.stop_signal)

    def see_it_stopped(self) -> None:
        """Wait until its grace period is over, then insist."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, self.stop_by - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.bury()
            self.process.wait()
        self.bury()
        self.process = None


def last_line(log: Path) -> str:
    """Return the last line of a log that says something: what a failed program gave as its reason."""
    with contextlib.suppress(OSError):
        lines = [line.strip() for line in log.read_text(errors="replace").splitlines()[-50:]]
        return next(filter(None, reversed(lines)), "It said nothing.")
    return "It said nothing."
