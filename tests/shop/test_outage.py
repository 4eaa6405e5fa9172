"""The shop while its servers are away, killed or hang, on real processes: pages, neither, pages again."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from tests.shop.services.running import Running, eventually, processes_of
from tests.site import Site

pytestmark = pytest.mark.slow
PAGES = ["/", "/api/products/", "/admin/", "/p/shirt/", "/search/photo/results/?photo=x", "/sitemap.xml"]
# Of somebody who has logged in once: with it, every page asks the database who that is.
SESSION = "sessionid=0123456789abcdefghijklmnopqrstuv"


@pytest.fixture
def away(site: Site) -> Iterator[Site]:
    """The shop while PostgreSQL and Valkey are stopped; they are back afterwards."""
    assert site.status("/") == 200
    site.running.stop()
    yield site
    site.running = Running(site.state)


@pytest.fixture
def hung(site: Site) -> Iterator[Site]:
    """The shop while PostgreSQL neither answers nor ends."""
    assert site.status("/readyz") == 200
    processes = [process for process in processes_of(site.state) if process.name() == "postgres"]
    for process in processes:
        process.suspend()
    yield site
    for process in processes:
        process.resume()
    eventually(lambda: site.status("/readyz") == 200)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_an_honest_503_without_a_stack_trace(away, path):
    status, headers, body, seconds = away.get(path, Cookie=SESSION)
    assert status == 503
    assert headers["Retry-After"] == "10"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in headers["Content-Security-Policy"]
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
    assert json.loads(body)["database"] == "no answer"
    assert json.loads(body)["broker"] == "no answer"
    assert seconds < 1.5


def test_it_says_within_its_bound_that_a_database_hangs(hung):
    for _ in range(3):
        status, _headers, body, seconds = hung.get("/readyz")
        assert status == 503
        assert json.loads(body)["database"] == "no answer"
        assert json.loads(body)["broker"] == "ok"
        assert seconds < 1.5
    assert hung.status("/healthz") == 200


def test_a_killed_postgres_is_a_moment_of_honest_errors(site):
    """Twenty pages a second for eight seconds; after the first the database is killed, hard."""
    supervisor = psutil.Process(site.running.supervisor.pid)
    [server] = [child for child in supervisor.children() if child.name() == "postgres"]
    answers: list[tuple[float, int]] = []

    def visit() -> None:
        began = time.monotonic()
        answers.append((began, site.status("/")))

    with ThreadPoolExecutor(20) as pool:
        for turn in range(160):
            if turn == 20:
                server.kill()
                killed = time.monotonic()
            pool.submit(visit)
            time.sleep(0.05)
    unanswered = [began - killed for began, status in answers if status != 200]
    assert unanswered
    assert min(unanswered) > -1  # who was being answered just then
    assert max(unanswered) < 5
    assert {status for _, status in answers} == {200, 503}


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
    lines = [json.loads(line) for line in away.log("web").splitlines() if line.startswith("{")]
    [*_, line] = [line for line in lines if "the database is away" in line["event"]]
    assert line["level"] == "error"
    assert len(line["request_id"]) == 36
    assert "exception" not in line
    assert "words-of-a-shopper" not in away.log("web")
