"""The ResNet50 and what it learns from: a cosine head per attribute, and pairs of views of one product.

Keras on whichever backend `KERAS_BACKEND` names. On two CPU cores PyTorch is several times as fast as
TensorFlow.
"""

from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from similarity.training.dataset import ATTRIBUTES

FEATURES = 2048
HEAD_SCALE = 20.0
SMOOTHING = 0.1
# Two views of one product attract (InfoNCE, van den Oord et al., 2018), against all others of the batch.
PAIR_WEIGHT = 0.7
PAIR_TEMPERATURE = 0.1


def use_bfloat16() -> None:
    """Compute in bfloat16, keep float32 weights; for networks made from now on in this process."""
    keras.mixed_precision.set_global_policy("mixed_bfloat16")


def resnet50(height: int | None = None, width: int | None = None) -> keras.Model:
    """`keras.applications.ResNet50` without the top; of any input size when none is given."""
    network = keras.applications.ResNet50(
        include_top=False, weights=None, pooling="avg", input_shape=(height, width, 3)
    )
    if keras.backend.backend() != "torch":
        return network

    def replace(layer: keras.layers.Layer) -> keras.layers.Layer:
        kind = BatchNormalization if isinstance(layer, keras.layers.BatchNormalization) else type(layer)
        return kind.from_config(layer.get_config())

    return keras.models.clone_model(network, clone_function=replace)


class BatchNormalization(keras.layers.BatchNormalization):
    """The same in one PyTorch operation: Keras' own takes half of a step. Files know it by the same name."""

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        from torch.nn.functional import batch_norm

        # Keras keeps channels last; a permuted view is PyTorch's memory format of the same name.
        normal = batch_norm(
            inputs.permute(0, 3, 1, 2),
            self.moving_mean.value,
            self.moving_variance.value,
            self.gamma.value,
            self.beta.value,
            training=bool(training),
            momentum=1 - self.momentum,
            eps=self.epsilon,
        )
        return normal.permute(0, 2, 3, 1)


class Trainee(keras.Model):
    """The network with its heads.

    Called with uint8 RGB pictures (2b, height, width, 3), the second half other views of the first half's
    products; gives float32 unit features (2b, 2048). The heads and the pairs are the loss.
    """

    def __init__(self, network: keras.Model, classes: dict[str, int]):
        super().__init__()
        self.network = network
        self.heads = {
            name: self.add_weight(
                shape=(FEATURES, count), initializer="glorot_uniform", name=f"head_{name}", dtype="float32"
            )
            for name, count in classes.items()
            if count > 1
        }

    def call(self, pictures: Any, training: bool | None = None) -> Any:
        values = keras.applications.resnet50.preprocess_input(ops.cast(pictures, "float32"))
        return ops.normalize(ops.cast(self.network(values, training=training), "float32"), axis=-1)

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Any:
        """Labels `y` int (2b,) by attribute, -1 where unknown."""
        loss = PAIR_WEIGHT * pair_loss(y_pred)
        for name, head in self.heads.items():
            loss = loss + ATTRIBUTES[name] * head_loss(y_pred, head, y[name])
        return loss


def head_loss(features: Any, head: Any, codes: Any) -> Any:
    """Smoothed cross-entropy of cosines with class vectors `head` (2048, classes): CosFace without margin."""
    logits = HEAD_SCALE * ops.matmul(features, ops.normalize(head, axis=0))
    likely = ops.log_softmax(logits, axis=-1)
    known = ops.cast(codes >= 0, "float32")
    wanted = ops.one_hot(ops.maximum(codes, 0), head.shape[1], dtype="float32")
    wanted = wanted * (1 - SMOOTHING) + SMOOTHING / head.shape[1]
    each = -ops.sum(wanted * likely, axis=-1)
    return ops.sum(each * known) / ops.maximum(ops.sum(known), 1.0)


def pair_loss(features: Any) -> Any:
    """InfoNCE in both directions between the halves of `features` (2b, 2048)."""
    half = features.shape[0] // 2
    logits = ops.matmul(features[:half], ops.transpose(features[half:])) / PAIR_TEMPERATURE
    forth = ops.diagonal(ops.log_softmax(logits, axis=1))
    back = ops.diagonal(ops.log_softmax(logits, axis=0))
    return -(ops.mean(forth) + ops.mean(back)) / 2


def features_of(network: keras.Model, pictures: np.ndarray, batch: int = 128) -> np.ndarray:
    """Unit features float32 (n, 2048) of uint8 pictures (n, height, width, 3)."""
    parts = []
    for at in range(0, len(pictures), batch):
        part = np.ascontiguousarray(pictures[at : at + batch]).astype(np.float32)
        values = network.predict_on_batch(keras.applications.resnet50.preprocess_input(part))
        parts.append(np.asarray(values, np.float32))
    features = np.concatenate(parts) if parts else np.empty((0, FEATURES), np.float32)
    return features / np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-12)


def save_half(network: keras.Model, path: Path) -> None:
    """Write Keras weights to `path` (`.weights.h5`), kernels as float16 (44 MB), vectors as float32."""
    import h5py

    network.save_weights(path)
    whole = path.with_suffix(".whole")
    path.rename(whole)
    with h5py.File(whole) as source, h5py.File(path, "w") as target:

        def copy(name: str, item: Any) -> None:
            if not isinstance(item, h5py.Dataset):
                target.require_group(name).attrs.update(item.attrs)
            elif item.ndim > 1:
                kernel = item[()].astype(np.float16)
                target.create_dataset(name, data=kernel, compression="gzip", shuffle=True)
            else:
                target.create_dataset(name, data=item[()])

        source.visititems(copy)
    whole.unlink()
