"""Every statement that is sent to PostgreSQL: Django's, and those for vectors, which go past its cursors."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest


@contextmanager
def statements() -> Iterator[list[tuple[Any, Any]]]:
    """What is sent in the block, each with its parameters."""
    sent: list[tuple[Any, Any]] = []
    execute = psycopg.Cursor.execute

    def seen(cursor: psycopg.Cursor, query: Any, params: Any = None, **options: Any) -> psycopg.Cursor:
        sent.append((query, params))
        return execute(cursor, query, params, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", seen)
        yield sent
