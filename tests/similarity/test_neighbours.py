"""Which products look alike."""

import numpy as np
import pytest

from similarity import neighbours
from similarity.models import EmbeddingModel
from similarity.photo import PhotoQuery
from tests.factories import make_embedding, make_image, make_product

pytestmark = pytest.mark.django_db


def product_like(*values: float, **fields):
    """A product whose only picture points into the direction `values`."""
    product = make_product(**fields)
    make_embedding(make_image(product), *values)
    return product


def strip(product, **options) -> list:
    return [neighbour.product for neighbour in neighbours.of_product(product, **options)]


def test_the_nearest_come_first():
    shirt = product_like(1, 0)
    far, near, middle = product_like(0, 1), product_like(1, 0.1), product_like(1, 1)
    assert strip(shirt) == [near, middle, far]


def test_similarity_is_the_cosine():
    shirt, other = product_like(1, 0), product_like(1, 1)
    (neighbour,) = neighbours.of_product(shirt)
    assert neighbour.product == other
    assert neighbour.similarity == pytest.approx(2**-0.5, abs=1e-3)


def test_the_product_itself_never_appears():
    shirt = product_like(1, 0)
    make_embedding(make_image(shirt, position=1), 1, 0.01)
    assert strip(shirt) == []


def test_a_product_appears_once_by_its_nearest_picture():
    shirt = product_like(1, 0)
    other = make_product()
    make_embedding(make_image(other), 0, 1)
    nearest = make_image(other, position=1)
    make_embedding(nearest, 1, 0.05)
    (neighbour,) = neighbours.of_product(shirt)
    assert (neighbour.product, neighbour.image_id) == (other, nearest.pk)


def test_there_are_at_most_five():
    shirt = product_like(1, 0)
    for step in range(7):
        product_like(1, step / 10)
    assert len(strip(shirt)) == 5
    assert len(strip(shirt, limit=7)) == 7


def test_inactive_products_never_appear():
    shirt = product_like(1, 0)
    product_like(1, 0, is_active=False)
    assert strip(shirt) == []


def test_sold_out_products_only_fill_what_others_leave_free():
    shirt = product_like(1, 0)
    sold_out = product_like(1, 0.01, stock=0)
    in_stock = [product_like(1, 1 + step) for step in range(4)]
    assert strip(shirt) == [*in_stock, sold_out]
    fifth = product_like(1, 9)
    assert strip(shirt) == [*in_stock, fifth]


def test_the_first_picture_with_a_vector_asks():
    shirt = make_product()
    make_image(shirt, position=0)  # still pending
    make_embedding(make_image(shirt, position=1), 0, 1)
    near, far = product_like(0, 1), product_like(1, 0)
    assert strip(shirt) == [near, far]


def test_without_a_vector_there_are_no_neighbours():
    product_like(1, 0)
    assert strip(make_product()) == []


def test_a_filter_leaves_five_when_five_exist():
    shirt = product_like(1, 0)
    for step in range(20):
        product_like(1, step / 100, base_colour="Blue")
    red = [product_like(0, 1, step, base_colour="Red") for step in range(5)]
    among = neighbours.visible().filter(base_colour="Red")
    assert set(strip(shirt, among=among)) == set(red)


def test_a_filter_that_nothing_can_pass_leaves_none():
    shirt = product_like(1, 0)
    product_like(1, 0.1)
    assert strip(shirt, among=neighbours.visible().filter(category_id__in=[])) == []


@pytest.mark.parametrize("address", ["/search/photo/results/", "/api/search/photo/"])
def test_a_photo_is_not_found_in_a_category_that_does_not_exist(client, address):
    product_like(1, 0)
    model = EmbeddingModel.active()
    token = PhotoQuery(model.pk, np.eye(1, model.dimensions, dtype=np.float32)[0]).to_token()
    name = "token" if address.startswith("/api/") else "photo"
    answer = client.get(address, {name: token, "category": "nowhere"})
    assert answer.status_code == 200


def test_nothing_looks_alike_in_a_category_that_does_not_exist(client):
    shirt = product_like(1, 0)
    product_like(1, 0.1, name="Navy Shirt")
    answer = client.get(f"/search/like/{shirt.slug}/", {"category": "nowhere"})
    assert answer.status_code == 200
    assert "Navy Shirt" not in answer.content.decode()


def test_vectors_of_another_model_do_not_meet():
    shirt = product_like(1, 0)
    other = EmbeddingModel.objects.create(backbone=EmbeddingModel.active().backbone, dimensions=2048)
    image = make_image(make_product())
    image.search_vectors.create(model=other, product=image.product, vector=[1.0] + [0.0] * 2047)
    assert strip(shirt) == []


def test_a_strip_costs_a_fixed_number_of_queries(django_assert_num_queries):
    shirt = product_like(1, 0)
    for step in range(6):
        product_like(1, step)
    with django_assert_num_queries(3):  # model, products, their pictures; two more in binary beside Django
        neighbours.of_product(shirt)


def test_any_vector_can_ask():
    shirt = product_like(1, 0)
    model = EmbeddingModel.active()
    vector = np.zeros(model.dimensions, np.float32)
    vector[0] = 1
    assert [neighbour.product for neighbour in neighbours.nearest(vector, model)] == [shirt]
