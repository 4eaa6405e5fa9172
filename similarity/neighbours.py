"""Nearest neighbours: the one place that asks for them.

Few candidates are compared one by one, exactly. Among many the HNSW index walks from near to far until
enough of them pass the filters. Which way is the cheaper is estimated for each query.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import transaction
from django.db.models import QuerySet
from pgvector import HalfVector

from catalog.models import Product
from similarity import index
from similarity.models import EmbeddingModel, SearchVector, StyleVector
from similarity.vectors import binary_cursor, to_array, to_halfvec

STRIP = 5

# Costs in microseconds of one core, of 100,000 vectors of 256 dimensions in memory (`bench search`): a
# candidate that is found by its product and compared, and a vector that the index visits and joins.
EXACT_US, INDEX_US = 3.5, 6.0
# How many vectors the index keeps in view at a time: 40, pgvector's default, leaves one query in a hundred
# without any of its five; 120 leaves none, for 1 ms more.
EF_SEARCH = 120
# Products have several pictures: so many rows for each product that is asked for.
ROWS = 4
# A filter and a vector know of each other: sandals have few neighbours among shirts. So the index finds the
# next match up to this much later than chance would have it. Of 100,000 vectors, a filter of 3,400 products
# of other kinds got 0.80 of its right answers from the index, in twice the time of an exact scan; this asks
# the index from some 4,700 candidates on (docs/decisions/0012).
SKEW = 6


@dataclass(frozen=True)
class Neighbour:
    """A product that looks alike, the picture of it that is nearest, and the cosine similarity (-1 to 1)."""

    product: Product
    image_id: int
    similarity: float


def of_product(
    product: Product, limit: int = STRIP, among: "QuerySet[Product] | None" = None
) -> list[Neighbour]:
    """The products that look most like `product`'s first embedded picture; [] before it is embedded."""
    model = EmbeddingModel.active()
    if model is None:
        return []
    vector = vector_of(product, model)
    if vector is None:
        return []
    among = visible() if among is None else among
    return nearest(vector, model, limit=limit, among=among.exclude(pk=product.pk))


def vector_of(
    product: Product, model: EmbeddingModel, kind: type[SearchVector | StyleVector] = SearchVector
) -> np.ndarray | None:
    """The vector (d,) of the product's first picture that has one."""
    with binary_cursor() as cursor:
        cursor.execute(
            f"""
            SELECT v.vector FROM {kind._meta.db_table} v JOIN catalog_productimage i ON i.id = v.image_id
            WHERE v.model_id = %s AND v.product_id = %s
            ORDER BY i.position, i.id LIMIT 1
            """,  # noqa: S608 - one of two tables
            [model.pk, product.pk],
        )
        row = cursor.fetchone()
    return to_array(row[0]) if row else None


def visible() -> "QuerySet[Product]":
    """The products that may be shown as look-alikes."""
    return Product.objects.visible()


def nearest(
    vector: np.ndarray,
    model: EmbeddingModel,
    limit: int = STRIP,
    among: "QuerySet[Product] | None" = None,
) -> list[Neighbour]:
    """The `limit` products of `among` nearest to `vector` (d,), nearest first, sold-out ones after the rest.

    A product counts by its nearest picture. Sold-out products only fill the places that products in stock
    leave free.
    """
    among = visible() if among is None else among
    found = search(vector, model, limit, among.filter(stock__gt=0))
    if len(found) < limit:
        found += search(vector, model, limit - len(found), among.filter(stock=0))
    products = Product.objects.for_cards().in_bulk([product_id for product_id, _, _ in found])
    return [
        Neighbour(products[product_id], image_id, 1 - distance)
        for product_id, image_id, distance in found
        if product_id in products
    ]


def search(
    vector: np.ndarray,
    model: EmbeddingModel,
    limit: int,
    among: "QuerySet[Product]",
    kind: type[SearchVector | StyleVector] = SearchVector,
    exact: bool = False,
) -> list[tuple[int, int, float]]:
    """(product, image, cosine distance) of the nearest picture of each of the `limit` nearest products.

    `limit` of them whenever `among` has so many with a vector: where the index ends short, all are compared.
    With `exact` the index is not asked at all.
    """
    try:
        candidates, parameters = among.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:  # Django knows without asking that nothing can match, such as a category of none
        return []
    # Without a savepoint, because the settings inside hurt nobody who shares an outer transaction.
    with transaction.atomic(savepoint=False), binary_cursor() as cursor:
        asked = _Asked(cursor, to_halfvec(vector), model, kind, candidates, parameters)
        if effort := 0 if exact else _index_effort(asked, limit):
            cursor.execute(
                "SELECT set_config('hnsw.iterative_scan', 'relaxed_order', true),"
                " set_config('hnsw.ef_search', %s, true), set_config('hnsw.max_scan_tuples', %s, true)",
                [str(EF_SEARCH), str(effort)],
            )
            found = _collapsed(asked, f"v.vector::halfvec({model.dimensions:d})", limit)
            if len(found) == limit:
                return found
        # A large scan is not worth compiling, nor worth every core of the machine.
        cursor.execute(
            "SELECT set_config('jit', 'off', true), set_config('max_parallel_workers_per_gather', '0', true)"
        )
        return _collapsed(asked, "v.vector", limit)  # without the cast no index matches


@dataclass(frozen=True)
class _Asked:
    """A question to the vectors of `model` whose products are in the compiled query `candidates`."""

    cursor: psycopg.Cursor
    vector: HalfVector
    model: EmbeddingModel
    kind: type[SearchVector | StyleVector]
    candidates: str
    parameters: Sequence[object]


def _index_effort(asked: _Asked, limit: int) -> int:
    """How many vectors the index may visit; 0 where comparing all candidates is cheaper.

    It may cost no more than comparing them all would: beyond, that is done instead.
    """
    vectors = index.size(asked.cursor, asked.model, asked.kind)
    if vectors is None:
        return 0
    asked.cursor.execute(f"EXPLAIN (FORMAT JSON) {asked.candidates}", asked.parameters)
    (((plan,),),) = asked.cursor.fetchall()
    asked.cursor.execute(
        "SELECT greatest(reltuples, 1) FROM pg_class WHERE oid = %s::regclass", [Product._meta.db_table]
    )
    ((products,),) = asked.cursor.fetchall()
    share = min(plan["Plan"]["Plan Rows"] / products, 1)
    exact_us = EXACT_US * share * vectors
    index_us = INDEX_US * (EF_SEARCH + SKEW * ROWS * limit / max(share, 1e-6))
    return max(int(exact_us / INDEX_US), EF_SEARCH) if index_us < exact_us else 0


def _collapsed(asked: _Asked, operand: str, limit: int) -> list[tuple[int, int, float]]:
    """The nearest picture of each product, nearest first; fewer than `limit` when the scan ends before."""
    rows_max = ROWS * limit
    while True:
        asked.cursor.execute(_statement(asked, operand, rows_max), [asked.vector, *asked.parameters])
        rows = sorted(
            asked.cursor.fetchall(), key=lambda row: (row[2], row[1])
        )  # relaxed order is nearly one
        best: dict[int, tuple[int, int, float]] = {}
        for row in rows:
            best.setdefault(row[0], row)
        if len(best) >= limit or len(rows) < rows_max:
            return list(best.values())[:limit]
        rows_max *= 4


def _statement(asked: _Asked, operand: str, rows_max: int) -> str:
    """Numbers are written out: as parameters they would hide the partial index from a cached plan."""
    return (
        f"SELECT v.product_id, v.image_id, {operand} <=> %s AS distance "  # noqa: S608
        f"FROM {asked.kind._meta.db_table} v "
        f"WHERE v.model_id = {asked.model.pk:d} AND v.product_id IN ({asked.candidates}) "
        f"ORDER BY distance LIMIT {rows_max:d}"
    )
