"""The way from ResNet50 features to the search vector: a linear projection, learned or by PCA."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from threadpoolctl import ThreadpoolController

from similarity.vectors import normalise

DIMENSIONS = 256

# How much each attribute's loss counts. Article type and colour are what people call alike.
WEIGHTS = {"articleType": 1.0, "baseColour": 1.0, "gender": 0.5, "season": 0.1, "usage": 0.2}
# How much it costs to move pictures nearer or further than they were: with 0 the projection gains another
# 0.002 of precision on real products and loses 0.04 of instance recall.
KEEP = 0.3
BLOCK = 10_000
# What photos change is looked for among the first principal components: the others are noise.
COMPONENTS = 1024
SHRINKAGE = 0.5


@lru_cache(maxsize=1)
def _blas() -> ThreadpoolController:
    """Looking for the loaded libraries takes milliseconds, so it is done once."""
    return ThreadpoolController()


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
        # On one core: OpenBLAS's other threads would wait in a busy loop afterwards, on the cores that the
        # network computes the next batch on (`bench embed`: 0.78 of the bare model's rate, 0.89 without).
        with _blas().limit(limits=1, user_api="blas"):
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


def fit_supervised(
    features: np.ndarray,
    attributes: Mapping[str, np.ndarray],
    start: Projection,
    *,
    epochs: int = 6,
    batch: int = 256,
    learning_rate: float = 1e-3,
    min_steps: int = 200,
    advance: Callable[[float], None] = lambda share: None,
) -> Projection:
    """Learn from `attributes` (each str (n,), "" unknown) what unit features (n, 2048) should bring together.

    From `start`, a linear layer is trained under one cosine softmax head per attribute (Wang et al., 2018,
    CosFace without its margin; scale 16, label smoothing 0.1, input dropout 0.2), with AdamW and a rate that
    falls linearly to 0. A further term holds the cosines within a batch where `start` has them, so that
    photos keep finding their own product. A small catalogue is gone through more often, for `min_steps`.
    Takes some 20 s for 35,000 products on two cores.
    """
    rng = np.random.default_rng(0)
    features = np.asarray(features, np.float32)
    labels = [np.unique(values, return_inverse=True) for values in attributes.values()]
    heads = [rng.normal(0, 0.05, (start.dimensions, len(names))).astype(np.float32) for names, _ in labels]
    known = [values != "" for values in attributes.values()]
    weights = [WEIGHTS.get(name, 0.3) for name in attributes]
    batch = min(batch, len(features))
    steps = max(epochs * (len(features) // batch), min_steps)
    optimiser = _AdamW([start.matrix.copy(), *heads], learning_rate, steps)
    while optimiser.left:
        order = rng.permutation(len(features))
        for at in range(0, len(order) - batch + 1, batch):
            rows = order[at : at + batch]
            centred = features[rows] - start.mean
            inputs = centred * (rng.random(centred.shape, dtype=np.float32) > 0.2) / 0.8
            matrix, *heads = optimiser.parameters
            projected = inputs @ matrix
            length = np.linalg.norm(projected, axis=1, keepdims=True) + 1e-9
            unit = projected / length
            slope = _keeping_slope(unit, normalise(centred @ start.matrix))
            slopes = []
            for head, (_, codes), is_known, weight in zip(heads, labels, known, weights, strict=True):
                towards_unit, towards_head = _head_slopes(unit, head, codes[rows], is_known[rows], weight)
                slope += towards_unit
                slopes.append(towards_head)
            towards_projected = (slope - unit * (slope * unit).sum(axis=1, keepdims=True)) / length
            optimiser.step([inputs.T @ towards_projected, *slopes])
            if not optimiser.left:
                break
        advance(1 - optimiser.left / optimiser.steps)
    return Projection(start.mean, optimiser.parameters[0])


def _keeping_slope(unit: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Gradient by `unit` (b, d) of KEEP times the mean squared change of each row's cosines."""
    change = unit @ unit.T - before @ before.T
    np.fill_diagonal(change, 0)
    return KEEP * 4 * (change @ unit) / len(unit)


def _head_slopes(
    unit: np.ndarray, head: np.ndarray, codes: np.ndarray, known: np.ndarray, weight: float
) -> tuple[np.ndarray, np.ndarray]:
    """Gradients of one head's smoothed cross-entropy by `unit` (b, d) and `head` (d, classes)."""
    scale, smoothing = 16.0, 0.1
    length = np.linalg.norm(head, axis=0, keepdims=True) + 1e-9
    classes = head / length
    logits = scale * (unit @ classes)
    likely = np.exp(logits - logits.max(axis=1, keepdims=True))
    likely /= likely.sum(axis=1, keepdims=True)
    wanted = np.full_like(likely, smoothing / likely.shape[1])
    wanted[np.arange(len(codes)), codes] += 1 - smoothing
    by_logits = (likely - wanted) * known[:, None] * np.float32(weight * scale / len(codes))
    by_classes = unit.T @ by_logits
    by_head = (by_classes - classes * (by_classes * classes).sum(axis=0, keepdims=True)) / length
    return by_logits @ classes.T, by_head


class _AdamW:
    """AdamW (Loshchilov and Hutter, 2019) with a linearly falling rate; decays only the first parameter."""

    def __init__(self, parameters: list[np.ndarray], rate: float, steps: int):
        self.parameters, self.rate, self.steps, self.left = parameters, rate, steps, steps
        self._means = [np.zeros_like(parameter) for parameter in parameters]
        self._squares = [np.zeros_like(parameter) for parameter in parameters]

    def step(self, slopes: list[np.ndarray]) -> None:
        rate = np.float32(self.rate * self.left / self.steps)
        self.left -= 1
        taken = self.steps - self.left
        for i, slope in enumerate(slopes):
            self._means[i] = 0.9 * self._means[i] + 0.1 * slope
            self._squares[i] = 0.999 * self._squares[i] + 0.001 * slope**2
            mean, square = self._means[i] / (1 - 0.9**taken), self._squares[i] / (1 - 0.999**taken)
            decay = 0.01 * self.parameters[i] if i == 0 else 0
            self.parameters[i] = self.parameters[i] - rate * (mean / (np.sqrt(square) + 1e-8) + decay)
