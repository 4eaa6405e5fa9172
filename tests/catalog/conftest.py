"""How long a hostile file may keep us busy: processor time, since the machine may be busy with other work."""

import time
from collections.abc import Iterator

import pytest


@pytest.fixture
def soon(request: pytest.FixtureRequest) -> Iterator[None]:
    """The whole test takes less than 2 s of processor time, one of Hypothesis, which opens hundreds, 60."""
    yield from _within(60 if hasattr(request.function, "hypothesis") else 2)


@pytest.fixture
def at_once() -> Iterator[None]:
    """The same for 0.2 s."""
    yield from _within(0.2)


def _within(seconds: float) -> Iterator[None]:
    began = time.process_time()
    yield
    assert time.process_time() - began < seconds
