"""The shop while its servers are away, on real processes: pages, then neither, then pages again."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest

from shop.services import urls
from shop.services.paths import CHECKOUT, State
from tests.shop.services.running import Running, eventually, remove, temporary_state

pytestmark = pytest.mark.slow
PAGES = ["/", "/api/products/", "/admin/", "/p/shirt/", "/search/photo/results/?photo=x", "/sitemap.xml"]
# Of somebody who has logged in once: with it, every page asks the database who that is.
SESSION = "sessionid=0123456789abcdefghijklmnopqrstuv"


class Web:
    """The shop behind the server of production, on servers of its own; its log is in `log`."""

    def __init__(self, state: State):
        self.running = Running(state)
        self.state = state
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        services = urls(state.root)
        self.environment = {
            **os.environ,
            "DATABASE_URL": services.database,
            "REDIS_URL": services.redis,
            "LOOKALIKE_STATE": str(state.root),
            "DEBUG": "false",
            "LOG_FORMAT": "json",
        }
        self.manage("migrate", "-v0")
        # The error page needs our own files; to compress those of the libraries, too, takes minutes.
        of_libraries = ["admin", "unfold", "drf_spectacular_sidecar", "import_export", "rest_framework"]
        ignored = [argument for folder in of_libraries for argument in ("--ignore", folder)]
        self.manage("collectstatic", "--noinput", "-v0", *ignored)
        self.log = state.root / "web.log"
        options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port), "--no-ws"]
        with self.log.open("w") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "granian", *options, "shop.wsgi:application"],
                cwd=CHECKOUT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        eventually(lambda: self.status("/healthz") == 200, within=60)

    def manage(self, *command: str) -> None:
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=CHECKOUT, env=self.environment, check=True
        )

    def get(self, path: str) -> tuple[int, dict[str, str], str, float]:
        """Status, headers, body, and the seconds it took."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        began = time.monotonic()
        try:
            connection.request("GET", path, headers={"Cookie": SESSION})
            answer = connection.getresponse()
            body = answer.read().decode()
            headers = {name.title(): value for name, value in answer.getheaders()}
            return answer.status, headers, body, time.monotonic() - began
        finally:
            connection.close()

    def status(self, path: str) -> int:
        try:
            return self.get(path)[0]
        except OSError:
            return 0

    def stop(self) -> None:
        self.server.terminate()
        self.server.wait(20)
        if self.running.supervisor.poll() is None:
            self.running.stop()


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    state = temporary_state()
    web = Web(state)
    yield web
    web.stop()
    remove(state)


@pytest.fixture
def away(web: Web) -> Iterator[Web]:
    """The shop while PostgreSQL and Valkey are stopped; they are back afterwards."""
    assert web.status("/") == 200
    web.running.stop()
    yield web
    web.running = Running(web.state)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_an_honest_503_without_a_stack_trace(away, path):
    status, headers, body, seconds = away.get(path)
    assert status == 503
    assert headers["Retry-After"] == "10"
    assert headers["Cache-Control"] == "no-store"
    assert seconds < 2
    assert "Traceback" not in body
    assert "psycopg" not in body
    if path.startswith("/api/"):
        assert json.loads(body)["code"] == "unavailable"
    else:
        assert "The shop is taking a short break" in body


def test_it_lives_but_is_not_ready(away):
    assert away.status("/healthz") == 200
    status, _headers, body, seconds = away.get("/readyz")
    assert status == 503
    assert json.loads(body)["database"] == "not reachable"
    assert json.loads(body)["broker"] == "not reachable"
    assert seconds < 1.5


def test_everything_is_back_without_a_restart(away):
    assert away.status("/") == 503
    away.running = Running(away.state)
    began = time.monotonic()
    eventually(lambda: away.status("/readyz") == 200)
    statuses = [away.status(page) for page in ("/", "/api/products/", "/search/photo/")]
    assert statuses == [200, 200, 200]
    assert time.monotonic() - began < 5
    away.running.stop()


def test_the_log_says_why_in_one_line_with_the_requests_id(away):
    away.get("/?q=words-of-a-shopper")
    lines = [json.loads(line) for line in away.log.read_text().splitlines() if line.startswith("{")]
    [*_, line] = [line for line in lines if "the database is away" in line["event"]]
    assert line["level"] == "error"
    assert len(line["request_id"]) == 36
    assert "exception" not in line
    assert "words-of-a-shopper" not in away.log.read_text()
