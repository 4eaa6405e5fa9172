"""How well complements go: how often usage, season and colour family agree, beside a random pick."""

import random
from collections.abc import Callable
from typing import Any

import numpy as np

from catalog.models import Product
from similarity import colours, complements, evaluation
from similarity.evaluation import Figure
from similarity.groups import Groups
from similarity.models import EmbeddingModel, Group

QUERIES_MAX = 300
ATTRIBUTES: dict[str, Callable[[Product], str]] = {
    "usage": lambda product: product.usage,
    "season": lambda product: product.season,
    "colour": lambda product: colours.family(product.base_colour),
}


def measure(model: EmbeddingModel, queries: int) -> dict[str, Any]:
    """For up to `queries` products: per attribute `agree`, `random` and `lift`, their ratio.

    The random pick is one of the same group that is in stock, whoever wears it and wherever; `queries` are
    those products that have complements, `shown` is how many they have on average. Where an attribute is
    unknown on either side, the pair does not count.
    """
    asked = _products_with_style(model, min(queries, QUERIES_MAX))
    groups = Groups()
    shelves = {group: _in_stock(groups, group) for group in complements.PARTNERS}
    chance = random.Random(0)  # noqa: S311 - a sample, not a secret
    ours: dict[str, list[float]] = {name: [] for name in ATTRIBUTES}
    picked: dict[str, list[float]] = {name: [] for name in ATTRIBUTES}
    shown = []
    for product in asked:
        found = complements.of_product(product)
        if not found:
            continue
        shown.append(len(found))
        for shares, others in (
            (ours, [complement.product for complement in found]),
            (picked, [chance.choice(shelves[complement.group]) for complement in found]),
        ):
            for name, value in ATTRIBUTES.items():
                shares[name].append(_share(value(product), [value(other) for other in others]))
    return {
        "queries": len(shown),
        "shown": round(float(np.mean(shown)), 2) if shown else 0.0,
        **{name: _compared(ours[name], picked[name]) for name in ATTRIBUTES},
    }


def _share(wanted: str, values: list[str]) -> float:
    """The share of the known values that are `wanted`; NaN where there is nothing to compare."""
    known = [value == wanted for value in values if value and wanted]
    return float(np.mean(known)) if known else np.nan


def _compared(ours: list[float], picked: list[float]) -> dict[str, Any]:
    agree, random_pick = (Figure.of(np.array(shares)[~np.isnan(shares)]) for shares in (ours, picked))
    lift = round(agree.value / random_pick.value, 2) if random_pick.value else None
    return {"agree": agree, "random": random_pick, "lift": lift}


def _products_with_style(model: EmbeddingModel, count: int) -> list[Product]:
    styled = Product.objects.visible().filter(style_vectors__model=model).order_by("pk")
    keys = list(styled.distinct().values_list("pk", flat=True))
    chosen = [keys[row] for row in evaluation.sample(len(keys), count)]
    return list(Product.objects.filter(pk__in=chosen).order_by("pk"))


def _in_stock(groups: Groups, group: Group) -> list[Product]:
    products = Product.objects.visible().filter(stock__gt=0, category_id__in=groups.categories(group))
    return list(products.only("usage", "season", "base_colour").order_by("pk"))
