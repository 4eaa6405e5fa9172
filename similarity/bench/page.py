"""`bench page`: server time of product pages with their look-alikes, without, and of a bare view.

And of what goes well with the product, which a page asks for when it is in sight.
"""

from functools import partial
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

from catalog.models import Product
from similarity import evaluation, index
from similarity.bench import catalogue
from similarity.bench.timing import p50, p95, runs_ms
from similarity.models import EmbeddingModel, SearchVector, StyleVector

PAGES = 40
BARE = "/healthz"


def measure(size: int) -> dict[str, Any]:
    """Pages of a grown catalogue of `size` products. Those without look-alikes are the same, unembedded."""
    source = catalogue.real()
    with catalogue.own_database():
        model = catalogue.grow(source, size)
        catalogue.grow_style(model)
        _build_index(model, SearchVector)
        _build_index(model, StyleVector)
        rows = evaluation.sample(size, PAGES) + 1
        products = [Product.objects.get(pk=row) for row in rows.tolist()]
        addresses = [product.get_absolute_url() for product in products]
        client = Client(headers={"host": "localhost"})
        bare = runs_ms([partial(client.get, BARE)] * PAGES)
        with_strip = runs_ms([partial(client.get, address) for address in addresses])
        cards = [reverse("similarity:goes_well", args=[product.slug]) for product in products]
        complements = runs_ms(
            [partial(client.get, address, headers={"HX-Request": "true"}) for address in cards]
        )
        SearchVector.objects.filter(product__in=products).delete()
        without = runs_ms([partial(client.get, address) for address in addresses])
        connection.close()
    return {
        "n": size,
        "page_p50_ms": p50(with_strip),
        "page_p95_ms": p95(with_strip),
        "page_without_strip_p50_ms": p50(without),
        "ratio": round(p50(with_strip) / p50(without), 3),
        "complements_p50_ms": p50(complements),
        "complements_p95_ms": p95(complements),
        "bare_view_p50_ms": p50(bare),
        "ratio_to_bare_view": round(p50(with_strip) / p50(bare), 1),
    }


def _build_index(model: EmbeddingModel, kind: index.Kind) -> None:
    if index.is_wanted(model, kind):
        index.build(model, kind)
