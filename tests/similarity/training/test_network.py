"""What the network learns from, in figures worked out by hand; and the file it is written to."""

from pathlib import Path

import numpy as np
import pytest


def test_a_head_loses_by_the_cosine_of_the_right_class():
    from similarity.training import network

    features = np.array([[1.0, 0.0], [0.0, 1.0]], np.float32)
    head = np.array([[2.0, 0.0], [0.0, 5.0]], np.float32)  # its length does not count
    logits = np.array([20.0, 0.0])
    logs = logits - np.log(np.exp(logits).sum())
    expected = -(0.95 * logs[0] + 0.05 * logs[1])
    loss = network.head_loss(features, head, np.array([0, 1]))
    assert float(loss) == pytest.approx(expected, rel=1e-5)


def test_an_unknown_label_costs_nothing():
    from similarity.training import network

    features = np.eye(2, dtype=np.float32)
    head = np.eye(2, dtype=np.float32)
    both = float(network.head_loss(features, head, np.array([0, -1])))
    assert both == pytest.approx(float(network.head_loss(features[:1], head, np.array([0]))), rel=1e-5)
    assert float(network.head_loss(features, head, np.array([-1, -1]))) == 0.0


def test_pairs_lose_less_the_nearer_the_views_of_a_product_are():
    from similarity.training import network

    views = np.eye(4, dtype=np.float32)[[0, 1, 0, 1]]
    right = float(network.pair_loss(views))
    wrong = float(network.pair_loss(views[[0, 1, 3, 2]]))
    assert right == pytest.approx(np.log(1 + np.exp(-10)), abs=1e-5)
    assert wrong == pytest.approx(10 + np.log(1 + np.exp(-10)), rel=1e-5)


def test_half_precision_weights_load_where_the_shop_loads_them_and_mean_the_same(tmp_path: Path):
    from similarity import embedder
    from similarity.training import network
    from similarity.weights import BUNDLED, Weights

    trained = network.resnet50()
    trained.load_weights(BUNDLED)
    path = tmp_path / "half.weights.h5"
    network.save_half(trained, path)
    assert path.stat().st_size < 50_000_000
    pictures = np.random.default_rng(0).integers(0, 256, (4, 80, 60, 3), dtype=np.uint8)
    loaded = embedder.Embedder(Weights(path, "0" * 64, 80, 60)).features(pictures)
    expected = network.features_of(trained, pictures)
    assert (loaded * expected).sum(axis=1).min() > 0.9999
