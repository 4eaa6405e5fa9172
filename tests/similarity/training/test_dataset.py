"""What the trainer learns from."""

from pathlib import Path

import numpy as np
import pytest

from similarity.training import dataset
from tests.factories import make_category, make_image, make_product, picture_bytes
from tests.similarity.training import shop


def test_files_become_arrays_with_a_class_number_for_each_attribute(tmp_path: Path):
    read = dataset.of_files(*shop.write(tmp_path, 16), 40, 30)
    assert read.pictures.shape == (16, 40, 30, 3)
    assert read.classes == {"articleType": 2, "baseColour": 4, "gender": 1, "subCategory": 0, "usage": 1}
    assert read.labels["articleType"][:4].tolist() == [0, 1, 0, 1]
    assert read.values["baseColour"][2] == "Navy"


def test_what_is_not_known_has_no_class(tmp_path: Path):
    read = dataset.of_files(*shop.write(tmp_path, 4), 40, 30)
    assert read.labels["subCategory"].tolist() == [-1, -1, -1, -1]


@pytest.mark.django_db
def test_a_catalogue_gives_the_cover_of_each_visible_product():
    tops = make_category("Tops")
    seen = make_product(category=make_category("Tees", parent=tops), base_colour="Navy")
    make_image(seen, picture_bytes("navy"))
    make_image(seen)
    make_image(make_product(is_active=False))
    make_product()
    read = dataset.of_catalogue(80, 60)
    assert read.ids.tolist() == [seen.sku]
    assert {name: values[0] for name, values in read.values.items()} == {
        "articleType": "Tees",
        "baseColour": "Navy",
        "gender": "",
        "subCategory": "Tops",
        "usage": "",
    }


def test_the_product_is_what_the_ground_does_not_reach_from_the_border():
    picture = np.full((12, 10, 3), 255, np.uint8)
    picture[2:9, 2:8] = (200, 0, 0)
    picture[4:6, 4:6] = 255  # a hole: as white as the ground, but inside the product
    mask = dataset.product_masks(picture[None])[0]
    expected = np.zeros((12, 10), np.uint8)
    expected[2:9, 2:8] = 255
    np.testing.assert_array_equal(mask, expected)
