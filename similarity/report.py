"""Puts the figures of `similarity.evaluation` together for the catalogue as it stands."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from similarity import (
    agreement,
    checkup,
    engines,
    evaluation,
    gallery,
    holdout,
    photographed,
    queries,
    switch,
)
from similarity.evaluation import Figure
from similarity.gallery import Gallery
from similarity.models import EmbeddingModel
from similarity.photographed import Photos
from similarity.queries import Queries
from similarity.refinement import search_vectors

QUERIES = 2000
PHOTOS = 300
INDEX_QUERIES = 200
EXAMPLES = 12
WEAKEST = 10
CONFUSIONS = 10
# A kind with fewer queries is not judged by them.
MIN_OF_KIND = 5
# What a shopper sees at once when it is wrong.
JUDGED = ("articleType", "baseColour")

Advance = Callable[[str, int, int], None]


class EvaluationRefused(Exception):
    """There is nothing to measure; says why in a sentence."""


@dataclass(frozen=True)
class Evaluation:
    """`figures` is what the command prints: numbers, and `Figure`s by name or by attribute.

    `examples` are products that ask and their five, with the attributes in which each agrees; `weakest` are
    the article types whose precision@5 is lowest: (name, queries, precision). `confusions` are the types,
    and the colours, most often found for another: (asked, found, share of all results wrong in that).
    """

    figures: dict[str, Any]
    examples: list[dict[str, Any]]
    weakest: list[tuple[str, int, float]]
    confusions: dict[str, list[tuple[str, str, float]]]


def evaluate(
    limit: int | None,
    photo_limit: int | None,
    styles: Path | None = None,
    images: Path | None = None,
    spoiled: bool = False,
    advance: Advance = lambda stage, done, total: None,
) -> Evaluation:
    """Every figure of the active model: `queries`, `raw`, `refined`, recall of instances and index, and of
    `complements` how well they agree.

    With `styles` and `images` the queries are those labelled pictures, and the photos are those of them
    whose id is a SKU of the catalogue, all of them if the limits are None; with `spoiled` each as a phone
    photo. Else products of the catalogue ask, those held out first and of a learned model only those, and
    the photos are their pictures, spoiled. `raw` figures are of the features, before any refinement.

    Raises `EvaluationRefused`, `WeightsError` or OSError.
    """
    model = EmbeddingModel.active()
    if model is None:
        raise EvaluationRefused("There is no embedding model yet: start a worker first.")
    advance("reading", 0, 1)
    products = gallery.load(model.backbone)
    if len(products) < 10:
        raise EvaluationRefused(f"{len(products)} products have features; at least 10 are needed.")
    refinement = switch.projection(model.pk)
    refined = search_vectors(refinement, products.features)
    if styles and images:
        asked = queries.of_files(styles, images, products, model.backbone, limit, spoiled)
        if not len(asked):
            raise EvaluationRefused(f"{images} holds no picture of a row of {styles}.")
    else:
        asked = queries.of_rows(products, _asking(products, model, limit or QUERIES))
    advance("photographing", 0, 1)
    photos = _photos(asked, products, model, photo_limit, brought=styles is not None)
    raw_ranks = evaluation.instance_ranks(photos.features, products.features, photos.rows)
    photo_vectors = search_vectors(refinement, photos.features, of_photos=True)
    ranks = evaluation.instance_ranks(photo_vectors, refined, photos.rows)
    advance("measuring", 0, 1)
    found = evaluation.nearest_rows(search_vectors(refinement, asked.features), refined, asked.own)
    raw_found = evaluation.nearest_rows(asked.features, products.features, asked.own)
    shares = _agreement(found, asked, products)
    advance("asking the index", 0, 1)
    index_recall = Figure.of(checkup.index_recall(model, INDEX_QUERIES, engines.chosen()))
    advance("matching complements", 0, 1)
    return Evaluation(
        figures={
            "queries": len(asked),
            "gallery": len(products),
            "photos": len(photos),
            "model": str(model),
            "raw": evaluation.figures(_agreement(raw_found, asked, products)),
            "refined": evaluation.figures(shares),
            "raw_instance_recall_at_1": Figure.of(evaluation.recall(raw_ranks, 1)),
            "raw_instance_recall_at_5": Figure.of(evaluation.recall(raw_ranks, 5)),
            "instance_recall_at_1": Figure.of(evaluation.recall(ranks, 1)),
            "instance_recall_at_5": Figure.of(evaluation.recall(ranks, 5)),
            "index_recall_at_5": index_recall,
            "complements": agreement.measure(model, len(asked)),
        },
        examples=_examples(found, asked, products),
        weakest=_weakest(shares, asked),
        confusions=_confusions(found, asked, products),
    )


def _asking(products: Gallery, model: EmbeddingModel, count: int) -> np.ndarray:
    """Rows of products that ask: a model that learned from this shop is not asked what it was taught."""
    if model.refinement in (EmbeddingModel.Refinement.SUPERVISED, EmbeddingModel.Refinement.PHOTOS):
        count = min(count, len(products) // 10)
    return holdout.rows(products.skus.tolist(), count)


def _photos(
    asked: Queries, products: Gallery, model: EmbeddingModel, limit: int | None, brought: bool
) -> Photos:
    """Those of the pictures brought that show known products; spoiled catalogue pictures without any."""
    known = np.flatnonzero(asked.own >= 0)[:limit]
    if brought and len(known):
        return Photos(asked.own[known], asked.as_photos[known])
    rows = _asking(products, model, limit or PHOTOS)
    return photographed.photos_of(products, rows, model.backbone)


def _agreement(found: np.ndarray, asked: Queries, products: Gallery) -> dict[str, np.ndarray]:
    wanted = {name: asked.attributes[name] for name in products.usable()}
    return evaluation.agreement(found, products.attributes, wanted)


def _examples(found: np.ndarray, asked: Queries, products: Gallery) -> list[dict[str, Any]]:
    """Rows to look at, of products that ask; none of pictures that are not in the catalogue."""
    rows = np.flatnonzero(asked.own >= 0)
    judged = [name for name in JUDGED if name in products.usable()]

    def agreeing(query: int, row: int) -> list[str]:
        return [name for name in judged if products.attributes[name][row] == asked.attributes[name][query]]

    return [
        {
            "query": int(products.products[asked.own[query]]),
            "judged": judged,
            "results": [
                {"product": int(products.products[row]), "agrees": agreeing(query, row)}
                for row in found[query]
            ],
        }
        for query in rows[evaluation.sample(len(rows), EXAMPLES)].tolist()
    ]


def _weakest(shares: dict[str, np.ndarray], asked: Queries) -> list[tuple[str, int, float]]:
    if "articleType" not in shares:
        return []
    kinds, precisions = asked.attributes["articleType"], shares["articleType"]
    rows = [(str(kind), precisions[kinds == kind]) for kind in np.unique(kinds[kinds != ""])]
    known = [(kind, len(values), round(float(values.mean()), 4)) for kind, values in rows]
    return sorted((row for row in known if row[1] >= MIN_OF_KIND), key=lambda row: row[2])[:WEAKEST]


def _confusions(
    found: np.ndarray, asked: Queries, products: Gallery
) -> dict[str, list[tuple[str, str, float]]]:
    most = {}
    for name in (name for name in JUDGED if name in products.usable()):
        wanted = np.repeat(asked.attributes[name], found.shape[1])
        shown = products.attributes[name][found].ravel()
        wrong = (wanted != "") & (wanted != shown)
        pairs = Counter(zip(wanted[wrong].tolist(), shown[wrong].tolist(), strict=True))
        most[name] = [(*pair, round(count / wrong.sum(), 4)) for pair, count in pairs.most_common(CONFUSIONS)]
    return most
