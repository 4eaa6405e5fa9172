"""Which embedding model answers, and how the next one takes over: only once it is complete, in one update."""

import json
import logging
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
import psycopg
from django.db import connection, transaction
from django.db.models import Q

from similarity import index, runtime, style, weights
from similarity.engines import copies
from similarity.models import Backbone, EmbeddingModel
from similarity.refinement import Projection, search_vectors
from similarity.vectors import binary_cursor, to_halfvec

log = logging.getLogger(__name__)


def register(found: weights.Weights) -> EmbeddingModel:
    """The newest model on these weights; made, with the refinement shipped beside them, if there is none.

    The first model of a database is active at once.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        # Several processes start together; an advisory lock is the simplest way to let one of them in.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('similarity.switch'))")
        backbone, _ = Backbone.objects.get_or_create(
            weights_sha256=found.sha256,
            defaults={"name": found.name, "input_height": found.height, "input_width": found.width},
        )
        model = backbone.models.order_by("-id").first()
        if model is None:
            model = EmbeddingModel(backbone=backbone)
            if found.projection.exists():
                model.projection = found.projection.read_bytes()
                model.dimensions = Projection.from_bytes(model.projection).dimensions
                model.refinement = EmbeddingModel.Refinement.SHIPPED
            if found.calibration.exists():
                model.calibration = json.loads(found.calibration.read_text())
            model.is_active = not EmbeddingModel.objects.filter(is_active=True).exists()
            model.save()
    return model


def register_configured() -> EmbeddingModel | None:
    """`register` the weights of the settings; None while they cannot be read (a worker says why)."""
    try:
        return register(runtime.configured())
    except weights.WeightsError as error:
        log.warning("No embedding model registered: %s", error)
        return None


def backbones_in_use() -> list[Backbone]:
    """The backbones every picture needs features of: the active model's, and the configured one's."""
    needed = Q(models__is_active=True)
    try:
        needed |= Q(weights_sha256=runtime.configured().sha256, models__isnull=False)
    except weights.WeightsError:
        pass
    return list(Backbone.objects.filter(needed).distinct().order_by("id"))


def activate_when_complete() -> EmbeddingModel | None:
    """Let the configured weights' newest model answer if nothing is left to embed for it."""
    model = register_configured()
    if model is None or model.is_active:
        return None
    if model.backbone.embeddings.filter(state="pending").exists():  # most often; the rest reads everything
        return None
    fill(model)
    style.refresh(model)
    has_indexes = all(index.is_ready(model, kind) for kind in index.KINDS)
    if not (is_complete(model) and has_indexes and copies.is_complete(model)):
        return None
    with transaction.atomic():
        EmbeddingModel.objects.filter(is_active=True).update(is_active=False)
        EmbeddingModel.objects.filter(pk=model.pk).update(is_active=True)
    log.info("Embedding model %s answers from now on.", model)
    return model


def is_complete(model: EmbeddingModel) -> bool:
    """Whether every picture has an embedding that ended, and every ready one its vector in this model."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT NOT EXISTS (
                SELECT FROM catalog_productimage i
                LEFT JOIN similarity_embedding e ON e.image_id = i.id AND e.backbone_id = %s
                LEFT JOIN similarity_searchvector v ON v.image_id = i.id AND v.model_id = %s
                WHERE e.state IS NULL OR e.state = 'pending' OR (e.state = 'ready' AND v.id IS NULL)
            )
            """,
            [model.backbone_id, model.pk],
        )
        return cursor.fetchone()[0]


def models_on(backbone: Backbone) -> list[EmbeddingModel]:
    """The models whose vectors are written when features of this backbone are ready: active and newest."""
    models = backbone.models.defer("projection").order_by("-id")
    return [model for place, model in enumerate(models) if place == 0 or model.is_active]


def models_in_use() -> list[EmbeddingModel]:
    """The models that answer or may answer next."""
    return [model for backbone in backbones_in_use() for model in models_on(backbone)]


def fill(model: EmbeddingModel, advance: Callable[[int], None] = lambda done: None) -> int:
    """Make the vectors `model` lacks from stored features, without a forward pass; returns how many.

    Safe to interrupt and to repeat: each chunk is a transaction, and finds what is still missing.
    """
    refinement, made = projection(model.pk), 0
    while True:
        with transaction.atomic(), binary_cursor() as cursor:
            cursor.execute(
                """
                SELECT i.id, i.product_id, e.features
                FROM similarity_embedding e JOIN catalog_productimage i ON i.id = e.image_id
                WHERE e.backbone_id = %s AND e.state = 'ready' AND NOT EXISTS (
                    SELECT FROM similarity_searchvector v WHERE v.model_id = %s AND v.image_id = i.id
                )
                ORDER BY e.id LIMIT 1000
                FOR SHARE OF e
                """,
                [model.backbone_id, model.pk],
            )
            rows = cursor.fetchall()
            if not rows:
                return made
            features = np.stack([row[2].to_numpy() for row in rows]).astype(np.float32)
            vectors = search_vectors(refinement, features)
            store_vectors(cursor, model, [row[0] for row in rows], [row[1] for row in rows], vectors)
        made += len(rows)
        advance(made)


def store_vectors(
    cursor: psycopg.Cursor,
    model: EmbeddingModel,
    images: Sequence[int],
    products: Sequence[int],
    vectors: np.ndarray,
) -> None:
    """Write the search vectors (n, d) of these pictures; existing ones are replaced.

    Pictures that had one lose their style, and are compared anew (`similarity.duplicates`).
    """
    cursor.execute(
        "DELETE FROM similarity_stylevector WHERE model_id = %s AND image_id = ANY(%s)",
        [model.pk, list(images)],
    )
    cursor.execute(
        """
        WITH anew AS (
            DELETE FROM similarity_compared WHERE model_id = %(model)s AND image_id = ANY(%(images)s)
            RETURNING image_id
        )
        DELETE FROM similarity_nearduplicate d USING anew
        WHERE d.model_id = %(model)s AND anew.image_id IN (d.one_id, d.other_id)
        """,
        {"model": model.pk, "images": list(images)},
    )
    cursor.execute(
        """
        INSERT INTO similarity_searchvector (model_id, image_id, product_id, vector)
        SELECT %s, * FROM unnest(%s::bigint[], %s::bigint[], %b::halfvec[])
        ON CONFLICT (model_id, image_id) DO UPDATE SET vector = excluded.vector
        """,
        [model.pk, list(images), list(products), [to_halfvec(vector) for vector in vectors]],
    )
    copies.copy_on_commit(model, images)


@lru_cache(maxsize=4)
def projection(model_id: int) -> Projection | None:
    """The model's refinement, read once per process; None when the features themselves are searched."""
    content = EmbeddingModel.objects.values_list("projection", flat=True).get(pk=model_id)
    return Projection.from_bytes(bytes(content)) if content else None
