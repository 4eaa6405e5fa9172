"""ResNet50 features in int8 by OpenVINO: what `similarity.embedder` computes, several times as fast.

Only workers import it, and then they need no TensorFlow.
"""

import sys
import threading
from functools import lru_cache

import numpy as np

from similarity.models import FEATURES
from similarity.vectors import normalise
from similarity.weights import Weights, WeightsError

# OpenVINO reports its use to its makers where this package can be imported. A shop does not.
sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
import openvino  # noqa: E402

BATCH = 32


class Int8Embedder:
    """A network that `similarity.quantising` has made, with the normalisation after it."""

    runtime = "openvino int8"

    def __init__(self, weights: Weights):
        """Read and compile `weights.network` for this machine's processor. Raises `WeightsError`."""
        self.weights = weights
        core = openvino.Core()
        try:
            network = core.read_model(weights.network)
            compiled = core.compile_model(network, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
        except RuntimeError as error:
            raise WeightsError(f"{weights.network} could not be loaded by OpenVINO: {error}") from error
        self._request, self._lock = compiled.create_infer_request(), threading.Lock()

    def features(self, pictures: np.ndarray) -> np.ndarray:
        """Features of uint8 RGB `pictures` (n, height, width, 3): float32 (n, 2048), unit length."""
        parts = [self._pooled(pictures[start : start + BATCH]) for start in range(0, len(pictures), BATCH)]
        return normalise(np.concatenate(parts)) if parts else np.empty((0, FEATURES), np.float32)

    def _pooled(self, pictures: np.ndarray) -> np.ndarray:
        with self._lock:  # a request computes one batch at a time
            return self._request.infer([np.ascontiguousarray(pictures)])[0].copy()


@lru_cache(maxsize=2)
def load(weights: Weights) -> Int8Embedder:
    """The embedder for these weights, built once per process. Raises `WeightsError`."""
    return Int8Embedder(weights)
