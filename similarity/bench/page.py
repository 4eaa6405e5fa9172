"""`bench page`: server time of product pages with their look-alikes, without, and of a bare view.

And with what goes well with the product, which another question for each group looks for.
"""

from functools import partial
from typing import Any

from django.db import connection
from django.test import Client

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
        _build_index(model, SearchVector)
        rows = evaluation.sample(size, PAGES) + 1
        addresses = [Product.objects.get(pk=row).get_absolute_url() for row in rows.tolist()]
        client = Client(headers={"host": "localhost"})
        bare = runs_ms([partial(client.get, BARE)] * PAGES)
        with_strip = runs_ms([partial(client.get, address) for address in addresses])
        catalogue.grow_style(model)
        _build_index(model, StyleVector)
        with_complements = runs_ms([partial(client.get, address) for address in addresses])
        SearchVector.objects.filter(product__in=rows.tolist()).delete()
        without = runs_ms([partial(client.get, address) for address in addresses])
        connection.close()
    return {
        "n": size,
        "page_p50_ms": p50(with_strip),
        "page_p95_ms": p95(with_strip),
        "page_without_strip_p50_ms": p50(without),
        "ratio": round(p50(with_strip) / p50(without), 3),
        "page_with_complements_p50_ms": p50(with_complements),
        "page_with_complements_p95_ms": p95(with_complements),
        "ratio_with_complements": round(p50(with_complements) / p50(without), 3),
        "bare_view_p50_ms": p50(bare),
        "ratio_to_bare_view": round(p50(with_strip) / p50(bare), 1),
    }


def _build_index(model: EmbeddingModel, kind: index.Kind) -> None:
    if index.is_wanted(model, kind):
        index.build(model, kind)
