"""ResNet50 features of pictures. The only module that names TensorFlow; only workers import it.

TensorFlow hangs when it was loaded before a fork, so workers use the solo pool and import this module
inside the first task that needs it.
"""

import os
from functools import lru_cache

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
import tensorflow as tf

from similarity.weights import Weights, WeightsError, keras_imagenet

FEATURES = 2048
# The compiled function knows two batch shapes: the looks at a shopper's photo, and full batches.
LOOKS, BATCH = 2, 32


class Embedder:
    """ResNet50 (He et al., 2015) without the top, global average pooling, as in `keras.applications`."""

    runtime = "tensorflow"

    def __init__(self, weights: Weights):
        """Build the network and load `weights` into it. Raises `WeightsError`."""
        self.weights = weights
        shape = (weights.height, weights.width, 3)
        network = keras.applications.ResNet50(
            include_top=False, weights=None, pooling="avg", input_shape=shape
        )
        try:
            network.load_weights(weights.path)
        except Exception as error:  # Keras and h5py raise many kinds for a damaged or foreign file
            raise WeightsError(f"{weights.path} could not be loaded as ResNet50 weights: {error}") from error

        def pooled(pictures: tf.Tensor) -> tf.Tensor:
            values = keras.applications.resnet50.preprocess_input(tf.cast(pictures, tf.float32))
            return network(values, training=False)

        def forward(pictures: tf.Tensor) -> tf.Tensor:
            return tf.math.l2_normalize(pooled(pictures), axis=1)

        def compiled(batch: int) -> tf.types.experimental.ConcreteFunction:
            return tf.function(forward).get_concrete_function(tf.TensorSpec((batch, *shape), tf.uint8))

        # What other runtimes are made of: uint8 (n, height, width, 3) to float32 (n, 2048), of any length.
        self.graph = tf.function(pooled, input_signature=[tf.TensorSpec((None, *shape), tf.uint8)])
        self._compiled = {size: compiled(size) for size in (LOOKS, BATCH)}

    def features(self, pictures: np.ndarray) -> np.ndarray:
        """Features of uint8 RGB `pictures` (n, height, width, 3): float32 (n, 2048), unit length."""
        batch = LOOKS if len(pictures) <= LOOKS else BATCH
        parts = []
        for start in range(0, len(pictures), batch):
            part = pictures[start : start + batch]
            missing = batch - len(part)
            padded = np.pad(part, ((0, missing), (0, 0), (0, 0), (0, 0)))
            parts.append(self._compiled[batch](tf.constant(padded)).numpy()[: len(part)])
        return np.concatenate(parts) if parts else np.empty((0, FEATURES), np.float32)


# Two, because while a new model is being built the old one still answers photos.
@lru_cache(maxsize=2)
def load(weights: Weights) -> Embedder:
    """The embedder for these weights, built once per process. Raises `WeightsError`."""
    return Embedder(weights)


def download_imagenet() -> None:
    """Fetch Keras' ImageNet weights into its cache, in place of a damaged file. Raises `WeightsError`."""
    try:
        keras.applications.ResNet50(include_top=False, weights="imagenet", pooling="avg")
    except Exception as error:  # urllib, socket and hash errors, all of them final for this attempt
        raise WeightsError(
            f"The ImageNet weights could not be downloaded: {error}."
            f" Without a network, put that file at {keras_imagenet()}."
        ) from error
