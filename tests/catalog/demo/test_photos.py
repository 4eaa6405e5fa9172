"""The sample photos: phone-sized, of things in the shop, taken the same way each time."""

import numpy as np
import pytest

from catalog.demo.assortment import products
from catalog.demo.photos import draw_photo, query_photos


def test_there_are_a_dozen_photos_of_different_types():
    category = {product.sku: product.category for product in products()}
    photos = query_photos()

    assert len(photos) >= 12
    assert len({photo.sku for photo in photos}) == len(photos)
    assert len({category[photo.sku] for photo in photos}) >= 12


def test_captions_are_unique():
    photos = query_photos()

    assert len({photo.caption for photo in photos}) == len(photos)


@pytest.mark.parametrize("number", [0, 5])  # one lying, one worn
def test_a_photo_is_drawn_the_same_each_time(number):
    photo = query_photos()[number]
    first, again = draw_photo(photo), draw_photo(photo)

    assert first.size == (900, 1200)
    assert first.mode == "RGB"
    assert np.array_equal(np.asarray(first), np.asarray(again))
