"""Narrowing a strip of look-alikes: the same colour, cheaper, in stock, of other brands."""

from collections.abc import Callable, Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import pgettext_lazy

from catalog.models import Product

WAYS = {
    "colour": pgettext_lazy("look-alikes", "same colour"),
    "cheaper": pgettext_lazy("look-alikes", "cheaper"),
    "stock": pgettext_lazy("look-alikes", "in stock"),
    "brand": pgettext_lazy("look-alikes", "other brands"),
}
_CONDITIONS: dict[str, Callable[[Product], Q]] = {
    "colour": lambda product: Q(base_colour=product.base_colour),
    # 0 is no price but one on request.
    "cheaper": lambda product: Q(price__gt=0, price__lt=product.price, currency=product.currency),
    "stock": lambda product: Q(stock__gt=0),
    "brand": lambda product: ~Q(brand=product.brand_id),
}


def ways(product: Product) -> list[str]:
    """Those that mean something for `product`: it has a colour, a price, and a brand."""
    absent = {
        "colour": not product.base_colour,
        "cheaper": not product.price,
        "brand": product.brand_id is None,
    }
    return [way for way in WAYS if not absent.get(way)]


def narrowed(products: "QuerySet[Product]", product: Product, chosen: Iterable[str]) -> "QuerySet[Product]":
    """Those of `products` that are, compared to `product`, all that was chosen."""
    for way in chosen:
        products = products.filter(_CONDITIONS[way](product))
    return products
