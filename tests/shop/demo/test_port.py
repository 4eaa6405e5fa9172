"""The one port of the demo: taken, forbidden, or nonsense."""

import socket

import pytest

from shop.demo.port import require_free, wanted_port
from shop.services.paths import ServicesError
from tests.shop.services.running import processes_of


def test_a_taken_port_stops_the_demo_before_it_starts_anything(start_demo, state):
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        demo = start_demo(PORT=str(port))
        out, _ = demo.communicate(timeout=30)
    assert demo.returncode == 1
    assert out == f"Port {port} is taken by another program. Choose another: make demo PORT={port + 1}\n"
    assert not (state.root / "pg18").exists()
    assert processes_of(state) == []


def test_a_free_port_is_left_free():
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
    require_free(port)
    require_free(port)


@pytest.mark.parametrize("text", ["http", "0", "65536", "-1", "80.5", "²"])
def test_nonsense_is_refused_by_name(text):
    with pytest.raises(ServicesError, match=f"^PORT={text} is not a port"):
        wanted_port({"PORT": text})


def test_the_default_is_8000():
    assert wanted_port({}) == 8000
    assert wanted_port({"PORT": ""}) == 8000
    assert wanted_port({"PORT": "9000"}) == 9000
