"""A product whose price nobody has given: an import without prices leaves it at 0."""

from decimal import Decimal

from catalog.models import Product
from catalog.templatetags.catalog import price


def test_no_price_is_no_gift():
    assert price(Product(price=Decimal(0), currency="EUR")) == "Price on request"


def test_a_cent_is_a_price():
    assert price(Product(price=Decimal("0.01"), currency="EUR")) == "€0.01"
