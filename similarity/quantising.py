"""Makes the network in int8 of the configured weights, from the shop's own pictures, and proves it.

Post-training quantisation (Jacob et al., 2018) by NNCF: convolutions and what stands between them, each
layer's range as seen on calibration pictures. Other pictures then say how faithful the result is.
"""

import json
import sys
import tempfile
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from django.core.files.storage import storages

from catalog.images import ImageRefused
from catalog.models import ProductImage
from similarity import embedder, runtime
from similarity.bench.timing import rate
from similarity.fidelity import Fidelity
from similarity.int8 import Int8Embedder, openvino
from similarity.preprocess import network_input
from similarity.weights import Weights

CALIBRATION = 300
HELD_OUT = 2_000
# Fewer say nothing of a first percentile.
PICTURES_MIN = 200
TIMED = 256


class QuantisingRefused(Exception):
    """No network in int8 can be made. Says why in a sentence."""


@dataclass(frozen=True)
class Quantised:
    """What was made of `weights_sha256`, and measured; it is kept where `network` names a file."""

    weights_sha256: str
    sha256: str
    fidelity: Fidelity
    rates: dict[str, float]
    made_by: dict[str, str]
    network: Path | None

    def as_json(self) -> dict[str, Any]:
        return {
            **asdict(self),
            "gate_passed": not self.fidelity.objection,
            "objection": self.fidelity.objection,
            "network": str(self.network) if self.network else None,
        }


def quantise(found: Weights, calibration: np.ndarray, held_out: np.ndarray, separate: bool) -> Quantised:
    """Make, measure and keep the network in int8; pictures are uint8 (n, height, width, 3).

    One that does not pass the gate is kept only as a model of its own, if `separate`. Raises `WeightsError`.
    """
    reference, target = embedder.load(found), runtime.network_path(found)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        made = Path(folder) / "network.xml"
        openvino.save_model(_in_int8(reference, calibration), made, compress_to_fp16=False)
        fast = Int8Embedder(Weights(found.path, found.sha256, found.height, found.width, network=made))
        fidelity = Fidelity.measure(reference.features(held_out), fast.features(held_out))
        is_kept = separate or not fidelity.objection
        result = Quantised(
            weights_sha256=found.sha256,
            sha256=runtime.hash_of(made),
            fidelity=fidelity,
            rates=_rates(reference, fast, held_out[:TIMED]),
            made_by={name: version(name) for name in ("openvino", "nncf")},
            network=target if is_kept else None,
        )
        if is_kept:
            card = made.with_suffix(".json")
            card.write_text(json.dumps(result.as_json(), indent=2) + "\n")
            for part in (made.with_suffix(".bin"), made, card):  # the card last: it vouches for the others
                part.replace(target.with_suffix(part.suffix))
    return result


def _in_int8(reference: embedder.Embedder, calibration: np.ndarray) -> openvino.Model:
    with redirect_stdout(sys.stderr):  # NNCF shows its progress there; standard output is the caller's
        import nncf  # after `similarity.int8`, which keeps it from reporting its use
        from nncf.quantization.advanced_parameters import AdvancedQuantizationParameters
        from nncf.quantization.range_estimator import RangeEstimatorParametersSet

        return nncf.quantize(
            openvino.convert_model(reference.graph),
            nncf.Dataset(list(calibration), lambda picture: picture[None]),
            subset_size=len(calibration),
            # From the least to the greatest value, and without correcting biases: as measured in
            # docs/decisions/0015 as near to the trained network as anything, and the quickest to make.
            advanced_parameters=AdvancedQuantizationParameters(
                activations_range_estimator_params=RangeEstimatorParametersSet.MINMAX,
                disable_bias_correction=True,
            ),
        )


def _rates(reference: embedder.Embedder, fast: Int8Embedder, pictures: np.ndarray) -> dict[str, float]:
    """Images per second of both in turns, in full batches and two by two, as a photo is looked at."""
    trained, int8 = rate(reference.features, pictures), rate(fast.features, pictures)
    photos = np.split(pictures[:32], 16)

    def two_by_two(features: Callable[[np.ndarray], np.ndarray]) -> float:
        return rate(lambda _: [features(looks) for looks in photos], pictures[:32])

    trained_two, int8_two = two_by_two(reference.features), two_by_two(fast.features)
    return {
        "tensorflow_images_per_s": trained,
        "int8_images_per_s": int8,
        "ratio": round(int8 / trained, 2),
        "tensorflow_pairs_images_per_s": trained_two,
        "int8_pairs_images_per_s": int8_two,
        "ratio_pairs": round(int8_two / trained_two, 2),
    }


def sample(height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures from all over the catalogue, to calibrate with and to hold out. Raises `QuantisingRefused`."""
    names = ProductImage.objects.order_by("checksum").values_list(
        "picture", flat=True
    )  # as good as at random
    pictures = []
    for name in names[: CALIBRATION + HELD_OUT]:
        try:
            with storages["default"].open(name) as file:
                pictures.append(network_input(file, height, width))
        except (OSError, ImageRefused):
            continue
    if len(pictures) < PICTURES_MIN:
        raise QuantisingRefused(
            f"The shop has {len(pictures)} pictures that can be read; at least {PICTURES_MIN} are needed, "
            "to calibrate the network and to measure it."
        )
    cut = min(CALIBRATION, len(pictures) // 4)
    return np.stack(pictures[:cut]), np.stack(pictures[cut:])
