"""What a product's card says."""

import pytest
from django.test import Client

from catalog.templatetags.catalog import short_name
from tests.factories import make_brand, make_product

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Fern & Vale Silk dress", "Silk dress"),
        ("FERN & VALE silk dress", "silk dress"),
        ("Silk dress by Fern & Vale", "Silk dress by Fern & Vale"),
        ("Fern & Valerie dress", "Fern & Valerie dress"),
        ("Fern & Vale", "Fern & Vale"),
    ],
)
def test_the_brand_is_written_once(name, shown):
    assert short_name(make_product(name=name, brand=make_brand("Fern & Vale"))) == shown


def test_a_product_without_a_brand_has_its_name():
    assert short_name(make_product(name="Silk dress")) == "Silk dress"


def test_on_a_card_it_stands_above_the_name():
    make_product(name="Elm Silk dress", brand=make_brand("Elm"))
    page = Client().get("/").content.decode()
    assert '<p class="card-brand">Elm</p>' in page
    assert ">Silk dress</a>" in page
