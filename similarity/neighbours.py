"""Nearest neighbours: the one place that asks for them. Which engine answers is a setting."""

from dataclasses import dataclass

import numpy as np
from django.conf import settings
from django.db.models import QuerySet

from catalog.models import Product
from similarity import engines
from similarity.models import EmbeddingModel, SearchVector, StyleVector
from similarity.vectors import binary_cursor, to_array

STRIP = 5


@dataclass(frozen=True)
class Neighbour:
    """A product that looks alike, the picture of it that is nearest, and the cosine similarity (-1 to 1)."""

    product: Product
    image_id: int
    similarity: float


def of_product(
    product: Product, limit: int = STRIP, among: "QuerySet[Product] | None" = None
) -> list[Neighbour]:
    """The products that look most like `product`'s first embedded picture; [] before it is embedded."""
    model = EmbeddingModel.active()
    if model is None:
        return []
    vector = vector_of(product, model)
    if vector is None:
        return []
    among = visible() if among is None else among
    return nearest(vector, model, limit=limit, among=among.exclude(pk=product.pk))


def vector_of(
    product: Product, model: EmbeddingModel, kind: type[SearchVector | StyleVector] = SearchVector
) -> np.ndarray | None:
    """The vector (d,) of the product's first picture that has one."""
    with binary_cursor(settings.LOOKALIKE_READS) as cursor:
        cursor.execute(
            f"""
            SELECT v.vector FROM {kind._meta.db_table} v JOIN catalog_productimage i ON i.id = v.image_id
            WHERE v.model_id = %s AND v.product_id = %s
            ORDER BY i.position, i.id LIMIT 1
            """,  # noqa: S608 - one of two tables
            [model.pk, product.pk],
        )
        row = cursor.fetchone()
    return to_array(row[0]) if row else None


def visible() -> "QuerySet[Product]":
    """The products that may be shown as look-alikes."""
    return Product.objects.visible()


def nearest(
    vector: np.ndarray,
    model: EmbeddingModel,
    limit: int = STRIP,
    among: "QuerySet[Product] | None" = None,
    of_photo: bool = False,
) -> list[Neighbour]:
    """The `limit` products of `among` nearest to `vector` (d,), nearest first, sold-out ones after the rest.

    A product counts by its nearest picture. Sold-out products only fill the places that products in stock
    leave free. All is read from a replica where there is one: it lags behind by less than a page's time.
    """
    among = (visible() if among is None else among).using(settings.LOOKALIKE_READS)
    found = search(vector, model, limit, among.filter(stock__gt=0), of_photo=of_photo)
    if len(found) < limit:
        found += search(vector, model, limit - len(found), among.filter(stock=0), of_photo=of_photo)
    cards = Product.objects.for_cards().using(settings.LOOKALIKE_READS)
    products = cards.in_bulk([product_id for product_id, _, _ in found])
    return [
        Neighbour(products[product_id], image_id, 1 - distance)
        for product_id, image_id, distance in found
        if product_id in products
    ]


def search(
    vector: np.ndarray,
    model: EmbeddingModel,
    limit: int,
    among: "QuerySet[Product]",
    kind: type[SearchVector | StyleVector] = SearchVector,
    exact: bool = False,
    of_photo: bool = False,
) -> list[tuple[int, int, float]]:
    """(product, image, cosine distance) of the nearest picture of each of the `limit` nearest products.

    `limit` of them whenever `among` has so many with a vector. With `exact` no index is asked at all;
    `of_photo` says that the vector is a photo's. The database that is asked is the one of `among`.
    """
    return engines.chosen().search(vector, model, limit, among, kind, exact, of_photo)
