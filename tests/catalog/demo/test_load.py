"""In which order the demo's products come into the shop."""

from catalog.demo.assortment import products
from catalog.demo.load import mixed


def test_the_newest_are_of_many_kinds():
    newest = mixed(products())[-24:]
    assert len({product.category for product in newest}) >= 20


def test_no_product_is_lost_by_mixing():
    assert sorted(mixed(products()), key=lambda product: product.sku) == sorted(
        products(), key=lambda product: product.sku
    )
