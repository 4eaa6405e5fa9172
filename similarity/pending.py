"""Which pictures need features: the queue in the database, which everything else only hints at.

A row is pending until a worker that has claimed it writes its features. A claim ends by itself after
`LEASE`, so whatever happens to a worker, its rows come back.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from django.db import connection, transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils import timezone

from similarity import rounds, switch
from similarity.models import Backbone, Embedding, Focus, SearchVector
from similarity.refinement import search_vectors
from similarity.vectors import binary_cursor, to_halfvec

LEASE = timedelta(seconds=60)  # a batch takes 0.3 s at 80×60 and 4 s at 224×224 on two cores
MAX_ATTEMPTS = 3
# So many pending pictures, ten seconds of work, are a catalogue that is being filled.
FILLING = 1_000
SWEPT = "similarity.swept"
ENDED = f"The worker ended {MAX_ATTEMPTS} times while it computed this picture."


@dataclass(frozen=True)
class Claimed:
    """A row this worker may write: only as long as `claim` is still the row's."""

    id: int
    claim: uuid.UUID
    checksum: str
    picture: str  # its name in the storage
    attempts: int  # with this one
    image: int


def enqueue(images: Iterable[int] | None = None) -> int:
    """Make a pending row for each picture that lacks current features, of these or of all; returns how many.

    A picture that was replaced is pending again, and loses the vector of its old self.
    """
    backbones = [backbone.pk for backbone in switch.backbones_in_use()]
    only = None if images is None else list(images)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE similarity_embedding e
            SET state = 'pending', checksum = i.checksum, attempts = 0, reason = '',
                claim = NULL, claimed_by = '', claimed_at = NULL, updated_at = now()
            FROM catalog_productimage i
            WHERE i.id = e.image_id AND e.checksum <> i.checksum AND e.backbone_id = ANY(%(backbones)s)
              AND (%(only)s::bigint[] IS NULL OR i.id = ANY(%(only)s))
            RETURNING i.id
            """,
            {"backbones": backbones, "only": only},
        )
        replaced = [row[0] for row in cursor.fetchall()]
        SearchVector.objects.filter(image__in=replaced).delete()
        Focus.objects.filter(image__in=replaced).delete()  # it was chosen for the picture that is gone
        cursor.execute(
            """
            INSERT INTO similarity_embedding (
                image_id, backbone_id, checksum, state, reason, attempts, claimed_by, created_at, updated_at
            )
            SELECT i.id, b.id, i.checksum, 'pending', '', 0, '', now(), now()
            FROM catalog_productimage i CROSS JOIN unnest(%(backbones)s::bigint[]) AS b(id)
            WHERE (%(only)s::bigint[] IS NULL OR i.id = ANY(%(only)s))
              AND NOT EXISTS (
                SELECT FROM similarity_embedding e WHERE e.image_id = i.id AND e.backbone_id = b.id
              )
            ORDER BY i.id
            ON CONFLICT DO NOTHING
            """,
            {"backbones": backbones, "only": only},
        )
        return len(replaced) + cursor.rowcount


def sweep(pictures_max: int | None = None) -> int:
    """`enqueue` the pictures whose turn it is (`similarity.rounds`); returns how many."""
    part = rounds.next_part(SWEPT, pictures_max)
    found = enqueue(part.images)
    part.done()
    return found


def retry(embeddings: "Iterable[int] | None" = None) -> int:
    """Make failed rows pending again, these or all; returns how many."""
    failed = Embedding.objects.filter(state=Embedding.State.FAILED)
    if embeddings is not None:
        failed = failed.filter(pk__in=list(embeddings))
    return _begin_again(failed)


def redo(embeddings: "Iterable[int] | None" = None) -> int:
    """Make rows pending again whatever their state, these or every one in use; returns how many."""
    if embeddings is not None:
        return _begin_again(Embedding.objects.filter(pk__in=list(embeddings)))
    return _begin_again(Embedding.objects.filter(backbone__in=switch.backbones_in_use()))


def _begin_again(rows: "QuerySet[Embedding]") -> int:
    return rows.update(
        state=Embedding.State.PENDING,
        attempts=0,
        reason="",
        claim=None,
        claimed_at=None,
        updated_at=timezone.now(),
    )


def claim(backbone: Backbone, worker: str, limit: int) -> list[Claimed]:
    """Claim up to `limit` pending rows, oldest first; rows that were tried before come last and one by one.

    One by one, because such a row may have killed its worker: its neighbours must not be counted in.
    """
    _fail_exhausted(backbone)
    return _claim(backbone, worker, limit, "= 0") or _claim(backbone, worker, 1, "> 0")


def _claim(backbone: Backbone, worker: str, limit: int, attempts: str) -> list[Claimed]:
    token = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            -- Materialised, because a join may run a subquery more than once, and each time it claims more.
            WITH chosen AS MATERIALIZED (
                SELECT id FROM similarity_embedding
                WHERE state = 'pending' AND backbone_id = %(backbone)s AND attempts {attempts}
                  AND (claimed_at IS NULL OR claimed_at < now() - make_interval(secs => %(lease)s))
                ORDER BY id LIMIT %(limit)s
                FOR UPDATE SKIP LOCKED
            )
            UPDATE similarity_embedding e
            SET claim = %(token)s, claimed_by = %(worker)s, claimed_at = now(), attempts = attempts + 1
            FROM catalog_productimage i, chosen
            WHERE i.id = e.image_id AND e.id = chosen.id
            RETURNING e.id, e.checksum, i.picture, e.attempts, i.id
            """,  # noqa: S608 - `attempts` is one of two constants
            {
                "token": token,
                "worker": worker,
                "backbone": backbone.pk,
                "lease": LEASE.total_seconds(),
                "limit": limit,
            },
        )
        return [Claimed(row[0], token, *row[1:]) for row in sorted(cursor.fetchall())]


def _fail_exhausted(backbone: Backbone) -> None:
    Embedding.objects.filter(
        Q(claim=None) | Q(claimed_at__lt=timezone.now() - LEASE),
        backbone=backbone,
        state=Embedding.State.PENDING,
        attempts__gte=MAX_ATTEMPTS,
    ).update(
        state=Embedding.State.FAILED,
        reason=Case(When(reason="", then=Value(ENDED)), default=F("reason")),
        updated_at=timezone.now(),
    )


def release(claimed: Sequence[Claimed]) -> None:
    """Give rows back untried, for another worker or a later time."""
    Embedding.objects.filter(
        pk__in=[row.id for row in claimed], claim__in={row.claim for row in claimed}
    ).update(claim=None, claimed_by="", claimed_at=None, attempts=F("attempts") - 1)


def release_all_of(worker: str) -> int:
    """Give back what a worker of this name held when it was killed; called as it starts again."""
    held = Embedding.objects.filter(state=Embedding.State.PENDING, claimed_by=worker, claim__isnull=False)
    return held.update(claim=None, claimed_by="", claimed_at=None)


def fail(row: Claimed, reason: str) -> None:
    """Write that this picture cannot be embedded, and why; nothing if the claim was lost."""
    Embedding.objects.filter(pk=row.id, claim=row.claim, state=Embedding.State.PENDING).update(
        state=Embedding.State.FAILED,
        reason=reason[:500],
        claim=None,
        claimed_at=None,
        updated_at=timezone.now(),
    )


def postpone(row: Claimed, reason: str) -> None:
    """Note what went wrong this time; the row is tried again when its claim ends, `MAX_ATTEMPTS` times."""
    Embedding.objects.filter(pk=row.id, claim=row.claim, state=Embedding.State.PENDING).update(
        reason=reason[:500]
    )


def write(backbone: Backbone, claimed: Sequence[Claimed], features: np.ndarray) -> int:
    """Store features (n, 2048) and the search vectors made of them; returns how many rows took them.

    A row whose claim was lost, or whose picture was replaced or deleted meanwhile, is left as it is.
    """
    with transaction.atomic(), binary_cursor() as cursor:
        cursor.execute(
            """
            UPDATE similarity_embedding e
            SET state = 'ready', features = new.features, reason = '', claim = NULL, claimed_at = NULL,
                updated_at = now()
            FROM catalog_productimage i, unnest(%s::bigint[], %s::uuid[], %s::text[], %b::halfvec[])
                AS new(id, claim, checksum, features)
            WHERE e.id = new.id AND e.claim = new.claim AND e.state = 'pending'
              AND i.id = e.image_id AND i.checksum = new.checksum
            RETURNING e.id, i.id, i.product_id
            """,
            [
                [row.id for row in claimed],
                [row.claim for row in claimed],
                [row.checksum for row in claimed],
                [to_halfvec(vector) for vector in features],
            ],
        )
        taken = cursor.fetchall()
        place = {row.id: position for position, row in enumerate(claimed)}
        chosen = features[[place[row[0]] for row in taken]]
        for model in switch.models_on(backbone):
            vectors = search_vectors(switch.projection(model.pk), chosen)
            switch.store_vectors(cursor, model, [row[1] for row in taken], [row[2] for row in taken], vectors)
    return len(taken)


def waiting() -> int:
    """How many embeddings in use are pending; reads the queue alone, however large the catalogue."""
    rows = Embedding.objects.filter(backbone__in=switch.backbones_in_use(), state=Embedding.State.PENDING)
    return rows.count()


def is_filling() -> bool:
    """Whether so much is pending that the catalogue is about to become another one."""
    return waiting() > FILLING


def counts() -> dict[str, int]:
    """How many embeddings in use are pending, ready and failed.

    Ready are the others: to count them by their state would read every row with its features.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT (SELECT count(*) FROM similarity_embedding WHERE backbone_id = ANY(%(used)s)),
                   (SELECT count(*) FROM similarity_embedding
                    WHERE backbone_id = ANY(%(used)s) AND state = 'pending'),
                   (SELECT count(*) FROM similarity_embedding
                    WHERE backbone_id = ANY(%(used)s) AND state = 'failed')
            """,
            {"used": [backbone.pk for backbone in switch.backbones_in_use()]},
        )
        total, waiting, failed = cursor.fetchone()
    return {"pending": waiting, "ready": total - waiting - failed, "failed": failed}
