"""Whether every picture can be found: what is missing, stale, orphaned, failed or slow, and what to do."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from django.db import connection

from similarity import evaluation, gallery, index, neighbours, switch
from similarity.engines import Engine, copies, pgvector
from similarity.models import Embedding, EmbeddingModel, SearchVector

RECALL_QUERIES = 200
RECALL_MEAN_MIN, RECALL_P5_MIN = 0.98, 0.8
# Dead entries are visited as well: from this share on they crowd out the living.
DEAD_SHARE_MAX, DEAD_MIN = 0.2, 1000
MEND = "The next sweep finds them within minutes; `manage.py embed --missing` finds them at once."


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: its number, whether that is all right, and what to do if not."""

    name: str
    value: float | None
    is_fine: bool
    advice: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def findings() -> list[Finding]:
    """Look at everything. Reads the whole catalogue: seconds for a million pictures."""
    model = EmbeddingModel.active()
    if model is None:
        return [Finding("model", 0, False, "There is no embedding model: start an embedding worker.")]
    found = [
        _counted("missing", _missing(model), f"Pictures have no embedding. {MEND}"),
        _counted("stale", _stale(model), f"Pictures were replaced since they were embedded. {MEND}"),
        _counted("without_vector", _without_vector(model), "Run `manage.py embed --all`: vectors got lost."),
        _counted("failed", _failed(model), "Their reasons stand in the admin; `manage.py embed --failed`."),
        _counted("orphaned_embeddings", *_orphaned_embeddings()),
        _counted("orphaned_vectors", *_orphaned_vectors()),
    ]
    return found + _index(model) + _milvus(model) + [_dead()]


def _counted(name: str, number: int, advice: str) -> Finding:
    return Finding(name, number, number == 0, advice if number else "")


def _one(sql: str, *parameters: int | str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()[0]


def _missing(model: EmbeddingModel) -> int:
    return _one(
        "SELECT count(*) FROM catalog_productimage i WHERE NOT EXISTS (SELECT FROM similarity_embedding e "
        "WHERE e.image_id = i.id AND e.backbone_id = %s)",
        model.backbone_id,
    )


def _stale(model: EmbeddingModel) -> int:
    return _one(
        "SELECT count(*) FROM similarity_embedding e JOIN catalog_productimage i ON i.id = e.image_id "
        "WHERE e.backbone_id = %s AND e.checksum <> i.checksum",
        model.backbone_id,
    )


def _without_vector(model: EmbeddingModel) -> int:
    return _one(
        "SELECT count(*) FROM similarity_embedding e WHERE e.backbone_id = %s AND e.state = 'ready' AND NOT "
        "EXISTS (SELECT FROM similarity_searchvector v WHERE v.model_id = %s AND v.image_id = e.image_id)",
        model.backbone_id,
        model.pk,
    )


def _failed(model: EmbeddingModel) -> int:
    return Embedding.objects.filter(backbone=model.backbone_id, state=Embedding.State.FAILED).count()


def _orphaned_embeddings() -> tuple[int, str]:
    rows = Embedding.objects.exclude(backbone__in=switch.backbones_in_use())
    return rows.count(), "Of weights no longer in use; they only take space. Delete the backbone in a shell."


def _orphaned_vectors() -> tuple[int, str]:
    rows = SearchVector.objects.exclude(model__in=switch.models_in_use())
    return rows.count(), "Of models that no longer answer; they only take space. Delete the model in a shell."


def _index(model: EmbeddingModel) -> list[Finding]:
    wanted, ready = index.is_wanted(model), index.is_ready(model)
    found = [
        Finding(
            "index_ready", float(ready), ready, "" if ready else "An embedding worker builds it; is one up?"
        )
    ]
    if not (wanted and ready):
        return found
    shares = index_recall(model)
    mean, low = round(float(shares.mean()), 4), round(float(np.percentile(shares, 5)), 4)
    advice = f"Run `REINDEX INDEX CONCURRENTLY {index.name(model.pk)}`."
    return [
        *found,
        Finding("index_recall_mean", mean, mean >= RECALL_MEAN_MIN, advice * (mean < RECALL_MEAN_MIN)),
        Finding("index_recall_p5", low, low >= RECALL_P5_MIN, advice * (low < RECALL_P5_MIN)),
    ]


def _milvus(model: EmbeddingModel) -> list[Finding]:
    """Whether Milvus, where there is one, holds what PostgreSQL holds, and gives the same five."""
    if not copies.are_wanted():
        return []
    from similarity.engines import milvus

    walk = "The next walks copy them; is an embedding worker up?"
    try:
        if not milvus.is_complete(model, SearchVector):
            return [Finding("milvus_complete", 0, False, f"It has not had all vectors yet. {walk}")]
        differences = copies.differences(model, SearchVector)
        same = round(float(index_recall(model, RECALL_QUERIES, milvus).mean()), 4)
    except milvus.Away as error:
        return [Finding("milvus_complete", 0, False, f"{error} PostgreSQL answers alone until it does.")]
    advice = "Its index finds too little: raise `ef` in similarity/engines/milvus.py."
    return [
        _counted("milvus_missing", differences.missing, f"Vectors are not in Milvus yet. {walk}"),
        _counted("milvus_changed", differences.changed, f"Milvus holds old vectors. {walk}"),
        _counted("milvus_gone", differences.gone, f"Milvus holds vectors that are gone. {walk}"),
        Finding("milvus_same_five", same, same >= RECALL_MEAN_MIN, advice * (same < RECALL_MEAN_MIN)),
    ]


def index_recall(
    model: EmbeddingModel, queries: int = RECALL_QUERIES, engine: Engine = pgvector
) -> np.ndarray:
    """Of each of `queries` pictures of the catalogue, the share of its exact five that the engine gives."""
    among, shares = neighbours.visible(), []
    for vector in gallery.sample_vectors(model, queries):
        right = {row[0] for row in pgvector.search(vector, model, evaluation.K, among, exact=True)}
        found = {row[0] for row in engine.search(vector, model, evaluation.K, among)}
        shares.append(len(right & found) / max(len(right), 1))
    return np.array(shares)


def _dead() -> Finding:
    share = _one(
        "SELECT CASE WHEN n_dead_tup < %s THEN 0 ELSE n_dead_tup::float / (n_live_tup + n_dead_tup) END "
        "FROM pg_stat_user_tables WHERE relid = %s::regclass",
        DEAD_MIN,
        SearchVector._meta.db_table,
    )
    is_fine = share <= DEAD_SHARE_MAX
    return Finding(
        "dead_tuples_share",
        round(share, 4),
        is_fine,
        "" if is_fine else f"Run `VACUUM {SearchVector._meta.db_table}`.",
    )
