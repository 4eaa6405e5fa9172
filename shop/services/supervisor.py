"""Starts processes in order, keeps them alive, stops them in reverse order, and leaves none behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO

from shop.services.leftovers import stop_leftovers
from shop.services.lock import take_lock
from shop.services.paths import CHECKOUT, Home, ServicesError, State, settle
from shop.services.process import OWNER_VARIABLE, Child, Command, Service, last_line, signal_group, spawn

_POLL_SECONDS = 0.05
_COMMAND_GRACE_SECONDS = 5.0  # what it has not committed by then, the next start does again
_LOG_LIMIT_BYTES = 10 * 1024 * 1024
_MOST_FAILURES = 5  # in a row without having been ready, within 3 s of pauses
_LONGEST_PAUSE_SECONDS = 10.0
_LOOK_EVERY_SECONDS = 120.0  # whether a program hangs; also how long it has for its first sign of life


class Stopped(Exception):
    """Somebody asked us to stop (Ctrl-C, SIGTERM, SIGHUP). Not an error."""

    def __init__(self, signal_number: int) -> None:
        self.signal = signal_number
        super().__init__(signal_number)


class Supervisor:
    """A context: inside it, signals only ask to stop; when it ends, everything it started has ended.

    >>> with Supervisor(State.at()) as supervisor:
    ...     supervisor.start(postgres(supervisor.home, supervisor.server_environment))
    """

    def __init__(self, state: State, say: Callable[[str], None] = print) -> None:
        self.state = state
        self.say = say
        self.home: Home
        self.stop_signal = 0  # the last signal that asked us to stop
        self.stop_requests = 0
        self.groups: list[list[Child]] = []  # what was started together, and will be stopped together
        self._lock: IO[str] | None = None
        self._handlers: dict[signal.Signals, signal._HANDLER] = {}

    # --- the frame

    def __enter__(self) -> Supervisor:
        self.state.make()
        self._lock = take_lock(self.state)
        try:
            for wanted in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                self._handlers[wanted] = signal.signal(wanted, self._on_signal)
            self.home = settle(self.state)
            self._rotate_logs()
            if left := stop_leftovers(self.home):
                self.say(f"Stopped {left} process(es) left over from an earlier start.")
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.stop_all()
        finally:
            self._leave()

    def _leave(self) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        with contextlib.suppress(OSError):  # not empty: a killed server's socket; the next start replaces it
            self.state.run.rmdir()
        if self._lock:
            self._lock.close()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stop_signal = number
        self.stop_requests += 1

    def _rotate_logs(self) -> None:
        for log in self.state.logs.glob("*.log"):
            if log.stat().st_size > _LOG_LIMIT_BYTES:
                log.rename(log.with_suffix(".log.1"))

    @property
    def server_environment(self) -> dict[str, str]:
        """For the servers: not ours, whose PGOPTIONS or LC_ALL would change what they do."""
        return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}

    def log(self, name: str) -> Path:
        return self.state.logs / f"{name.lower().replace(' ', '-')}.log"

    def _marked(self, environment: Mapping[str, str]) -> dict[str, str]:
        return {**environment, OWNER_VARIABLE: str(self.state.root)}

    # --- services

    def start(self, *services: Service, wait: bool = True) -> None:
        """Start services side by side; return when each is ready, or at once."""
        group: list[Child] = []
        self.groups.append(group)
        for service in services:
            group.append(Child(service, self.log(service.name), self._marked(service.environment)))
            group[-1].start()
        if wait:
            self.wait_until_ready(*(service.name for service in services))

    def wait_until_ready(self, *names: str) -> None:
        """Wait until the services of these names are ready."""
        self.wait_until(lambda: all(c.is_ready for c in self.children if c.service.name in names))

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Look after the children until the condition holds; Stopped when somebody wants us to stop."""
        self.check()
        while not condition():
            time.sleep(_POLL_SECONDS)
            self.check()

    def check(self) -> None:
        """One round: raise Stopped if asked to stop, notice deaths and readiness, restart what is due."""
        if self.stop_requests:
            raise Stopped(self.stop_signal)
        self.look_after()

    def look_after(self) -> None:
        for child in self.children:
            if child.restart_at is not None:
                if time.monotonic() >= child.restart_at:
                    child.start()
            elif child.status is not None:
                self._on_death(child)
            elif not child.is_ready:
                self._look_for_readiness(child)
            elif child.service.hangs and time.monotonic() >= child.look_at:
                self._look_for_life(child, child.service.hangs)

    def _look_for_readiness(self, child: Child) -> None:
        if child.seems_ready():
            child.is_ready = True
            child.look_at = time.monotonic() + _LOOK_EVERY_SECONDS
            if child.failures:
                self.say(f"{child.service.name} is back.")
            child.failures = 0
        elif time.monotonic() - child.started_at > child.service.ready_within_seconds:
            raise self._given_up(child, f"was not ready after {child.service.ready_within_seconds:.0f} s")

    def _look_for_life(self, child: Child, hangs: Callable[[], bool]) -> None:
        child.look_at = time.monotonic() + _LOOK_EVERY_SECONDS
        if hangs():
            self.say(f"{child.service.name} hangs and is ended.")
            child.bury()  # the next round finds it dead

    def _on_death(self, child: Child) -> None:
        status = child.status
        child.bury()
        child.failures += 1
        if child.failures >= _MOST_FAILURES:
            raise self._given_up(child, f"ended {child.failures} times with status {status}")
        elif child.is_ready:
            self.say(f"{child.service.name} died (status {status}) and is started again.")
        child.restart_at = time.monotonic() + min(0.1 * 2**child.failures, _LONGEST_PAUSE_SECONDS)

    def _given_up(self, child: Child, what: str) -> ServicesError:
        return ServicesError(f"{child.service.name} {what}. {last_line(child.log)} (see {child.log})")

    @property
    def children(self) -> list[Child]:
        return [child for group in self.groups for child in group]

    def stop_all(self) -> None:
        """Stop in reverse order: whoever uses a service stops before it."""
        while self.groups:
            for child in self.groups[-1]:
                child.ask_to_stop()
            for child in self.groups[-1]:
                child.see_it_stopped()
            self.groups.pop()

    # --- one command after another

    def run(
        self, command: Command, environment: Mapping[str, str], log: Path, *, show_output: bool = False
    ) -> int:
        """Run a command to its end and return its status; services are looked after meanwhile.

        Asked to stop, it interrupts the command, waits for it and raises Stopped.
        """
        with log.open("ab") as file:
            process = spawn(
                command,
                environment=self._marked(environment),
                directory=CHECKOUT,
                output=None if show_output else file,
                errors=file,
            )
        try:
            self.wait_until(lambda: process.poll() is not None)
        finally:
            if process.poll() is None:
                signal_group(process, signal.SIGINT)  # all of it: a pool of processes would work on
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(_COMMAND_GRACE_SECONDS)
            signal_group(process, signal.SIGKILL)
            process.wait()
        return process.returncode
