"""Fixtures for every test."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.test import TransactionTestCase
from django.utils import translation
from psycopg.errors import DeadlockDetected

from similarity import index, samples


@pytest.fixture(scope="session", autouse=True)
def _tables_are_emptied_beside_workers() -> Iterator[None]:
    """A worker that still writes may deadlock with the emptying of the tables, which then begins again."""
    empty = TransactionTestCase._fixture_teardown

    def empty_at_last(case: TransactionTestCase, tries: int = 5) -> None:
        try:
            empty(case)
            index.drop_others([])  # the tables are empty, but still have the indexes of models that were
        except CommandError as error:
            cause = error.__cause__ and error.__cause__.__cause__
            if tries == 1 or not isinstance(cause, DeadlockDetected):
                raise
            empty_at_last(case, tries - 1)

    TransactionTestCase._fixture_teardown = empty_at_last
    yield
    TransactionTestCase._fixture_teardown = empty


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    """An empty folder for the pictures of this test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    samples._names.cache_clear()  # kept for a minute, which is longer than most tests take
    return settings.MEDIA_ROOT


@pytest.fixture(autouse=True)
def _language_of_nobody() -> None:
    """The last page that a test asked for may have been German, and its language stays with the thread."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def _cheap_passwords(settings: Any) -> None:
    """A password's hash is slow by design; no test is about that."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _static_files_as_they_are(settings: Any) -> None:
    """Pages link to style sheets by their plain names: nothing has to be collected before."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
