"""Which ResNet50 weights are in use, and what belongs to them. Reads files, never TensorFlow."""

import hashlib
import json
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent
BUNDLED = FOLDER / "resnet50-fashion.weights.h5"
# Weights without a card are taken to be Keras' own, made for ImageNet at this height and width.
DEFAULT_INPUT = (224, 224)
# What Keras checks its download by: `WEIGHTS_HASHES` in `keras.src.applications.resnet`.
KERAS_MD5 = "4d473c1dd8becc155b73f8504c6f6626"


class WeightsError(Exception):
    """The weights cannot be used: missing, damaged, or not the ones expected. Says why in a sentence."""


@dataclass(frozen=True)
class Weights:
    """ResNet50 weights without the top: a file, its sha256, and the input size in pixels it is made for."""

    path: Path
    sha256: str
    height: int
    width: int
    # The same in int8, as OpenVINO reads it, where that computes (`similarity.runtime`).
    network: Path | None = None
    name: str = "ResNet50"

    @property
    def projection(self) -> Path:
        """Where a refinement is shipped beside the weights (see `similarity.refinement`), if one is."""
        return self._beside("projection.npz")

    @property
    def calibration(self) -> Path:
        """Where what its cosines mean is shipped (see `similarity.bands`), if it is."""
        return self._beside("bands.json")

    def _beside(self, end: str) -> Path:
        return self.path.with_name(f"{self.path.name.split('.')[0]}.{end}")


def keras_imagenet() -> Path:
    """Where Keras keeps the ImageNet weights it has downloaded, and where one may put them by hand."""
    home = Path(os.environ.get("KERAS_HOME", Path.home() / ".keras"))
    return home / "models" / "resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5"


def locate(name: str) -> Path:
    """The file that an `EMBEDDER_WEIGHTS` value means: `fashion`, `imagenet`, or a path."""
    return {"fashion": BUNDLED, "imagenet": keras_imagenet()}.get(name) or Path(name)


def read(name: str) -> Weights:
    """Describe the weights that `EMBEDDER_WEIGHTS` names. Raises `WeightsError`.

    The card `<name>.json` beside `<name>.weights.h5` holds the input size and the sha256 that the file
    must have; a file of one's own without a card is trusted as it is, Keras' must be Keras'.
    """
    path = locate(name)
    if not path.is_file():
        raise WeightsError(f"EMBEDDER_WEIGHTS={name}: there is no file {path}.")
    if name == "imagenet" and _hash_of(path, "md5") != KERAS_MD5:
        raise WeightsError(f"{path} is cut off, or not Keras' own file, which has the MD5 {KERAS_MD5}.")
    sha256 = sha256_of(path)
    card_path = path.with_name(path.name.split(".")[0] + ".json")
    if not card_path.is_file():
        return Weights(path, sha256, *DEFAULT_INPUT)
    try:
        card = json.loads(card_path.read_text())
        height, width = map(int, card["input"])
    except (ValueError, KeyError, TypeError) as error:
        raise WeightsError(f"The card {card_path} does not give the input size: {error}.") from error
    if card.get("sha256", sha256) != sha256:
        raise WeightsError(f"{path} is damaged or not the file its card describes: its sha256 is {sha256}.")
    return Weights(path, sha256, height, width)


def find(sha256: str, configured: str) -> Weights:
    """The weights with this hash, among the configured and the bundled ones. Raises `WeightsError`."""
    reason = ""
    for name in dict.fromkeys((configured, "fashion", "imagenet")):
        try:
            weights = read(name)
        except WeightsError as error:
            reason = reason or (f"{error} " if name == configured else "")
            continue
        if weights.sha256 == sha256:
            return weights
    raise WeightsError(f"{reason}The model needs weights with sha256 {sha256[:12]}…, which are not here.")


def sha256_of(path: Path) -> str:
    """Of the file's content, read once per process. Raises OSError."""
    return _hash_of(path, "sha256")


def _hash_of(path: Path, algorithm: str) -> str:
    return _hash(path, algorithm, path.stat().st_size, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _hash(path: Path, algorithm: str, size: int, mtime_ns: int) -> str:
    """Size and time are part of the key, so that a replaced file is hashed anew."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()
