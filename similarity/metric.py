"""How far apart two unit vectors are, told from their cosine; every metric here ranks alike."""

import math

COSINE, EUCLIDEAN = "cosine", "euclidean"
METRICS = (COSINE, EUCLIDEAN)


def distance(similarity: float, metric: str) -> float:
    """The cosine distance 1 - s, or the Euclidean one sqrt(2 - 2 s), of unit vectors with cosine s."""
    similarity = min(max(similarity, -1.0), 1.0)
    return math.sqrt(2 - 2 * similarity) if metric == EUCLIDEAN else 1 - similarity
