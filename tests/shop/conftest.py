"""A shop on processes of its own, for tests that take its servers away; and an empty database."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psutil
import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from shop.services.paths import CHECKOUT
from tests.site import Site, multipart, temporary_site


@pytest.fixture(scope="package")
def site() -> Iterator[Site]:
    with temporary_site(PROXIES="1") as site:
        site.start_web()
        yield site


@pytest.fixture
def peak_growth(site: Site) -> Iterator[list[float]]:
    """MB by which the web server has grown at most since this began."""
    web = psutil.Process(site.programs["web"].pid)

    def resident() -> float:
        return sum(each.memory_info().rss for each in [web, *web.children(recursive=True)]) / 1e6

    # What is loaded with the first photo does not count.
    body, headers = multipart("image", b"\xff\xd8\xff" + bytes(1_000_000))
    site.ask("POST", "/api/search/photo/", body, headers)
    before, seen, ended = resident(), [0.0], threading.Event()

    def watch() -> None:
        while not ended.wait(0.02):
            seen[0] = max(seen[0], resident() - before)

    watcher = threading.Thread(target=watch)
    watcher.start()
    yield seen
    ended.set()
    watcher.join()


@pytest.fixture
def database() -> Iterator[str]:
    """The address of an empty database on the server of the tests."""
    with new_database(f"own_{os.getpid()}") as address:
        yield address


@contextmanager
def new_database(name: str) -> Iterator[str]:
    parts = urlsplit(os.environ["DATABASE_URL"])
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield urlunsplit(parts._replace(path=f"/{name}"))
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        try:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        except InsufficientPrivilege:  # over the superuser's autovacuum, which a plain one ends by itself
            connection.execute(f"DROP DATABASE {name}")


def manage(database: str, *command: str, **more: str) -> str:
    """What `manage.py command …` prints on that database. Fails the test when the command fails."""
    environment = {**os.environ, "DATABASE_URL": database, "DJANGO_ALLOW_ASYNC_UNSAFE": "", **more}
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=CHECKOUT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-1500:]
    return done.stdout
