"""Nearest neighbours by Milvus, which holds a copy of the vectors (`similarity.engines.copies`).

Milvus proposes the nearest vectors; PostgreSQL says which of them exist, pass the filters, and how far they
are. So an old copy costs a look-alike its place for a while, never gives a wrong one, and the distances are
the very ones that PostgreSQL would have found alone.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from urllib.parse import unquote, urlsplit

import numpy as np
from django.conf import settings
from django.db.models import QuerySet
from pymilvus import DataType, MilvusClient, MilvusException

from catalog.models import Product
from similarity import index
from similarity.engines import pgvector
from similarity.engines.pgvector import Question
from similarity.models import EmbeddingModel, SearchVector, StyleVector

log = logging.getLogger(__name__)
# It writes a traceback for everything that is said below in a sentence.
logging.getLogger("pymilvus").setLevel(logging.CRITICAL)

Kind = type[SearchVector | StyleVector]
PREFIX = "lookalike_"
# A page does not wait longer, nor more often than that, for a Milvus that does not answer.
TIMEOUT_S, PAUSE_S = 2.0, 30.0
# Milvus gives no more at once.
PROPOSED_MAX = 16_384
# Comparing so many candidates in PostgreSQL takes 7 ms (`pgvector.EXACT_US`), about what asking another
# machine and looking its answer up would.
FEW = 2_000

_away_until = 0.0


class Away(Exception):
    """Milvus does not answer, or did not lately."""


@lru_cache(maxsize=2)
def _connect(url: str) -> MilvusClient:
    """A client for `url`: with user and password, and the name of Milvus's database as its path."""
    if not url.startswith(("http://", "https://")):
        return MilvusClient(url)
    parts = urlsplit(url)
    address = f"{parts.scheme}://{parts.hostname}:{parts.port or 19530}"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MilvusClient(address, user, password, parts.path.strip("/"), timeout=TIMEOUT_S)


@contextmanager
def client() -> Iterator[MilvusClient]:
    """Milvus, for calls inside the block. Raises `Away`, also for whatever they raise of Milvus's errors.

    After that nobody in this process tries again for `PAUSE_S`.
    """
    global _away_until
    if time.monotonic() < _away_until:
        raise Away("Milvus did not answer lately.")
    try:
        yield _connect(settings.VECTOR_ENGINE_URL)
    except MilvusException as error:
        _away_until = time.monotonic() + PAUSE_S
        raise Away(f"Milvus does not answer as it should: {error}") from error


def name(model: EmbeddingModel, kind: Kind) -> str:
    """The collection of the model's vectors of this kind."""
    return f"{PREFIX}{kind._meta.model_name}_{model.pk:d}"


def key_column(kind: Kind) -> str:
    """The column whose values are the keys in Milvus."""
    return "search_vector_id" if kind is StyleVector else "id"


def complete_name(model: EmbeddingModel, kind: Kind) -> str:
    """What the collection is called as well, once it has had all vectors. It is asked by this name only."""
    return f"{name(model, kind)}_complete"


@lru_cache(maxsize=64)
def _has(collection: str, half_minute: int) -> bool:
    with client() as milvus:
        return milvus.has_collection(collection, timeout=TIMEOUT_S)


def is_complete(model: EmbeddingModel, kind: Kind) -> bool:
    """Whether Milvus can answer for the model; looked up twice a minute. Raises `Away`."""
    with client():  # while Milvus is away, what was looked up before does not count
        return _has(complete_name(model, kind), int(time.monotonic()) // 30)


def create(milvus: MilvusClient, model: EmbeddingModel, kind: Kind) -> None:
    """Make the collection if there is none: a vector's key, a checksum to compare copies by, the vector."""
    if milvus.has_collection(name(model, kind)):
        return
    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("id", DataType.INT64, is_primary=True)
    schema.add_field("checksum", DataType.INT64)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=model.dimensions)
    graph = milvus.prepare_index_params()
    graph.add_index(
        field_name="vector",
        index_type="HNSW",
        metric_type="COSINE",
        params={"M": index.M, "efConstruction": index.EF_CONSTRUCTION},
    )
    # Bounded: a search may miss what was written in the last moments, and does not wait for it.
    milvus.create_collection(
        name(model, kind), schema=schema, index_params=graph, consistency_level="Bounded"
    )


def search(
    vector: np.ndarray,
    model: EmbeddingModel,
    limit: int,
    among: "QuerySet[Product]",
    kind: Kind = SearchVector,
    exact: bool = False,
    of_photo: bool = False,
) -> list[tuple[int, int, float]]:
    """As `engines.Engine` says. PostgreSQL answers where candidates are few, and while Milvus is away."""
    if not exact and _can_be_asked(model, kind):
        with pgvector.asking(vector, model, among, kind, of_photo) as question:
            found = _proposed_and_judged(question, vector, limit) if question else []
        if found:
            return found
    return pgvector.search(vector, model, limit, among, kind, exact, of_photo)


def _can_be_asked(model: EmbeddingModel, kind: Kind) -> bool:
    try:
        return is_complete(model, kind)
    except Away as error:
        if error.__cause__:  # said once, not for each page
            log.warning("%s PostgreSQL answers instead.", error)
        return False


def _proposed_and_judged(question: Question, vector: np.ndarray, limit: int) -> list[tuple[int, int, float]]:
    """The `limit` nearest; [] where PostgreSQL is the better one to ask."""
    share = pgvector.passing_share(question)
    if share * _vectors(question) < FEW:
        return []
    count = min(max(int(pgvector.rows_for(question, limit) / share), 1), PROPOSED_MAX)
    while True:
        try:  # here, because an error that leaves the transaction would end a caller's as well
            proposed = _nearest_keys(question, vector, count)
        except Away as error:
            log.warning("%s PostgreSQL answers instead.", error)
            return []
        found = _judged(question, proposed)
        if len(found) >= limit:
            return found[:limit]
        if len(proposed) < count or count == PROPOSED_MAX:
            return []
        count = min(4 * count, PROPOSED_MAX)


def _vectors(question: Question) -> int:
    """How many vectors of this kind there are, of all models, as PostgreSQL last counted."""
    question.cursor.execute(
        "SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [question.kind._meta.db_table]
    )
    ((vectors,),) = question.cursor.fetchall()
    return vectors


def _nearest_keys(question: Question, vector: np.ndarray, count: int) -> list[int]:
    with client() as milvus:
        (hits,) = milvus.search(
            complete_name(question.model, question.kind),
            data=[vector.astype(np.float32)],
            limit=count,
            output_fields=["id"],
            search_params={"params": {"ef": max(count, question.ef_search)}},
            timeout=TIMEOUT_S,
        )
    return [hit["id"] for hit in hits]


def _judged(question: Question, keys: list[int]) -> list[tuple[int, int, float]]:
    """Those of the vectors that are there and pass the filters, as PostgreSQL sees them."""
    key = key_column(question.kind)
    question.cursor.execute(
        f"{pgvector.statement(question)} AND v.{key} = ANY(%s)",
        [question.vector, *question.parameters, keys],
    )
    return pgvector.by_product(question.cursor.fetchall())
