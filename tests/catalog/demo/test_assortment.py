"""What the demo shop sells: enough, varied, and named once."""

import pickle
from collections import Counter
from decimal import Decimal

import pytest

from catalog.demo.assortment import DemoProduct, products
from catalog.demo.palette import TONES, base_name
from catalog.demo.wording import BRANDS, PATHS


@pytest.fixture(scope="module")
def shop() -> list[DemoProduct]:
    return products()


def test_there_are_enough_products_in_enough_types(shop):
    types = Counter(product.category[-1] for product in shop)

    assert len(shop) >= 600
    assert len(types) >= 14
    assert min(types.values()) >= 6


def test_skus_and_names_are_unique(shop):
    assert len({product.sku for product in shop}) == len(shop)
    assert len({product.name for product in shop}) == len(shop)
    assert shop[0].sku == "LK-0001"


def test_most_products_have_two_views_and_none_has_none(shop):
    views = [len(product.views) for product in shop]

    assert min(views) >= 1
    assert sum(count == 2 for count in views) > 0.8 * len(shop)


def test_alternative_texts_tell_views_of_a_product_apart(shop):
    for product in shop:
        assert len({view.alt for view in product.views}) == len(product.views)


def test_fields_hold_what_the_importer_expects(shop):
    bases = {base_name(name) for name in TONES}
    for product in shop:
        assert product.category in PATHS.values()
        assert product.brand in BRANDS
        assert product.base_colour in bases
        assert product.gender in {"Men", "Women", "Unisex"}
        assert product.season in {"Spring", "Summer", "Fall", "Winter"}
        assert product.usage in {"Casual", "Formal", "Sports", "Party"}
        assert product.currency == "EUR"
        assert Decimal(5) < product.price < Decimal(600)
        assert product.price == product.price.quantize(Decimal("0.01"))
        assert 2 <= product.description.count(".") <= 8


def test_some_products_are_sold_out_but_few(shop):
    sold_out = sum(product.stock == 0 for product in shop)

    assert 0 < sold_out < 0.15 * len(shop)


def test_the_same_seed_gives_the_same_shop(shop):
    assert products(1) == shop


def test_another_seed_gives_other_prices(shop):
    assert [p.price for p in products(2)] != [p.price for p in shop]


def test_views_survive_the_way_to_another_process(shop):
    view = shop[0].views[0]

    assert pickle.loads(pickle.dumps(view)) == view  # noqa: S301 - our own bytes
