"""ResNet50 with the bundled weights: real TensorFlow, real pictures."""

import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from keras.src.applications.resnet import WEIGHTS_HASHES

from similarity import embedder, weights
from similarity.weights import Weights, WeightsError
from tests.workers import ROOT


@pytest.fixture(scope="module")
def network() -> embedder.Embedder:
    return embedder.load(weights.read("fashion"))


def noise(count: int) -> np.ndarray:
    return np.random.default_rng(7).integers(0, 256, (count, 80, 60, 3), np.uint8)


def test_features_are_2048_non_negative_numbers_of_unit_length(network):
    features = network.features(noise(3))
    assert (features.shape, features.dtype) == ((3, 2048), np.float32)
    assert (features >= 0).all()
    assert np.linalg.norm(features, axis=1) == pytest.approx(1, abs=1e-5)


def test_the_batch_size_does_not_matter(network):
    pictures = noise(40)
    together = network.features(pictures)
    for size in (1, 2, 3):
        parts = [network.features(pictures[start : start + size]) for start in range(0, 40, size)]
        assert (together * np.concatenate(parts)).sum(axis=1).min() > 1 - 1e-3


def test_another_process_computes_the_same(network):
    code = (
        "import sys, numpy as np; from similarity import embedder, weights;"
        "pictures = np.random.default_rng(7).integers(0, 256, (2, 80, 60, 3), np.uint8);"
        "embedder.load(weights.read('fashion')).features(pictures).tofile(sys.stdout.buffer)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    elsewhere = np.frombuffer(done.stdout, np.float32).reshape(2, 2048)
    assert (elsewhere * network.features(noise(2))).sum(axis=1).min() > 1 - 1e-3


def test_it_computes_what_keras_applications_computes(network):
    pictures = noise(2)
    reference = keras.applications.ResNet50(
        include_top=False, weights=None, pooling="avg", input_shape=(80, 60, 3)
    )
    reference.load_weights(weights.BUNDLED)
    expected = np.asarray(
        reference(keras.applications.resnet50.preprocess_input(pictures.astype(np.float32)), training=False)
    )
    expected = expected / np.linalg.norm(expected, axis=1, keepdims=True)
    assert (expected * network.features(pictures)).sum(axis=1) == pytest.approx(1, abs=1e-4)


def test_no_pictures_have_no_features(network):
    assert network.features(noise(0)).shape == (0, 2048)


def test_weights_in_the_layout_of_keras_own_download_are_loaded(tmp_path: Path):
    path = tmp_path / "mine.h5"
    made = keras.applications.ResNet50(include_top=False, weights=None)
    made.save_weights(tmp_path / "new.weights.h5")
    _write_legacy_layout(made, path)
    loaded = embedder.Embedder(weights.read(str(path)))
    made_features = keras.applications.ResNet50(
        include_top=False, weights=None, pooling="avg", input_shape=(224, 224, 3)
    )
    made_features.load_weights(tmp_path / "new.weights.h5")
    pictures = np.random.default_rng(7).integers(0, 256, (1, 224, 224, 3), np.uint8)
    expected = np.asarray(
        made_features(keras.applications.resnet50.preprocess_input(pictures.astype(np.float32)))
    )
    expected = expected / np.linalg.norm(expected, axis=1, keepdims=True)
    assert (expected * loaded.features(pictures)).sum() == pytest.approx(1, abs=1e-4)


def _write_legacy_layout(model: keras.Model, path: Path) -> None:
    """Weights as Keras' own download holds them: a group per layer, with `weight_names`."""
    import h5py

    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [layer.name.encode() for layer in model.layers]
        file.attrs["backend"], file.attrs["keras_version"] = b"tensorflow", b"2.2.4"
        for layer in model.layers:
            group = file.create_group(layer.name)
            names = [f"{layer.name}/{weight.name}:0" for weight in layer.weights]
            group.attrs["weight_names"] = [name.encode() for name in names]
            for name, weight in zip(names, layer.weights, strict=True):
                group[name] = np.asarray(weight)


def test_what_keras_checks_its_download_by_is_known():
    assert WEIGHTS_HASHES["resnet50"][1] == weights.KERAS_MD5


def test_a_damaged_download_is_fetched_anew_and_without_a_network_put_there_by_hand(tmp_path: Path):
    """In a process of its own, because Keras decides where its cache is when it is imported."""
    code = "import django; django.setup(); from similarity import embedding; embedding.prepare_weights()"
    path = tmp_path / "models" / "resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5"
    path.parent.mkdir()
    path.write_bytes(b"cut off")
    nowhere = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    chosen = {"DJANGO_SETTINGS_MODULE": "shop.settings", "EMBEDDER_WEIGHTS": "imagenet"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT, env={**os.environ, **nowhere, **chosen, "KERAS_HOME": str(tmp_path)}, capture_output=True,
        text=True,
    )  # fmt: skip
    assert "WeightsError: The ImageNet weights could not be downloaded" in done.stderr
    assert f"put that file at {path}." in done.stderr
    assert not list(tmp_path.rglob("*.h5"))


def test_damaged_weights_are_refused_with_a_sentence(tmp_path: Path):
    path = tmp_path / "broken.weights.h5"
    path.write_bytes(weights.BUNDLED.read_bytes()[:100_000])
    with pytest.raises(WeightsError, match="could not be loaded as ResNet50 weights"):
        embedder.Embedder(Weights(path, "0" * 64, 80, 60))
