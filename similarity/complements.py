"""What goes well with a product: of each other group one, for the same wearer and occasion, by style."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from catalog.models import Category, Product, ProductQuerySet
from similarity import colours, groups, neighbours
from similarity.models import EmbeddingModel, Group, StyleVector

SHOWN = 4
# The nearest of a group by style, of which the colours then choose.
CANDIDATES = 24
# A dress is worn instead of these, never with them.
SEPARATES = (Group.TOP, Group.BOTTOM)
# The other groups, those first that make an outfit of it.
PARTNERS: dict[Group, Sequence[Group]] = {
    Group.TOP: [Group.BOTTOM, Group.FOOTWEAR, Group.BAG, Group.WATCH, Group.ACCESSORY],
    Group.BOTTOM: [Group.TOP, Group.FOOTWEAR, Group.BAG, Group.WATCH, Group.ACCESSORY],
    Group.DRESS: [Group.FOOTWEAR, Group.BAG, Group.ACCESSORY, Group.WATCH],
    Group.FOOTWEAR: [Group.DRESS, Group.TOP, Group.BOTTOM, Group.BAG, Group.ACCESSORY, Group.WATCH],
    Group.BAG: [Group.FOOTWEAR, Group.DRESS, Group.TOP, Group.BOTTOM, Group.ACCESSORY, Group.WATCH],
    Group.WATCH: [Group.DRESS, Group.TOP, Group.BOTTOM, Group.FOOTWEAR, Group.ACCESSORY, Group.BAG],
    Group.ACCESSORY: [Group.DRESS, Group.TOP, Group.BOTTOM, Group.FOOTWEAR, Group.BAG, Group.WATCH],
}
# Beside a cosine of styles; tried on 8,000 real products (docs/decisions/0006).
SAME_COLOUR, NEUTRAL_COLOUR, SAME_SEASON = 0.1, 0.05, 0.1
ANYONE = {"", "unisex"}


class Candidate(NamedTuple):
    """What of a product decides whether it goes well with another: a hundred are looked at for a page."""

    pk: int
    base_colour: str
    season: str
    gender: str


@dataclass(frozen=True)
class Complement:
    """A product that goes well with another, and what it is worn as."""

    product: Product
    group: Group


def of_product(product: Product) -> list[Complement]:
    """Up to `SHOWN` complements of `product`, one per group; a group that has none to offer is left out.

    All for one wearer: with a product for anyone, the first complement says for whom the others are. There is
    a dress or there are top and bottom, whichever fits better.
    """
    model = EmbeddingModel.active()
    vector = neighbours.vector_of(product, model, StyleVector) if model else None
    if model is None or vector is None:
        return []
    table = groups.Groups()
    fitting = worn_with(product)
    style: dict[int, float] = {}
    group_of: dict[int, Group] = {}
    with transaction.atomic(settings.LOOKALIKE_READS, savepoint=False):  # one for all questions
        for group in PARTNERS.get(table.of(product.category_id), ()):
            among = fitting.filter(category_id__in=table.categories(group))
            for pk, _, distance in neighbours.search(vector, model, CANDIDATES, among, StyleVector):
                style[pk], group_of[pk] = 1 - distance, group
    rows = fitting.filter(pk__in=list(style)).order_by("pk").values_list(*Candidate._fields)
    candidates = [Candidate._make(row) for row in rows]
    wearer = product.gender

    def fit(other: Candidate | None) -> float:
        return style[other.pk] + harmony(product, other) if other else -math.inf

    def best(group: Group) -> Candidate | None:
        of_group = [other for other in candidates if group_of[other.pk] == group]
        return max((other for other in of_group if suits(wearer, other.gender)), key=fit, default=None)

    chosen: dict[int, Group] = {}
    for group in dict.fromkeys(group_of.values()):
        other = best(group)
        if other is None or len(chosen) == SHOWN:
            continue
        if group == Group.DRESS and fit(other) <= max(fit(best(separate)) for separate in SEPARATES):
            continue
        if group in SEPARATES and Group.DRESS in chosen.values():
            continue
        chosen[other.pk] = group
        wearer = other.gender if wearer.casefold() in ANYONE else wearer
    products = fitting.for_cards().in_bulk(list(chosen))
    return [Complement(products[pk], group) for pk, group in chosen.items() if pk in products]


def may_have(product: Product, path: Sequence[Category]) -> bool:
    """Whether it is worth asking `of_product`, which takes longer than the rest of a page.

    `path` leads from the root to the product's category.
    """
    model = EmbeddingModel.active()
    if model is None or neighbours.vector_of(product, model, StyleVector) is None:
        return False
    return groups.at(path) in PARTNERS


def worn_with(product: Product) -> ProductQuerySet:
    """What is in stock for wearer and occasion of `product`; unknown ones are not held against it."""
    others = Product.objects.using(settings.LOOKALIKE_READS).visible()
    others = others.filter(stock__gt=0).exclude(pk=product.pk)
    if product.gender.casefold() not in ANYONE:
        others = others.filter(Q(gender=product.gender) | Q(gender="") | Q(gender__iexact="unisex"))
    return others.filter(usage__in=[product.usage, ""]) if product.usage else others


def suits(wearer: str, gender: str) -> bool:
    """Whether what is made for `gender` suits this wearer."""
    return wearer == gender or wearer.casefold() in ANYONE or gender.casefold() in ANYONE


def harmony(product: Product, other: Product | Candidate) -> float:
    """What colours and season add to the cosine of two styles."""
    one, two = colours.family(product.base_colour), colours.family(other.base_colour)
    by_colour = SAME_COLOUR if one == two else NEUTRAL_COLOUR if two in colours.NEUTRAL else 0
    return by_colour + (SAME_SEASON if product.season == other.season else 0)
