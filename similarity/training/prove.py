"""How good the network is on products it never saw: the figures of the card and of the learning curve."""

from dataclasses import dataclass

import keras
import numpy as np
from PIL import Image

from similarity import evaluation
from similarity.preprocess import letterbox
from similarity.refinement import fit_pca
from similarity.training.dataset import Dataset
from similarity.training.network import features_of


@dataclass(frozen=True)
class Proof:
    """Precision@5 by attribute and instance recall@1 of spoiled photos, raw and half-whitened PCA 256-d."""

    queries: int
    gallery: int
    raw: dict[str, float]
    refined: dict[str, float]
    raw_spoiled: float
    refined_spoiled: float


def prove(
    network: keras.Model,
    dataset: Dataset,
    held_out: np.ndarray,
    queries: int = 1500,
    gallery: int | None = None,
    photos: int = 600,
) -> Proof:
    """Ask with rows of `held_out` (bool, (n,)) among the whole dataset, or `gallery` rows of it.

    The photos are `similarity.spoiling.spoil` of the dataset's own pictures, on the ground of others.
    """
    asking = np.flatnonzero(held_out)
    asking = asking[evaluation.sample(len(asking), queries)]
    others = np.setdiff1d(np.arange(len(dataset)), asking)
    if gallery is not None:
        others = others[evaluation.sample(len(others), gallery)]
    rows = np.concatenate([asking, others])
    features = features_of(network, dataset.pictures[rows])
    height, width = dataset.pictures.shape[1:3]
    pictures = [Image.fromarray(dataset.pictures[row]) for row in asking[:photos]]
    spoiled = np.stack([letterbox(photo, height, width) for photo in evaluation.spoiled_photos(pictures)])
    photographed = features_of(network, spoiled)
    learnt = np.flatnonzero(~held_out[rows])
    projection = fit_pca(features[learnt])
    own = np.arange(len(asking))

    def figures(vectors: np.ndarray) -> dict[str, float]:
        found = evaluation.nearest_rows(vectors[own], vectors, own)
        attributes = {name: values[rows] for name, values in dataset.values.items()}
        wanted = {name: values[own] for name, values in attributes.items()}
        shares = evaluation.agreement(found, attributes, wanted)
        means = {name: np.nanmean(values) for name, values in shares.items() if not np.isnan(values).all()}
        return {name: round(float(mean), 4) for name, mean in means.items()}

    def spoiled_recall(queries: np.ndarray, vectors: np.ndarray) -> float:
        ranks = evaluation.instance_ranks(queries, vectors, own[: len(queries)])
        return round(float(evaluation.recall(ranks, 1).mean()), 4)

    projected = projection.apply(features)
    return Proof(
        queries=len(asking),
        gallery=len(rows),
        raw=figures(features),
        refined=figures(projected),
        raw_spoiled=spoiled_recall(photographed, features),
        refined_spoiled=spoiled_recall(projection.apply(photographed), projected),
    )
