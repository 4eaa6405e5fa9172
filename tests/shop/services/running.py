"""A supervisor in a process of its own, as `make run` starts it, and what a test asks of it."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg
import redis

from shop.services import client_url, urls
from shop.services.paths import CHECKOUT, State
from shop.services.process import OWNER_VARIABLE

PATIENCE_SECONDS = 20


def temporary_state(prefix: str = "look alike ") -> State:
    """A directory with a space in its name that every account may pass through."""
    directory = Path(tempfile.mkdtemp(prefix=prefix))
    directory.chmod(0o755)
    return State.at(directory)


def remove(state: State) -> None:
    for process in processes_of(state):
        process.kill()
    for directory in (state.root, state.run, Path("/var/lib") / f"lookalike-{state.key}"):
        shutil.rmtree(directory, ignore_errors=True)


def processes_of(state: State) -> list[psutil.Process]:
    """Everything a supervisor of this state directory has started and that lives."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(OWNER_VARIABLE) == str(state.root):
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def eventually(question: Callable[[], object], within: float = PATIENCE_SECONDS) -> float:
    """Wait until the answer is true; return the seconds it took."""
    began = time.monotonic()
    while not question():
        assert time.monotonic() - began < within, f"not within {within} s"
        time.sleep(0.05)
    return time.monotonic() - began


class Running:
    """`python -m shop.services up` on one state directory."""

    def __init__(self, state: State, **options: object) -> None:
        self.state = state
        self.began = time.monotonic()
        self.supervisor = subprocess.Popen(
            [sys.executable, "-m", "shop.services", "up", "--state", str(state.root)],
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            **options,  # type: ignore[call-overload]
        )
        self.output = ""
        for line in self.supervisor.stdout:
            self.output += line
            if "are ready" in line:
                break
        self.seconds = time.monotonic() - self.began
        assert "are ready" in self.output, self.output

    def process(self, name: str) -> psutil.Process:
        return next(process for process in processes_of(self.state) if process.name() == name)

    def sql(self, statement: str, database: str = "lookalike") -> list[tuple]:
        url = urls(self.state.root).database.replace("/lookalike?", f"/{database}?")
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def answers_sql(self) -> bool:
        try:
            return self.sql("SELECT 1") == [(1,)]
        except psycopg.OperationalError:
            return False

    @property
    def valkey(self) -> redis.Redis:
        return redis.Redis.from_url(client_url(urls(self.state.root).redis, 1), decode_responses=True)

    def answers_ping(self) -> bool:
        try:
            return bool(self.valkey.ping())
        except redis.RedisError:
            return False

    def stop(self, signal_number: int = signal.SIGINT) -> int:
        self.supervisor.send_signal(signal_number)
        self.output += self.supervisor.communicate(timeout=PATIENCE_SECONDS)[0]
        return self.supervisor.returncode

    def kill(self) -> None:
        """End the supervisor without a chance to tidy up."""
        self.supervisor.kill()
        self.supervisor.wait()

    def kill_everything(self) -> None:
        servers = processes_of(self.state)
        os.kill(self.supervisor.pid, signal.SIGSTOP)  # or it would restart what we kill
        for process in servers:
            process.kill()
        self.kill()
