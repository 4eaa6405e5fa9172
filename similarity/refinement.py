"""The way from ResNet50 features to the search vector: how a picture looks, and what it most likely shows."""

import io
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController

from similarity.classifier import Classifier
from similarity.vectors import normalise

# Of a search vector; where a classifier takes some of them, the others are left for how a picture looks.
DIMENSIONS = 256
BLOCK = 10_000
# What photos change is looked for among the first principal components. With 1,536 of them more photos find
# their product where it was learned, 0.79 instead of 0.77 first, and fewer elsewhere: of the demo's 16 sample
# photos, drawn things, two no longer did (docs/decisions/0018).
COMPONENTS = 512
SHRINKAGE = 0.5


@lru_cache(maxsize=1)
def _blas() -> ThreadpoolController:
    """Looking for the loaded libraries takes milliseconds, so it is done once."""
    return ThreadpoolController()


@dataclass(frozen=True)
class Projection:
    """From features to a search vector of two parts, each of unit length, and of unit length itself.

    How it looks is `normalise((features - mean) @ matrix)`: mean float32 (2048,), matrix float32 (2048, d).
    What it most likely shows is told by the classifier; without one there is only the first part.
    """

    mean: np.ndarray
    matrix: np.ndarray
    classifier: Classifier | None = None

    @property
    def dimensions(self) -> int:
        return self.matrix.shape[1] + (self.classifier.dimensions if self.classifier else 0)

    def classifying(self, classifier: Classifier) -> "Projection":
        """With `classifier` in the place of the weakest directions."""
        return replace(
            self, matrix=self.matrix[:, : DIMENSIONS - classifier.dimensions], classifier=classifier
        )

    def apply(self, features: np.ndarray, of_photos: bool = False) -> np.ndarray:
        """Unit search vectors float32 (n, dimensions) of unit features (n, 2048).

        A photo asks by its looks alone, the other part is 0: taken for something else, in bad light, it would
        not find its own product (docs/decisions/0019). Its length is the square root of 2, so that its dot
        product with a search vector is the cosine of the looks of both.
        """
        # On one core: OpenBLAS's other threads would wait in a busy loop afterwards, on the cores that the
        # network computes the next batch on (`bench embed`: 0.78 of the bare model's rate, 0.89 without).
        with _blas().limit(limits=1, user_api="blas"):
            centred = np.asarray(features, np.float32) - self.mean
            looks = normalise(centred @ self.matrix)
            if of_photos or self.classifier is None:
                return self.as_photos(looks)
            return normalise(np.hstack([looks, self.classifier.apply(centred)]))

    def as_photos(self, vectors: np.ndarray) -> np.ndarray:
        """What photos of the pictures with these search vectors ask with; looks (n, d) alone are enough."""
        if self.classifier is None:
            return vectors
        looks = normalise(vectors[:, : self.matrix.shape[1]]) * np.float32(2**0.5)
        return np.pad(looks, [(0, 0), (0, self.classifier.dimensions)])

    def to_bytes(self) -> bytes:
        out = io.BytesIO()
        arrays: dict[str, Any] = {} if self.classifier is None else self.classifier.arrays()
        np.savez(out, mean=self.mean.astype(np.float32), matrix=self.matrix.astype(np.float16), **arrays)
        return out.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Projection":
        """Raises ValueError when `content` is not a projection."""
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            mean, matrix = arrays["mean"].astype(np.float32), arrays["matrix"].astype(np.float32)
            return cls(mean, matrix, Classifier.of_arrays(arrays))


def search_vectors(
    projection: Projection | None, features: np.ndarray, of_photos: bool = False
) -> np.ndarray:
    """`projection.apply`; without one the features (n, 2048) are what is searched."""
    return projection.apply(features, of_photos) if projection else features


def fit_pca(features: np.ndarray, dimensions: int = DIMENSIONS, whitening: float = 0.5) -> Projection:
    """Principal components of unit features (n, 2048), scaled by `variance ** (-whitening / 2)`.

    Half whitening keeps single products findable best (docs/decisions/0002).
    """
    count, width = features.shape
    mean = features.mean(axis=0, dtype=np.float64)
    # Whichever of the two products is smaller has the same eigenvalues; the large one costs seconds.
    if count < width:
        centred = features - mean
        variance, weights = np.linalg.eigh(centred @ centred.T / count)
        axes = centred.T @ weights / np.maximum(np.sqrt(np.maximum(variance, 0) * count), 1e-9)
    else:
        covariance = np.zeros((width, width))
        for start in range(0, count, BLOCK):  # all of them in float64 would be the features twice over
            centred = features[start : start + BLOCK] - mean
            covariance += centred.T @ centred / count
        variance, axes = np.linalg.eigh(covariance)
    order = np.argsort(variance)[::-1][: min(dimensions, count)]
    return _scaled(mean, axes[:, order] * np.maximum(variance[order], 1e-9) ** (-whitening / 2), features)


def _scaled(mean: np.ndarray, matrix: np.ndarray, features: np.ndarray) -> Projection:
    """The projection by `matrix`, scaled so that what it projects has unit length on average."""
    length = np.linalg.norm((features[:2000] - mean) @ matrix, axis=1).mean()
    return Projection(mean.astype(np.float32), (matrix / max(length, 1e-9)).astype(np.float32))


def fit_photo_whitened(
    features: np.ndarray, photos: np.ndarray, rows: np.ndarray, dimensions: int = DIMENSIONS
) -> Projection:
    """Directions in which products differ more than photos of one product do; asks for no attribute.

    `photos` float32 (p, 2048) are features of photos of the products in `rows` int (p,) of unit features
    (n, 2048). Linear discriminant analysis with each product a class of its own, after principal components
    (Belhumeur et al., 1997): what photos add is whitened, by its covariance halfway to that of all pictures
    (Friedman, 1989), for a few photos know only some of it; the strongest `dimensions` of what is left stay.
    """
    start = fit_pca(features, COMPONENTS, whitening=0.0)
    every, pictures, taken = (_centred(start, part) for part in (features, features[rows], photos))
    between = every.T @ every / len(every)
    within = (taken - pictures).T @ (taken - pictures) / max(len(rows), 1)
    between, within = (scatter / max(np.trace(scatter), 1e-12) for scatter in (between, within))
    mixed = (1 - SHRINKAGE) * within + SHRINKAGE * between
    lower = np.linalg.cholesky(mixed + 1e-6 * np.trace(mixed) / len(mixed) * np.eye(len(mixed)))
    whitened = np.linalg.solve(lower, np.linalg.solve(lower, between).T)
    strength, axes = np.linalg.eigh(whitened)
    order = np.argsort(strength)[::-1][:dimensions]
    return _scaled(start.mean, start.matrix @ np.linalg.solve(lower.T, axes[:, order]), features)


def _centred(projection: Projection, features: np.ndarray) -> np.ndarray:
    """Float64 (n, dimensions), of whatever length."""
    return ((features - projection.mean) @ projection.matrix).astype(np.float64)
