"""Keeps Milvus in step with the vectors in PostgreSQL, which are the truth.

New vectors are copied as they are committed. Whatever that misses is found by a walk: both sides are compared
range by range, by a checksum of each vector; what is missing or other is copied, what is gone is removed.
"""

import logging
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from similarity import index
from similarity.models import EmbeddingModel, SearchVector, StyleVector
from similarity.vectors import binary_cursor, to_array

log = logging.getLogger(__name__)

Kind = type[SearchVector | StyleVector]
# Vectors that are compared at a time, of which at least 6,000 fewer than Milvus lists at once; and copied.
RANGE, CHUNK = 10_000, 1_000
CHECKSUM = "hashbyteaextended(halfvec_send(v.vector), 0)"
# Copying may take longer than a page can wait for.
TIMEOUT_S = 30.0


@dataclass
class Differences:
    """How many vectors Milvus lacks, how many are other there, and how many are gone here."""

    missing: int = 0
    changed: int = 0
    gone: int = 0

    def __bool__(self) -> bool:
        return bool(self.missing or self.changed or self.gone)


def are_wanted() -> bool:
    return bool(settings.VECTOR_ENGINE_URL)


def copy_on_commit(model: EmbeddingModel, images: Sequence[int]) -> None:
    """Copy the search vectors of these pictures once they are committed; a lost copy is a walk's to find."""
    if are_wanted():
        transaction.on_commit(lambda: _copy_now(model, images), robust=True)


def _copy_now(model: EmbeddingModel, images: Sequence[int]) -> None:
    from similarity.engines import milvus

    rows = SearchVector.objects.filter(model=model, image__in=images)
    try:
        _copy(model, SearchVector, list(rows.values_list("pk", flat=True)))
    except milvus.Away as error:
        log.warning("%s A later walk copies the vectors.", error)


def is_complete(model: EmbeddingModel) -> bool:
    """Whether Milvus, where there is one, can answer for the model. One that is away keeps nobody waiting."""
    if not are_wanted():
        return True
    from similarity.engines import milvus

    try:
        return milvus.is_complete(model, SearchVector)
    except milvus.Away:
        return True


def keep_in_step(models: Iterable[EmbeddingModel], seconds: float) -> bool:
    """Carry the walk on for about `seconds`, at most once round. Raises `milvus.Away`.

    Returns False while a collection waits for the end of its first walk to be asked at all.

    Collections of other models are dropped. One process walks at a time; another's call does nothing.
    """
    models, end = list(models), time.monotonic() + seconds
    with binary_cursor() as cursor, index.alone(cursor, "similarity.copies") as is_mine:
        if not is_mine:
            return True
        _drop_others(models)
        can_be_asked = [_walk(model, kind, end) for model in models for kind in index.KINDS]
    return all(can_be_asked)


def _drop_others(models: Iterable[EmbeddingModel]) -> None:
    from similarity.engines import milvus

    needed = {milvus.name(model, kind) for model in models for kind in index.KINDS}
    with milvus.client() as there:
        for name in there.list_collections():
            if name.startswith(milvus.PREFIX) and name not in needed:
                for alias in there.list_aliases(name)["aliases"]:
                    there.drop_alias(alias)
                there.drop_collection(name)
                log.info("The collection %s is dropped from Milvus.", name)


def _walk(model: EmbeddingModel, kind: Kind, end: float) -> bool:
    """Compare and mend from where the last walk came to; whether Milvus can be asked."""
    from similarity.engines import milvus

    place = f"similarity.copied.{milvus.name(model, kind)}"
    with milvus.client() as there:
        milvus.create(there, model, kind)
        is_new = not there.has_collection(milvus.complete_name(model, kind))
    # What is new is most likely to lack: a walk through a large table takes hours.
    mend(model, kind, _start_of_newest(model, kind), None)
    after = cache.get(place, 0)
    while True:
        upto = _end_of_range(model, kind, after)
        mend(model, kind, after, upto)
        after = upto or 0
        cache.set(place, after, None)
        if upto is None:
            break
        if time.monotonic() > end:
            return not is_new
    if is_new:
        with milvus.client() as there:
            there.create_alias(milvus.name(model, kind), milvus.complete_name(model, kind))
        log.info("The collection %s is complete.", milvus.name(model, kind))
    return True


def mend(model: EmbeddingModel, kind: Kind, after: int, upto: int | None) -> Differences:
    """Make Milvus hold what PostgreSQL holds, of the keys in (after, upto]; returns what was to be done."""
    from similarity.engines import milvus

    found = Differences()
    while True:
        # Milvus first: what is written meanwhile is then copied twice, and nothing is removed that is there.
        there = _there(model, kind, after, upto)
        here = _here(model, kind, after, upto)
        gone = [key for key in there if key not in here]
        with milvus.client() as client:
            for start in range(0, len(gone), CHUNK):
                client.delete(milvus.name(model, kind), ids=gone[start : start + CHUNK], timeout=TIMEOUT_S)
        found.gone += len(gone)
        if len(there) < milvus.PROPOSED_MAX:  # else there is more, and room for it now
            break
    missing = [key for key in here if key not in there]
    changed = [key for key, checksum in here.items() if there.get(key, checksum) != checksum]
    _copy(model, kind, missing + changed)
    found.missing, found.changed = len(missing), len(changed)
    return found


def differences(model: EmbeddingModel, kind: Kind) -> Differences:
    """Compare all vectors, and change nothing. Raises `milvus.Away`."""
    found, after = Differences(), 0
    while True:
        upto = _end_of_range(model, kind, after)
        there, here = _there(model, kind, after, upto), _here(model, kind, after, upto)
        found.missing += len(here.keys() - there.keys())
        found.gone += len(there.keys() - here.keys())
        found.changed += sum(there.get(key, checksum) != checksum for key, checksum in here.items())
        if upto is None:
            return found
        after = upto


def _there(model: EmbeddingModel, kind: Kind, after: int, upto: int | None) -> dict[int, int]:
    """Keys and checksums of Milvus in this range, `PROPOSED_MAX` of them at most."""
    from similarity.engines import milvus

    where = f"id > {after:d}" + (f" and id <= {upto:d}" if upto else "")
    with milvus.client() as client:
        rows = client.query(
            milvus.name(model, kind),
            filter=where,
            output_fields=["id", "checksum"],
            limit=milvus.PROPOSED_MAX,
            consistency_level="Strong",
            timeout=TIMEOUT_S,
        )
    return {row["id"]: row["checksum"] for row in rows}


def _here(model: EmbeddingModel, kind: Kind, after: int, upto: int | None) -> dict[int, int]:
    from similarity.engines import milvus

    key = milvus.key_column(kind)
    with binary_cursor() as cursor:
        cursor.execute(
            f"SELECT v.{key}, {CHECKSUM} FROM {kind._meta.db_table} v "  # noqa: S608 - constants
            f"WHERE v.model_id = %s AND v.{key} > %s AND v.{key} <= %s",
            [model.pk, after, upto or 2**62],
        )
        return dict(cursor.fetchall())


def _copy(model: EmbeddingModel, kind: Kind, keys: Sequence[int]) -> None:
    """Write these vectors to Milvus as they are now."""
    from similarity.engines import milvus

    key = milvus.key_column(kind)
    for start in range(0, len(keys), CHUNK):
        with binary_cursor() as cursor:
            cursor.execute(
                f"SELECT v.{key}, {CHECKSUM}, v.vector FROM {kind._meta.db_table} v "  # noqa: S608
                f"WHERE v.model_id = %s AND v.{key} = ANY(%s)",
                [model.pk, list(keys[start : start + CHUNK])],
            )
            rows = [
                {"id": row[0], "checksum": row[1], "vector": to_array(row[2])} for row in cursor.fetchall()
            ]
        with milvus.client() as there:
            milvus.create(there, model, kind)
            if rows:
                there.upsert(milvus.name(model, kind), rows, timeout=TIMEOUT_S)


def _end_of_range(model: EmbeddingModel, kind: Kind, after: int) -> int | None:
    """The key that ends the range behind `after`; None when the table ends before."""
    keys = kind.objects.filter(model=model, pk__gt=after).order_by("pk").values_list("pk", flat=True)
    return next(iter(keys[RANGE - 1 : RANGE]), None)


def _start_of_newest(model: EmbeddingModel, kind: Kind) -> int:
    """The key behind which the newest vectors are."""
    keys = kind.objects.filter(model=model).order_by("-pk").values_list("pk", flat=True)
    return next(iter(keys[RANGE // 4 : RANGE // 4 + 1]), 0)
