"""State directories of their own: these tests touch neither the database nor the queue of the other tests."""

import subprocess
from collections.abc import Callable, Iterator

import pytest

from shop.services.paths import State
from tests.shop.services.running import Running, remove, temporary_state


@pytest.fixture(scope="session")
def template() -> Iterator[State]:
    """A state directory that was started and stopped once: most tests begin with a copy of it."""
    template = temporary_state()
    Running(template).stop()
    yield template
    remove(template)


@pytest.fixture
def empty_state() -> Iterator[State]:
    state = temporary_state()
    yield state
    remove(state)


@pytest.fixture
def state(template: State, empty_state: State) -> State:
    """A state directory whose servers have run before and do not run now."""
    return copied(template, empty_state)


@pytest.fixture(scope="session")
def running(template: State) -> Iterator[Running]:
    """Servers for tests that only look."""
    state = copied(template, temporary_state())
    running = Running(state)
    yield running
    running.stop()
    remove(state)


def copied(template: State, state: State) -> State:
    subprocess.run(["cp", "-Rp", f"{template.root}/.", state.root], check=True)
    return state


@pytest.fixture
def start(state: State) -> Iterator[Callable[[], Running]]:
    """Starts supervisors of the state directory, and stops those that the test has not."""
    started: list[Running] = []

    def start() -> Running:
        started.append(Running(state))
        return started[-1]

    yield start
    for running in started:
        if running.supervisor.poll() is None:
            running.stop()
