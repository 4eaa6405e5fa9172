"""Figures of quality, on vectors whose answers are known."""

import numpy as np
import pytest
from PIL import Image

from similarity import evaluation
from similarity.evaluation import BOTH, Figure
from similarity.gallery import Gallery
from similarity.spoiling import spoil
from similarity.vectors import normalise


def gallery(features: np.ndarray, **attributes: list[str]) -> Gallery:
    ids = np.arange(len(features))
    named = {name: np.array(values) for name, values in attributes.items()}
    return Gallery(products=ids, images=ids, skus=ids.astype(str), features=features, attributes=named)


def on_a_line(count: int) -> np.ndarray:
    """Unit vectors whose neighbours in the array are their neighbours in the space."""
    angles = np.linspace(0, 1, count)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def test_the_nearest_rows_come_nearest_first_and_without_oneself():
    vectors = on_a_line(6)
    found = nearest = evaluation.nearest_rows(vectors[[0, 3]], vectors, np.array([0, -1]), k=3)
    assert nearest[0].tolist() == [1, 2, 3]
    assert found[1].tolist()[0] == 3


def test_precision_is_the_share_of_results_that_agree():
    products = gallery(
        on_a_line(6),
        articleType=["Shirt", "Shirt", "Shirt", "Shirt", "Dress", "Dress"],
        baseColour=["Red", "Red", "Blue", "Red", "Red", "Red"],
    )
    shares = evaluation.shares(products, products.features, np.array([0]), ["articleType", "baseColour"])
    figures = evaluation.figures(shares)
    assert figures["articleType"].value == pytest.approx(3 / 5)
    assert figures["baseColour"].value == pytest.approx(4 / 5)
    assert figures[BOTH].value == pytest.approx(2 / 5)


def test_queries_of_unknown_value_do_not_count():
    products = gallery(on_a_line(6), gender=["", "Men", "Men", "Men", "Men", "Men"])
    shares = evaluation.shares(products, products.features, np.array([0, 1]), ["gender"])
    figures = evaluation.figures(shares)
    assert (figures["gender"].value, figures["gender"].queries) == (pytest.approx(4 / 5), 1)


def test_an_instance_is_found_first_unless_others_are_nearer():
    vectors = on_a_line(5)
    photos = normalise(np.array([vectors[1], vectors[3] * 0.4 + vectors[4] * 0.6]))
    ranks = evaluation.instance_ranks(photos, vectors, np.array([1, 3]))
    assert ranks.tolist() == [0, 1]
    assert evaluation.recall(ranks, 1).tolist() == [1, 0]
    assert evaluation.recall(ranks, 5).tolist() == [1, 1]


def test_two_listings_of_one_photo_are_equally_right():
    vectors = on_a_line(3)[[0, 0, 2]]
    assert evaluation.instance_ranks(vectors[:1], vectors, np.array([1])).tolist() == [0]


def test_the_interval_holds_the_mean_and_shrinks_with_more_queries():
    few, many = (Figure.of(np.tile([0.0, 1.0], count)) for count in (10, 1000))
    assert few.low < few.value == 0.5 < few.high
    assert many.high - many.low < (few.high - few.low) / 4


def test_attributes_teach_only_where_they_are_known_and_differ():
    products = gallery(
        on_a_line(12),
        gender=["Men"] * 6 + ["Women"] * 6,
        season=["Summer"] * 12,
        usage=["Casual"] * 3 + ["Sports"] * 2 + [""] * 7,
        baseColour=[f"Shade {number}" for number in range(12)],
    )
    assert products.usable() == ["gender"]


class TestSpoiling:
    def picture(self) -> Image.Image:
        picture = Image.new("RGB", (120, 160), "white")
        picture.paste("navy", (30, 30, 90, 130))
        return picture

    def test_the_piece_is_still_there_but_nothing_is_where_it_was(self):
        spoiled = spoil(self.picture(), Image.new("RGB", (60, 80), "green"), np.random.default_rng(1))
        assert spoiled.size != (120, 160)
        pixels = np.asarray(spoiled).reshape(-1, 3).astype(int)
        blueish = (pixels[:, 2] > pixels[:, 0] + 40) & (pixels[:, 2] > pixels[:, 1] + 40)
        assert 0.2 < blueish.mean() < 0.7

    def test_the_same_seed_gives_the_same_photo(self):
        ground = Image.new("RGB", (60, 80), "green")
        one, two = (spoil(self.picture(), ground, np.random.default_rng(1)) for _ in range(2))
        assert one.tobytes() == two.tobytes()

    def test_tiny_pictures_can_be_spoiled(self):
        spoiled = spoil(Image.new("RGB", (3, 3), "red"), Image.new("RGB", (2, 2)), np.random.default_rng(0))
        assert min(spoiled.size) >= 1
