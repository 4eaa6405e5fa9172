"""What large catalogues of tests are grown from."""

import numpy as np

from similarity.bench.catalogue import Attributes, Real
from similarity.models import Group
from similarity.vectors import normalise


def clusters(kinds: int, vectors: int, dimensions: int, brands: int, colours: int) -> Real:
    """So many vectors of so many kinds, the same each time; each kind is a category around its own centre."""
    rng = np.random.default_rng(1)
    centres = rng.standard_normal((kinds, dimensions))
    chosen = rng.integers(kinds, size=vectors)
    noise = rng.standard_normal((vectors, dimensions))
    groups = list(Group)
    attributes = [
        Attributes(
            category=f"Kind {kind}",
            brand=f"Brand {place % brands}",
            colour=f"Colour {place % colours}",
            gender=("Men", "Women")[place % 2],
            season=("Summer", "Winter", "")[place % 3],
            usage=("Casual", "Casual", "Casual", "Formal", "")[place % 5],
            group=groups[kind % len(groups)],
        )
        for place, kind in enumerate(chosen.tolist())
    ]
    return Real(normalise(centres[chosen] + noise).astype(np.float32), attributes, "0" * 64)
