"""Which products nothing is learned from, so that they can prove what was learned.

Training the network, fitting a refinement and measuring either all ask here: a product that one of them
learned from would flatter the others.
"""

import hashlib
from collections.abc import Iterable

import numpy as np


def held_out(skus: Iterable[str]) -> np.ndarray:
    """Which SKUs (or ids of files) have a sha256 of 1 modulo 10, bool (n,): one in ten, always the same."""
    return np.array([_digest(sku) % 10 == 1 for sku in skus], bool)


def rows(skus: Iterable[str], count: int) -> np.ndarray:
    """Up to `count` rows int, sorted: of those held out as many as there are, others only after them."""
    digests = [_digest(sku) for sku in skus]
    order = sorted(range(len(digests)), key=lambda row: (digests[row] % 10 != 1, digests[row]))
    return np.sort(np.array(order[:count], np.int64))


def others(skus: Iterable[str], held: np.ndarray) -> np.ndarray:
    """Rows int, sorted, that may be learned from where the rows `held` prove it: of those held out none."""
    return np.setdiff1d(np.flatnonzero(~held_out(skus)), held)


def _digest(sku: str) -> int:
    return int(hashlib.sha256(sku.encode()).hexdigest(), 16)
