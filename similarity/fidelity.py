"""How far another way of computing the network may be from the trained one, to count as the same model."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from similarity.evaluation import K, nearest_rows

COSINE_MEAN_MIN, COSINE_P1_MIN, OVERLAP_MIN = 0.99, 0.98, 0.95
# Cosines nearer to each other than this are a tie: pictures that are the same file, most often.
TIE = 1e-6


@dataclass(frozen=True)
class Fidelity:
    """Features beside those of the trained network, of the same pictures.

    `top5_overlap` is the share of each picture's five nearest that stay when all are computed anew,
    `top5_overlap_mixed` when only the picture that asks is: old and new vectors then stand side by side.
    """

    pictures: int
    cosine_mean: float
    cosine_p1: float
    top5_overlap: float
    top5_overlap_mixed: float

    @classmethod
    def measure(cls, reference: np.ndarray, features: np.ndarray) -> "Fidelity":
        """Of unit features float32 (n, d), both in the same order."""
        cosines = (reference * features).sum(axis=1)
        own = np.arange(len(reference))
        return cls(
            pictures=len(reference),
            cosine_mean=round(float(cosines.mean()), 5),
            cosine_p1=round(float(np.percentile(cosines, 1)), 5),
            top5_overlap=_overlap(reference, nearest_rows(features, features, own)),
            top5_overlap_mixed=_overlap(reference, nearest_rows(features, reference, own)),
        )

    @property
    def objection(self) -> str:
        """Why it is another model; empty when the gate is passed."""
        limits = {
            "cosine_mean": COSINE_MEAN_MIN,
            "cosine_p1": COSINE_P1_MIN,
            "top5_overlap": OVERLAP_MIN,
            "top5_overlap_mixed": OVERLAP_MIN,
        }
        values = asdict(self)
        missed = [
            f"{name} is {values[name]}, less than {least}"
            for name, least in limits.items()
            if not values[name] >= least
        ]
        return "; ".join(missed)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def _overlap(reference: np.ndarray, found: np.ndarray) -> float:
    """Mean share of the rows `found` (n, 5) that are as near, by `reference` (n, d), as its own five."""
    right = nearest_rows(reference, reference, np.arange(len(reference)), found.shape[1] or K)
    fifth = np.einsum("nd,nd->n", reference, reference[right[:, -1]])
    near = np.einsum("nd,nkd->nk", reference, reference[found])
    return round(float((near >= fifth[:, None] - TIE).mean()), 4)
