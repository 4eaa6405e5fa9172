"""The way from ResNet50 features to the search vector: a linear projection, learned or by PCA."""

import io
from dataclasses import dataclass

import numpy as np

from similarity.vectors import normalise


@dataclass(frozen=True)
class Projection:
    """`normalise((features - mean) @ matrix)`: mean float32 (2048,), matrix float32 (2048, dimensions)."""

    mean: np.ndarray
    matrix: np.ndarray

    @property
    def dimensions(self) -> int:
        return self.matrix.shape[1]

    def apply(self, features: np.ndarray) -> np.ndarray:
        """Unit search vectors float32 (n, dimensions) of unit features (n, 2048)."""
        return normalise((np.asarray(features, np.float32) - self.mean) @ self.matrix)

    def to_bytes(self) -> bytes:
        out = io.BytesIO()
        np.savez(out, mean=self.mean.astype(np.float32), matrix=self.matrix.astype(np.float16))
        return out.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Projection":
        """Raises ValueError when `content` is not a projection."""
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return cls(arrays["mean"].astype(np.float32), arrays["matrix"].astype(np.float32))


def fit_pca(features: np.ndarray, dimensions: int = 256, whitening: float = 0.5) -> Projection:
    """Principal components of unit features (n, 2048), scaled by `variance ** (-whitening / 2)`.

    Half whitening keeps single products findable best: see docs/decisions on the search vector.
    """
    features = np.asarray(features, np.float64)
    mean = features.mean(axis=0)
    centred = features - mean
    variance, axes = np.linalg.eigh(centred.T @ centred / len(features))
    order = np.argsort(variance)[::-1][:dimensions]
    scale = np.maximum(variance[order], 1e-9) ** (-whitening / 2)
    return Projection(mean.astype(np.float32), (axes[:, order] * scale).astype(np.float32))
