"""The HNSW index of each model's search vectors: when there is one, and how it is made and dropped.

Each model has a partial index of its own, because its vectors have dimensions of their own and are never
compared with another's (Malkov and Yashunin, 2018; pgvector's `hnsw`).
"""

import logging
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection

from similarity.models import EmbeddingModel, SearchVector, StyleVector
from similarity.vectors import binary_cursor

log = logging.getLogger(__name__)

# Below, reading every vector takes less than 10 ms and is exact (`manage.py bench search --n 5000`).
MIN_VECTORS = 5_000
# While a catalogue is being filled an index is begun no sooner than here: every vector that comes after it
# walks the graph, while to compare so many exactly takes 0.2 s at most (docs/decisions/0017).
FILLING_VECTORS = 50_000
# 64, pgvector's default for the second, leaves islands: mean recall@5 0.985 instead of 0.998 of 100,000 grown
# vectors with EF_SEARCH = 120 (docs/decisions/0012).
M, EF_CONSTRUCTION = 16, 128
# What a build holds in memory besides the vector itself: links of M neighbours on the ground layer twice.
LINKS_BYTES = 900
BUILD_MEMORY_MIN_MB, BUILD_MEMORY_MAX_MB = 64, 4096


Kind = type[SearchVector | StyleVector]
KINDS: tuple[Kind, ...] = (SearchVector, StyleVector)
THREAD = "index build"


def name(model_id: int, kind: Kind = SearchVector) -> str:
    return f"{kind._meta.model_name}_hnsw_{model_id:d}"


def size(cursor: psycopg.Cursor, model: EmbeddingModel, kind: Kind = SearchVector) -> int | None:
    """How many vectors the model's index holds, as PostgreSQL last counted; None without a valid index."""
    cursor.execute(
        "SELECT c.reltuples::bigint FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid "
        "WHERE c.oid = to_regclass(%s) AND i.indisvalid",
        [name(model.pk, kind)],
    )
    row = cursor.fetchone()
    return row[0] if row else None


def is_ready(model: EmbeddingModel, kind: Kind = SearchVector) -> bool:
    """Whether the model can answer as fast as it should: it has its index, or is too small for one."""
    with binary_cursor() as cursor:
        return size(cursor, model, kind) is not None or not is_wanted(model, kind)


def is_wanted(model: EmbeddingModel, kind: Kind = SearchVector) -> bool:
    """Whether the model has so many vectors that an index pays."""
    return _holds(model, MIN_VECTORS, kind)


def _holds(model: EmbeddingModel, count: int, kind: Kind) -> bool:
    vectors = kind.objects.filter(model=model).order_by()
    return bool(vectors.values("pk")[count - 1 : count])


def build(model: EmbeddingModel, kind: Kind = SearchVector) -> bool:
    """Build the model's index beside running queries and writes; False when another process is at it.

    Takes minutes for a million vectors. What a killed build has left is dropped first. Must not be called
    in a transaction.
    """
    index = name(model.pk, kind)
    with binary_cursor() as cursor, alone(cursor, index) as is_mine:
        if not is_mine:
            return False
        if size(cursor, model, kind) is not None:
            return True
        memory_mb = build_memory_mb(kind.objects.filter(model=model).count(), model.dimensions)
        cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {index}")
        # How many processes share the work is the server's setting: several of them need this memory in
        # /dev/shm, which has 64 MB in most containers; the embedded server therefore uses one.
        cursor.execute("SELECT set_config('maintenance_work_mem', %s, false)", [f"{memory_mb}MB"])
        try:
            cursor.execute(create_statement(model, kind))
        finally:
            cursor.execute("RESET maintenance_work_mem")
    log.info("The index %s is built.", index)
    return True


def tend(models: Iterable[EmbeddingModel], is_filling: bool = False) -> list[str]:
    """Drop what other models than these have left, and start to build what these want; returns the changes.

    While the catalogue `is_filling`, only a large one gets an index that it has not yet.
    PostgreSQL builds; a thread of this process waits for it. If the process ends, PostgreSQL goes on.
    """
    models = list(models)
    dropped = drop_others(models)
    wanted = [
        (model, kind)
        for model in models
        for kind in KINDS
        if not is_ready(model, kind) and (not is_filling or _holds(model, FILLING_VECTORS, kind))
    ]
    if wanted and not any(thread.name == THREAD for thread in threading.enumerate()):
        threading.Thread(target=_build_all, args=[wanted], name=THREAD, daemon=True).start()
    return [f"dropped {index}" for index in dropped] + [f"build {name(m.pk, kind)}" for m, kind in wanted]


def drop_others(models: Iterable[EmbeddingModel]) -> list[str]:
    """Drop the indexes of other models than these; returns their names. Not in a transaction."""
    needed = {name(model.pk, kind) for model in models for kind in KINDS}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'i' AND relname ~ '^[a-z]+_hnsw_[0-9]+$'"
        )
        left = [index for (index,) in cursor.fetchall() if index not in needed]
        for index in left:
            cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {index}")
    return left


def _build_all(wanted: Iterable[tuple[EmbeddingModel, Kind]]) -> None:
    try:
        for model, kind in wanted:
            build(model, kind)
    except Exception:
        log.exception("The index could not be built; the next sweep tries again.")
    finally:
        connection.close()


def create_statement(model: EmbeddingModel, kind: Kind = SearchVector) -> str:
    """The one definition of the index."""
    return (
        f"CREATE INDEX CONCURRENTLY {name(model.pk, kind)} ON {kind._meta.db_table} "
        f"USING hnsw ((vector::halfvec({model.dimensions:d})) halfvec_cosine_ops) "
        f"WITH (m = {M}, ef_construction = {EF_CONSTRUCTION}) WHERE model_id = {model.pk:d}"
    )


def build_memory_mb(vectors: int, dimensions: int) -> int:
    """What a build wants, so that the graph fits into memory: beyond that it takes many times as long."""
    wanted = int(vectors * (2 * dimensions + LINKS_BYTES) * 1.2) // 2**20
    return min(max(wanted, BUILD_MEMORY_MIN_MB), BUILD_MEMORY_MAX_MB)


@contextmanager
def alone(cursor: psycopg.Cursor, index: str) -> Iterator[bool]:
    """Whether this process alone builds the index: a lock that PostgreSQL frees if the process dies."""
    cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [index])
    ((is_mine,),) = cursor.fetchall()
    try:
        yield is_mine
    finally:
        if is_mine:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [index])
