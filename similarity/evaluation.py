"""How good the look-alikes are: precision by attribute, recall of single products, recall of the index.

Precision@k by attribute is a proxy for "looks alike"; instance recall asks whether a photo of a product
finds that very product. Every figure comes with a bootstrap interval (Efron, 1979).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from similarity.gallery import Gallery
from similarity.spoiling import spoil

K = 5
BOTH = "articleType+baseColour"
BLOCK = 512

# Decoded pictures of gallery rows, at any size.
Pictures = Callable[[Sequence[int]], list[Image.Image]]


@dataclass(frozen=True)
class Figure:
    """A mean over queries, with the 95 % bootstrap interval and the number of queries behind it."""

    value: float
    low: float
    high: float
    queries: int

    @classmethod
    def of(cls, values: np.ndarray) -> "Figure":
        """From one value per query, float (n,); all zero when there is none."""
        if not len(values):
            return cls(0.0, 0.0, 0.0, 0)
        rng = np.random.default_rng(0)
        means = [rng.choice(values, len(values)).mean() for _ in range(500)]
        low, high = np.percentile(means, [2.5, 97.5])
        return cls(float(values.mean()), float(low), float(high), len(values))


def nearest_rows(queries: np.ndarray, vectors: np.ndarray, own: np.ndarray, k: int = K) -> np.ndarray:
    """Rows int (q, k) of the unit `vectors` (n, d) nearest to each unit query (q, d), nearest first.

    `own` int (q,) is the row each query may not find, -1 for none. Exact, by brute force.
    """
    k = min(k, len(vectors) - 1)
    found = np.empty((len(queries), k), np.int64)
    for start in range(0, len(queries), BLOCK):
        scores = queries[start : start + BLOCK] @ vectors.T
        mine = own[start : start + BLOCK]
        scores[np.flatnonzero(mine >= 0), mine[mine >= 0]] = -np.inf
        top = np.argpartition(-scores, k - 1, axis=1)[:, :k]
        order = np.argsort(np.take_along_axis(-scores, top, axis=1), axis=1)
        found[start : start + BLOCK] = np.take_along_axis(top, order, axis=1)
    return found


def agreement(
    found: np.ndarray, gallery_attributes: dict[str, np.ndarray], query_attributes: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Per attribute, the share of each query's results (q, k) that agree, float (q,); NaN where unknown."""
    agree = {}
    for name, wanted in query_attributes.items():
        known = wanted != ""
        agree[name] = np.where(known[:, None], gallery_attributes[name][found] == wanted[:, None], np.nan)
    if {"articleType", "baseColour"} <= agree.keys():
        agree[BOTH] = agree["articleType"] * agree["baseColour"]
    return {name: values.mean(axis=1) for name, values in agree.items()}


def shares(
    gallery: Gallery, vectors: np.ndarray, rows: np.ndarray, names: Sequence[str]
) -> dict[str, np.ndarray]:
    """Precision@5 of each query row int (q,) among the whole gallery, by attribute, as `agreement` has it."""
    found = nearest_rows(vectors[rows], vectors, rows)
    attributes = {name: gallery.attributes[name] for name in names}
    return agreement(found, attributes, {name: values[rows] for name, values in attributes.items()})


def figures(shares: dict[str, np.ndarray]) -> dict[str, Figure]:
    """The mean of every attribute over the queries of which it is known."""
    return {name: Figure.of(values[~np.isnan(values)]) for name, values in shares.items()}


def instance_ranks(queries: np.ndarray, vectors: np.ndarray, own: np.ndarray) -> np.ndarray:
    """How many rows of `vectors` are nearer to each photo (q, d) than its own product's row, int (q,)."""
    ranks = np.empty(len(queries), np.int64)
    for start in range(0, len(queries), BLOCK):
        scores = queries[start : start + BLOCK] @ vectors.T
        mine = scores[np.arange(len(scores)), own[start : start + BLOCK]]
        # Two listings of one photo are equally right: a tie is not nearer.
        ranks[start : start + BLOCK] = (scores > mine[:, None] + 1e-6).sum(axis=1)
    return ranks


def spoiled_photos(pictures: Sequence[Image.Image], seed: int = 0) -> list[Image.Image]:
    """Each picture as a phone photo, on the ground of another one."""
    rng = np.random.default_rng(seed)
    return [
        spoil(picture, pictures[int(rng.integers(len(pictures)))], rng) if len(pictures) > 1 else picture
        for picture in pictures
    ]


def recall(ranks: np.ndarray, k: int) -> np.ndarray:
    """1.0 where a photo's own product is among the first `k`, else 0.0."""
    return (ranks < k).astype(np.float64)


def sample(size: int, count: int, seed: int = 0) -> np.ndarray:
    """Up to `count` rows of `size`, sorted, always the same ones."""
    rng = np.random.default_rng(seed)
    return np.sort(rng.permutation(size)[:count])


def as_json(content: dict[str, Any]) -> dict[str, Any]:
    """Figures as plain numbers of four digits, and their 95 % intervals by dotted key beside them."""
    return {**_plain(content), "intervals": intervals(content)}


def intervals(content: dict[str, Any], prefix: str = "") -> dict[str, list[float]]:
    """The 95 % interval of every figure, by its dotted key."""
    found: dict[str, list[float]] = {}
    for key, value in content.items():
        if isinstance(value, Figure):
            found[prefix + key] = [round(value.low, 4), round(value.high, 4)]
        elif isinstance(value, dict):
            found |= intervals(value, f"{prefix}{key}.")
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Figure):
        return round(value.value, 4)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value
