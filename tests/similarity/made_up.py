"""What large catalogues of tests are grown from."""

import numpy as np

from similarity.bench.catalogue import Real
from similarity.vectors import normalise


def clusters(kinds: int, vectors: int, dimensions: int, brands: int, colours: int) -> Real:
    """So many vectors of so many kinds, the same each time; each kind is a category around its own centre."""
    rng = np.random.default_rng(1)
    centres = rng.standard_normal((kinds, dimensions))
    chosen = rng.integers(kinds, size=vectors)
    noise = rng.standard_normal((vectors, dimensions))
    attributes = [
        (
            f"Kind {kind}",
            f"Brand {place % brands}",
            f"Colour {place % colours}",
            ("Men", "Women")[place % 2],
            "0",
        )
        for place, kind in enumerate(chosen.tolist())
    ]
    return Real(normalise(centres[chosen] + noise).astype(np.float32), attributes, "0" * 64)
