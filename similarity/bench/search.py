"""`bench search`: nearest neighbours in a grown catalogue, by the index, exactly, and by numpy."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from django.db import connection

from catalog.models import Product
from similarity import evaluation, gallery, index, neighbours
from similarity.bench import catalogue
from similarity.bench.timing import RUNS, p50, p95, runs_ms
from similarity.engines import pgvector
from similarity.models import EmbeddingModel, SearchVector

QUERIES, EXACT_QUERIES, FILTER_QUERIES = 200, 20, 60
SELECTIVITIES = (0.005, 0.01, 0.02, 0.05, 0.1)


def measure(size: int, keep: bool = False) -> dict[str, Any]:
    """Figures for a catalogue of `size` products. With `keep` its database is used again by the next call."""
    source = catalogue.real()
    with catalogue.own_database(keep):
        model, kept = EmbeddingModel.active(), Product.objects.count()
        if kept not in (0, size):
            raise catalogue.BenchRefused(f"The kept database has {kept} products; run once without --keep.")
        if model is None or not kept:
            model = catalogue.grow(source, size)
        return {"n": size, "dimensions": model.dimensions, **_built(model), **_queries(model)}


def _built(model: EmbeddingModel) -> dict[str, Any]:
    start = time.perf_counter()
    made = index.is_wanted(model) and not index.is_ready(model) and index.build(model)
    seconds = round(time.perf_counter() - start, 1) if made else None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size(to_regclass(%s))", [index.name(model.pk)])
        return {"index_bytes": cursor.fetchone()[0], "index_build_s": seconds}


def _queries(model: EmbeddingModel) -> dict[str, Any]:
    _images, products, vectors = gallery.load_vectors(model)
    rows = evaluation.sample(len(products), QUERIES)
    few = rows[:: max(len(rows) // EXACT_QUERIES, 1)]
    everything = neighbours.visible()

    def ask(row: int, exact: bool = False) -> list[int]:
        among = everything.exclude(pk=products[row])
        found = neighbours.search(vectors[row], model, evaluation.K, among, exact=exact)
        return [product for product, _, _ in found]

    def in_postgres(row: int) -> float:
        among = everything.exclude(pk=products[row])
        with pgvector.asking(vectors[row], model, among, SearchVector) as question:
            assert question is not None, "the filters are possible"  # noqa: S101
            plan = pgvector.explained(question, evaluation.K, analyze=True)
        return plan["Planning Time"] + plan["Execution Time"]

    def by_numpy(row: int) -> np.ndarray:
        return np.argpartition(-(vectors @ vectors[row]), evaluation.K)[: evaluation.K]

    shares = _recall(vectors, products, rows, np.ones(len(products), bool), ask)
    asked = runs_ms([partial(ask, row) for row in rows.tolist()])
    inside = np.array([[in_postgres(row) for row in rows.tolist()] for _ in range(RUNS)])
    exact = runs_ms([partial(ask, row, True) for row in few.tolist()])
    numpy = runs_ms([partial(by_numpy, row) for row in few.tolist()])
    return {
        "p50_ms": p50(asked),
        "p95_ms": p95(asked),
        "postgres_p50_ms": p50(inside),
        "postgres_p95_ms": p95(inside),
        "recall_mean": round(float(shares.mean()), 4),
        "recall_p5": round(float(np.percentile(shares, 5)), 4),
        "exact_p50_ms": p50(exact),
        "exact_us_per_row": round(1000 * p50(exact) / len(products), 3),
        "numpy_p50_ms": p50(numpy),
        "speed_over_exact": round(p50(exact) / p50(asked), 2),
        "speed_over_numpy": round(p50(numpy) / p50(asked), 2),
        "filters": {
            f"{selectivity:.1%}": _filtered(model, products, vectors, rows[:FILTER_QUERIES], selectivity)
            for selectivity in SELECTIVITIES
        },
    }


def _recall(
    vectors: np.ndarray,
    products: np.ndarray,
    rows: np.ndarray,
    allowed: np.ndarray,
    ask: Callable[[int], list[int]],
) -> np.ndarray:
    """Per query row, the share of the exact five among the products that pass `allowed` bool (n,)."""
    shares = []
    for row in rows.tolist():
        scores = np.where(allowed, vectors @ vectors[row], -2)
        scores[row] = -2
        right = set(products[np.argpartition(-scores, evaluation.K)[: evaluation.K]].tolist())
        shares.append(len(right & set(ask(row))) / evaluation.K)
    return np.array(shares)


def _filtered(
    model: EmbeddingModel, products: np.ndarray, vectors: np.ndarray, rows: np.ndarray, selectivity: float
) -> dict[str, Any]:
    """A range of prices that this share of the products is in."""
    prices = dict(Product.objects.values_list("pk", "price"))
    price = np.array([float(prices[product]) for product in products.tolist()])
    low, high = np.quantile(price, [0.4, 0.4 + selectivity])
    among = neighbours.visible().filter(price__gte=round(low, 2), price__lte=round(high, 2))
    allowed = (price >= round(low, 2)) & (price <= round(high, 2))
    counts = []

    def ask(row: int) -> list[int]:
        found = neighbours.search(vectors[row], model, evaluation.K, among.exclude(pk=products[row]))
        counts.append(len(found))
        return [product for product, _, _ in found]

    shares = _recall(vectors, products, rows, allowed, ask)
    times = runs_ms([partial(ask, row) for row in rows.tolist()])
    return {
        "products": int(allowed.sum()),
        "fewest_results": min(counts),
        "recall_mean": round(float(shares.mean()), 4),
        "p50_ms": p50(times),
        "p95_ms": p95(times),
    }
