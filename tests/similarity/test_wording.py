"""Words beside a photo put first what fits them, among what looks alike."""

import numpy as np
import pytest

from catalog.models import Product
from similarity import wording
from similarity.models import EmbeddingModel
from similarity.photo import PhotoQuery
from tests.factories import make_embedding, make_image, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shop() -> None:
    """Ever less like the photo."""
    rows = [
        ("Blue, dear", "Blue", "Men", 90, 3),
        ("Red, dear", "Red", "Women", 80, 3),
        ("Red, sold out", "Red", "Women", 10, 0),
        ("Blue, cheap", "Blue", "Women", 20, 3),
        ("Red, cheap", "Red", "Men", 10, 3),
    ]
    for number, (name, colour, gender, price, stock) in enumerate(rows):
        product = make_product(name=name, base_colour=colour, gender=gender, price=price, stock=stock)
        make_embedding(make_image(product), 1.0, number / 10)
    far = make_product(name="Red, but of another kind", base_colour="Red", gender="Women", price=50)
    make_embedding(make_image(far), 0.0, 1.0)


@pytest.fixture
def query() -> PhotoQuery:
    model = EmbeddingModel.active()
    assert model
    return PhotoQuery(model.pk, np.eye(1, model.dimensions, dtype=np.float32)[0])


def names(found: list[wording.Neighbour]) -> list[str]:
    return [one.product.name for one in found]


def test_without_words_the_nearest_come_first(query: PhotoQuery) -> None:
    assert names(wording.nearest(query, " ")) == names(query.nearest())


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("in red", ["Red, dear", "Red, cheap"]),
        ("in Rot", ["Red, dear", "Red, cheap"]),
        ("for women", ["Red, dear", "Blue, cheap"]),
        ("red, for men", ["Red, cheap"]),
        ("cheaper", ["Blue, cheap", "Red, cheap"]),
        ("günstiger", ["Blue, cheap", "Red, cheap"]),
        ("submarine", ["Blue, dear", "Red, dear"]),
    ],
)
def test_what_fits_the_words_comes_first(query: PhotoQuery, words: str, first: list[str]) -> None:
    assert names(wording.nearest(query, words))[: len(first)] == first


def test_what_has_no_price_is_not_cheaper_and_makes_nothing_else_dear(query: PhotoQuery) -> None:
    Product.objects.filter(name__in=["Blue, dear", "Red, dear"]).update(price=0)
    found = names(wording.nearest(query, "cheaper"))
    assert found[:3] == ["Red, cheap", "Blue, dear", "Red, dear"]


def test_words_do_not_outdo_what_the_photo_shows(query: PhotoQuery) -> None:
    assert names(wording.nearest(query, "red"))[3] == "Blue, cheap"


def test_sold_out_products_still_come_last(query: PhotoQuery) -> None:
    assert names(wording.nearest(query, "red", limit=6))[-1] == "Red, sold out"


def test_words_choose_among_the_filtered(query: PhotoQuery) -> None:
    found = wording.nearest(query, "red", among=Product.objects.filter(price__gt=15))
    assert names(found)[:2] == ["Red, dear", "Blue, dear"]


def test_the_similarity_stays_that_of_the_pictures(query: PhotoQuery) -> None:
    plain = {one.product.pk: one.similarity for one in query.nearest(limit=6)}
    assert {one.product.pk: one.similarity for one in wording.nearest(query, "red", limit=6)} == plain
