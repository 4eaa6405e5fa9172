"""Nearest neighbours by PostgreSQL itself.

Few candidates are compared one by one, exactly. Among many the HNSW index walks from near to far until
enough of them pass the filters. Which way is the cheaper is estimated for each query.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import transaction
from django.db.models import QuerySet
from pgvector import HalfVector

from catalog.models import Product
from similarity import index
from similarity.models import EmbeddingModel, SearchVector, StyleVector
from similarity.vectors import binary_cursor, to_halfvec

# Costs in microseconds of one core, of 100,000 vectors of 256 dimensions in memory (`bench search`): a
# candidate that is found by its product and compared, and a vector that the index visits and joins.
EXACT_US, INDEX_US = 3.5, 6.0
# How many vectors the index keeps in view at a time: 40, pgvector's default, leaves one query in a hundred
# without any of its five; 120 leaves none, for 1 ms more.
EF_SEARCH = 120
# A photo asks by looks alone, while the ways of the index are laid by all that a vector says: with 120 two
# photos of a hundred get none of their five among 39,941 products, with 400 all do (docs/decisions/0019).
EF_SEARCH_PHOTO = 800
# So many rows for each product that is asked for, where nobody has counted how many pictures a product has.
ROWS = 4
# A filter and a vector know of each other: sandals have few neighbours among shirts. So the index finds the
# products that are asked for up to this much later than chance would have it. Of 100,000 vectors, a filter of
# 3,400 products of other kinds got 0.80 of its right answers from the index, in twice the time of an exact
# scan; this asks the index from some 4,700 candidates on (docs/decisions/0012).
SKEW = 24
# The operand without the cast to the model's dimensions, which no index matches.
COMPARED = "v.vector"


def search(
    vector: np.ndarray,
    model: EmbeddingModel,
    limit: int,
    among: "QuerySet[Product]",
    kind: type[SearchVector | StyleVector] = SearchVector,
    exact: bool = False,
    of_photo: bool = False,
) -> list[tuple[int, int, float]]:
    """As `engines.Engine` says: where the index ends short, all are compared."""
    with asking(vector, model, among, kind, of_photo) as question:
        if question is None:
            return []
        if effort := 0 if exact else _index_effort(question, limit):
            found = _collapsed(question, _by_index(question, effort), limit)
            if len(found) == limit:
                return found
        return _collapsed(question, COMPARED, limit)


@dataclass(frozen=True)
class Question:
    """A question to the vectors of `model` whose products are in the compiled query `candidates`.

    The index keeps `ef_search` vectors in view. `indexed` are the vectors in the model's index, None without
    a valid one, and `products` are those of the shop; both as PostgreSQL last counted them.
    """

    cursor: psycopg.Cursor
    vector: HalfVector
    model: EmbeddingModel
    kind: type[SearchVector | StyleVector]
    candidates: str
    parameters: Sequence[object]
    ef_search: int
    indexed: int | None
    products: float


@contextmanager
def asking(
    vector: np.ndarray,
    model: EmbeddingModel,
    among: "QuerySet[Product]",
    kind: type[SearchVector | StyleVector],
    of_photo: bool = False,
) -> Iterator[Question | None]:
    """The question, in a transaction of its database; None where Django knows that nothing can match."""
    try:
        candidates, parameters = among.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:  # such as a category that does not exist
        yield None
        return
    # Without a savepoint, because the settings inside hurt nobody who shares an outer transaction.
    with transaction.atomic(among.db, savepoint=False), binary_cursor(among.db) as cursor:
        ef_search = EF_SEARCH_PHOTO if of_photo else EF_SEARCH
        counts = _prepare(cursor, model, kind, ef_search)
        yield Question(cursor, to_halfvec(vector), model, kind, candidates, parameters, ef_search, *counts)


def _prepare(
    cursor: psycopg.Cursor, model: EmbeddingModel, kind: type[SearchVector | StyleVector], ef_search: int
) -> tuple[int | None, float]:
    """Settings for this transaction, and the counts of a `Question`, in one way to the server."""
    # A large scan is not worth compiling, nor worth every core of the machine. That a filter contradicts
    # itself, sold out and in stock, the planner sees only if it is told to look.
    cursor.execute(
        """
        SELECT (SELECT c.reltuples::bigint FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid
                WHERE c.oid = to_regclass(%s) AND i.indisvalid),
               (SELECT greatest(reltuples, 1) FROM pg_class WHERE oid = %s::regclass),
               set_config('hnsw.iterative_scan', 'relaxed_order', true),
               set_config('hnsw.ef_search', %s, true),
               set_config('constraint_exclusion', 'on', true),
               set_config('jit', 'off', true),
               set_config('max_parallel_workers_per_gather', '0', true)
        """,
        [index.name(model.pk, kind), Product._meta.db_table, str(ef_search)],
    )
    ((indexed, products, *_settings),) = cursor.fetchall()
    return indexed, products


def _index_effort(question: Question, limit: int) -> int:
    """How many vectors the index may visit; 0 where comparing all candidates is cheaper.

    It may cost no more than comparing them all would: beyond, that is done instead.
    """
    if question.indexed is None:
        return 0
    share = passing_share(question)
    exact_us = EXACT_US * share * question.indexed
    index_us = INDEX_US * (question.ef_search + SKEW * limit / share)
    return max(int(exact_us / INDEX_US), question.ef_search) if index_us < exact_us else 0


def passing_share(question: Question) -> float:
    """PostgreSQL's estimate of the share of all products that pass the filters, in (0, 1]."""
    question.cursor.execute(f"EXPLAIN (FORMAT JSON) {question.candidates}", question.parameters)
    (((plan,),),) = question.cursor.fetchall()
    return min(max(plan["Plan"]["Plan Rows"] / question.products, 1e-6), 1)


def _by_index(question: Question, effort: int) -> str:
    """Let the index visit so many vectors in this transaction; the operand that it matches."""
    question.cursor.execute("SELECT set_config('hnsw.max_scan_tuples', %s, true)", [str(effort)])
    return f"v.vector::halfvec({question.model.dimensions:d})"


def rows_for(question: Question, limit: int) -> int:
    """How many rows are likely to hold `limit` products: for each one more than a product has pictures."""
    pictures = ROWS - 1 if question.indexed is None else question.indexed / question.products
    return limit * (1 + max(round(pictures), 1))


def _collapsed(question: Question, operand: str, limit: int) -> list[tuple[int, int, float]]:
    """The nearest picture of each product, nearest first; fewer than `limit` when the scan ends before."""
    rows_max = rows_for(question, limit)
    while True:
        question.cursor.execute(
            _nearest(question, operand, rows_max), [question.vector, *question.parameters]
        )
        rows = question.cursor.fetchall()
        found = by_product(rows)
        if len(found) >= limit or len(rows) < rows_max:
            return found[:limit]
        rows_max *= 4


def _nearest(question: Question, operand: str, rows_max: int) -> str:
    return f"{statement(question, operand)} ORDER BY distance LIMIT {rows_max:d}"


def statement(question: Question, operand: str = COMPARED) -> str:
    """Numbers are written out: as parameters they would hide the partial index from a cached plan."""
    return (
        f"SELECT v.product_id, v.image_id, {operand} <=> %s AS distance "  # noqa: S608
        f"FROM {question.kind._meta.db_table} v "
        f"WHERE v.model_id = {question.model.pk:d} AND v.product_id IN ({question.candidates})"
    )


def by_product(rows: Sequence[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    """Each product by its nearest picture, nearest first; the index's relaxed order is only nearly one."""
    best: dict[int, tuple[int, int, float]] = {}
    for row in sorted(rows, key=lambda row: (row[2], row[1])):
        best.setdefault(row[0], row)
    return list(best.values())


def explained(question: Question, limit: int, analyze: bool = False) -> dict[str, Any]:
    """PostgreSQL's plan of the first statement that `search` sends; with `analyze` it is carried out."""
    effort = _index_effort(question, limit)
    operand = _by_index(question, effort) if effort else COMPARED
    question.cursor.execute(
        f"EXPLAIN (ANALYZE {analyze}, FORMAT JSON) {_nearest(question, operand, rows_for(question, limit))}",
        [question.vector, *question.parameters],
    )
    (((plan,),),) = question.cursor.fetchall()
    return plan
