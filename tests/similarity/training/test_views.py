"""The views of a product that training compares."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from similarity.training import dataset, views
from tests.similarity.training import shop


@pytest.fixture
def read(tmp_path: Path) -> dataset.Dataset:
    return dataset.of_files(*shop.write(tmp_path, 8), 80, 60)


def pairs(read: dataset.Dataset, rows: list[int], seed: int) -> np.ndarray:
    with ThreadPoolExecutor(2) as pool:
        return views.pairs(read, np.array(rows), (64, 48), np.random.default_rng(seed), pool)


def test_a_batch_holds_a_catalogue_view_and_a_photo_of_each_product(read: dataset.Dataset):
    batch = pairs(read, [0, 3, 5], 1)
    assert batch.shape == (6, 64, 48, 3)
    assert batch.dtype == np.uint8


def test_the_same_seed_gives_the_same_views(read: dataset.Dataset):
    np.testing.assert_array_equal(pairs(read, [0, 1, 2, 3], 7), pairs(read, [0, 1, 2, 3], 7))


def test_another_seed_gives_other_views(read: dataset.Dataset):
    assert not np.array_equal(pairs(read, [0, 1], 7), pairs(read, [0, 1], 8))


def test_a_catalogue_view_stays_on_its_own_ground(read: dataset.Dataset):
    batch = pairs(read, [0] * 20, 3)[:20]
    corners = batch[:, [0, 0, -1, -1], [0, -1, 0, -1]]
    assert corners.min() > 190  # white, in a little other light


def test_photos_show_other_grounds(read: dataset.Dataset):
    batch = pairs(read, [0] * 40, 3)[40:]
    dark_corners = (batch[:, 0, 0].min(axis=1) < 150).mean()
    assert dark_corners > 0.3


def test_light_does_not_turn_one_colour_into_another():
    pixels = np.full((8, 8, 3), (200, 40, 40), np.uint8)
    for seed in range(50):
        red, green, blue = views._light(pixels, np.random.default_rng(seed), 0.25).mean(axis=(0, 1))
        assert red > 2 * max(green, blue)


def test_a_piece_of_zoom_1_fits_the_scene_turned():
    piece = Image.new("RGBA", (60, 80), (255, 0, 0, 255))
    scene = Image.new("RGB", (60, 80), "black")
    views._place(piece, scene, zoom=1.0, angle=0.0, stretch=1.0, shift=np.zeros(2))
    assert np.asarray(scene)[..., 0].min() == 255
    scene = Image.new("RGB", (60, 80), "black")
    views._place(piece, scene, zoom=1.0, angle=90.0, stretch=1.0, shift=np.zeros(2))
    red = np.asarray(scene)[..., 0] > 128
    assert (red.any(axis=0).sum(), red.any(axis=1).sum()) == (60, 45)
