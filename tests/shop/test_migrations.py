"""Every migration can be taken back and applied again, on a database of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from shop.services.paths import CHECKOUT

pytestmark = pytest.mark.slow
OWN = ("catalog", "similarity", "shop")


@pytest.fixture
def database() -> Iterator[str]:
    """The address of an empty database on the server of the tests."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = f"migrations_{os.getpid()}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield urlunsplit(parts._replace(path=f"/{name}"))
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def migrate(database: str, *arguments: str) -> None:
    command = [sys.executable, "manage.py", "migrate", "-v0", *arguments]
    environment = {**os.environ, "DATABASE_URL": database, "DJANGO_ALLOW_ASYNC_UNSAFE": ""}
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-1500:]


def described(database: str) -> dict[str, set]:
    """Columns, constraints and indexes of our own tables."""
    mine = "table_schema = 'public' AND split_part(table_name, '_', 1) = ANY(%s)"
    queries = {
        "columns": "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns",
        "constraints": "SELECT table_name, constraint_type FROM information_schema.table_constraints",
    }
    with psycopg.connect(database) as connection:
        found = {
            name: set(connection.execute(f"{query} WHERE {mine}", [list(OWN)]).fetchall())
            for name, query in queries.items()
        }
        indexes = "SELECT tablename, indexname FROM pg_indexes WHERE split_part(tablename, '_', 1) = ANY(%s)"
        return found | {"indexes": set(connection.execute(indexes, [list(OWN)]).fetchall())}


def test_all_migrations_go_down_and_up_again(database):
    migrate(database)
    before = described(database)
    assert before["indexes"]
    for application in ("similarity", "catalog", "shop"):
        migrate(database, application, "zero")
    assert described(database)["columns"] == set()
    migrate(database)
    assert described(database) == before
