"""Run the embedded services from a shell: `python -m shop.services exec|up|down|status`."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from shop.services.embedded import start_services, with_urls
from shop.services.lock import AlreadyRunning, lock_holder
from shop.services.paths import ServicesError, State
from shop.services.process import spawn
from shop.services.supervisor import Stopped, Supervisor

_NOT_FOUND = 127  # the shell's status for it
_NOT_RUNNING = 3  # the status that `systemctl status` and init scripts use for it


def execute(state: State, command: Sequence[str], *, join: bool) -> int:
    """Run a command with both services beside it, and return its status."""
    environment = dict(os.environ)
    if environment.get("DATABASE_URL") and environment.get("REDIS_URL"):
        _become(command, environment)
    try:
        with Supervisor(state, say=_to_stderr) as supervisor:
            return _in_foreground(supervisor, command, start_services(supervisor, environment))
    except AlreadyRunning:
        if not join:
            raise
    _become(command, with_urls(environment, state))


def _become(command: Sequence[str], environment: Mapping[str, str]) -> NoReturn:
    os.execvpe(command[0], list(command), dict(environment))  # noqa: S606  # no shell: that is the point


def _in_foreground(supervisor: Supervisor, command: Sequence[str], environment: Mapping[str, str]) -> int:
    # At a terminal the command stays in our group: it may read the keyboard, and Ctrl-C reaches it
    # without us. Anywhere else it gets a group of its own, and we pass on every signal, once.
    at_terminal = _is_foreground()
    process = spawn(
        command,
        environment=environment,
        directory=Path.cwd(),
        output=None,
        own_session=not at_terminal,
        keyboard=True,
    )
    passed_on = 0
    try:
        while process.poll() is None:
            time.sleep(0.05)
            supervisor.look_after()
            if supervisor.stop_requests > passed_on:
                passed_on = supervisor.stop_requests
                if not (at_terminal and supervisor.stop_signal == signal.SIGINT):
                    process.send_signal(supervisor.stop_signal)
    finally:
        if process.poll() is None:  # a service is lost for good: the command cannot go on
            process.terminate()
            process.wait()
    status = process.returncode
    return status if status >= 0 else 128 - status


def _is_foreground() -> bool:
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return False


def up(state: State) -> int:
    """Run the two services until somebody stops us."""
    with Supervisor(state) as supervisor:
        began = time.monotonic()
        start_services(supervisor, {})
        print(
            f"PostgreSQL and Valkey are ready after {time.monotonic() - began:.1f} s (state in {state.root})."
        )
        print("manage.py finds them by itself. Ctrl-C stops them.", flush=True)
        supervisor.wait_until(lambda: False)
    return 0


def down(state: State) -> int:
    """Ask the supervisor of this state directory to stop, and wait until it has."""
    pid = lock_holder(state)
    if not pid:
        print(f"Nothing runs here (state in {state.root}).")
        return 0
    os.kill(pid, signal.SIGTERM)
    for _ in range(1200):
        if lock_holder(state) != pid:
            print(f"Process {pid} has stopped.")
            return 0
        time.sleep(0.1)
    raise ServicesError(f"Process {pid} was asked to stop two minutes ago and is still there.")


def status(state: State) -> int:
    """Say whether the services of this state directory run."""
    pid = lock_holder(state)
    if not pid:
        print(f"Not running (state in {state.root}).")
        return _NOT_RUNNING
    print(f"Running as process {pid} (state in {state.root}, sockets in {state.run}).")
    return 0


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m shop.services", description=__doc__)
    parser.add_argument("action", choices=("exec", "up", "down", "status"))
    parser.add_argument("--state", type=Path, help="state directory (default: LOOKALIKE_STATE, else var)")
    parser.add_argument("--join", action="store_true", help="exec: use the services that run here already")
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    split = arguments.index("--") if "--" in arguments else len(arguments)
    options = parser.parse_args(arguments[:split])
    options.command = arguments[split + 1 :]
    if bool(options.command) != (options.action == "exec"):
        parser.error("write: exec [--state DIR] -- COMMAND …; the other actions take no command")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parse(arguments)
    state = State.at(options.state)
    if options.command and shutil.which(options.command[0]) is None:  # before any server starts
        print(f"Command not found: {options.command[0]}", file=sys.stderr)
        return _NOT_FOUND
    try:
        match options.action:
            case "exec":
                return execute(state, options.command, join=options.join)
            case "up":
                return up(state)
            case "down":
                return down(state)
            case _:
                return status(state)
    except Stopped as stopped:
        return 128 + stopped.signal if options.action == "exec" else 0
    except (ServicesError, subprocess.SubprocessError) as error:
        hint = " Use --state DIR for a second one." if isinstance(error, AlreadyRunning) else ""
        print(f"{error}{hint}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
