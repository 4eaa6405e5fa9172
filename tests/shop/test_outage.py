"""The shop while its servers are away, on real processes: pages, then neither, then pages again."""

import json
import time
from collections.abc import Iterator

import pytest

from tests.shop.services.running import Running, eventually
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


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_an_honest_503_without_a_stack_trace(away, path):
    status, headers, body, seconds = away.get(path, Cookie=SESSION)
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
    lines = [json.loads(line) for line in away.log("web").splitlines() if line.startswith("{")]
    [*_, line] = [line for line in lines if "the database is away" in line["event"]]
    assert line["level"] == "error"
    assert len(line["request_id"]) == 36
    assert "exception" not in line
    assert "words-of-a-shopper" not in away.log("web")
