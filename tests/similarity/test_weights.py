"""Which weights are in use, and what is said when they are not there."""

import hashlib
import json
from pathlib import Path

import pytest

from similarity import weights
from similarity.weights import WeightsError


def test_the_bundled_weights_are_the_file_their_card_describes():
    found = weights.read("fashion")
    assert found.path == weights.BUNDLED
    assert found.sha256 == hashlib.sha256(weights.BUNDLED.read_bytes()).hexdigest()
    assert (found.height, found.width) == (80, 60)


def test_missing_weights_are_named(tmp_path: Path):
    path = tmp_path / "mine.weights.h5"
    with pytest.raises(WeightsError, match=f"there is no file {path}"):
        weights.read(str(path))


def test_imagenet_weights_are_looked_for_where_keras_keeps_them(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    with pytest.raises(WeightsError, match=r"resnet50_weights_tf_dim_ordering_tf_kernels_notop\.h5"):
        weights.read("imagenet")


@pytest.fixture
def downloaded(tmp_path: Path, monkeypatch) -> Path:
    """A file where Keras keeps its download."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    path = weights.keras_imagenet()
    path.parent.mkdir()
    path.write_bytes(b"weights")
    return path


def test_a_download_that_is_not_keras_own_is_refused(downloaded: Path):
    """Cut off, say, when the worker was killed over it."""
    with pytest.raises(WeightsError, match=f"{downloaded} is cut off, or not Keras' own file"):
        weights.read("imagenet")


def test_a_download_that_is_keras_own_is_taken(downloaded: Path, monkeypatch):
    monkeypatch.setattr(weights, "KERAS_MD5", hashlib.md5(b"weights").hexdigest())  # noqa: S324 - Keras' choice
    found = weights.read("imagenet")
    assert (found.path, found.height, found.width) == (downloaded, 224, 224)


def test_weights_of_another_hash_than_their_card_says_are_refused(tmp_path: Path):
    path = tmp_path / "mine.weights.h5"
    path.write_bytes(b"other")
    (tmp_path / "mine.json").write_text(json.dumps({"sha256": "0" * 64, "input": [80, 60]}))
    with pytest.raises(WeightsError, match="not the file its card describes"):
        weights.read(str(path))


def test_weights_without_a_card_are_taken_at_the_size_of_imagenet(tmp_path: Path):
    path = tmp_path / "mine.weights.h5"
    path.write_bytes(b"weights")
    found = weights.read(str(path))
    assert (found.height, found.width) == (224, 224)
    assert found.sha256 == hashlib.sha256(b"weights").hexdigest()


def test_a_card_without_the_input_size_is_refused(tmp_path: Path):
    path = tmp_path / "mine.weights.h5"
    path.write_bytes(b"weights")
    (tmp_path / "mine.json").write_text("{}")
    with pytest.raises(WeightsError, match="does not give the input size"):
        weights.read(str(path))


def test_a_replaced_file_is_hashed_anew(tmp_path: Path):
    path = tmp_path / "mine.weights.h5"
    path.write_bytes(b"one")
    first = weights.read(str(path)).sha256
    path.write_bytes(b"another")
    assert weights.read(str(path)).sha256 != first


def test_weights_are_found_by_hash_among_the_configured_and_the_bundled(tmp_path: Path):
    path = tmp_path / "mine.weights.h5"
    path.write_bytes(b"weights")
    mine = weights.read(str(path))
    assert weights.find(mine.sha256, str(path)) == mine
    assert weights.find(weights.read("fashion").sha256, str(path)).path == weights.BUNDLED


def test_unknown_weights_are_said_to_be_unknown():
    with pytest.raises(WeightsError, match="needs weights with sha256 000000000000"):
        weights.find("0" * 64, "fashion")
