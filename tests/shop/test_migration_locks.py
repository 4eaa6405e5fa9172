"""Migrations of a shop that is open: none locks a table for long or breaks the code that still runs.

django-migration-linter reads their SQL. What it finds and is right all the same stands here, with the reason.
"""

from collections.abc import Iterator

import pytest
from django.db.migrations.loader import MigrationLoader
from django_migration_linter import MigrationLinter
from django_migration_linter.sql_analyser import analyse_sql_statements

OURS = ("catalog", "similarity", "shop")
FINE = {
    # It makes its tables itself: they are empty, and nobody reads them yet.
    ("catalog", "0001_initial"): {"CREATE_INDEX", "CREATE_INDEX_EXCLUSIVE"},
}
MIGRATIONS = sorted(key for key in MigrationLoader(None).disk_migrations if key[0] in OURS)


@pytest.fixture(autouse=True)
def _outside_of_a_transaction(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Indexes built concurrently cannot even be described within one; the linter only reads."""
    with django_db_blocker.unblock():
        yield


@pytest.mark.parametrize("migration", MIGRATIONS, ids="-".join)
def test_it_neither_locks_for_long_nor_breaks_the_code_before_it(migration):
    linter = MigrationLinter(no_output=True)
    statements = linter.get_sql(*migration)
    errors, _ignored, warnings = analyse_sql_statements(linter.sql_analyser_class, statements, None)
    assert {issue.code for issue in [*errors, *warnings]} == FINE.get(migration, set())
