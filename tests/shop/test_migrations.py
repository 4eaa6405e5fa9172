"""Every migration can be taken back and applied again, on a database of its own."""

import psycopg
import pytest

from tests.shop.conftest import manage

pytestmark = pytest.mark.slow
OWN = ("catalog", "similarity", "shop")


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
    manage(database, "migrate", "-v0")
    before = described(database)
    assert before["indexes"]
    for application in ("similarity", "catalog", "shop"):
        manage(database, "migrate", "-v0", application, "zero")
    assert described(database)["columns"] == set()
    manage(database, "migrate", "-v0")
    assert described(database) == before
