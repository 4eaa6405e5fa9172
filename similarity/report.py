"""Puts the figures of `similarity.evaluation` together for the catalogue as it stands."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from similarity import agreement, embedding, evaluation, gallery, neighbours, switch
from similarity.evaluation import Figure
from similarity.gallery import Gallery
from similarity.labelled import labelled_pictures
from similarity.learn import photo_features
from similarity.models import EmbeddingModel
from similarity.preprocess import letterbox

# Where the columns of a Kaggle-like CSV are called as the gallery's attributes are.
QUERY_COLUMNS = ("articleType", "baseColour", "gender", "season", "usage")
INDEX_QUERIES = 200


class EvaluationRefused(Exception):
    """There is nothing to measure; says why in a sentence."""


@dataclass(frozen=True)
class Queries:
    """Pictures that ask: features (q, 2048), attributes, and the gallery row each may not find, or -1."""

    features: np.ndarray
    attributes: dict[str, np.ndarray]
    own: np.ndarray


def evaluate(
    queries: int, photos: int, styles: Path | None = None, images: Path | None = None
) -> dict[str, Any]:
    """Every figure of the active model: `queries`, `raw`, `refined`, recall of instances and index, and of
    `complements` how well they agree.

    With `styles` and `images` the queries are those labelled pictures, and the photos are those of them
    whose id is a SKU of the catalogue. Raises `EvaluationRefused` or `WeightsError`.
    """
    model = EmbeddingModel.active()
    if model is None:
        raise EvaluationRefused("There is no embedding model yet: start a worker first.")
    products = gallery.load(model.backbone)
    if len(products) < 10:
        raise EvaluationRefused(f"{len(products)} products have features; at least 10 are needed.")
    refinement = switch.projection(model.pk)
    refined = refinement.apply(products.features) if refinement else products.features
    if styles and images:
        asked = labelled(styles, images, products, model, queries)
    else:
        rows = evaluation.sample(len(products), queries)
        asked = Queries(
            products.features[rows],
            {name: values[rows] for name, values in products.attributes.items()},
            rows,
        )
    asked_refined = refinement.apply(asked.features) if refinement else asked.features
    if styles:
        known = asked.own >= 0
        photographed, photo_vectors = asked.own[known][:photos], asked.features[known][:photos]
    else:
        chosen = evaluation.sample(len(products), photos)
        photographed, photo_vectors = photo_features(products, chosen, model.backbone)
    photo_refined = refinement.apply(photo_vectors) if refinement and len(photo_vectors) else photo_vectors
    ranks = evaluation.instance_ranks(photo_refined, refined, photographed)
    return {
        "queries": len(asked.features),
        "gallery": len(products),
        "model": str(model),
        "raw": _precision(asked.features, asked, products.features, products),
        "refined": _precision(asked_refined, asked, refined, products),
        "instance_recall_at_1": Figure.of(evaluation.recall(ranks, 1)),
        "instance_recall_at_5": Figure.of(evaluation.recall(ranks, 5)),
        "index_recall_at_5": Figure.of(_index_recall(model)),
        "complements": agreement.measure(model, queries),
    }


def _precision(
    queries: np.ndarray, asked: Queries, vectors: np.ndarray, products: Gallery
) -> dict[str, Figure]:
    found = evaluation.nearest_rows(queries, vectors, asked.own)
    names = [name for name in products.usable() if name in asked.attributes]
    wanted = {name: asked.attributes[name] for name in names}
    return {
        name: Figure.of(values)
        for name, values in evaluation.hits(found, products.attributes, wanted).items()
    }


def _index_recall(model: EmbeddingModel) -> np.ndarray:
    """The share of the exact five that PostgreSQL returns, for pictures of the catalogue itself."""
    images, products, vectors = gallery.load_vectors(model)
    shares = []
    for row in evaluation.sample(len(images), INDEX_QUERIES):
        exact = evaluation.nearest_products(vectors[row], vectors, products, evaluation.K)
        found = neighbours.search(vectors[row], model, evaluation.K, neighbours.visible())
        shares.append(len(set(exact) & {product for product, _, _ in found}) / len(exact))
    return np.array(shares)


def labelled(styles: Path, images: Path, products: Gallery, model: EmbeddingModel, limit: int) -> Queries:
    """Read up to `limit` labelled queries and embed their pictures in this process."""
    row_of = {sku: row for row, sku in enumerate(products.skus.tolist())}
    backbone = model.backbone
    inputs, labels, own = [], [], []
    for identifier, row, picture in labelled_pictures(
        styles, images, backbone.input_height, backbone.input_width
    ):
        inputs.append(letterbox(picture, backbone.input_height, backbone.input_width))
        labels.append([row.get(name) or "" for name in QUERY_COLUMNS])
        own.append(row_of.get(identifier, -1))
        if len(inputs) == limit:
            break
    if not inputs:
        raise EvaluationRefused(f"{images} holds no picture of a row of {styles}.")
    columns = zip(*labels, strict=True)
    return Queries(
        features=embedding.embedder_for(backbone).features(np.stack(inputs)),
        attributes={
            name: np.array(values, np.str_) for name, values in zip(QUERY_COLUMNS, columns, strict=True)
        },
        own=np.array(own, np.int64),
    )
