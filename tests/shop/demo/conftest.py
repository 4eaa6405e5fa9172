"""A demo on a state directory and a port of its own."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from shop.services.paths import CHECKOUT, State
from tests.shop.services.running import remove, temporary_state

EMBEDDED = ("DATABASE_URL", "REDIS_URL")


@pytest.fixture
def state() -> Iterator[State]:
    state = temporary_state()
    yield state
    remove(state)


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        return holder.getsockname()[1]


@pytest.fixture
def start_demo(state: State, free_port: int) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts the demo, or what else `python` is told, without addresses of servers in its environment."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
        inherited = {name: value for name, value in os.environ.items() if name not in EMBEDDED}
        own = {"PORT": str(free_port), "LOOKALIKE_STATE": str(state.root)}
        process = subprocess.Popen(
            [sys.executable, *(arguments or ["-m", "shop.demo"])],
            cwd=CHECKOUT,
            env={**inherited, **own, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=30)
