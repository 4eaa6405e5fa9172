"""Whether every picture can be found: what is missing, stale, orphaned, failed or slow, and what to do."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import QuerySet

from similarity import evaluation, gallery, index, neighbours, superseded
from similarity.engines import Engine, copies, pgvector
from similarity.models import Embedding, EmbeddingModel, SearchVector, StyleVector

RECALL_QUERIES = 200
RECALL_MEAN_MIN, RECALL_P5_MIN = 0.98, 0.8
# The oldest without known holes.
PGVECTOR_MIN = (0, 8, 5)
# Dead entries are visited as well: from this share on they crowd out the living.
DEAD_SHARE_MAX, DEAD_MIN = 0.2, 1000
TABLES = [kind._meta.db_table for kind in (SearchVector, StyleVector, Embedding)]
BUILDS = "An embedding worker builds it; is one up?"
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
        _counted("without_style", _without_style(model), "Sweeps make it; is an embedding worker up?"),
        _counted("failed", _failed(model), "Their reasons stand in the admin; `manage.py embed --failed`."),
        _superseded("orphaned_embeddings", Embedding.objects.filter(backbone__in=superseded.backbones())),
        _superseded("orphaned_vectors", SearchVector.objects.filter(model__in=superseded.models())),
    ]
    return found + _index(model) + _milvus(model) + [_dead(), _pgvector()]


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


def _without_style(model: EmbeddingModel) -> int:
    return _one(
        "SELECT count(*) FROM similarity_searchvector v WHERE v.model_id = %s AND NOT EXISTS "
        "(SELECT FROM similarity_stylevector s WHERE s.search_vector_id = v.id)",
        model.pk,
    )


def _failed(model: EmbeddingModel) -> int:
    return Embedding.objects.filter(backbone=model.backbone_id, state=Embedding.State.FAILED).count()


def _superseded(name: str, rows: "QuerySet[Any]") -> Finding:
    """What a switch leaves is nothing bad: the way back needs it."""
    advice = "They only take space, unless you go back: `manage.py similarity_check --clean` deletes them."
    number = rows.count()
    return Finding(name, number, True, advice if number else "")


def _index(model: EmbeddingModel) -> list[Finding]:
    ready, style_ready = (index.is_ready(model, kind) for kind in (SearchVector, StyleVector))
    found = [
        Finding("index_ready", float(ready), ready, "" if ready else BUILDS),
        Finding("style_index_ready", float(style_ready), style_ready, "" if style_ready else BUILDS),
    ]
    if not (ready and index.is_wanted(model)):
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
    """Of each of `queries` pictures of the catalogue, the share of its exact five that the engine gives.

    Other products are asked for: to find one's own is no achievement.
    """
    shares = []
    for product, vector in gallery.sample_vectors(model, queries):
        among = neighbours.visible().exclude(pk=product)
        right = {row[0] for row in pgvector.search(vector, model, evaluation.K, among, exact=True)}
        found = {row[0] for row in engine.search(vector, model, evaluation.K, among)}
        shares.append(len(right & found) / max(len(right), 1))
    return np.array(shares)


def _dead() -> Finding:
    """The largest share of dead rows in a table that has many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_dead_tup::float / (n_live_tup + n_dead_tup) FROM pg_stat_user_tables "
            "WHERE relid IN (SELECT to_regclass(name) FROM unnest(%s::text[]) AS name) AND n_dead_tup >= %s",
            [TABLES, DEAD_MIN],
        )
        shares = dict(cursor.fetchall())
    worst = max(shares.values(), default=0.0)
    tables = sorted(table for table, share in shares.items() if share > DEAD_SHARE_MAX)
    advice = f"Run `VACUUM {', '.join(tables)}`."
    return Finding("dead_tuples_share", round(worst, 4), not tables, advice if tables else "")


def _pgvector() -> Finding:
    version = _one("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
    is_fine = tuple(map(int, version.split("."))) >= PGVECTOR_MIN
    advice = f"pgvector {version} has known holes: install a newer one, then `ALTER EXTENSION vector UPDATE`."
    return Finding("pgvector_new_enough", float(is_fine), is_fine, "" if is_fine else advice)
